"""Many small rows of one owner as one list, put together by the database.

A thousand rows of three numbers cost more to turn into Python than all else on a page; sixty rows
with a list in each cost next to nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, F, Func, JSONField, QuerySet, Value


class Gathered(Aggregate):
    """A list of the value of each row of the group, in no order."""

    template = "JSON_GROUP_ARRAY(%(expressions)s)"
    output_field = JSONField()

    def as_postgresql(self, *how: Any, **context: Any) -> tuple[str, Any]:
        """PostgreSQL has another name for it."""
        return self.as_sql(*how, **{**context, "template": "JSONB_AGG(%(expressions)s)"})


class Together(Func):
    """The values named as one list."""

    function = "JSON_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, *how: Any, **context: Any) -> tuple[str, Any]:
        """PostgreSQL has another name for it."""
        return self.as_sql(*how, **{**context, "function": "JSONB_BUILD_ARRAY"})


def gathered(rows: QuerySet[Any], owner: str, kind: str | F, *facts: Any) -> QuerySet[Any, Any]:
    """The key of each owner, `kind` (a word or a column), and these facts of all its rows.

    A row is a list of its facts; of one fact it is the fact itself. Several of them can be asked
    for at once as a union, which `kind` takes apart again.
    """
    word = kind if isinstance(kind, F) else Value(kind)
    row = Together(*facts) if len(facts) > 1 else facts[0]
    by_owner = rows.order_by().values(owner).annotate(kind=word, facts=Gathered(row))
    return by_owner.values_list(owner, "kind", "facts")
