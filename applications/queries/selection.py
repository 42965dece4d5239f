"""What the committee has decided and not released, as the preview shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Call, Decision
from applications.queries.staff import DECIDABLE, applications_of

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


@dataclass(frozen=True)
class Plan:
    """The exact list that a release makes real, and how it fits the seats of the call."""

    decisions: list[Decision]
    fingerprint: str
    seats: int
    taken: int
    funded_seats: int
    funded: int
    warnings: list[str] = field(default_factory=list)

    def of(self, outcome: str) -> list[Decision]:
        return [decision for decision in self.decisions if decision.outcome == outcome]

    @property
    def accepted(self) -> int:
        return len(self.of(Decision.Outcome.ACCEPTED))

    @property
    def stats(self) -> list[dict[str, object]]:
        """The numbers above the list: each outcome, then seats and funded seats."""
        numbers: list[dict[str, object]] = [
            {"label": outcome.label, "value": len(self.of(outcome))} for outcome in Decision.Outcome
        ]
        return [
            *numbers,
            {
                "label": _("Seats taken after this"),
                "value": self.taken + self.accepted,
                "note": _("of %(n)d") % {"n": self.seats},
            },
            {
                "label": _("Asked for airfare support"),
                "value": self.funded,
                "note": _("for %(n)d funded seats") % {"n": self.funded_seats},
            },
        ]


def plan(call: Call, user: User) -> Plan:
    """What this person would release now. A decision on their own application is not in it."""
    decisions = [
        decision
        for decision in Decision.objects.pending()
        .filter(application__in=applications_of(call, user), application__status__in=DECIDABLE)
        .select_related("application__applicant", "decided_by")
        .order_by("application__family_name", "application__given_name", "application__pk")
        if decision.application.submitted_at is None
        or decision.decided_at >= decision.application.submitted_at
    ]
    for decision in decisions:
        decision.application.call = call
    seated = call.workshop.participants.count()
    asked = Application.YesNo.YES
    funded = call.applications.filter(status=Application.Status.ACCEPTED, airfare=asked).count()
    accepted = [d for d in decisions if d.outcome == Decision.Outcome.ACCEPTED]
    funded += sum(decision.application.airfare == asked for decision in accepted)
    return Plan(
        decisions=decisions,
        fingerprint=fingerprint(decisions),
        seats=call.seats,
        taken=seated,
        funded_seats=call.funded_seats,
        funded=funded,
        warnings=warnings(call, seated + len(accepted), funded) if accepted else [],
    )


def possible(application: Application) -> set[str]:
    """The outcomes that an application can still have."""
    steps = Application.STEPS.get(Application.Status(application.status), ())
    return {outcome for outcome in Decision.Outcome.values if outcome in steps}


def fingerprint(decisions: list[Decision]) -> str:
    """One short text for one exact list: any decision more, less or changed makes another."""
    lines = sorted(f"{d.application_id}:{d.version}:{d.outcome}" for d in decisions)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def warnings(call: Call, people: int, funded: int) -> list[str]:
    """What a person has to know before more is promised than the call has to give."""
    found = []
    if people > call.seats:
        found.append(
            ngettext(
                "This gives seats to %(people)d person, and the workshop has %(seats)d.",
                "This gives seats to %(people)d people, and the workshop has %(seats)d.",
                people,
            )
            % {"people": people, "seats": call.seats}
        )
    if funded > call.funded_seats:
        found.append(
            ngettext(
                "%(people)d of those accepted has asked for airfare support, and there are "
                "%(seats)d funded seats.",
                "%(people)d of those accepted have asked for airfare support, and there are "
                "%(seats)d funded seats.",
                funded,
            )
            % {"people": funded, "seats": call.funded_seats}
        )
    return found


def facts_of(decision: Decision) -> dict[str, Any]:
    """What the letter about a decision is written with."""
    call = decision.application.call
    return {
        "application": decision.application,
        "decision": decision,
        "call": call,
        "workshop": call.workshop,
    }
