"""The trail: what happened, and who read what. Rows are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from workshop_portal.errors import Refused


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that nobody rewrites; the database's own triggers say the same."""

    def update(self, **changes: object) -> int:
        raise Refused(_("The trail is never rewritten."))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Refused(_("The trail is never shortened."))

    def about(self, thing: models.Model) -> AppendOnlyQuerySet:
        """The lines that concern `thing` or a part of it, newest first."""
        name = name_of(thing)
        return self.filter(models.Q(target=name) | models.Q(about=name))


def name_of(thing: models.Model) -> str:
    """How the trail names a row of any table: `applications.Application:<id>`."""
    return f"{thing._meta.label}:{thing.pk}"


class Entry(models.Model):
    """One line of the trail: who did what to which thing, and the facts of it.

    `about` names the whole that the thing is a part of, so that one query tells its story.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=80)
    target = models.CharField(max_length=120, db_index=True)
    about = models.CharField(max_length=120, blank=True, db_index=True)
    facts = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.event} · {self.target}"


class DocumentAccess(models.Model):
    """One reading of somebody's document, on record before its first byte leaves."""

    class Action(models.TextChoices):
        PREVIEW = "preview"
        DOWNLOAD = "download"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10, choices=Action)
    target = models.CharField(max_length=120, db_index=True)
    about = models.CharField(max_length=120, blank=True, db_index=True)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "document accesses"

    def __str__(self):
        return f"{self.action} · {self.target}"
