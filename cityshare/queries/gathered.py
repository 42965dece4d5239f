"""Many small rows of one owner as one list, put together by the database.

A thousand rows of three numbers cost more to turn into Python than all else on a page; sixty rows
with a list in each cost next to nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, F, JSONField, QuerySet, Value


class Gathered(Aggregate):
    """A list with one list for each row of the group, of the values named, in no order."""

    template = "JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))"
    output_field = JSONField()

    def as_postgresql(self, *how: Any, **context: Any) -> tuple[str, Any]:
        """PostgreSQL has other names for both."""
        template = "JSONB_AGG(JSONB_BUILD_ARRAY(%(expressions)s))"
        return self.as_sql(*how, **{**context, "template": template})


def gathered(rows: QuerySet[Any], owner: str, kind: str | F, *facts: Any) -> QuerySet[Any, Any]:
    """The key of each owner, `kind` (a word or a column), and these facts of all its rows.

    Several of them can be asked for at once as a union, which `kind` takes apart again.
    """
    word = kind if isinstance(kind, F) else Value(kind)
    by_owner = rows.order_by().values(owner).annotate(kind=word, facts=Gathered(*facts))
    return by_owner.values_list(owner, "kind", "facts")
