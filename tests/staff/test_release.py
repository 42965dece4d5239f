import threading

import pytest
from django.db import connection

from applications.actions import selection
from applications.models import Application, Call, Decision
from applications.queries.selection import plan
from tests.factories import DecisionFactory, RoleFactory, SubmittedApplicationFactory, UserFactory
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/here/release/"


@pytest.fixture
def three(call, sent):
    """One application accepted, one put to wait, one not selected; nothing released."""
    waits, sorry = SubmittedApplicationFactory.create_batch(2, call=call)
    DecisionFactory(application=sent, outcome="accepted", message="Bring your river map.")
    DecisionFactory(application=waits, outcome="waitlisted")
    DecisionFactory(application=sorry, outcome="rejected")
    return sent, waits, sorry


def statuses(applications):
    return [Application.objects.get(pk=application.pk).status for application in applications]


def seen(page):
    return page.context["form"]["seen"].value()


def test_the_preview_shows_every_letter_as_it_will_leave_and_changes_nothing(desk, three):
    shown = desk.get(ADDRESS)

    groups = {
        outcome: [(letter.decision.application.name, letter.subject) for letter in letters]
        for outcome, word, letters in shown.context["groups"]
    }
    title = "The workshop here"
    assert groups == {
        "accepted": [(three[0].name, f"You have a place: {title}")],
        "waitlisted": [(three[1].name, f"You are on the waiting list: {title}")],
        "rejected": [(three[2].name, f"Your application was not selected: {title}")],
    }
    assert "Bring your river map." in shown.content.decode()
    assert statuses(three) == ["submitted"] * 3
    assert Message.objects.count() == 0


def test_a_release_moves_seats_and_writes_all_in_one_moment(desk, hana, call, three):
    answer = desk.post(ADDRESS, {"seen": seen(desk.get(ADDRESS))})

    sent = three[0]
    seats = call.workshop.participants.all()
    letters = Message.objects.order_by("letter")
    assert answer.url == "/desk/here/applications/"
    assert statuses(three) == ["accepted", "waitlisted", "rejected"]
    assert [(s.user, s.city.name, s.city.country.code, s.organisation) for s in seats] == [
        (sent.applicant, sent.city_name, "KH", sent.organisation)
    ]
    assert [(letter.letter, letter.to, letter.rule) for letter in letters] == [
        ("applications/accepted", sent.applicant, "once"),
        ("applications/rejected", three[2].applicant, "once"),
        ("applications/waitlisted", three[1].applicant, "once"),
    ]
    assert all(decision.released_at for decision in Decision.objects.all())
    assert [(e.by, e.facts) for e in Entry.objects.filter(event="decisions.released")] == [
        (hana, {"number": 3})
    ]


def test_the_letter_that_leaves_is_the_letter_that_was_previewed(desk, three):
    previewed = {
        (letter.decision.application.applicant, letter.subject, part)
        for outcome, word, letters in desk.get(ADDRESS).context["groups"]
        for letter in letters
        for part in [letter.body.split("\n--")[0].strip()]
    }

    desk.post(ADDRESS, {"seen": seen(desk.get(ADDRESS))})

    assert previewed == {
        (letter.to, letter.subject, letter.body.split("\n--")[0].strip())
        for letter in Message.objects.all()
    }


def test_what_was_decided_after_the_look_is_not_released(desk, hana, call, three):
    looked = seen(desk.get(ADDRESS))
    selection.decide(three[2], outcome="accepted", version=1, by=hana)

    refused = desk.post(ADDRESS, {"seen": looked})

    assert refused.status_code == 409
    assert b"The decisions have changed since you looked" in refused.content
    assert statuses(three) == ["submitted"] * 3
    assert (Message.objects.count(), call.workshop.participants.count()) == (0, 0)


def test_a_new_decision_and_a_withdrawal_make_the_look_stale_too(desk, hana, call, three):
    looked = seen(desk.get(ADDRESS))
    Application.objects.filter(pk=three[1].pk).update(status="withdrawn")
    after_withdrawal = seen(desk.get(ADDRESS))
    DecisionFactory(application=SubmittedApplicationFactory(call=call))

    assert desk.post(ADDRESS, {"seen": looked}).status_code == 409
    assert desk.post(ADDRESS, {"seen": after_withdrawal}).status_code == 409
    assert desk.post(ADDRESS, {"seen": seen(desk.get(ADDRESS))}).status_code == 302
    assert statuses(three) == ["accepted", "withdrawn", "rejected"]


