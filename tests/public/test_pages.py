"""What anybody may read, and what nobody may read yet."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from applications.models import Extension
from curriculum.models import Programme
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ModuleFactory,
    RoleFactory,
    SessionFactory,
    SpeakerFactory,
    SubmittedApplicationFactory,
    UserFactory,
    WorkshopFactory,
)
from workshop_portal.workshops.models import LearningObjective, Partner, TrainingDay

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_first_of_june():
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(response):
    """The page as a reader hears it: without tags, spaces collapsed."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def full_workshop(**columns):
    """A workshop with one of everything that its page can show."""
    workshop = WorkshopFactory(**columns)
    for day in (1, 2, 8):
        TrainingDay.objects.create(workshop=workshop, date=date(2027, 9, day))
    LearningObjective.objects.create(workshop=workshop, order=1, text="tell it from smuggling")
    Partner.objects.create(workshop=workshop, part="organiser", name="The training centre")
    Partner.objects.create(workshop=workshop, part="partner", name="The support office")
    module = ModuleFactory(workshop=workshop, number=1, title="Concepts")
    starts = datetime(2027, 9, 1, 0, 30, tzinfo=UTC)
    session = SessionFactory(
        workshop=workshop,
        module=module,
        title="Recent efforts",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
    )
    for name in ("Among", "Nari"):
        session.speakers.add(SpeakerFactory(workshop=workshop, name=name))
    return workshop


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries)


# --- home and list -----------------------------------------------------------------------


def test_the_front_page_tells_open_coming_and_past_workshops_apart(client):
    CallFactory(workshop__title="Open one")
    early = CallFactory(workshop__title="Early one", opens_at=NOW + timedelta(days=3))
    past = WorkshopFactory(title="Past one")
    TrainingDay.objects.create(workshop=past, date=date(2017, 11, 21))
    TrainingDay.objects.create(workshop=early.workshop, date=date(2027, 9, 1))
    WorkshopFactory(title="Hidden one", status="draft")

    page = text_of(client.get("/"))

    order = ["Open for applications", "Open one", "Next workshops", "Early one", "Past workshops"]
    places = [page.index(words) for words in [*order, "Past one"]]
    assert places == sorted(places)
    assert "Hidden one" not in page


def test_a_portal_without_workshops_says_what_to_do(client):
    assert "No call is open at the moment" in text_of(client.get("/"))
    assert "No call is open at the moment" in text_of(client.get("/workshops/"))


def test_the_last_training_day_is_not_yet_past_while_it_lasts_in_the_workshops_zone(client):
    here = WorkshopFactory(title="Still going on", zone="Pacific/Honolulu")
    gone = WorkshopFactory(title="Over since midnight", zone="Asia/Seoul")
    for workshop in (here, gone):
        TrainingDay.objects.create(workshop=workshop, date=date(2027, 5, 31))

    with time_machine.travel(datetime(2027, 5, 31, 20, tzinfo=UTC)):
        page = text_of(client.get("/workshops/"))

    assert page.index("Still going on") < page.index("Past workshops")
    assert page.index("Past workshops") < page.index("Over since midnight")


@pytest.mark.parametrize("name", ["home", "workshop-list", "workshop-feed"])
def test_a_list_of_workshops_costs_the_same_however_many_there_are(client, name):
    for _ in range(2):
        CallFactory(workshop=full_workshop())
    few = queries_of(client, reverse(name))
    for call in CallFactory.create_batch(5):
        SubmittedApplicationFactory.create_batch(2, call=call)

    assert queries_of(client, reverse(name)) == few <= 5


# --- workshop page -----------------------------------------------------------------------


def test_a_workshop_page_shows_everything_before_anybody_signs_up(client):
    workshop = full_workshop(
        title="Enhancing human security",
        theme="Three Ps",
        background="Every **year**",
        requirements="Fluent English",
        travel_terms="Limited help",
    )
    Programme.objects.create(workshop=workshop, status="released")

    page = text_of(client.get(workshop.get_absolute_url()))

    for words in (
        "Enhancing human security",
        "Three Ps",
        "1–2 and 8 September 2027",  # noqa: RUF001
        "Every year",
        "tell it from smuggling",
        "Concepts",
        "The training centre",
        "The support office",
        "Fluent English",
        "Limited help",
        "Wednesday 1 September 2027",
        "09:30–10:30",  # noqa: RUF001
        "Recent efforts",
    ):
        assert words in page


