"""Questions and changes that many requests send to the database, of which the SQL is written once.

Django writes the SQL of a statement anew each time. In a server whose processors see other work in
between that takes a millisecond and more, several times what the database needs for its answer.
A prepared statement is written at its first use, with marks in place of its facts; later the facts
take the places of the marks, and the rows become what they always become.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError, mark_for_rollback_on_error

Facts = ParamSpec("Facts")
Row = TypeVar("Row")
Fact = UUID | int | str | datetime
KINDS: tuple[type, ...] = (UUID, int, str, datetime)
Changes = tuple[QuerySet[Any, Any], Mapping[str, object]]


@dataclass(frozen=True)
class Written:
    """A statement with its SQL, and the parameters in their order: a fixed one, or a fact's name.

    `rows` is the queryset that it was written of. Two are the same if they are so for the database.
    """

    rows: QuerySet[Any, Any] = field(compare=False)
    compiler: SQLCompiler = field(compare=False)
    sql: str
    parameters: tuple[tuple[str, object], ...]
    kinds: dict[str, type]

    def filled(self, facts: Mapping[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        """The parameters with these facts in their places."""
        return [
            adapted(facts[name], connection) if name else each for name, each in self.parameters
        ]


class Statement(ABC, Generic[Facts]):
    """What is called with its facts; the first call writes it."""

    def __init__(self, ask: Callable[Facts, Any]) -> None:
        self.ask: Callable[..., Any] = ask
        self.written: Written | None = None
        self.__doc__ = ask.__doc__

    @abstractmethod
    def compiled(self, **marks: Fact) -> tuple[QuerySet[Any, Any], SQLCompiler]:
        """The rows that it is about, and what writes its SQL."""

    def written_for(self, facts: Mapping[str, object], connection: BaseDatabaseWrapper) -> Written:
        """The statement, written if it is not; TypeError for facts of other kinds."""
        kinds = {name: kind_of(fact) for name, fact in facts.items()}
        written = self.written = self.written or self.write(kinds, connection)
        if kinds != written.kinds:
            raise TypeError(f"{self.ask.__name__} takes {written.kinds}, and not {kinds}.")
        return written

    def write(self, kinds: dict[str, type], connection: BaseDatabaseWrapper) -> Written:
        """Write the SQL with marks of these kinds, and find where they stand in it.

        With other marks it has to be the same: then no fact has a part in the SQL itself.
        """
        try:
            written, again = (self.write_with(turn, kinds, connection) for turn in range(2))
        except (EmptyResultSet, FullResultSet) as fault:
            raise TypeError(f"{self.ask.__name__} does not always ask the database.") from fault
        if lost := set(kinds).difference(name for name, _each in written.parameters):
            raise TypeError(f"{self.ask.__name__}: no parameter of the SQL is {sorted(lost)}.")
        if written != again:
            raise TypeError(f"{self.ask.__name__}: the SQL is another one for other facts.")
        return written

    def write_with(
        self, turn: int, kinds: dict[str, type], connection: BaseDatabaseWrapper
    ) -> Written:
        """The statement as it is with the marks of this turn."""
        marks = {name: mark_of(kind, turn, n) for n, (name, kind) in enumerate(kinds.items())}
        rows, compiler = self.compiled(**marks)
        sql, parameters = compiler.as_sql()
        # No thread's connection may live as long as this does.
        compiler.connection = None  # type: ignore[assignment]
        names = {adapted(mark, connection): name for name, mark in marks.items()}
        places = [names.get(each, "") if isinstance(each, Fact) else "" for each in parameters]
        # A mark says nothing about what will stand in its place.
        fixed = [None if place else each for place, each in zip(places, parameters, strict=True)]
        return Written(rows, compiler, sql, tuple(zip(places, fixed, strict=True)), kinds)


class Question(Statement[Facts], Generic[Facts, Row]):
    """A question that gives its rows; see `prepared`."""

    def compiled(self, **marks: Fact) -> tuple[QuerySet[Any, Any], SQLCompiler]:
        rows = self.ask(**marks)
        return rows, rows.query.get_compiler(DEFAULT_DB_ALIAS)

    def __call__(self, *none: Facts.args, **facts: Facts.kwargs) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        written = self.written_for(facts, connection)
        rows = written.rows.all()
        if rows.query.select_for_update and connection.get_autocommit():
            # Django asks this while it writes the SQL, so it would ask only once.
            raise TransactionManagementError("Rows are locked inside a transaction only.")
        compiler, filled = copy.copy(written.compiler), written.filled(facts, connection)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_facts: (written.sql, filled)  # type: ignore
        rows.query.get_compiler = lambda *_args, **_facts: compiler  # type: ignore[method-assign]
        return list(rows)

    def one(self, *none: Facts.args, **facts: Facts.kwargs) -> Row:
        """The row of a question about a key; raises the model's DoesNotExist when it is gone."""
        rows = self(*none, **facts)
        if not rows:
            assert self.written  # noqa: S101 - it has just been asked
            raise self.written.rows.model.DoesNotExist
        return rows[0]


class Change(Statement[Facts]):
    """A change that says how many rows it found; see `prepared_change`."""

    def compiled(self, **marks: Fact) -> tuple[QuerySet[Any, Any], SQLCompiler]:
        rows, values = self.ask(**marks)
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(values)
        if query.is_sliced or query.related_updates:
            raise TypeError(f"{self.ask.__name__} changes no part of a list, and one table only.")
        return rows, query.get_compiler(DEFAULT_DB_ALIAS)

    def __call__(self, *none: Facts.args, **facts: Facts.kwargs) -> int:
        connection = connections[DEFAULT_DB_ALIAS]
        written = self.written_for(facts, connection)
        with mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            cursor.execute(written.sql, written.filled(facts, connection))
            return int(cursor.rowcount)


def prepared(ask: Callable[Facts, QuerySet[Any, Row]]) -> Question[Facts, Row]:
    """Make a question of a function that gives a queryset for the facts it is called with, by name.

    Facts are UUIDs, numbers, texts or moments, each always of one kind, and only what the database
    compares with: the SQL must be the same whatever they are. One that shapes it (a slice, a
    condition, a pattern, None) is refused with TypeError at the first call. Nothing else that
    changes may stand in the queryset, not even the time.
    """
    return Question(ask)


def prepared_change(ask: Callable[Facts, Changes]) -> Change[Facts]:
    """Make a change of a function that gives a queryset, and what is to be stored in its rows.

    Facts are as in `prepared`; the columns that change lie in one table.
    """
    return Change(ask)


def kind_of(fact: object) -> type:
    """Which kind of fact it is: a safe string is a text, and so is a member of a choice."""
    kind = next((kind for kind in KINDS if isinstance(fact, kind)), None)
    if kind is None or isinstance(fact, bool):
        raise TypeError(f"{fact!r} is of no kind that a statement takes.")
    return kind


def mark_of(kind: type, turn: int, number: int) -> Fact:
    """What stands for the fact of that number while the SQL is written: no fact of any of ours."""
    if kind is UUID:
        return UUID(int=(turn + 1 << 64) + number)
    if kind is datetime:
        return datetime(1900 + turn, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if kind is int:
        # Every column has room for it, and each turn and number has its own.
        return 20_000 + 1_000 * turn + number
    return f"mark {turn} {number}"


def adapted(fact: Any, connection: BaseDatabaseWrapper) -> Any:
    """The fact as this database is told it."""
    if isinstance(fact, UUID) and not connection.features.has_native_uuid_field:
        return fact.hex
    if isinstance(fact, datetime):
        return connection.ops.adapt_datetimefield_value(fact)
    return fact
