"""What happens to the vote on a draft: cities asked, their answers, more time, the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cityshare.actions.posting import Told, post_to_each
from cityshare.models import Cycle, Framework, Voice, Vote
from cityshare.queries.framework import lacking, sheet_of
from cityshare.queries.vote import Standing, newest, standing, wording
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused, unchanged
from workshop_portal.workflow import advance

Answer = Voice.Answer


@transaction.atomic
def put_to_vote(
    framework: Framework, cycle: Cycle, *, until: datetime, words: str = "", by: User
) -> Vote:
    """Ask every city of a cycle about a draft that is complete, and write to who speaks for it."""
    held = _hold_draft(framework)
    if missing := lacking(sheet_of(held)):
        raise Refused(_("It is not complete yet: %s") % missing[0].words)
    if held.votes.filter(status=Vote.Status.OPEN).exists():
        raise Refused(_("The cities are asked about this draft already. Close that vote first."))
    if cycle.status == Cycle.Stage.CLOSED:
        raise Refused(_("This cycle is closed."))
    _check(until)
    vote = Vote.objects.create(
        framework=held, cycle=cycle, until=until, words=words, asked_by=by, asked_at=timezone.now()
    )
    asked = Voice.objects.bulk_create(Voice(vote=vote, team=team) for team in cycle.teams.all())
    if not asked:
        raise Refused(_("No city takes part in this cycle yet."))
    record("vote.opened", vote, about=held, by=by, cycle=cycle.name, cities=len(asked))
    _ask(_standing(vote, held), key=f"vote:{vote.pk}")
    return vote


@transaction.atomic
def answer(
    voice: Voice, *, answer: str, comment: str, remarks: Mapping[str, str], read: str, by: User
) -> None:
    """Keep what a city says about the words that its focal point has read; the last word counts.

    `read` is the mark of those words, `remarks` are on single practices, by code. `voice` is the
    row as it was when the form was opened.
    """
    framework = _hold_draft(voice.vote.framework)
    vote = Vote.objects.select_related("cycle__workshop").get(pk=voice.vote_id)
    if not vote.takes_answers(timezone.now()):
        raise Refused(_("This vote is over, so no answer is taken any more."))
    if read != wording(sheet_of(framework)):
        raise Refused(
            _("The draft was changed after you read it. Read it again, please."),
            back=framework.get_absolute_url(),
        )
    if answer != Answer.AGREES and not (comment or remarks):
        raise Refused(_("Say what should be changed."))
    words = {"answer": answer, "comment": comment, "remarks": dict(remarks)}
    held = unchanged(voice, Voice.objects.filter(pk=voice.pk).first(), words)
    given = {**words, "wording": read, "given_by": by, "given_at": timezone.now()}
    Voice.objects.filter(pk=held.pk).update(**given)
    record("voice.given", held, about=framework, by=by, city=str(voice.team), answer=answer)


@transaction.atomic
def prolong(vote: Vote, *, until: datetime, words: str, by: User) -> None:
    """Give the cities another last moment, and write again to those whose answer is missing."""
    framework = _hold_draft(vote.framework)
    held = Vote.objects.select_related("cycle__workshop").get(pk=vote.pk)
    if held.status != Vote.Status.OPEN:
        raise Refused(_("This vote is closed."))
    unchanged(vote, held, {"until": until, "words": words})
    _check(until)
    held.until, held.words = until, words
    held.save(update_fields=["until", "words"])
    entry = record("vote.prolonged", held, about=framework, by=by, until=until.isoformat())
    _ask(_standing(held, framework), key=f"vote:{held.pk}:{entry.pk}")


@transaction.atomic
def close(vote: Vote, *, by: User) -> None:
    """End a vote; whether the draft is frozen is decided afterwards."""
    framework = Framework.objects.select_for_update().get(pk=vote.framework_id)
    _end(vote, _standing(vote, framework), by=by)


def close_with(framework: Framework, *, seen: str | None, by: User | None) -> dict[str, Any]:
    """End the vote on a draft that is about to be frozen; gives what goes on record of it.

    `seen` is the mark of how the vote stood on the page, empty where there was none; when it
    stands otherwise now, nothing is frozen. Without it nobody looked.
    """
    vote = newest(framework)
    found = _standing(vote, framework) if vote else None
    if seen is not None and seen != (found.mark if found else ""):
        raise Refused(
            _(
                "The vote on this draft has changed since you looked at it. Nothing was frozen. "
                "Look again at how it stands, and freeze it then."
            )
        )
    if found and found.vote.status == Vote.Status.OPEN:
        _end(found.vote, found, by=by)
    return found.facts if found else {"asked": 0, "agreed": 0}


# --- What they have in common ------------------------------------------------------------


def _hold_draft(framework: Framework) -> Framework:
    """The draft, held for the transaction that is open, so that no word of it changes."""
    held = Framework.objects.select_for_update().get(pk=framework.pk)
    if held.status != Framework.Status.DRAFT:
        raise Refused(_("This version is frozen already, so there is nothing to vote on."))
    return held


def _check(until: datetime) -> None:
    if until <= timezone.now():
        raise Refused(_("This moment is over."))


def _standing(vote: Vote, framework: Framework) -> Standing:
    return standing(vote, wording(sheet_of(framework)))


def _end(vote: Vote, found: Standing, *, by: User | None) -> None:
    advance(vote, Vote.Status.CLOSED, about=vote.framework, by=by, **found.facts)
    Vote.objects.filter(pk=vote.pk).update(closed_at=timezone.now())


def _ask(found: Standing, *, key: str) -> None:
    """Write to who speaks for a city whose answer is missing, or about an earlier wording."""
    vote = found.vote
    told = [
        Told(line.speaker, key, {"team": line.voice.team, "again": line.is_earlier})
        for line in found.lines
        if line.speaker and not line.counts
    ]
    facts: dict[str, Any] = {"vote": vote, "framework": vote.framework}
    post_to_each(told, "cityshare/vote_asked", cycle=vote.cycle, **facts)
