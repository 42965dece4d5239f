"""Questions to the database that many requests ask, of which the SQL is written only once.

Django writes the SQL of a question anew each time. In a server whose processors see other work in
between that takes a millisecond and more, several times what the database needs for its answer.
A prepared question is written at its first use, with marks in place of what it asks for; later
what is asked for takes the places of the marks, and the rows become what they always become.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Fact = UUID | int | str


@dataclass(frozen=True)
class Written:
    """A question with its SQL, and the parameters in their order: a fixed one, or a fact's name."""

    question: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    places: tuple[tuple[str, object], ...]
    kinds: dict[str, type]


class Prepared(Generic[Row]):
    """A question that is called with its facts and gives its rows; see `prepared`."""

    def __init__(self, ask: Callable[..., QuerySet[Any, Row]]) -> None:
        self.ask = ask
        self.written: Written | None = None
        update_wrapper(self, ask)

    def __call__(self, **facts: Fact) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        if self.written is None:
            self.written = write(self.ask, facts, connection)
        written = self.written
        if kinds_of(facts) != written.kinds:
            raise TypeError(f"{self.ask.__name__} was written for {written.kinds}")
        question = written.question.all()
        if question.query.select_for_update and connection.get_autocommit():
            # Django asks this while it writes the SQL, so it would ask only once.
            raise TransactionManagementError("Rows are locked inside a transaction only.")
        compiler = answering(written, facts, connection)
        question.query.get_compiler = lambda *_args, **_facts: compiler  # type: ignore[method-assign]
        return list(question)


def prepared(ask: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Make a question of a function that gives a queryset for the facts it is called with.

    Facts are UUIDs, numbers or texts, each always of one kind, and only what the database compares
    with: the question must be the same whatever they are. One that shapes the question (a slice, a
    condition, a pattern) is refused with TypeError at the first call. Nothing else that changes
    may stand in the queryset, not even the time.
    """
    return Prepared(ask)


def write(
    ask: Callable[..., QuerySet[Any, Any]],
    facts: dict[str, Fact],
    connection: BaseDatabaseWrapper,
) -> Written:
    """Write the SQL with marks of the facts' kinds, and find where they stand in it."""
    marks = {name: mark_like(fact) for name, fact in facts.items()}
    question = ask(**marks)
    compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    names = {adapted(mark, connection): name for name, mark in marks.items()}
    places = tuple(
        (names.get(each, "") if isinstance(each, Fact) else "", each) for each in parameters
    )
    if lost := set(facts) - {name for name, _each in places}:
        raise TypeError(f"{ask.__name__}: the database is not asked for {sorted(lost)} as such")
    return Written(question, compiler, sql, places, kinds_of(facts))


def mark_like(fact: Fact) -> Fact:
    """A fact of the same kind that no question has by chance."""
    if isinstance(fact, UUID):
        return uuid4()
    if isinstance(fact, int):
        # Every key that counts has room for it.
        return 1_500_000_000 + secrets.randbelow(500_000_000)
    return secrets.token_hex(16)


def kinds_of(facts: dict[str, Fact]) -> dict[str, type]:
    return {name: type(fact) for name, fact in facts.items()}


def adapted(fact: Fact, connection: BaseDatabaseWrapper) -> object:
    """The fact as this database is told it."""
    if isinstance(fact, UUID) and not connection.features.has_native_uuid_field:
        return fact.hex
    return fact


def answering(
    written: Written, facts: dict[str, Fact], connection: BaseDatabaseWrapper
) -> SQLCompiler:
    """What asks the database and reads its rows, with the SQL at hand."""
    parameters = tuple(
        adapted(facts[name], connection) if name else fixed for name, fixed in written.places
    )
    compiler = copy.copy(written.compiler)
    compiler.connection = connection
    said = (written.sql, parameters)
    compiler.as_sql = lambda *_args, **_facts: said  # type: ignore[method-assign, assignment]
    return compiler