def test_a_programme_is_shown_when_it_is_released_and_not_before(client):
    workshop = full_workshop()
    Programme.objects.create(workshop=workshop)
    address = reverse("workshop-calendar", args=[workshop.slug])

    before = (client.get(workshop.get_absolute_url()), client.get(address))
    Programme.objects.update(status="released")
    after = (client.get(workshop.get_absolute_url()), client.get(address))

    assert ["Recent efforts" in text_of(before[0]), before[1].status_code] == [False, 404]
    assert ["Recent efforts" in text_of(after[0]), after[1].status_code] == [True, 200]


def test_a_visitor_whose_zone_is_known_reads_the_programme_on_their_own_clock_too(client):
    workshop = full_workshop()
    Programme.objects.create(workshop=workshop, status="released")
    client.cookies["zone"] = "America/New_York"

    page = text_of(client.get(workshop.get_absolute_url()))

    assert "your time: 31 August, 20:30–21:30" in page  # noqa: RUF001


def test_a_draft_is_seen_by_those_who_work_on_it_and_by_admins_alone(client):
    workshop = CallFactory(workshop__status="draft").workshop
    pages = [workshop.get_absolute_url(), workshop.call.get_absolute_url()]
    reviewer = RoleFactory(workshop=workshop, role="reviewer").user

    seen = {}
    for name, user in [
        ("visitor", None),
        ("stranger", UserFactory()),
        ("coordinator elsewhere", RoleFactory().user),
        ("reviewer", reviewer),
        ("admin", UserFactory(is_admin=True)),
    ]:
        client.logout()
        if user:
            client.force_login(user)
        seen[name] = [client.get(page).status_code for page in pages]

    assert seen == {
        "visitor": [404, 404],
        "stranger": [404, 404],
        "coordinator elsewhere": [404, 404],
        "reviewer": [200, 200],
        "admin": [200, 200],
    }


def test_a_workshop_page_costs_the_same_however_full_it_is(client):
    call = CallFactory(workshop=full_workshop())
    Programme.objects.create(workshop=call.workshop, status="released")
    few = queries_of(client, call.workshop.get_absolute_url())
    for _ in range(3):
        session = SessionFactory(workshop=call.workshop)
        session.speakers.add(*SpeakerFactory.create_batch(3, workshop=call.workshop))
    SubmittedApplicationFactory.create_batch(3, call=call)

    many = queries_of(client, call.workshop.get_absolute_url())

    assert few <= 5
    assert many <= few


def test_search_engines_read_the_facts_of_a_workshop_as_data(client):
    workshop = full_workshop(title="A </script><b>title</b>", city="Jeju-do", country="KR")
    CallFactory(workshop=workshop, opens_at=NOW, closes_at=NOW + timedelta(days=1))

    page = client.get(workshop.get_absolute_url()).content.decode()

    [data] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    facts = json.loads(data)
    assert (facts["@type"], facts["name"]) == ("EducationEvent", workshop.title)
    assert (facts["startDate"], facts["endDate"]) == ("2027-09-01", "2027-09-08")
    assert facts["offers"]["validThrough"] == "2027-06-02T12:00:00+00:00"
    assert facts["organizer"] == [{"@type": "Organization", "name": "The training centre"}]


def test_the_feed_carries_open_calls_and_nothing_else(client):
    call = CallFactory(workshop__title="Open one", workshop__slug="open-one")
    CallFactory(workshop__title="Closed one", closes_at=NOW - timedelta(days=1))
    CallFactory(workshop__title="Draft one", workshop__status="draft")

    response = client.get("/workshops/feed/")

    body = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert re.findall(r"<entry><title>(.*?)</title>", body) == ["Open one"]
    assert f"urn:uuid:{call.workshop_id}" in body
    assert "Seoul time (UTC+9)" in body


# --- call page ---------------------------------------------------------------------------


