"""What the committee does: decide, which nobody else senses, and release, which everybody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.guard import hold
from applications.actions.posting import letter_about
from applications.models import Application, Call, Decision
from applications.queries.selection import Plan, facts_of, plan, possible
from workshop_portal.accounts.actions import city_named
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.outbox.actions import Posting, post_all, preview
from workshop_portal.outbox.models import Message
from workshop_portal.outbox.queries import Texts, texts
from workshop_portal.workflow import advance
from workshop_portal.workshops.actions import enrol

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


class Overtaken(Refused):
    """Somebody else decided first. The message holds their words."""


# --- Deciding --------------------------------------------------------------------------


def decide(
    application: Application,
    *,
    outcome: str,
    note: str = "",
    message: str = "",
    version: int,
    by: User,
) -> Decision:
    """Write down a decision that stays pending until it is released.

    `version` is that of the decision which the person had before their eyes, 0 for none. When
    another has taken its place, nothing is overwritten: Overtaken holds the other's words, and
    the attempt stays in the trail.
    """
    facts: dict[str, Any] = {"outcome": outcome, "note": note, "message": message}
    try:
        return _decide(application, facts, version=version, by=by)
    except Overtaken:
        if decision := Decision.objects.filter(application=application).first():
            record("decision.overtaken", decision, by=by, version=version, **facts)
        raise


@transaction.atomic
def _decide(
    application: Application, facts: Mapping[str, Any], *, version: int, by: User
) -> Decision:
    _still_open(application, facts["outcome"])
    rows = Decision.objects.filter(application=application)
    fresh = {**facts, "decided_by": by, "released_at": None, "decided_at": timezone.now()}
    if not version:
        try:
            with transaction.atomic():
                decision = Decision.objects.create(application=application, **fresh)
        except IntegrityError:
            raise overtaken(rows.get()) from None
    elif rows.filter(version=version).update(version=version + 1, **fresh):
        decision = rows.get()
    elif others := rows.first():
        raise overtaken(others)
    else:
        raise Refused(
            _("The decision that you looked at is not there any more. Look again, then decide.")
        )
    # The line is about the decision alone: the story of an application is read by others too.
    record("decision.made", decision, by=by, version=decision.version, **facts)
    return decision


def _still_open(application: Application, outcome: str) -> None:
    """Hold the application, and go on only while this outcome is still possible for it."""
    held = hold(application)
    if outcome not in possible(held):
        raise Refused(
            _(
                "This decision is not possible for %(name)s any more. "
                "The application is now: “%(status)s”."
            )
            % {"name": held.name, "status": held.get_status_display()}
        )


def overtaken(decision: Decision) -> Overtaken:
    """The refusal that shows what the other person decided."""
    words = _(
        "%(who)s decided about %(name)s at the same time: “%(outcome)s”. Their note for the "
        "committee: “%(note)s”. Their words for the applicant: “%(message)s”. That decision "
        "stands; look at it and decide again if you see it differently."
    )
    return Overtaken(
        words
        % {
            "who": decision.decided_by,
            "name": decision.application.name,
            "outcome": decision.get_outcome_display(),
            "note": decision.note or "–",  # noqa: RUF001
            "message": decision.message or "–",  # noqa: RUF001
        }
    )


@transaction.atomic
def decide_many(
    applications: Sequence[Application], *, versions: Mapping[str, int], outcome: str, by: User
) -> None:
    """Give several applications the same outcome; notes and words already written stay."""
    known = {
        decision.application_id: decision
        for decision in Decision.objects.filter(application__in=applications)
    }
    for application in sorted(applications, key=lambda one: str(one.pk)):
        old = known.get(application.pk)
        _decide(
            application,
            {
                "outcome": outcome,
                "note": old.note if old else "",
                "message": old.message if old and not old.released_at else "",
            },
            version=versions[str(application.pk)],
            by=by,
        )


# --- Releasing -------------------------------------------------------------------------


def letter_of(decision: Decision, texts: Texts) -> tuple[str, str]:
    """Subject and body of the letter that a release would write, in the person's own copy."""
    return preview(
        f"applications/{decision.outcome}",
        to=decision.application.applicant,
        scope=decision.application.call.workshop.scope,
        texts=texts,
        **facts_of(decision),
    )


@dataclass(frozen=True)
class Letter:
    """A letter as it would leave: who gets it, and its words."""

    decision: Decision
    subject: str
    body: str


def letters(ready: Plan) -> list[tuple[str, str, list[Letter]]]:
    """Outcome, its word, and the letters that a release would write, outcome by outcome."""
    if not ready.decisions:
        return []
    chosen = texts(ready.decisions[0].application.call.workshop.scope)
    return [
        (
            str(outcome),
            str(outcome.label),
            [Letter(decision, *letter_of(decision, chosen)) for decision in ready.of(outcome)],
        )
        for outcome in Decision.Outcome
        if ready.of(outcome)
    ]


@transaction.atomic
def release(call: Call, *, seen: str, by: User) -> int:
    """Make all pending decisions of a call real in one moment; return how many.

    `seen` is the fingerprint of the list that the person looked at: nothing is released that
    they did not see, and nothing twice.
    """
    Call.objects.select_for_update().get(pk=call.pk)
    held = Application.objects.filter(
        pk__in=Decision.objects.pending().filter(application__call=call).values("application")
    )
    list(held.select_for_update().order_by("pk").values_list("pk"))
    ready = plan(call, by)
    if ready.fingerprint != seen or not ready.decisions:
        raise Refused(
            _(
                "The decisions have changed since you looked at the list, or it was released "
                "already. Nothing was released now. Look at the list again."
            )
        )
    letters = [_release(decision, by=by) for decision in ready.decisions]
    post_all(letters, scope=call.workshop.scope, rule=Message.Rule.ONCE)
    record("decisions.released", call, about=call.workshop, by=by, number=len(ready.decisions))
    return len(ready.decisions)


def _release(decision: Decision, *, by: User) -> Posting:
    """Move the application, seat the person; gives the letter that tells them."""
    application = decision.application
    unreleased = Decision.objects.filter(pk=decision.pk, version=decision.version, released_at=None)
    if not unreleased.update(released_at=timezone.now()):
        raise Refused(_("A decision was changed at the same moment. Nothing was released."))
    advance(application, decision.outcome, by=by)
    record("decision.released", decision, by=by, version=decision.version)
    if decision.outcome == Decision.Outcome.ACCEPTED:
        enrol(
            application.applicant,
            application.call.workshop,
            city=city_named(application.city_name, application.country),
            organisation=application.organisation,
            by=by,
        )
    return letter_about(
        f"applications/{decision.outcome}",
        application,
        key=f"application:{application.pk}:{decision.outcome}:{decision.version}",
        **facts_of(decision),
    )
