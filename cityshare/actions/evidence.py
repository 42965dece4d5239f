"""What shows a level comes in, is checked by the worker, is read by others and is taken back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from cityshare.actions.assessment import hold, hold_open, score_of, touch
from cityshare.models import Cycle, Evidence, Practice, SelfScore, Team
from cityshare.queries.evidence import closed_because
from workshop_portal.audit.actions import note_reading, record
from workshop_portal.audit.models import DocumentAccess
from workshop_portal.errors import Refused
from workshop_portal.files import shown_name
from workshop_portal.handoff import hand_off

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from cityshare.models.assessment import EvidenceQuerySet
    from workshop_portal.accounts.models import User
    from workshop_portal.files import Checked

logger = logging.getLogger(__name__)
State = Evidence.State

CHECK = "cityshare.worker.check_evidence"
# How long a silent scanner is left alone.
PATIENCE = timedelta(seconds=60)
SAME = ("kind", "title", "text", "url", "sent_sha256")


@dataclass(frozen=True)
class Given:
    """What a member gives: some words, and a link, a text or a file, or several of them."""

    kind: str
    title: str
    text: str = ""
    url: str = ""
    upload: UploadedFile | None = None


# --- In, and out again -------------------------------------------------------------------


def add(team: Team, practice: Practice, given: Given, *, by: User) -> Evidence:
    """Give a piece of evidence for one practice; a file is checked by the worker.

    Giving the same once more gives the one there is. While the practice is moderated one more
    piece may be added, once.
    """
    row = Evidence(kind=given.kind, title=given.title, text=given.text, url=given.url, added_by=by)
    if given.upload:
        _store(row, given.upload, team)
    try:
        kept = _put_in_place(team, practice, row, by=by)
    except BaseException:
        _forget(row)
        raise
    if kept.pk != row.pk:
        _forget(row)
    return kept


def _store(row: Evidence, upload: UploadedFile, team: Team) -> None:
    row.name, row.size = shown_name(upload.name or ""), upload.size or 0
    row.sha256 = row.sent_sha256 = getattr(upload, "sha256", "")
    row.state = State.CHECKING
    try:
        row.file.save(row.name, upload, save=False)
    except OSError as problem:
        logger.exception("The store did not take a piece of evidence")
        raise Refused(
            _("The file could not be stored at this moment. Please try again in a few minutes."),
            back=_back(team),
        ) from problem


def _forget(row: Evidence) -> None:
    if row.file:
        row.file.delete(save=False)


def _back(team: Team) -> str:
    return reverse("cityshare:assess", args=[team.cycle_id])


@transaction.atomic
def _put_in_place(team: Team, practice: Practice, row: Evidence, *, by: User) -> Evidence:
    held = hold(team)
    row.score = score_of(held, practice)
    given = row.score.evidence.exclude(state=State.REFUSED)
    if same := given.filter(**{name: getattr(row, name) for name in SAME}).first():
        return same
    if words := closed_because(held, row.score):
        raise Refused(words, back=_back(team))
    if row.score.evidence.count() >= Evidence.MOST:
        raise Refused(
            _("There are %(most)s pieces already. Delete one that says least, and add this then.")
            % {"most": Evidence.MOST},
            back=_back(team),
        )
    row.in_moderation = held.team.cycle.status == Cycle.Stage.MODERATION
    row.save(force_insert=True)
    touch(held)
    record(
        "evidence.added",
        row,
        about=held,
        by=by,
        code=practice.code,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
    )
    if row.state == State.CHECKING:
        hand_off(CHECK, str(row.pk))
    return row


@transaction.atomic
def delete(row: Evidence, *, by: User) -> None:
    """Take a piece of evidence back, while the own view is being written. Its file goes with it."""
    score = SelfScore.objects.select_related("practice", "assessment__team").get(pk=row.score_id)
    held = hold_open(score.assessment.team)
    found = Evidence.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        return
    facts = {"code": score.practice.code, "kind": found.kind, "sha256": found.sha256}
    record("evidence.deleted", found, about=held, by=by, **facts)
    name = str(found.file.name or "")
    Evidence.objects.filter(pk=row.pk).delete()
    touch(held)
    if name:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def put_on_record(row: Evidence, *, by: User) -> bool:
    """Note that somebody else reads a file of a city; False when that failed: then nobody may."""
    try:
        note_reading(
            row,
            action=DocumentAccess.Action.DOWNLOAD,
            title=row.title,
            sha256=row.sha256,
            about=row.score.assessment,
            by=by,
        )
    except DatabaseError:
        logger.exception("A reading could not be put on record")
        return False
    return True


# --- The check and its end -------------------------------------------------------------


def claim(evidence_id: str) -> Evidence | None:
    """Take a waiting file to work on it; None when it is somebody else's, or settled."""
    return Evidence.objects.waiting().select_related("score__assessment").claim(evidence_id)


def conclude(row: Evidence, checked: Checked) -> None:
    """Take a file that was checked, as it was drawn anew; its cautions are kept with it.

    One that the virus scanner held is not taken; one that no scanner has seen waits for it.
    """
    if checked.scan == "held":
        refuse(row, "virus")
    elif checked.scan == "waiting":
        _wait(row)
    else:
        _take(row, checked)


def _take(row: Evidence, checked: Checked) -> None:
    before = str(row.file.name)
    row.file.save(checked.name, checked.content, save=False)
    try:
        is_ours = _note(row, checked, before)
    except BaseException:
        _forget(row)
        raise
    if not is_ours:
        _forget(row)


@transaction.atomic
def _note(row: Evidence, checked: Checked, before: str) -> bool:
    """Note what was found; False when the row is gone, or another worker's by now."""
    taken = _ours(row).update(
        state=State.TAKEN,
        file=row.file.name,
        name=checked.name,
        media_type=checked.kind.media_type,
        size=checked.size,
        sha256=checked.sha256,
        facts={"cautions": checked.cautions},
        lease_until=None,
    )
    if taken:
        record("evidence.taken", row, about=row.score.assessment, by=None, sha256=checked.sha256)
        transaction.on_commit(partial(default_storage.delete, before), robust=True)
    return bool(taken)


def _ours(row: Evidence) -> EvidenceQuerySet:
    return Evidence.objects.filter(pk=row.pk, state=State.CHECKING, tries=row.tries)


def _wait(row: Evidence) -> None:
    """Leave it for another try, which counts as none: its scanner is away."""
    _ours(row).update(tries=F("tries") - 1, lease_until=Now() + PATIENCE)


@transaction.atomic
def refuse(row: Evidence, code: str, **facts: object) -> None:
    """Take it not: its bytes are deleted, and its city reads why.

    `code` and `facts` are those of `files.sentence`, or a word of `queries.evidence.REFUSALS`.
    """
    refused = _ours(row).update(
        state=State.REFUSED, verdict=code, facts=facts, file="", lease_until=None
    )
    if refused:
        about = row.score.assessment
        record("evidence.refused", row, about=about, by=None, code=code, sha256=row.sha256)
        if name := str(row.file.name or ""):
            transaction.on_commit(partial(default_storage.delete, name), robust=True)


def give_up() -> None:
    """Refuse what has ended a worker three times."""
    for row in Evidence.objects.waiting().lost().select_related("score__assessment"):
        refuse(row, "unchecked")