def test_the_call_names_the_seven_documents_in_order_with_what_each_needs(client):
    call = CallFactory()

    page = text_of(client.get(call.get_absolute_url()))

    titles = [document.title for document in call.required_documents.all()]
    documents = page[page.index("You hand in seven documents") :]
    places = [documents.index(title) for title in titles]
    assert len(titles) == 7
    assert places == sorted(places)
    assert "Uploaded as a file: PDF, JPEG, PNG; at most 10\xa0MB".replace("\xa0", " ") in page
    assert "Signed by: The head of your office or organisation" in page


def test_the_call_shows_the_deadline_on_both_clocks(client):
    call = CallFactory(closes_at=datetime(2027, 6, 30, 14, 59, 59, tzinfo=UTC))
    client.cookies["zone"] = "Asia/Kathmandu"

    page = text_of(client.get(call.get_absolute_url()))

    assert "30 June 2027, 23:59 Seoul time (UTC+9)" in page
    assert "your time: 30 June 2027, 20:44 Kathmandu time (UTC+5:45)" in page
    assert "29 days left" in page


def test_an_extended_deadline_keeps_the_old_date_struck_through_and_says_why(client):
    call = CallFactory()
    old = datetime(2027, 6, 12, 14, 59, 59, tzinfo=UTC)
    Extension.objects.create(
        call=call, was=old, until=call.closes_at + timedelta(days=18), reason="Two holidays"
    )

    page = client.get(call.get_absolute_url()).content.decode()

    [struck] = re.findall(r"<s>(.*?)</s>", page, re.DOTALL)
    assert "12 June 2027, 23:59" in struck
    assert "Extended: Two holidays" in page


def test_a_visitor_is_led_to_an_account_and_a_person_with_one_to_the_form(client):
    call = CallFactory()
    start = reverse("applications:start", args=[call.workshop.slug])

    visitor = client.get(call.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    person = client.get(call.get_absolute_url()).content.decode()

    sign_up = f"{reverse('account_signup')}?next={call.get_absolute_url()}"
    assert [sign_up in visitor, start in visitor] == [True, False]
    assert [sign_up in person, f'action="{start}"' in person] == [False, True]


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (timedelta(days=1), timedelta(days=2), "Applications open on"),
        (timedelta(days=-2), timedelta(days=-1), "The call is closed. The deadline was"),
    ],
    ids=["early", "closed"],
)
def test_nobody_can_apply_before_the_opening_or_after_the_deadline(client, opens, closes, words):
    call = CallFactory(opens_at=NOW + opens, closes_at=NOW + closes)
    start = reverse("applications:start", args=[call.workshop.slug])
    client.force_login(UserFactory())

    page = client.get(call.get_absolute_url())

    assert words in text_of(page)
    assert start not in page.content.decode()


def test_the_call_page_costs_the_same_however_many_apply(client):
    call = CallFactory(workshop=full_workshop())
    ApplicationFactory(call=call)
    few = queries_of(client, call.get_absolute_url())
    SubmittedApplicationFactory.create_batch(3, call=call)

    assert queries_of(client, call.get_absolute_url()) == few <= 5


def test_the_deadline_goes_into_a_calendar_as_the_instant_it_is(client):
    call = CallFactory(closes_at=datetime(2027, 6, 30, 14, 59, 59, tzinfo=UTC))
    address = reverse("applications:call-calendar", args=[call.workshop.slug])

    [before] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    until = call.closes_at + timedelta(days=10)
    Extension.objects.create(call=call, was=call.closes_at, until=until, reason="Holidays")
    type(call).objects.update(closes_at=until)
    [after] = Calendar.from_ical(client.get(address).content).walk("VEVENT")

    assert [before.decoded("dtstart"), after.decoded("dtstart")] == [call.closes_at, until]
    assert before["uid"] == after["uid"]
    assert [before["sequence"], after["sequence"]] == [0, 1]
    assert [alarm.decoded("trigger") for alarm in after.walk("VALARM")] == [-timedelta(days=1)]


def test_a_workshop_without_a_call_has_no_call_page(client):
    workshop = WorkshopFactory()

    assert client.get(reverse("applications:call", args=[workshop.slug])).status_code == 404
    assert client.get(workshop.get_absolute_url()).status_code == 200
