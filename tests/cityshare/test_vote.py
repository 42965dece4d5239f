"""Before a framework is frozen, the cities of a cycle say whether they agree with its words."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cityshare.actions import framework as frameworks
from cityshare.actions import vote as actions
from cityshare.actions.cycle import begin_cycle
from cityshare.models import Framework, Voice, Vote
from cityshare.queries.cycle import seat_of
from cityshare.queries.tasks import tasks_in, tasks_of
from tests import factories as make
from tests.cityshare.ballot import Ballot
from workshop_portal.audit.models import Entry
from workshop_portal.audit.queries import trail
from workshop_portal.errors import Refused, SavedMeanwhile
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot():
    return Ballot()


def asked():
    """Who has the letter, by address."""
    letters = Message.objects.filter(letter="cityshare/vote_asked")
    return [letter.to.given_name for letter in letters.order_by("to__given_name")]


def names(person):
    return [t.name for t in tasks_of(person, now=timezone.now()) if "draft" in t.name]


# --- Asked -------------------------------------------------------------------------------


def test_every_city_of_the_cycle_is_asked_and_its_focal_point_has_a_letter_and_a_task(ballot):
    second = ballot.example.teams["Alder"].members.create(user=make.UserFactory()).user

    assert ballot.counts == (5, 0, 0, 0, 0, 5)
    assert asked() == ["Alder", "Birch", "Cedar", "Dogwood", "Elm"]
    letter = Message.objects.get(letter="cityshare/vote_asked", to=ballot.people["Alder"])
    assert letter.subject == "Does Alder agree? Draft of the framework: Example 2"
    assert ballot.vote.get_absolute_url() in letter.body
    [task] = [t for t in tasks_of(ballot.people["Alder"], now=timezone.now()) if "draft" in t.name]
    assert (task.name, task.url, task.due, task.zone) == (
        "Say whether your city agrees with the draft “Example 2”",
        ballot.vote.get_absolute_url(),
        ballot.until,
        "Asia/Seoul",
    )
    assert names(second) == []


def test_the_task_stands_on_the_page_of_the_cycle_too(ballot):
    person = ballot.people["Alder"]

    found = tasks_in(ballot.cycle, person, seat_of(person, ballot.cycle), now=timezone.now())

    assert "Say whether your city agrees with the draft “Example 2”" in [t.name for t in found]


def test_a_cycle_that_is_being_set_up_can_be_asked_and_its_focal_points_find_the_task():
    ballot = Ballot(stage="setup")

    assert len(asked()) == 5
    assert names(ballot.people["Elm"]) == [
        "Say whether your city agrees with the draft “Example 2”"
    ]


def test_what_the_steward_wants_them_to_look_at_stands_in_the_letter():
    ballot = Ballot(asked=False)
    ballot.vote = ballot.ask(words="One sentence is new.\nSee P2.")

    body = Message.objects.filter(letter="cityshare/vote_asked").first().body
    assert "One sentence is new.\nSee P2." in body


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda b: b.draft.meanings.all().delete(), "not complete yet: Level 1 has no name"),
        (lambda b: frameworks.freeze(b.draft, by=b.lead), "frozen already"),
        (lambda b: b.ask(), "asked about this draft already"),
        (lambda b: setattr(b.cycle, "status", "closed"), "This cycle is closed"),
        (lambda b: setattr(b, "until", timezone.now()), "This moment is over"),
        (lambda b: b.cycle.teams.all().delete(), "No city takes part"),
    ],
    ids=["incomplete", "frozen", "asked", "closed", "past", "no city"],
)
def test_what_cannot_be_put_to_the_vote(spoil, why):
    ballot = Ballot(asked=False)
    if why.startswith("No city"):
        ballot.cycle = begin_cycle(
            ballot.example.workshop,
            name="Empty",
            framework=ballot.example.framework,
            dues={},
            by=ballot.lead,
        )
    spoil(ballot)
    before = Vote.objects.count()

    with pytest.raises(Refused, match=why):
        ballot.ask()

    assert Vote.objects.count() == before


def test_of_a_draft_there_is_one_open_vote_and_of_a_city_one_voice(ballot):
    facts = {"cycle": ballot.cycle, "until": ballot.until, "asked_by": ballot.lead}
    team = ballot.example.teams["Alder"]

    with pytest.raises(IntegrityError), transaction.atomic():
        ballot.draft.votes.create(asked_at=timezone.now(), **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        ballot.vote.voices.create(team=team)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.update(answer="agrees")


# --- Answered ----------------------------------------------------------------------------


def test_answers_are_counted_by_what_they_say_and_stand_with_who_gave_them(ballot):
    ballot.answer("Alder")
    ballot.answer("Birch", "remarks", "Shorter, please.", {"P1": "Who pays?"})
    ballot.answer("Cedar", "disagrees", "Our law forbids it.")

    assert ballot.counts == (5, 2, 1, 1, 0, 2)
    voice = ballot.voice("Birch")
    assert (voice.given_by, voice.remarks) == (ballot.people["Birch"], {"P1": "Who pays?"})
    assert names(ballot.people["Alder"]) == []


def test_the_last_word_of_a_city_counts_while_the_vote_is_open(ballot):
    ballot.answer("Alder", "disagrees", "No.")
    ballot.answer("Alder", "agrees")

    assert ballot.counts == (5, 1, 0, 0, 0, 4)
    assert Entry.objects.filter(event="voice.given").count() == 2


def test_who_does_not_simply_agree_says_why(ballot):
    for answer in ("remarks", "disagrees"):
        with pytest.raises(Refused, match="what should be changed"):
            ballot.answer("Alder", answer)
    ballot.answer("Alder", "remarks", remarks={"P1": "Which office?"})

    assert ballot.counts == (5, 1, 1, 0, 0, 4)


def test_after_its_last_moment_and_after_its_end_no_answer_is_taken(ballot):
    ballot.over()
    with pytest.raises(Refused, match="This vote is over"):
        ballot.answer("Alder")
    actions.prolong(ballot.vote, until=ballot.until, words="", by=ballot.lead)
    actions.close(ballot.vote, by=ballot.lead)
    with pytest.raises(Refused, match="This vote is over"):
        ballot.answer("Alder")

    assert ballot.counts == (5, 0, 0, 0, 0, 5)


def test_two_windows_of_one_focal_point_never_overwrite_each_other(ballot):
    seen = ballot.voice("Alder")
    ballot.answer("Alder", "disagrees", "No.")

    facts = {"answer": "agrees", "comment": "", "remarks": {}, "read": ballot.wording}
    with pytest.raises(SavedMeanwhile):
        actions.answer(seen, **facts, by=ballot.people["Alder"])

    assert ballot.voice("Alder").answer == "disagrees"


# --- Another wording ---------------------------------------------------------------------


def test_an_answer_about_an_earlier_wording_is_never_counted_and_is_asked_for_again(ballot):
    ballot.answer("Alder")
    ballot.answer("Birch", "disagrees", "No.")
    ballot.reword()
    ballot.answer("Birch")

    assert ballot.counts == (5, 1, 0, 0, 1, 3)
    assert names(ballot.people["Alder"]) == [
        "Look again at the draft “Example 2”: it was changed after your answer"
    ]
    assert names(ballot.people["Birch"]) == []


def test_with_the_old_words_back_an_answer_counts_again(ballot):
    ballot.answer("Alder")
    ballot.reword("Another question?")
    ballot.reword("How well is P1 done?")

    assert ballot.counts == (5, 1, 0, 0, 0, 4)


def test_neither_its_version_nor_an_invented_city_is_what_the_cities_have_read(ballot):
    ballot.answer("Alder")
    Framework.objects.filter(pk=ballot.draft.pk).update(name="CityShare", version="1.0")
    ballot.draft.dossiers.create(order=9, title="Invented Bay", text="A bay.")

    assert ballot.counts == (5, 1, 0, 0, 0, 4)


def test_an_answer_about_words_that_were_changed_since_they_were_read_is_refused(ballot):
    read = ballot.wording
    ballot.reword()

    with pytest.raises(Refused, match="was changed after you read it"):
        ballot.answer("Alder", read=read)

    assert ballot.counts == (5, 0, 0, 0, 0, 5)


# --- More time, and the end --------------------------------------------------------------


def test_with_more_time_those_are_asked_again_whose_answer_is_missing(ballot):
    for city in ("Alder", "Birch", "Cedar", "Dogwood"):
        ballot.answer(city)
    ballot.reword()
    for city in ("Alder", "Birch", "Cedar"):
        ballot.answer(city)
    Message.objects.all().delete()

    later = ballot.until + timedelta(days=3)
    actions.prolong(ballot.vote, until=later, words="", by=ballot.lead)

    assert asked() == ["Dogwood", "Elm"]
    again, first = (Message.objects.get(to=ballot.people[city]).body for city in ("Dogwood", "Elm"))
    assert ("was changed after Dogwood answered" in again, "was changed" in first) == (True, False)
    assert Vote.objects.get().until == later


def test_two_stewards_who_give_more_time_do_not_overwrite_each_other(ballot):
    seen = Vote.objects.get()
    actions.prolong(ballot.vote, until=ballot.until, words="Please.", by=ballot.lead)

    with pytest.raises(SavedMeanwhile):
        actions.prolong(seen, until=ballot.until, words="Hurry.", by=ballot.lead)
    actions.close(seen, by=ballot.lead)
    with pytest.raises(Refused, match="This vote is closed"):
        actions.prolong(seen, until=ballot.until, words="Please.", by=ballot.lead)


def test_a_vote_is_closed_once_and_its_counts_are_on_record(ballot):
    ballot.answer("Alder")
    actions.close(ballot.vote, by=ballot.lead)

    with pytest.raises(Refused, match="no longer possible"):
        actions.close(ballot.vote, by=ballot.lead)
    vote = Vote.objects.get()
    assert (vote.status, vote.closed_at is not None, names(ballot.people["Elm"])) == (
        "closed",
        True,
        [],
    )
    facts = Entry.objects.get(event="vote.closed").facts
    assert (facts["asked"], facts["agreed"]) == (5, 1)


def test_a_vote_whose_time_is_over_waits_for_who_leads(ballot):
    assert names(ballot.lead) == []
    ballot.over()

    assert names(ballot.lead) == ["Close the vote on the draft “Example 2”: its time is over"]
    assert names(ballot.people["Elm"]) == []


def test_after_the_end_the_cities_can_be_asked_anew(ballot):
    ballot.answer("Alder", "disagrees", "No.")
    actions.close(ballot.vote, by=ballot.lead)
    ballot.reword()
    ballot.vote = ballot.ask()

    assert ballot.counts == (5, 0, 0, 0, 0, 5)
    assert Voice.objects.exclude(answer="").count() == 1


# --- Frozen, or thrown away --------------------------------------------------------------


def test_freezing_closes_the_vote_and_how_it_stood_is_on_record(ballot):
    ballot.answer("Alder")
    ballot.answer("Birch", "disagrees", "No.")
    frameworks.freeze(ballot.draft, by=ballot.lead)

    assert Vote.objects.get().status == "closed"
    assert ballot.counts == (5, 1, 0, 1, 0, 3)
    assert [line.what for line in trail(ballot.draft)][:2] == [
        "Froze the framework of practices; 1 of 5 cities that were asked agreed",
        "Closed the vote on a draft of the framework; 1 of 5 cities agreed",
    ]


def test_a_draft_about_which_nobody_was_asked_can_be_frozen_and_that_is_on_record():
    ballot = Ballot(asked=False)
    frameworks.freeze(ballot.draft, by=ballot.lead)

    assert next(line.what for line in trail(ballot.draft)) == (
        "Froze the framework of practices; 0 of 0 cities that were asked agreed"
    )


def test_nothing_is_frozen_when_the_vote_has_changed_since_it_was_looked_at(ballot):
    seen = ballot.standing.mark
    ballot.answer("Alder", "disagrees", "No.")

    for mark in (seen, ""):
        with pytest.raises(Refused, match="has changed since you looked at it"):
            frameworks.freeze(ballot.draft, seen=mark, by=ballot.lead)
    frameworks.freeze(ballot.draft, seen=ballot.standing.mark, by=ballot.lead)

    assert Framework.objects.get(version="2").status == "frozen"


def test_a_draft_about_which_cities_have_answered_stays(ballot):
    with pytest.raises(Refused, match="Close the vote first"):
        frameworks.discard(ballot.draft, by=ballot.lead)
    ballot.answer("Alder", "disagrees", "No.")
    actions.close(ballot.vote, by=ballot.lead)
    with pytest.raises(Refused, match="Cities have answered"):
        frameworks.discard(ballot.draft, by=ballot.lead)

    assert Vote.objects.count() == 1


def test_a_draft_about_which_no_city_has_answered_is_thrown_away_with_its_vote(ballot):
    actions.close(ballot.vote, by=ballot.lead)
    frameworks.discard(ballot.draft, by=ballot.lead)

    assert (Vote.objects.count(), Voice.objects.count()) == (0, 0)


# --- Who sees what -----------------------------------------------------------------------


def test_the_draft_is_read_by_the_teams_that_are_asked_and_by_no_other_city(ballot):
    second = ballot.example.teams["Alder"].members.create(user=make.UserFactory()).user
    elsewhere = ballot.example.workshop.cycles.create(
        framework=ballot.example.framework, name="Another cycle", status="self"
    )
    team = elsewhere.teams.create(city=make.CityFactory())
    other = team.members.create(user=make.UserFactory(), is_focal_point=True).user

    found = {
        who: Framework.objects.visible_to(who).filter(pk=ballot.draft.pk).exists()
        for who in (ballot.people["Alder"], second, other, make.UserFactory())
    }

    assert [*found.values()] == [True, True, False, False]
    assert [Vote.objects.visible_to(who).exists() for who in found] == [True, True, False, False]


def test_the_trail_tells_of_the_whole_vote(ballot):
    ballot.answer("Alder")
    actions.prolong(ballot.vote, until=ballot.until, words="Please.", by=ballot.lead)
    actions.close(ballot.vote, by=ballot.lead)

    assert [line.what for line in trail(ballot.draft)][:4] == [
        "Closed the vote on a draft of the framework; 1 of 5 cities agreed",
        "Gave the cities more time to answer about a draft of the framework",
        "Answered for a city about a draft of the framework: Alder, Cambodia",
        "Asked the cities of a cycle about a draft of the framework: First cycle",
    ]
