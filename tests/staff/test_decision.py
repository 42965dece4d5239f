import threading

import pytest
from django.db import connection

from applications.actions import selection
from applications.models import Application, Decision
from tests.factories import DecisionFactory, RoleFactory, SubmittedApplicationFactory, UserFactory
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def minjun(call):
    """The other coordinator."""
    person = UserFactory(given_name="Min-jun", family_name="Lee")
    RoleFactory(workshop=call.workshop, user=person)
    return person


def address(application):
    return f"/desk/applications/{application.pk}/decide/"


def words(version=0, **facts):
    given = {"outcome": "accepted", "note": "Strong file.", "message": "Welcome!"}
    return {**given, "version": version, **facts}


def test_a_decision_is_kept_and_nothing_else_happens(desk, hana, sent):
    answer = desk.post(address(sent), words())

    decision = Decision.objects.get()
    sent.refresh_from_db()
    assert answer.url == f"/desk/applications/{sent.pk}/"
    assert (decision.outcome, decision.note, decision.message) == (
        "accepted",
        "Strong file.",
        "Welcome!",
    )
    assert (decision.version, decision.decided_by, decision.released_at) == (1, hana, None)
    assert (sent.status, Message.objects.count()) == ("submitted", 0)


def test_a_decision_can_be_changed_until_it_is_released(desk, sent):
    desk.post(address(sent), words())

    form = desk.get(address(sent)).context["form"]
    desk.post(address(sent), words(version=1, outcome="rejected", note="", message=""))

    decision = Decision.objects.get()
    assert (form["outcome"].value(), form["version"].value()) == ("accepted", 1)
    assert (decision.outcome, decision.note, decision.version) == ("rejected", "", 2)


def test_the_line_of_a_decision_is_not_in_the_story_of_the_application(hana, sent):
    decision = selection.decide(sent, outcome="accepted", note="Strong.", version=0, by=hana)

    assert list(Entry.objects.about(sent)) == []
    assert [line.event for line in Entry.objects.about(decision)] == ["decision.made"]


def test_the_committee_reads_the_decision_in_the_story(desk, sent):
    desk.post(address(sent), words())

    story = desk.get(f"/desk/applications/{sent.pk}/").context["story"]

    assert [(line.who, line.what, line.detail, line.confidential) for line in story] == [
        ("Hana Kim", "Noted a decision", "Accept · Strong file.", True)
    ]


def test_of_two_who_decide_one_is_refused_with_both_texts_on_the_page(desk, client, minjun, sent):
    desk.post(address(sent), words(note="Hana likes it.", message="From Hana."))

    client.force_login(minjun)
    refused = client.post(
        address(sent), words(outcome="rejected", note="Min-jun does not.", message="From Min-jun.")
    )

    page = refused.content.decode()
    assert refused.status_code == 409
    for text in ("Hana Kim", "Hana likes it.", "From Hana.", "Min-jun does not.", "From Min-jun."):
        assert text in page
    assert Decision.objects.get().note == "Hana likes it."


def test_a_change_made_from_an_old_page_overwrites_nothing(hana, minjun, sent):
    selection.decide(sent, outcome="accepted", version=0, by=hana)
    selection.decide(sent, outcome="waitlisted", version=1, by=minjun)

    with pytest.raises(selection.Overtaken, match="Min-jun Lee decided about Aoife O'Brien"):
        selection.decide(sent, outcome="rejected", version=1, by=hana)

    assert Decision.objects.get().outcome == "waitlisted"


