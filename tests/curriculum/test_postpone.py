"""A workshop is postponed in one step, and nothing is left behind."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Extension
from curriculum.actions import postpone as postponing
from curriculum.models import Postponement
from curriculum.postponing import Dates, Sitting
from curriculum.queries import plan
from tests import factories as make
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message
from workshop_portal.papers.models import Paper
from workshop_portal.workshops.dates import dates_in_words

NOW = datetime(2027, 6, 1, 3, 0, tzinfo=UTC)
CLOSES = datetime(2027, 6, 30, 14, 59, 59, tzinfo=UTC)
ADDRESS = "/desk/here/postpone/"
GIVEN = {"first_day": "2027-09-28", "with_deadline": "on", "reason": "A typhoon is forecast."}


@pytest.fixture(autouse=True)
def first_of_june():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def workshop(db):
    """Two days in September with a session each, and an open call."""
    made = make.WorkshopFactory(slug="here", title="Safer cities")
    for day in (21, 23):
        made.days.create(date=date(2027, 9, day))
        starts = datetime(2027, 9, day, 0, 0, tzinfo=UTC)
        make.SessionFactory(
            workshop=made,
            title=f"Session of the {day}st",
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
        )
    make.CallFactory(
        workshop=made,
        opens_at=NOW - timedelta(days=9),
        closes_at=CLOSES,
        decide_by=date(2027, 7, 20),
    )
    return made


@pytest.fixture
def hana(workshop):
    return make.RoleFactory(workshop=workshop, user__email="hana@example.org").user


@pytest.fixture
def desk(client, hana):
    client.force_login(hana)
    return client


def confirmed(desk, **changed):
    """What the second press sends after the preview was looked at."""
    preview = desk.post(ADDRESS, {**GIVEN, **changed})
    seen = preview.context["plan"].fingerprint
    return {**GIVEN, **changed, "seen": seen, "confirm": "yes"}


def days(workshop):
    return [day.date for day in workshop.days.all()]


def starts(workshop):
    return [session.starts_at for session in workshop.sessions.all()]


# --- What moves --------------------------------------------------------------------------


def test_one_press_moves_days_sessions_deadline_and_the_day_of_the_answers(desk, workshop, hana):
    answer = desk.post(ADDRESS, confirmed(desk))

    workshop.refresh_from_db()
    call = type(workshop.call).objects.get()
    week = timedelta(days=7)
    assert answer.url == "/desk/here/page/"
    assert days(workshop) == [date(2027, 9, 28), date(2027, 9, 30)]
    assert starts(workshop) == [datetime(2027, 9, day, 0, 0, tzinfo=UTC) for day in (28, 30)]
    assert (call.closes_at, call.decide_by) == (CLOSES + week, date(2027, 7, 27))
    extension = Extension.objects.get()
    assert (extension.was, extension.reason, extension.by) == (
        CLOSES,
        "A typhoon is forecast.",
        hana,
    )
    entry = Entry.objects.get(event="workshop.postponed")
    assert (entry.facts["was"], entry.facts["now"], entry.facts["sessions"]) == (
        ["2027-09-21", "2027-09-23"],
        ["2027-09-28", "2027-09-30"],
        2,
    )


def test_the_papers_of_the_call_are_ordered_anew_with_the_new_days(desk, workshop):
    desk.post(ADDRESS, confirmed(desk))

    dates = {paper.facts["dates"] for paper in Paper.objects.all()}
    assert dates == {dates_in_words([date(2027, 9, 28), date(2027, 9, 30)])}


def test_the_deadline_stays_when_it_shall_not_move(desk, workshop):
    sent = confirmed(desk, with_deadline="")

    desk.post(ADDRESS, sent)

    assert type(workshop.call).objects.get().closes_at == CLOSES
    assert not Extension.objects.exists()


def test_a_deadline_that_is_over_stays_over_and_is_not_offered(desk, workshop):
    type(workshop.call).objects.update(closes_at=NOW - timedelta(days=1))

    form = desk.get(ADDRESS).context["form"]
    desk.post(ADDRESS, confirmed(desk))

    assert "with_deadline" not in form.fields
    assert type(workshop.call).objects.get().closes_at == NOW - timedelta(days=1)
    assert days(workshop)[0] == date(2027, 9, 28)


def test_answers_that_were_due_before_today_stay_due(desk, workshop):
    type(workshop.call).objects.update(decide_by=date(2027, 5, 20))

    desk.post(ADDRESS, confirmed(desk))

    assert type(workshop.call).objects.get().decide_by == date(2027, 5, 20)


def test_a_workshop_without_call_or_sessions_moves_too(db, client):
    bare = make.WorkshopFactory(slug="here")
    bare.days.create(date=date(2027, 9, 21))
    client.force_login(make.RoleFactory(workshop=bare).user)

    client.post(ADDRESS, confirmed(client))

    assert days(bare) == [date(2027, 9, 28)]
    assert Message.objects.count() == 0


def test_a_day_may_move_onto_another_day_that_moves_as_well(desk, workshop):
    desk.post(ADDRESS, confirmed(desk, first_day="2027-09-23"))

    assert days(workshop) == [date(2027, 9, 23), date(2027, 9, 25)]


# --- Who is told -------------------------------------------------------------------------


def test_everybody_concerned_gets_one_letter_as_what_they_are(desk, workshop, hana):
    call = workshop.call
    draft = make.FilledApplicationFactory(call=call)
    sent = make.SubmittedApplicationFactory(call=call)
    seated = make.SubmittedApplicationFactory(call=call, status="accepted")
    workshop.participants.create(user=seated.applicant, city=seated.applicant.city)
    make.SubmittedApplicationFactory(call=call, status="rejected")
    make.SubmittedApplicationFactory(call=call, status="withdrawn")
    reviewer = make.RoleFactory(workshop=workshop, role="reviewer").user
    make.SubmittedApplicationFactory()

    desk.post(ADDRESS, confirmed(desk))

    words = {letter.to: letter.body for letter in Message.objects.all()}
    assert {letter.letter for letter in Message.objects.all()} == {"applications/postponed"}
    assert set(words) == {draft.applicant, sent.applicant, seated.applicant, reviewer}
    assert "It now takes place on 28 and 30 September 2027." in words[sent.applicant]
    assert "The earlier dates were 21 and 23 September 2027." in words[sent.applicant]
    assert "it is now 7 July 2027, 23:59 Seoul time (UTC+9)" in words[draft.applicant]
    assert "Answers to applicants come by 27 July 2027" in words[sent.applicant]
    assert "Your seat stays yours" in words[seated.applicant]
    assert "please look at the programme" in words[reviewer]


def test_a_draft_that_cannot_be_sent_any_more_is_left_in_peace(desk, workshop):
    make.FilledApplicationFactory(call=workshop.call)
    type(workshop.call).objects.update(closes_at=NOW - timedelta(days=1))

    desk.post(ADDRESS, confirmed(desk))

    assert Message.objects.count() == 0


def test_the_letter_names_the_deadline_of_the_one_person(desk, workshop, hana):
    draft = make.FilledApplicationFactory(call=workshop.call)
    Extension.objects.create(
        call=workshop.call,
        application=draft,
        was=CLOSES,
        until=CLOSES + timedelta(days=30),
        reason="Illness.",
    )

    desk.post(ADDRESS, confirmed(desk))

    assert "it is now 30 July 2027, 23:59 Seoul time" in Message.objects.get().body


# --- The preview and the page ------------------------------------------------------------


def test_the_preview_shows_what_moves_and_who_reads_what_and_changes_nothing(desk, workshop):
    make.SubmittedApplicationFactory(call=workshop.call)

    page = desk.post(ADDRESS, GIVEN).text

    assert "Everything below moves by 7 days" in page
    assert "<s>Tuesday 21 September 2027</s>" in page
    assert "Tuesday 28 September 2027" in page
    assert "Session of the 21st" in page
    assert "1 applicant" in page
    assert "New dates: Safer cities" in page
    assert days(workshop) == [date(2027, 9, 21), date(2027, 9, 23)]
    assert (Message.objects.count(), Postponement.objects.count()) == (0, 0)


@pytest.mark.parametrize("change", ["session", "applicant", "deadline"])
def test_a_preview_that_is_not_true_any_more_moves_nothing(desk, workshop, change):
    sent = confirmed(desk)
    if change == "session":
        make.SessionFactory(
            workshop=workshop,
            starts_at=datetime(2027, 9, 21, 4, tzinfo=UTC),
            ends_at=datetime(2027, 9, 21, 5, tzinfo=UTC),
        )
    if change == "applicant":
        make.SubmittedApplicationFactory(call=workshop.call)
    if change == "deadline":
        type(workshop.call).objects.update(closes_at=CLOSES + timedelta(days=1))

    answer = desk.post(ADDRESS, sent)

    assert answer.status_code == 409
    assert "Something has changed since you looked at this" in answer.text
    assert days(workshop)[0] == date(2027, 9, 21)
    assert Message.objects.count() == 0


def test_pressing_twice_moves_once(desk, workshop):
    sent = confirmed(desk)

    desk.post(ADDRESS, sent)
    desk.post(ADDRESS, sent)

    assert days(workshop)[0] == date(2027, 9, 28)
    assert Postponement.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"first_day": "2027-09-21"}, "not later than the first day it has now"),
        ({"first_day": "2020-01-01"}, "not later than the first day it has now"),
        ({"first_day": "soon"}, "Enter a valid date."),
        ({"first_day": ""}, "Choose the new first day."),
        ({"reason": ""}, "Write the reason: everybody who is told reads it."),
    ],
)
def test_what_means_nothing_comes_back_with_what_was_typed(desk, workshop, facts, words):
    shown = desk.post(ADDRESS, {**GIVEN, **facts, "confirm": "yes"})

    assert (shown.status_code, Postponement.objects.count()) == (200, 0)
    assert words in shown.text


def test_a_workshop_of_the_past_is_not_moved_into_the_past(desk, workshop):
    workshop.days.all().delete()
    workshop.days.create(date=date(2027, 5, 1))

    shown = desk.post(ADDRESS, {**GIVEN, "first_day": "2027-05-20"}).text

    assert "This day has begun or is over." in shown


def test_without_training_days_there_is_nothing_to_postpone(desk, workshop):
    workshop.days.all().delete()

    assert "No training days yet" in desk.get(ADDRESS).text


def test_an_hour_that_the_clocks_skip_on_the_new_day_is_said(db, client):
    york = make.WorkshopFactory(slug="here", zone="America/New_York")
    york.days.create(date=date(2028, 3, 5))
    make.SessionFactory(
        workshop=york,
        starts_at=datetime(2028, 3, 5, 7, 30, tzinfo=UTC),
        ends_at=datetime(2028, 3, 5, 9, 0, tzinfo=UTC),
    )
    client.force_login(make.RoleFactory(workshop=york).user)

    shown = client.post(ADDRESS, {**GIVEN, "first_day": "2028-03-12"}).text

    assert "the clocks skip an hour in which something is planned" in shown


def test_the_public_page_says_that_the_workshop_was_postponed(desk, client, workshop):
    before = client.get("/workshops/here/").text
    desk.post(ADDRESS, confirmed(desk))
    client.logout()

    page = client.get("/workshops/here/").text

    assert "postponed" not in before
    assert "EventScheduled" in before
    assert "The workshop has been postponed" in page
    assert "<s>21 and 23 September 2027</s>" in page
    assert "A typhoon is forecast." in page
    assert '"previousStartDate": "2027-09-21"' in page


def test_the_action_itself_moves_only_to_a_later_day(workshop, hana):
    same = plan(workshop, first_day=date(2027, 9, 21), with_deadline=True, by=hana)

    with pytest.raises(Refused, match="later than the one it has now"):
        postponing.postpone(
            workshop,
            first_day=date(2027, 9, 21),
            with_deadline=True,
            reason="None.",
            seen=same.fingerprint,
            by=hana,
        )


# --- The arithmetic ----------------------------------------------------------------------


@given(
    wall=st.datetimes(
        min_value=datetime.fromisoformat("2020-01-01"),
        max_value=datetime.fromisoformat("2034-01-01"),
    ),
    days=st.integers(min_value=1, max_value=400),
    zone=st.sampled_from(["Europe/Paris", "Asia/Seoul", "America/New_York", "Pacific/Chatham"]),
)
def test_everything_keeps_its_time_of_the_clock_or_nothing_moves(wall, days, zone):
    moment = wall.replace(microsecond=0, tzinfo=UTC)
    was = Dates(
        days=(moment.date(),),
        sessions=(Sitting("1", "Opening", moment, moment + timedelta(minutes=5)),),
        closes_at=moment,
        decide_by=moment.date(),
    )

    try:
        now = was.later(days, zone)
    except ValueError:
        return

    shift = timedelta(days=days)
    assert (now.days[0], now.decide_by) == (was.days[0] + shift, was.decide_by + shift)
    for old, new in [
        (was.closes_at, now.closes_at),
        (was.sessions[0].starts_at, now.sessions[0].starts_at),
    ]:
        there = {"old": old, "new": new}
        clock = {name: at.astimezone(ZoneInfo(zone)) for name, at in there.items()}
        assert clock["new"].replace(tzinfo=None) == clock["old"].replace(tzinfo=None) + shift
