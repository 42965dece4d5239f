"""Which rows an act holds, told without a database that holds single rows."""

from django.db.models import QuerySet


def held_rows(monkeypatch):
    """The names of the models whose rows are held from now on, in their order."""
    held, real = [], QuerySet._fetch_all

    def noting(rows):
        if rows.query.select_for_update and rows._result_cache is None:
            held.append(rows.model.__name__)
        real(rows)

    monkeypatch.setattr(QuerySet, "_fetch_all", noting)
    return held
