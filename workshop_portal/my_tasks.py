"""My tasks: what waits for a person, in whatever they are, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from applications.models import Application
from applications.queries.call import open_calls
from applications.queries.intake import progress, rows, with_files
from cityshare.queries.tasks import tasks_of
from workshop_portal.desk import Place, places
from workshop_portal.task import Task

if TYPE_CHECKING:
    from applications.models import Call
    from workshop_portal.accounts.models import User

MOST_CALLS = 5


@dataclass(frozen=True)
class Overview:
    """The tasks, the letters first; the person's applications; and calls to apply to."""

    tasks: list[Task]
    applications: list[Application]
    calls: list[Call]


def overview(user: User, *, now: datetime) -> Overview:
    """What waits for a person at the moment `now`, wherever they have something to do."""
    mine = applications_of(user)
    own = {application.call_id for application in mine}
    todo = [task for application in mine for task in to_do(application, now)]
    todo += tasks_of(user, now=now)
    todo.sort(key=lambda task: task.due or now)
    for place in places(user) if user.has_desk else []:
        todo += at_the_desk(place)
        if place.roles and place.call:
            own.add(place.call.pk)
    return Overview(
        tasks=[*letters(user), *todo],
        applications=mine,
        calls=[call for call in open_calls() if call.pk not in own][:MOST_CALLS],
    )


def applications_of(user: User) -> list[Application]:
    """The person's applications, the newest first, with all that their tasks are told from."""
    mine = Application.objects.filter(applicant=user)
    return list(with_files(mine).order_by("-started_at"))


def to_do(application: Application, now: datetime) -> list[Task]:
    """What this application asks of its applicant now."""
    workshop = application.call.workshop
    lines = rows(application, now=now)
    back = [row for row in lines if row.may_send and row.reason]
    found = [
        Task(
            name=_("Send a new file: %(title)s") % {"title": row.line.title},
            url=row.url,
            hint=workshop.title,
            due=row.until,
            zone=workshop.zone,
            status="returned",
            word=_("Returned to you"),
        )
        for row in back
    ]
    if application.is_being_sent:
        return found
    if application.status == Application.Status.DRAFT and application.window.is_open(now):
        found.append(
            Task(
                name=_("Finish your application: %(workshop)s") % {"workshop": workshop.title},
                url=application.get_absolute_url(),
                hint=progress(lines),
                due=application.closes_at,
                zone=workshop.zone,
                status="draft",
                word=application.get_status_display(),
            )
        )
    return found


def letters(user: User) -> list[Task]:
    """The letters that wait to be read, as one task."""
    number = user.unread_letters
    if not number:
        return []
    words = ngettext("Read %(n)d new letter", "Read %(n)d new letters", number) % {"n": number}
    return [Task(words, reverse("outbox:inbox"), status="new", word=_("New"))]


@dataclass(frozen=True)
class Pile:
    """One kind of thing that waits at the desk: its words by number, where it is, its state."""

    words: Any
    query: str
    status: str
    word: Promise


# By the names that they have in `Waiting`.
PILES = {
    "replaced": Pile(
        ngettext_lazy(
            "%(n)d application sent a new file after a return",
            "%(n)d applications sent a new file after a return",
            "n",
        ),
        "documents=replaced",
        "new",
        gettext_lazy("New file"),
    ),
    "to_check": Pile(
        ngettext_lazy(
            "%(n)d application with documents to check",
            "%(n)d applications with documents to check",
            "n",
        ),
        "documents=to_check",
        "received",
        gettext_lazy("To check"),
    ),
    "pending": Pile(
        ngettext_lazy("%(n)d decision not released", "%(n)d decisions not released", "n"),
        "decision=pending",
        "pending",
        gettext_lazy("Pending"),
    ),
}


def at_the_desk(place: Place) -> list[Task]:
    """What waits for a coordinator in one workshop."""
    slug, title = place.workshop.slug, place.workshop.title
    found = []
    for name, pile in PILES.items():
        if number := getattr(place.waiting, name):
            url = reverse("applications:desk-list", args=[slug])
            words = pile.words % {"n": number}
            task = Task(words, f"{url}?{pile.query}", title, status=pile.status, word=pile.word)
            found.append(task)
    if number := place.waiting.unsent:
        words = unsent_words(number)
        url = reverse("applications:call-unsent", args=[slug])
        word = pgettext("application", "Not sent")
        found.append(Task(words, url, title, status="incomplete", word=word))
    if stuck := place.letters:
        words = ngettext("%(n)d letter needs you", "%(n)d letters need you", stuck) % {"n": stuck}
        url = reverse("workshops:outbox", args=[slug])
        found.append(Task(words, url, title, status="failed", word=_("Not sent")))
    return found


def unsent_words(number: int) -> str:
    """How many complete drafts nobody sent, in words."""
    return ngettext(
        "%(n)d application was complete at the deadline and not sent",
        "%(n)d applications were complete at the deadline and not sent",
        number,
    ) % {"n": number}
