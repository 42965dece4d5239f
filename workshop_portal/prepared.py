"""Questions and changes that many requests send to the database, of which the SQL is written once.

Django writes the SQL of a statement anew each time. In a server whose processors see other work in
between that takes a millisecond and more, several times what the database needs for its answer.
A prepared statement is written at its first use, with marks in place of its facts; later the facts
take the places of the marks, and the rows become what they always become.
"""

from __future__ import annotations

import copy
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError, mark_for_rollback_on_error

Row = TypeVar("Row")
Fact = UUID | int | str | datetime
Changes = tuple[QuerySet[Any, Any], Mapping[str, object]]


@dataclass(frozen=True)
class Written:
    """A statement with its SQL, and the parameters in their order: a fixed one, or a fact's name.

    `rows` is the queryset that it was written of.
    """

    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    places: tuple[tuple[str, object], ...]
    kinds: dict[str, type]

    def parameters(self, facts: dict[str, Fact], connection: BaseDatabaseWrapper) -> list[Any]:
        return [adapted(facts[name], connection) if name else each for name, each in self.places]


class Statement(ABC):
    """What is called with its facts; the first call writes it."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask = ask
        self.written: Written | None = None
        self.__doc__ = ask.__doc__

    @abstractmethod
    def compiled(self, **marks: Fact) -> tuple[QuerySet[Any, Any], SQLCompiler]:
        """The rows that it is about, and what writes its SQL."""

    def written_for(self, facts: dict[str, Fact], connection: BaseDatabaseWrapper) -> Written:
        """The statement, written if it is not; TypeError for facts of other kinds."""
        written = self.written = self.written or self.write(facts, connection)
        kinds = {name: type(fact) for name, fact in facts.items()}
        if kinds != written.kinds:
            raise TypeError(f"{self.ask.__name__} takes {written.kinds}, and not {kinds}.")
        return written

    def write(self, facts: dict[str, Fact], connection: BaseDatabaseWrapper) -> Written:
        """Write the SQL with marks of the facts' kinds, and find where they stand in it."""
        marks = {name: mark_like(fact) for name, fact in facts.items()}
        rows, compiler = self.compiled(**marks)
        sql, parameters = compiler.as_sql()
        names = {adapted(mark, connection): name for name, mark in marks.items()}
        places = [(names.get(each, "") if isinstance(each, Fact) else "") for each in parameters]
        if lost := set(facts).difference(places):
            raise TypeError(f"{self.ask.__name__}: no parameter of the SQL is {sorted(lost)}.")
        kinds = {name: type(fact) for name, fact in facts.items()}
        return Written(rows, compiler, sql, tuple(zip(places, parameters, strict=True)), kinds)


class Question(Statement, Generic[Row]):
    """A question that gives its rows; see `prepared`."""

    def compiled(self, **marks: Fact) -> tuple[QuerySet[Any, Any], SQLCompiler]:
        rows = self.ask(**marks)
        return rows, rows.query.get_compiler(DEFAULT_DB_ALIAS)

    def __call__(self, **facts: Fact) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        written = self.written_for(facts, connection)
        rows = written.rows.all()
        if rows.query.select_for_update and connection.get_autocommit():
            # Django asks this while it writes the SQL, so it would ask only once.
            raise TransactionManagementError("Rows are locked inside a transaction only.")
        compiler, said = copy.copy(written.compiler), written.parameters(facts, connection)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_facts: (written.sql, said)  # type: ignore
        rows.query.get_compiler = lambda *_args, **_facts: compiler  # type: ignore[method-assign]
        return list(rows)


class Change(Statement):
    """A change that says how many rows it found; see `prepared_change`."""

    def compiled(self, **marks: Fact) -> tuple[QuerySet[Any, Any], SQLCompiler]:
        rows, values = self.ask(**marks)
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(values)
        return rows, query.get_compiler(DEFAULT_DB_ALIAS)

    def __call__(self, **facts: Fact) -> int:
        connection = connections[DEFAULT_DB_ALIAS]
        written = self.written_for(facts, connection)
        with mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            cursor.execute(written.sql, written.parameters(facts, connection))
            return int(cursor.rowcount)


def prepared(ask: Callable[..., QuerySet[Any, Row]]) -> Question[Row]:
    """Make a question of a function that gives a queryset for the facts it is called with.

    Facts are UUIDs, numbers, texts or moments, each always of one kind, and only what the database
    compares with: the SQL must be the same whatever they are. One that shapes it (a slice, a
    condition, a pattern, None) is refused with TypeError at the first call. Nothing else that
    changes may stand in the queryset, not even the time.
    """
    return Question(ask)


def prepared_change(ask: Callable[..., Changes]) -> Change:
    """Make a change of a function that gives a queryset, and what is to be stored in its rows.

    Facts are as in `prepared`; the columns that change lie in one table.
    """
    return Change(ask)


def mark_like(fact: Fact) -> Fact:
    """A fact of the same kind that no statement has by chance."""
    if isinstance(fact, UUID):
        return uuid4()
    if isinstance(fact, datetime):
        return datetime(1900, 1, 1, tzinfo=UTC) + timedelta(microseconds=secrets.randbelow(10**15))
    if isinstance(fact, int):
        # Every key that counts has room for it.
        return 1_500_000_000 + secrets.randbelow(500_000_000)
    if isinstance(fact, str):
        return secrets.token_hex(16)
    raise TypeError(f"{fact!r} is of no kind that a statement takes.")


def adapted(fact: Fact, connection: BaseDatabaseWrapper) -> Any:
    """The fact as this database is told it."""
    if isinstance(fact, UUID) and not connection.features.has_native_uuid_field:
        return fact.hex
    if isinstance(fact, datetime):
        return connection.ops.adapt_datetimefield_value(fact)
    return fact
