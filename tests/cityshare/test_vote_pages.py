"""The pages of a vote: asked by who leads a cycle, answered by focal points, read at freezing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cityshare.models import Cycle, Framework, Vote
from tests import factories as make
from tests.cityshare.ballot import Ballot
from tests.cityshare.pages import page, send, words
from workshop_portal.my_tasks import overview

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot():
    return Ballot()


def at(ballot, name):
    """What the address of a page of the vote is made from."""
    return f"vote-{name}" if name else "vote", ballot.draft.pk, ballot.vote.pk


def day(days):
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%d}"


def mistakes(answer):
    form = answer.context["form"]
    return {name: [str(said) for said in faults] for name, faults in form.errors.items()}


def typed(person, ballot, **said):
    """The form of a city's answer as it stands, with what is typed into it."""
    form = page(person, *at(ballot, "answer")).context["form"]
    known = {name: form[name].value() or "" for name in form.fields}
    return {**known, "seen": form.sign, **said}


# --- From the draft to the frozen version ------------------------------------------------


def test_a_draft_is_put_to_the_vote_read_answered_changed_answered_again_and_frozen():
    ballot = Ballot(asked=False)
    draft, alder = ballot.draft, ballot.people["Alder"]

    before = words(page(ballot.lead, "framework-freeze", draft.pk))
    ask = {"cycle": ballot.cycle.pk, "until_0": day(5), "until_1": "", "words": "See P1."}
    made = send(ballot.lead, "vote-create", draft.pk, **ask)
    ballot.vote = Vote.objects.get()
    [task] = [t for t in overview(alder, now=timezone.now()).tasks if "draft" in t.name]
    asked = words(client_of(alder).get(task.url))
    read = words(page(alder, "framework", draft.pk))
    given = send(alder, *at(ballot, "answer"), **typed(alder, ballot, answer="agrees"))
    ballot.reword()
    changed = words(page(ballot.lead, "framework-freeze", draft.pk))
    own = words(page(alder, *at(ballot, "")))
    again = {"answer": "remarks", "remark_P1": "Shorter, please."}
    send(alder, *at(ballot, "answer"), **typed(alder, ballot, **again))
    stands = page(ballot.lead, "framework-freeze", draft.pk)
    frozen = send(ballot.lead, "framework-freeze", draft.pk, vote=stands.context["standing"].mark)

    assert "No city was asked about this draft." in before
    assert made.url == given.url == ballot.vote.get_absolute_url()
    assert f"{ballot.vote.until:%H:%M:%S}" == "14:59:59"
    assert ("See P1." in asked, "The answer of Alder No answer" in asked) == (True, True)
    assert "Alder is asked about this draft" in read
    assert "0 of 5 cities agree with the words as they are now." in changed
    assert "About an earlier wording 1" in changed
    assert "The draft was changed after this answer." in own
    assert "1 of 5 cities agree with the words as they are now." in words(stands)
    assert "Freezing closes the vote." in words(stands)
    assert (frozen.url, Framework.objects.get(pk=draft.pk).status) == (
        draft.get_absolute_url(),
        "frozen",
    )
    end = words(page(alder, *at(ballot, "")))
    assert ("How it ended" in end, "The version is frozen." in end) == (True, True)
    assert "Agrees, with remarks" in end


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


# --- Asking ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "field", "mistake"),
    [
        ({"cycle": ""}, "cycle", "Choose the cycle."),
        ({"until_0": ""}, "until", "Choose the day."),
        ({"until_0": "", "until_1": "12:00"}, "until", "Choose the day, too."),
        ({"until_0": "2020-01-01"}, "until", "This moment is over."),
    ],
    ids=["no cycle", "no day", "no day and a time", "past"],
)
def test_a_slip_is_told_beside_its_field_and_what_was_typed_stays(said, field, mistake):
    ballot = Ballot(asked=False)
    ask = {"cycle": ballot.cycle.pk, "until_0": day(5), "until_1": "", "words": "See P1."}

    answer = send(ballot.lead, "vote-create", ballot.draft.pk, **{**ask, **said})

    assert mistakes(answer) == {field: [mistake]}
    assert "See P1." in words(answer)
    assert not Vote.objects.exists()


def test_only_cycles_that_the_steward_leads_and_that_run_can_be_asked():
    ballot = Ballot(asked=False)
    other = make.RoleFactory(role="facilitator").user

    form = page(ballot.lead, "vote-create", ballot.draft.pk).context["form"]
    offered = [*form.fields["cycle"].queryset]
    elsewhere = page(other, "vote-create", ballot.draft.pk)
    forced = send(other, "vote-create", ballot.draft.pk, cycle=ballot.cycle.pk, until_0=day(5))
    Cycle.objects.update(status="closed")
    over = page(ballot.lead, "vote-create", ballot.draft.pk)

    assert offered == [ballot.cycle]
    for answer in (elsewhere, over):
        assert "There is nobody whom you could ask" in words(answer)
    assert [*mistakes(forced)] == ["cycle"]
    assert not Vote.objects.exists()


def test_a_draft_that_is_not_complete_says_what_is_missing_and_offers_no_vote():
    ballot = Ballot(asked=False)
    ballot.draft.practices.filter(code="P2").update(question="")

    text = words(page(ballot.lead, "vote-create", ballot.draft.pk))

    assert ("P2 has no question." in text, "Send the letters" in text) == (True, False)


# --- Answering ---------------------------------------------------------------------------


