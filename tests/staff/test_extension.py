from datetime import UTC, datetime, timedelta

import pytest

from applications.actions import deadline
from applications.models import Extension
from tests.factories import (
    CallFactory,
    FilledApplicationFactory,
    RoleFactory,
    SubmittedApplicationFactory,
)
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/here/extend/"
GIVEN = {"day": "2039-05-04", "hour": "23:59", "reason": "Flooding in the region."}
UNTIL = datetime(2039, 5, 4, 14, 59, 59, tzinfo=UTC)


def test_an_extension_moves_the_deadline_and_keeps_the_old_one_with_its_reason(desk, hana, call):
    was = call.closes_at

    answer = desk.post(ADDRESS, {**GIVEN, "confirm": "yes"})

    call.refresh_from_db()
    extension = Extension.objects.get()
    assert (answer.url, call.closes_at) == ("/desk/here/applications/", UNTIL)
    assert (extension.was, extension.until, extension.reason, extension.by) == (
        was,
        UNTIL,
        "Flooding in the region.",
        hana,
    )
    line = Entry.objects.get(event="call.extended")
    assert (line.by, line.facts["was"], line.facts["until"]) == (
        hana,
        was.isoformat(),
        UNTIL.isoformat(),
    )


def test_who_has_a_draft_and_who_has_sent_get_one_letter_each_and_nobody_else(desk, call):
    draft = FilledApplicationFactory(call=call)
    sent = SubmittedApplicationFactory(call=call)
    SubmittedApplicationFactory(call=call, status="withdrawn")
    FilledApplicationFactory()

    desk.post(ADDRESS, {**GIVEN, "confirm": "yes"})

    short = Message.objects.get(to=sent.applicant)
    letter = Message.objects.get(to=draft.applicant)
    assert Message.objects.count() == 2
    assert short.letter == "applications/extended_sent"
    assert "there is nothing that you must do" in short.body
    assert "Until 4 May 2039, 23:59 Seoul time (UTC+9) you may still change answers" in short.body
    assert (letter.to, letter.letter, letter.rule) == (
        draft.applicant,
        "applications/extended",
        "safe",
    )
    assert "The new deadline is 4 May 2039, 23:59 Seoul time (UTC+9)." in letter.body
    assert "The reason: Flooding in the region." in letter.body


def test_the_preview_says_who_is_told_and_changes_nothing(desk, call):
    was = call.closes_at
    FilledApplicationFactory(call=call, applicant__given_name="Aoife")

    shown = desk.post(ADDRESS, GIVEN).content.decode()

    call.refresh_from_db()
    assert "1 person who has begun an application" in shown
    assert "Dear Aoife" in shown
    assert '<input type="hidden" name="day" value="2039-05-04">' in shown
    assert (call.closes_at, Extension.objects.count(), Message.objects.count()) == (was, 0, 0)


def test_the_preview_says_when_nobody_has_a_draft(desk, call):
    assert b"no letter is written" in desk.post(ADDRESS, GIVEN).content


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"hour": "00:00"}, "Write 23:59 and the day before."),
        ({"day": "2020-01-01"}, "This is not later than the deadline in force."),
        ({"day": ""}, "Choose the new last day."),
        ({"hour": ""}, "Write the time, for example 23:59."),
        ({"reason": ""}, "Write the reason: those who are told read it."),
        ({"reason": "x" * 301}, "Please shorten this to 300 characters"),
        ({"day": "9999-12-31"}, "Check the year: it has to lie between 2000 and 2099."),
        ({"day": "tomorrow"}, "Enter a valid date."),
        ({"hour": "25:00"}, "Enter a valid time."),
    ],
)
def test_an_extension_that_means_nothing_comes_back_with_what_was_typed(desk, call, facts, words):
    shown = desk.post(ADDRESS, {**GIVEN, **facts, "confirm": "yes"})

    assert (shown.status_code, Extension.objects.count()) == (200, 0)
    assert words in shown.content.decode()


def test_an_hour_that_the_clock_skips_is_refused(client, hana):
    call = CallFactory(workshop__slug="york", workshop__zone="America/New_York")
    RoleFactory(workshop=call.workshop, user=hana)
    client.force_login(hana)

    shown = client.post("/desk/york/extend/", {**GIVEN, "day": "2039-03-13", "hour": "02:30"})

    assert b"skip this time on that day" in shown.content


def test_a_closed_call_is_not_extended_into_the_past(desk, call):
    past = datetime(2026, 1, 1, tzinfo=UTC)
    type(call).objects.update(opens_at=past, closes_at=past + timedelta(days=1))

    shown = desk.post(ADDRESS, {**GIVEN, "day": "2026-01-10"})

    assert b"This moment has passed already." in shown.content


def test_an_extension_is_never_a_shortening(hana, call):
    deadline.extend(call, until=UNTIL, reason="More time.", by=hana)

    with pytest.raises(Refused, match="later than the one in force"):
        deadline.extend(call, until=UNTIL - timedelta(days=1), reason="Less.", by=hana)

    call.refresh_from_db()
    assert (call.closes_at, Extension.objects.count()) == (UNTIL, 1)


def test_who_changes_something_after_the_preview_finds_what_was_typed(desk, call):
    shown = desk.post(ADDRESS, {**GIVEN, "change": "yes"})

    assert GIVEN["reason"] in shown.text
    assert f'value="{GIVEN["day"]}"' in shown.text
    assert not call.extensions.exists()
