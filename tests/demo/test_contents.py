"""What the demo shows: the public facts as they are, and every state that the portal knows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import RequestFactory

from applications.models import Application, Call, Decision, Document, Extension, Receipt
from cityshare.models import (
    Asset,
    Assignment,
    Cycle,
    Descriptor,
    Framework,
    Moderation,
    Need,
    PeerAssist,
    Practice,
    Voice,
    Vote,
)
from cityshare.queries.cohort import tally
from cityshare.queries.rating import Readiness, readiness
from cityshare.queries.standings import Sight, standings
from curriculum.models import Module, Session, Speaker
from workshop_portal import demo
from workshop_portal.accounts.models import User
from workshop_portal.audit.models import DocumentAccess, Entry
from workshop_portal.demo import decided_call, jeju_2017, open_call, virtual_2020
from workshop_portal.outbox.models import LetterText, Message
from workshop_portal.papers.models import Paper
from workshop_portal.workshops.models import Participant, Role, Workshop

NOW = datetime(2027, 3, 10, 6, 30, tzinfo=UTC)
TABLES = [
    Application, Call, Decision, Descriptor, Document, DocumentAccess, Entry, Extension, Framework,
    Message, Module, Paper, Participant, Practice, Receipt, Role, Session, Speaker, User, Workshop,
]  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once for all tests of this module and taken back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(now=NOW)
        yield
        for document in Document.objects.all():
            document.file.delete(save=False)
        transaction.set_rollback(True)


def test_every_status_of_the_portal_can_be_seen():
    seen = {
        "applications": set(Application.objects.values_list("status", flat=True)),
        "documents": set(Document.objects.current().values_list("status", flat=True)),
        "modes": set(Workshop.objects.values_list("mode", flat=True)),
        "roles": set(Role.objects.values_list("role", flat=True)),
        "formats": set(Session.objects.values_list("format", flat=True)),
        "sectors": set(Application.objects.exclude(sector="").values_list("sector", flat=True)),
        "genders": set(Application.objects.exclude(gender="").values_list("gender", flat=True)),
    }

    assert seen == {
        "applications": set(Application.Status.values),
        "documents": set(Document.Status.values),
        "modes": set(Workshop.Mode.values),
        "roles": set(Role.Kind.values),
        "formats": set(Session.Format.values),
        "sectors": set(Application.Sector.values),
        "genders": set(Application.Gender.values),
    }


def test_the_open_call_has_applications_in_every_state_and_decisions_nobody_knows_of():
    call = Call.objects.get(workshop__slug=open_call.SLUG)

    assert Counter(call.applications.values_list("status", flat=True)) == {
        "draft": 8,
        "submitted": 22,
        "withdrawn": 2,
    }
    pending = Decision.objects.filter(application__call=call)
    assert Counter(pending.values_list("outcome", "released_at")) == {
        ("accepted", None): 2,
        ("waitlisted", None): 1,
        ("rejected", None): 2,
    }
    assert call.applications.exclude(country="").values("country").distinct().count() >= 14


def test_the_decided_call_is_released_and_its_accepted_people_are_seated():
    call = Call.objects.get(workshop__slug=decided_call.SLUG)

    assert Counter(call.applications.values_list("status", flat=True)) == {
        "accepted": 12,
        "waitlisted": 4,
        "rejected": 4,
        "withdrawn": 2,
        "draft": 2,
    }
    assert not Decision.objects.filter(application__call=call, released_at=None).exists()
    accepted = call.applications.filter(status="accepted").values_list("applicant", flat=True)
    assert set(call.workshop.participants.values_list("user", flat=True)) >= set(accepted)
    assert [extension.reason for extension in call.extensions.all()] == [decided_call.REASON]


def test_letters_lie_in_the_inboxes_and_none_waits_to_be_mailed(mailoutbox):
    participant = User.objects.get(email="participant@example.org")

    states = Counter(Message.objects.values_list("state", flat=True))
    assert (set(states), states["bounced"]) == ({"sent", "bounced"}, 1)
    assert mailoutbox == []
    got = set(Message.objects.inbox_of(participant).values_list("letter", flat=True))
    assert {letter for letter in got if letter.startswith("applications/")} == {
        "applications/extended_sent",
        "applications/received",
        "applications/accepted",
    }
    assert {"cityshare/stage", "cityshare/cities_to_rate"} <= got


def test_one_workshop_has_words_of_its_own_and_one_letter_came_back():
    [text] = LetterText.objects.all()
    [returned] = Message.objects.filter(state="bounced")

    written = Message.objects.filter(scope=text.scope, letter=text.letter)
    assert {letter.subject.rpartition(" ")[0] for letter in written} == {"We have your application"}
    assert returned in written
    assert returned.to.unreachable_since is not None


def test_fourteen_cities_of_nine_countries_went_through_two_cycles():
    first, second = Cycle.objects.filter(name__in=["CityShare 2017", "CityShare 2020"]).order_by(
        "created_at"
    )

    assert second.previous == first
    for cycle in (first, second):
        teams = cycle.teams.select_related("city")
        assert (len(teams), len({str(team.city.country) for team in teams})) == (14, 9)
        units, _apart = tally(standings(cycle, sight=Sight.ALL))
        assert min(units["confirmed"], units["settled"], units["differs"]) > 10
        talks = Moderation.objects.filter(team__cycle=cycle).values_list("status", flat=True)
        assert set(talks) == {"agreed", "stands"}
        assert any(matching.outcome.get("unmet") for matching in cycle.matchings.all())
        states = set(cycle.matchings.values_list("status", flat=True))
        assert states == {"released", "discarded"}
        assert PeerAssist.objects.filter(host__cycle=cycle, status="held").count() > 5
        assert Need.objects.filter(team__cycle=cycle).values("question").distinct().count() == 3


def test_the_library_shows_every_state_in_which_others_may_read_an_asset():
    assert set(Asset.objects.values_list("status", flat=True)) == {"published", "due", "review"}
    assert Asset.objects.filter(uses__isnull=False).exists()


def test_a_newcomer_finds_cities_to_rate_and_work_to_do_before():
    pairs = Assignment.objects.filter(person__email="participant@example.org", status="active")
    [cycle] = {pair.rated.cycle for pair in pairs}

    assert (cycle.status, len(pairs)) == ("rating", 3)
    member = cycle.teams.get(city=pairs[0].rater.city).members.get(user=pairs[0].person)
    assert readiness(member) == Readiness(conflicts=False, calibration=False)
    others = Assignment.objects.filter(rated__cycle=cycle).exclude(pk__in=pairs)
    assert {"active", "locked", "done"} <= set(others.values_list("status", flat=True))


def test_the_next_version_of_the_framework_is_before_the_cities():
    [vote] = Vote.objects.all()

    assert (vote.status, vote.framework.status, vote.takes_answers(NOW)) == ("open", "draft", True)
    answers = Counter(vote.voices.values_list("answer", flat=True))
    assert {*answers} == {"", *Voice.Answer.values}
    newcomer = vote.voices.get(team__members__user__email="participant@example.org")
    assert newcomer.answer == ""


def test_everything_is_dated_when_it_happened():
    application = Application.objects.get(applicant__email="participant@example.org")
    release = Entry.objects.get(event="decisions.released")

    assert application.started_at < application.submitted_at < application.call.closes_at
    assert release.at == NOW - timedelta(days=8)
    assert {decision.released_at for decision in Decision.objects.exclude(released_at=None)} == {
        release.at
    }
    assert max(Entry.objects.values_list("at", flat=True)) < NOW
    assert max(Message.objects.values_list("sent_at", flat=True)) < NOW


def test_every_document_is_a_real_file_of_its_own():
    documents = list(Document.objects.all())

    assert {document.file.size for document in documents} == {
        document.size for document in documents
    }
    assert len({document.sha256 for document in documents}) == len(documents)
    assert Counter(document.media_type for document in documents).keys() == {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/jpeg",
    }


def test_the_people_named_can_sign_in():
    request = RequestFactory().post("/")

    signed_in = {
        account.email: authenticate(request, email=account.email, password=account.password)
        for account in demo.accounts()
    }

    assert {email: str(user.email) for email, user in signed_in.items()} == {
        email: email for email in signed_in
    }
    assert len(signed_in) == 9
    assert [user.email for user in signed_in.values() if user.is_admin] == ["admin@example.org"]


def test_nobody_has_an_address_that_could_be_real():
    domains = {email.rsplit("@")[1] for email in User.objects.values_list("email", flat=True)}

    assert domains == {"example.org", "example.com"}


def test_loading_twice_changes_nothing():
    before = {table: sorted(map(str, table.objects.values_list())) for table in TABLES}

    demo.load(now=NOW + timedelta(days=3))

    assert {table: sorted(map(str, table.objects.values_list())) for table in TABLES} == before


def test_the_workshop_of_2017_has_its_real_dates_and_modules():
    workshop = Workshop.objects.get(slug=jeju_2017.SLUG)
    [extension] = workshop.call.extensions.all()

    assert workshop.title == (
        "Enhancing a Victim-Centered Approach: Identification, Assistance and Protection of "
        "Trafficking Victims in the Asia-Pacific Region"
    )
    assert (workshop.city, workshop.country.code, workshop.zone) == ("Jeju-do", "KR", "Asia/Seoul")
    assert [day.date for day in workshop.days.all()] == [
        date(2017, 11, day) for day in (21, 22, 23, 24)
    ]
    assert list(workshop.modules.values_list("number", "title")) == [
        (1, "Introducing the concepts and current trends in trafficking in persons"),
        (2, "Identification of victims of trafficking"),
        (3, "Global approach to addressing trafficking in persons"),
        (4, "Refugees and trafficking in persons"),
        (5, "Providing assistance to victims of trafficking"),
        (6, "Prosecution"),
        (7, "Prevention"),
        (8, "Monitoring and Evaluation"),
        (9, "Cityshare Methodology"),
    ]
    assert extension.was == datetime(2017, 9, 12, 14, 59, 59, tzinfo=UTC)
    assert extension.until == datetime(2017, 9, 30, 14, 59, 59, tzinfo=UTC)
    assert workshop.call.closes_at == extension.until
    assert extension.made_at < extension.was
    assert list(workshop.call.required_documents.values_list("title", flat=True)) == [
        "Application form",
        "Case study description",
        "Letter of nomination",
        "Letter of commitment",
        "Acknowledgement, waiver and release of liability",
        "Consent to collection, use and disclosure of personal information",
        "Curriculum vitae",
    ]


def test_the_programme_of_2017_teaches_all_modules_on_its_four_days():
    sessions = Session.objects.filter(workshop__slug=jeju_2017.SLUG)
    taught = sessions.exclude(module=None).order_by("module__number")
    days = {moment.astimezone(ZoneInfo("Asia/Seoul")).date().day for moment in
            sessions.values_list("starts_at", flat=True)}  # fmt: skip

    assert sorted(set(taught.values_list("module__number", flat=True))) == list(range(1, 10))
    assert days == {21, 22, 23, 24}
    assert {"opening", "study_visit", "action_plans", "closing"} <= set(
        sessions.values_list("format", flat=True)
    )


def test_the_online_workshop_has_its_real_days_sessions_and_speakers():
    workshop = Workshop.objects.get(slug=virtual_2020.SLUG)
    sessions = Session.objects.filter(workshop=workshop)

    assert [day.date.isoformat()[5:] for day in workshop.days.all()] == ["09-01", "09-02", "09-08"]
    assert "46 participants from 18 countries" in workshop.outcome
    assert {
        session.title: [speaker.name for speaker in session.speakers.all()] for session in sessions
    } == {
        "Opening remarks": ["Hong-ghi Choi", "Jake Sharman"],
        "Session 1: Recent efforts and discourse in anti-trafficking activities": ["Among Resi"],
        "Session 2: The 3P paradigm used for addressing trafficking in persons": ["Nari Shim"],
        "Session 3: Identifying, protecting and assisting victims of trafficking": [
            "Rebecca Surtees"
        ],
        "Scenario exercise 1": [],
        "Session 4: Prosecution of human trafficking cases": ["Bill Laidlaw"],
        "Session 5: Partnership and international cooperation": ["Rebecca Miller"],
        "Scenario exercise 2": [],
        "Participants' presentations": [],
    }


def test_the_framework_is_frozen_with_a_sentence_for_every_level():
    framework = Framework.objects.frozen().get()

    assert framework.status == Framework.Status.FROZEN
    assert Descriptor.objects.count() == Practice.objects.count() * framework.levels > 0