def test_a_no_asks_for_a_word_and_keeps_what_was_typed(ballot):
    alder = ballot.people["Alder"]

    nothing = send(alder, *at(ballot, "answer"), **typed(alder, ballot))
    silent = send(alder, *at(ballot, "answer"), **typed(alder, ballot, answer="disagrees"))
    at_practice = typed(alder, ballot, answer="disagrees", remark_P2="Not by our law.")
    given = send(alder, *at(ballot, "answer"), **at_practice)

    assert mistakes(nothing) == {"answer": ["Choose one of the three."]}
    assert mistakes(silent) == {"comment": ["Say what should be changed, here or at a practice."]}
    assert given.status_code == 302
    assert ballot.voice("Alder").remarks == {"P2": "Not by our law."}


def test_a_draft_that_changes_while_the_answer_is_typed_is_read_again_first(ballot):
    alder = ballot.people["Alder"]
    said = typed(alder, ballot, answer="remarks", comment="Shorter.")
    ballot.reword()

    first = send(alder, *at(ballot, "answer"), **said)
    second = send(alder, *at(ballot, "answer"), **{**said, "read": first.context["form"].wording})

    assert "was changed after you read it" in mistakes(first)["__all__"][0]
    assert "Shorter." in words(first)
    assert (second.status_code, ballot.counts) == (302, (5, 1, 1, 0, 0, 4))


def test_the_way_from_the_draft_carries_the_words_that_were_read(ballot):
    alder = ballot.people["Alder"]
    link = reverse("cityshare:vote-answer", args=[ballot.draft.pk, ballot.vote.pk])
    read = f"{link}?read={ballot.wording}"
    assert read in page(alder, "framework", ballot.draft.pk).text
    ballot.reword()

    form = client_of(alder).get(read).context["form"]

    assert form["read"].value() != form.wording


def test_two_windows_on_one_answer_never_overwrite_each_other(ballot):
    alder = ballot.people["Alder"]
    one, other = (typed(alder, ballot, answer="agrees", comment=said) for said in ("One", "Other"))

    send(alder, *at(ballot, "answer"), **one)
    late = send(alder, *at(ballot, "answer"), **other)

    assert "Somebody changed this after you opened the page" in mistakes(late)["__all__"][0]
    assert ballot.voice("Alder").comment == "One"


def test_a_colleague_of_the_focal_point_reads_and_does_not_answer(ballot):
    second = ballot.example.teams["Alder"].members.create(user=make.UserFactory()).user

    text = words(page(second, *at(ballot, "")))

    assert "Alder Focal speaks for your city and answers for it." in text
    assert page(second, *at(ballot, "answer")).status_code == 403
    assert page(second, "framework", ballot.draft.pk).status_code == 200


def test_a_city_reads_no_answer_of_another_and_the_counts_when_it_is_over(ballot):
    ballot.answer("Birch", "disagrees", "Our law forbids it.")

    alder = ballot.people["Alder"]
    during = words(page(alder, *at(ballot, "")))
    send(ballot.lead, *at(ballot, "close"))
    after = words(page(alder, *at(ballot, "")))

    assert [said in during for said in ("Birch", "Our law", "Do not agree 1")] == [False] * 3
    assert [said in after for said in ("Birch", "Our law", "Do not agree 1")] == [
        False,
        False,
        True,
    ]


# --- Leading -----------------------------------------------------------------------------


def test_who_leads_reads_every_answer_with_the_city_and_who_gave_it(ballot):
    ballot.answer("Birch", "remarks", "Shorter.", {"P1": "Who pays?"})

    text = words(page(ballot.lead, *at(ballot, "")))

    assert "Agrees, with remarks Birch Focal" in text
    for said in ("Shorter.", "P1 Who pays?", "Alder Focal is asked", "1 of 5 cities agree"):
        assert said in text


def test_more_time_is_given_from_what_is_stored_and_on_the_workshops_clock(ballot):
    form = page(ballot.lead, *at(ballot, "edit")).context["form"]
    later = {"until_0": day(20), "until_1": "18:00", "words": "Please.", "seen": form.sign}

    past = send(ballot.lead, *at(ballot, "edit"), **{**later, "until_0": "2020-01-01"})
    given = send(ballot.lead, *at(ballot, "edit"), **later)
    stale = send(ballot.lead, *at(ballot, "edit"), **{**later, "words": "Hurry."})

    assert mistakes(past) == {"until": ["This moment is over."]}
    assert given.url == ballot.vote.get_absolute_url()
    vote = Vote.objects.get()
    assert (f"{vote.until:%H:%M:%S}", vote.words) == ("09:00:59", "Please.")
    assert [*mistakes(stale)] == ["__all__"]


def test_a_vote_on_another_framework_is_an_address_that_does_not_exist(ballot):
    frozen = ballot.example.framework.pk

    found = {
        name: page(ballot.lead, *[f"vote{name}", frozen, ballot.vote.pk]).status_code
        for name in ("", "-answer", "-edit")
    }

    assert found == {"": 404, "-answer": 404, "-edit": 404}


def test_another_steward_reads_the_counts_before_freezing_and_no_answer(ballot):
    ballot.answer("Birch", "disagrees", "Our law forbids it.")
    other = make.RoleFactory(role="facilitator").user

    text = words(page(other, "framework-freeze", ballot.draft.pk))

    assert ("Do not agree 1" in text, "Our law" in text) == (True, False)
    assert "The answers of the cities" not in words(page(other, "framework", ballot.draft.pk))
    assert page(other, *at(ballot, "")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_three_answers_cost_no_more_queries_than_one(ballot, number, django_assert_num_queries):
    client = client_of(ballot.lead)
    for city in ("Alder", "Birch", "Cedar")[:number]:
        ballot.answer(city, "remarks", "Shorter.")
    address = ballot.vote.get_absolute_url()
    client.get(address)

    with django_assert_num_queries(13):
        client.get(address)
