"""An application is started, written, withdrawn and taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions.guard import check_status, check_window, hold, touch, witnessed
from applications.actions.posting import post_about
from applications.actions.receipts import issue
from applications.checklist import unanswered
from applications.models import Application
from applications.queries.intake import answers_of
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance
from workshop_portal.workshops.actions import unseat

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

Status = Application.Status
# Facts of the person that hold for every workshop; what is about one workshop is asked anew.
CARRIED = (
    "given_name",
    "family_name",
    "certificate_name",
    "gender",
    "birth_date",
    "nationality",
    "phone",
    "city_name",
    "country",
    "organisation",
    "sector",
    "department",
    "position",
    "years",
    "duties",
    "experience",
    "spoken_english",
    "written_english",
    "needs",
)


def start(
    call: Call, *, arrived_at: datetime, by: User, told: Mapping[str, str] | None = None
) -> Application:
    """The person's application for this call; begun now if there is none. Twice gives the same.

    `told` are answers that they gave outside the form: they stand where nothing is known yet.
    """
    if begun := Application.objects.filter(call=call, applicant=by).first():
        return begun
    with witnessed("application.start", call, by=by, arrived_at=arrived_at):
        check_window(call, arrived_at)
        return _begin(call, told or {}, by=by)


@transaction.atomic
def _begin(call: Call, told: Mapping[str, str], *, by: User) -> Application:
    known = {name: fact for name, fact in known_facts(by).items() if fact not in ("", None)}
    application, is_new = Application.objects.get_or_create(
        call=call, applicant=by, defaults={**told, **known}
    )
    if is_new:
        record("application.started", application, by=by)
    return application


def known_facts(user: User) -> dict[str, object]:
    """What the person has told before: in the latest application, else with the account."""
    if earlier := Application.objects.filter(applicant=user).order_by("-changed_at").first():
        return {name: getattr(earlier, name) for name in CARRIED}
    facts: dict[str, object] = {
        "given_name": user.given_name,
        "family_name": user.family_name,
        "certificate_name": user.full_name,
    }
    if city := user.city:
        facts |= {"city_name": city.name, "country": city.country}
    return facts


def save_section(
    application: Application,
    *,
    section: str,
    answers: Mapping[str, object],
    arrived_at: datetime,
    by: User,
) -> None:
    """Store the answers of a section, all or none; words begun in their places are forgotten.

    `application` is the row as the page was checked against; when another window has changed
    one of these answers since, nothing is stored. An application that was sent stays complete
    and gets a new receipt.
    """
    with witnessed("application.change", application, by=by, arrived_at=arrived_at):
        check_window(application.call, arrived_at, application)
        _save(application, section, answers, arrived_at=arrived_at, by=by)


@transaction.atomic
def _save(
    application: Application,
    section: str,
    answers: Mapping[str, object],
    *,
    arrived_at: datetime,
    by: User,
) -> None:
    held = hold(application)
    check_status(held)
    check_window(held.call, arrived_at, held)
    if any(held.stored(name) != application.stored(name) for name in answers):
        raise Refused(
            _(
                "This application was changed in another window at this moment. Please go "
                "back, compare, and save again."
            )
        )
    begun = held.unfinished.keys() & answers.keys()
    is_same = all(getattr(held, name) == answer for name, answer in answers.items())
    if is_same and not begun and section not in held.autosaved:
        return
    _put(held, answers, autosaved=[part for part in held.autosaved if part != section])
    record("application.changed", held, by=by, section=section)
    if held.status == Status.SUBMITTED:
        if unanswered(answers_of(held), section):
            raise Refused(_("An application that has been sent stays complete."))
        issue(held, arrived_at=arrived_at, by=by)


def _put(held: Application, answers: Mapping[str, object], *, autosaved: list[str]) -> None:
    """Write answers into the locked row; what was begun in their places is then over."""
    unfinished = {name: words for name, words in held.unfinished.items() if name not in answers}
    touch(held, **answers, unfinished=unfinished, autosaved=autosaved)


def withdraw(application: Application, *, arrived_at: datetime, by: User) -> None:
    """Take the application back, at any time, and the seat with it. Twice changes nothing."""
    with (
        witnessed("application.withdraw", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        if held.status == Status.WITHDRAWN:
            return
        if held.status == Status.ACCEPTED:
            unseat(held.applicant, held.call.workshop, by=by)
        advance(held, Status.WITHDRAWN, by=by)
        touch(held)
        post_about(
            "applications/withdrawn",
            held,
            key=f"application:{held.pk}:withdrawn:{held.version}",
            may_return=held.window.is_open(arrived_at),
            closes_at=held.closes_at,
        )


def take_up(application: Application, *, arrived_at: datetime, by: User) -> None:
    """Make a draft again of what was withdrawn, while the call is open."""
    with (
        witnessed("application.take_up", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        if held.status == Status.DRAFT:
            return
        check_window(held.call, arrived_at, held)
        advance(held, Status.DRAFT, by=by)
        touch(held)
