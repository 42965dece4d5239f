"""Which rows an act holds, told without a database that holds single rows."""

from django.db.models import QuerySet


def held_rows(monkeypatch):
    """The names of the models whose rows are held from now on, in their order."""
    held, real = [], QuerySet.select_for_update

    def noting(rows, *args, **kwargs):
        held.append(rows.model.__name__)
        return real(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noting)
    return held