def test_the_trail_keeps_the_words_of_the_one_who_came_second(hana, minjun, sent):
    selection.decide(sent, outcome="accepted", version=0, by=hana)

    with pytest.raises(selection.Overtaken):
        selection.decide(sent, outcome="rejected", note="No.", version=0, by=minjun)

    lines = Entry.objects.about(Decision.objects.get())
    assert {(line.event, line.by, line.facts["outcome"]) for line in lines} == {
        ("decision.made", hana, "accepted"),
        ("decision.overtaken", minjun, "rejected"),
    }


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [0, 1])
def test_of_many_who_decide_in_one_moment_exactly_one_is_kept(call, hana, sent, version):
    if version:
        selection.decide(sent, outcome="waitlisted", version=0, by=hana)
    people = [hana, *(UserFactory() for _ in range(5))]
    start, kept, refused = threading.Barrier(len(people)), [], []

    def decide(person):
        try:
            start.wait()
            selection.decide(
                sent, outcome="accepted", note=person.email, version=version, by=person
            )
            kept.append(person)
        except selection.Overtaken:
            refused.append(person)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    decision = Decision.objects.get()
    assert (len(kept), len(refused)) == (1, len(people) - 1)
    assert (decision.decided_by, decision.note) == (kept[0], kept[0].email)
    assert decision.version == version + 1
    assert Entry.objects.filter(event="decision.overtaken").count() == len(people) - 1


@pytest.mark.parametrize("status", ["draft", "accepted", "rejected", "withdrawn"])
def test_there_is_nothing_to_decide_about_what_is_not_submitted(hana, sent, status):
    Application.objects.filter(pk=sent.pk).update(status=status)

    with pytest.raises(Refused, match="not possible for Aoife O'Brien any more"):
        selection.decide(sent, outcome="accepted", version=0, by=hana)

    assert Decision.objects.count() == 0


def test_who_waits_can_be_accepted_or_not_selected_but_not_put_to_wait_again(desk, hana, sent):
    Application.objects.filter(pk=sent.pk).update(status="waitlisted")

    form = desk.get(address(sent)).context["form"]

    assert [value for value, word in form.fields["outcome"].choices] == ["accepted", "rejected"]
    with pytest.raises(Refused):
        selection.decide(sent, outcome="waitlisted", version=0, by=hana)


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": ""},
        {"outcome": "perhaps"},
        {"version": ""},
        {"version": "-1"},
        {"note": "x" * 1001},
        {"message": "\u202eturned"},
    ],
)
def test_a_decision_that_is_no_decision_comes_back(desk, sent, facts):
    shown = desk.post(address(sent), words(**facts))

    assert (shown.status_code, Decision.objects.count()) == (200, 0)


# --- Many at once ------------------------------------------------------------------------


def test_those_ticked_get_the_same_decision(desk, call, sent):
    other, third = SubmittedApplicationFactory.create_batch(2, call=call)
    DecisionFactory(application=other, outcome="accepted", note="Seen.", message="Hello.")

    answer = desk.post(
        "/desk/here/decide/",
        {"outcome": "rejected", "application": [f"{sent.pk}:0", f"{other.pk}:1"]},
    )

    found = {d.application: (d.outcome, d.note, d.message) for d in Decision.objects.all()}
    assert answer.url == "/desk/here/applications/"
    assert found == {sent: ("rejected", "", ""), other: ("rejected", "Seen.", "Hello.")}
    assert third not in found


def test_when_one_of_those_ticked_was_decided_meanwhile_none_is_changed(desk, call, sent):
    other = SubmittedApplicationFactory(call=call)
    DecisionFactory(application=other, outcome="accepted", note="Seen.")

    refused = desk.post(
        "/desk/here/decide/",
        {"outcome": "rejected", "application": [f"{sent.pk}:0", f"{other.pk}:0"]},
    )

    assert refused.status_code == 409
    assert [(d.application, d.outcome) for d in Decision.objects.all()] == [(other, "accepted")]


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"outcome": "accepted"}, "Tick at least one application, then decide."),
        ({"outcome": "accepted", "application": ["nonsense"]}, "Tick the applications on the"),
        ({"outcome": "", "application": ["x:0"]}, "Choose a decision for the applications"),
    ],
)
def test_a_decision_for_many_that_lacks_something_says_what(desk, call, given, answer):
    shown = desk.post("/desk/here/decide/", given, follow=True)

    assert answer in shown.content.decode()


def test_an_application_of_another_call_among_those_ticked_is_not_found(desk, sent):
    foreign = SubmittedApplicationFactory()

    answer = desk.post(
        "/desk/here/decide/",
        {"outcome": "accepted", "application": [f"{sent.pk}:0", f"{foreign.pk}:0"]},
    )

    assert (answer.status_code, Decision.objects.count()) == (404, 0)