def test_a_release_pressed_twice_releases_once(desk, three):
    looked = seen(desk.get(ADDRESS))

    first, second = (desk.post(ADDRESS, {"seen": looked}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Message.objects.count() == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_releases_in_one_moment_everybody_is_released_once(hana, call, three):
    looked = plan(call, hana).fingerprint
    start, released, refused = threading.Barrier(5), [], []

    def release():
        try:
            start.wait()
            released.append(selection.release(Call.objects.get(pk=call.pk), seen=looked, by=hana))
        except Refused:
            refused.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=release) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (released, len(refused)) == ([3], 4)
    assert statuses(three) == ["accepted", "waitlisted", "rejected"]
    assert (Message.objects.count(), call.workshop.participants.count()) == (3, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_decision_changed_while_it_is_released_is_either_released_or_changed(hana, call, three):
    looked = plan(call, hana).fingerprint
    start, happened = threading.Barrier(2), []

    def hand(name, act):
        try:
            start.wait()
            act()
            happened.append(name)
        except Refused:
            pass
        finally:
            connection.close()

    acts = {
        "release": lambda: selection.release(Call.objects.get(pk=call.pk), seen=looked, by=hana),
        "decide": lambda: selection.decide(three[2], outcome="accepted", version=1, by=hana),
    }
    threads = [threading.Thread(target=hand, args=item) for item in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    after = {
        "release": (["accepted", "waitlisted", "rejected"], 3),
        "decide": (["submitted"] * 3, 0),
    }
    [name] = happened
    assert (statuses(three), Message.objects.count()) == after[name]


def test_nothing_is_released_when_one_of_them_fails(hana, call, three, monkeypatch):
    looked = plan(call, hana).fingerprint

    def broken(*args, **facts):
        raise RuntimeError

    monkeypatch.setattr(selection, "enrol", broken)
    with pytest.raises(RuntimeError):
        selection.release(call, seen=looked, by=hana)

    assert statuses(three) == ["submitted"] * 3
    assert not Decision.objects.exclude(released_at=None).exists()


def test_more_people_than_seats_have_to_be_confirmed(desk, call, three):
    DecisionFactory(application=SubmittedApplicationFactory(call=call), outcome="accepted")
    Call.objects.update(seats=1, funded_seats=0)

    page = desk.get(ADDRESS)
    refused = desk.post(ADDRESS, {"seen": seen(page)})

    text = page.content.decode()
    assert "This gives seats to 2 people, and the workshop has 1." in text
    assert "2 of those accepted have asked for airfare support, and there are 0" in text
    assert b"Confirm this first, or change decisions." in refused.content
    assert statuses(three) == ["submitted"] * 3

    desk.post(ADDRESS, {"seen": seen(page), "all_the_same": "on"})

    assert statuses(three) == ["accepted", "waitlisted", "rejected"]


def test_who_waits_can_be_accepted_later_with_a_second_letter(desk, hana, call, three):
    waits = three[1]
    desk.post(ADDRESS, {"seen": seen(desk.get(ADDRESS))})
    waits.refresh_from_db()

    selection.decide(waits, outcome="accepted", version=1, by=hana)
    between = Application.objects.get(pk=waits.pk).status
    desk.post(ADDRESS, {"seen": seen(desk.get(ADDRESS))})

    letters = Message.objects.filter(to=waits.applicant).order_by("written_at")
    assert (between, statuses([waits])) == ("waitlisted", ["accepted"])
    assert [letter.letter for letter in letters] == [
        "applications/waitlisted",
        "applications/accepted",
    ]
    assert call.workshop.participants.filter(user=waits.applicant).count() == 1


def test_nobody_releases_the_decision_about_themselves(desk, hana, call, three):
    own = SubmittedApplicationFactory(call=call, applicant=hana)
    other = UserFactory()
    RoleFactory(workshop=call.workshop, user=other)
    DecisionFactory(application=own, outcome="accepted", decided_by=other)

    page = desk.get(ADDRESS)
    desk.post(ADDRESS, {"seen": seen(page)})

    assert own not in [decision.application for decision in page.context["plan"].decisions]
    assert statuses([own]) == ["submitted"]
    selection.release(call, seen=plan(call, other).fingerprint, by=other)
    assert statuses([own]) == ["accepted"]


def test_without_decisions_the_page_says_what_to_do(desk, call):
    assert b"There is nothing to release" in desk.get(ADDRESS).content


@pytest.mark.parametrize("given", [{}, {"seen": ""}, {"seen": "x"}, {"seen": "x" * 65}])
def test_a_release_without_a_look_releases_nothing(desk, three, given):
    assert desk.post(ADDRESS, given).status_code in {200, 409}
    assert statuses(three) == ["submitted"] * 3
