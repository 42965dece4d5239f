"""Where views lie far apart: what is on the list, and who reads what of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cityshare.actions import moderation as actions
from cityshare.actions import naming
from cityshare.models import Assignment, Cycle, Moderation, PeerRating
from cityshare.queries import moderation as queries
from cityshare.queries.comments import comments_of
from tests import factories as make
from tests.cityshare.example import Example
from tests.cityshare.pages import page, send, words
from tests.cityshare.talks import closed_example, opened_example, talk_of
from workshop_portal.audit.models import Entry, name_of
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return closed_example()


@pytest.fixture
def opened():
    return opened_example()


# --- The list ----------------------------------------------------------------------------


def test_what_the_example_flags_is_talked_about_and_nothing_else(example):
    number = actions.open_flagged(example.cycle, by=example.facilitator)

    found = Moderation.objects.values_list("team__city__name", "practice__code", "status")
    assert number == 3
    assert list(found) == [
        ("Birch", "P2", "open"),
        ("Birch", "P3", "open"),
        ("Birch", "P4", "open"),
    ]
    assert Entry.objects.filter(event="moderation.opened").count() == 1


def test_putting_flagged_practices_on_the_list_again_adds_only_new_ones(opened):
    ratings = PeerRating.objects.filter(assignment__rated=opened.teams["Elm"], practice__code="P1")
    ratings.filter(assignment__rater=opened.teams["Alder"]).update(initial=1, final=1)

    again = actions.open_flagged(opened.cycle, by=opened.facilitator)

    assert (again, Moderation.objects.count()) == (1, 4)
    assert actions.open_flagged(opened.cycle, by=opened.facilitator) == 0


@pytest.mark.parametrize("stage", [s for s in Cycle.Stage if s != Cycle.Stage.MODERATION])
def test_outside_the_moderation_nothing_is_opened_and_nothing_is_settled(stage):
    example = Example(stage=stage)
    talk = talk_of(example, "Birch", "P2")

    for act in (
        lambda: actions.open_flagged(example.cycle, by=None),
        lambda: actions.arrange(talk.team, meets_at=timezone.now(), link="", by=None),
        lambda: actions.settle(talk, agreed=2, note="Why.", by=example.facilitator),
        lambda: actions.reopen(talk, by=example.facilitator),
    ):
        with pytest.raises(Refused):
            act()


def test_those_who_lead_see_every_flagged_practice_with_its_views(opened):
    answer = page(opened.facilitator, "moderation", opened.cycle.pk)

    text = words(answer)
    assert [group.team.name for group in answer.context["groups"]] == ["Birch"]
    assert "P2 Practice P2 Own view 4 Peers 3, from 2 to 4 Raters far apart A level apart" in text
    assert "P3 Practice P3 Own view 4 Peers 2, from 2 to 3 City and raters far apart" in text
    assert "P4 Practice P4 Own view 2 Peers 2, from 1 to 3 Raters far apart" in text


@pytest.mark.parametrize(
    ("city", "role"), [("Birch", "city"), ("Cedar", "rater"), ("Dogwood", "rater"), ("Alder", "")]
)
def test_only_the_city_and_its_raters_see_what_is_talked_about(opened, city, role):
    person = opened.people[city]
    talk = talk_of(opened, "Birch", "P2")

    listed = page(person, "moderation", opened.cycle.pk).context["groups"]
    answer = page(person, "moderate", opened.cycle.pk, talk.pk)

    assert [group.role for group in listed] == ([role] if role else [])
    assert answer.status_code == (200 if role else 404)


def test_a_talk_is_not_found_under_another_cycle(opened):
    other = opened.workshop.cycles.create(framework=opened.framework, name="Another")
    talk = talk_of(opened, "Birch", "P2")

    assert page(opened.facilitator, "moderate", other.pk, talk.pk).status_code == 404
    assert page(opened.facilitator, "moderation-call", other.pk, talk.team_id).status_code == 404


def test_the_signs_are_told_before_the_views(opened):
    text = words(page(opened.facilitator, "moderation", opened.cycle.pk))

    assert text.index("The filled dot is the level that counts") < text.index("Own view 4")


def test_a_talk_leads_back_to_the_list_and_shows_what_the_city_says_before_the_form(opened):
    talk = talk_of(opened, "Birch", "P2")

    answer = page(opened.facilitator, "moderate", opened.cycle.pk, talk.pk)

    listed = reverse("cityshare:moderation", args=[opened.cycle.pk])
    assert f'<li><a href="{listed}">Moderation</a></li>' in answer.text
    text = words(answer)
    assert text.index("What the city says and shows") < text.index("What came of the talk")
    assert "Record what came of it" in answer.text


def test_before_the_ratings_are_closed_there_is_no_list():
    example = Example(stage=Cycle.Stage.RATING)
    talk = talk_of(example, "Birch", "P2")

    for person in (example.facilitator, example.people["Birch"], example.people["Cedar"]):
        answer = page(person, "moderation", example.cycle.pk)
        assert "Ratings are not closed yet" in words(answer)
        assert page(person, "moderate", example.cycle.pk, talk.pk).status_code == 404


def test_an_empty_list_leads_back_to_the_cycle():
    example = Example(stage=Cycle.Stage.RATING)

    empty = page(example.facilitator, "moderation", example.cycle.pk).text
    empty = empty.partition('<div class="empty">')[2]

    assert f'href="{example.cycle.get_absolute_url()}">First cycle</a>' in empty


def test_a_practice_that_is_flagged_later_is_offered_to_those_who_lead(example):
    offered = page(example.facilitator, "moderation", example.cycle.pk)
    answer = send(example.facilitator, "moderation-open", example.cycle.pk)
    after = page(example.facilitator, "moderation", example.cycle.pk)

    assert "On 3 practices views lie far apart" in words(offered)
    assert (answer.status_code, Moderation.objects.count()) == (302, 3)
    assert "Put them on the list" not in words(after)


def test_a_rating_made_void_later_is_told_beside_the_talk(opened):
    Assignment.objects.filter(rated=opened.teams["Birch"], rater=opened.teams["Elm"]).update(
        status="void"
    )

    groups = page(opened.facilitator, "moderation", opened.cycle.pk).context["groups"]

    assert [(line.practice.code, line.still) for line in groups[0].lines] == [
        ("P2", False),
        ("P3", True),
        ("P4", False),
    ]


def test_the_list_asks_the_database_no_more_for_many_than_for_one(opened):
    more = Cycle.objects.get(pk=opened.cycle.pk)
    queries.talks(more, opened.facilitator, queries.Seat(leads=True))
    with CaptureQueriesContext(connection) as three:
        queries.talks(more, opened.facilitator, queries.Seat(leads=True))
    Moderation.objects.exclude(practice__code="P2").delete()

    with CaptureQueriesContext(connection) as one:
        queries.talks(more, opened.facilitator, queries.Seat(leads=True))

    assert len(one) == len(three)


# --- What each of them reads -------------------------------------------------------------


def test_the_city_reads_words_without_names_and_no_single_level(opened):
    talk = talk_of(opened, "Birch", "P2")

    text = words(page(opened.people["Birch"], "moderate", opened.cycle.pk, talk.pk))

    assert "Own view 4 Peers 3, from 2 to 4" in text
    assert "praises P2" in text
    assert "What each rater gave" not in text
    assert "What you gave" not in text


def test_no_comment_of_a_city_can_be_told_from_its_place_or_its_address(opened):
    ratings = {row.pk: row for row in PeerRating.objects.select_related("assignment__rater__city")}

    orders = set()
    for city in ("Birch", "Cedar", "Elm", "Alder", "Dogwood"):
        for found in comments_of(opened.teams[city], opened.cycle).values():
            raters = [comment.strength.split()[0] for comment in found]
            orders.add(tuple(sorted(raters).index(rater) for rater in raters))
            tokens = [comment.token for comment in found]
            assert tokens == sorted(tokens)
            assert not {*tokens} & {str(pk) for pk in ratings}

    assert len(orders) > 2


def test_a_rater_reads_the_own_rating_and_no_other(opened):
    talk = talk_of(opened, "Birch", "P2")

    answer = page(opened.people["Cedar"], "moderate", opened.cycle.pk, talk.pk)

    text = words(answer)
    assert "What you gave Cedar, Laos: 4" in text
    assert "Cedar praises P2" in text
    assert "Dogwood" not in text
    assert "Elm" not in text


def test_those_who_lead_read_who_gave_what_once_they_have_said_why(opened):
    talk = talk_of(opened, "Birch", "P2")
    PeerRating.objects.filter(practice__code="P2", assignment__rater=opened.teams["Elm"]).update(
        initial=1, reason="The budget shows more."
    )
    args = (opened.facilitator, "moderate", opened.cycle.pk, talk.pk)
    before = page(*args)

    answer = send(*named(args), reason="Birch  disputes P2")

    assert answer.status_code == 302
    text = words(before)
    assert [text.count(f"A rater: {said}") for said in ("4", "3", "first 1, then 2")] == [1, 1, 1]
    assert not any(f"{city}, " in text for city in ("Cedar", "Dogwood", "Elm"))
    assert [given.city for given in before.context["talk"].given] == ["", "", ""]
    text = words(page(*args))
    assert "Cedar, Laos: 4" in text
    assert "Dogwood, Nepal: 3" in text
    assert "Elm, Vietnam: first 1, then 2 Why it changed: The budget shows more." in text


def named(args):
    """The same page, where the names are asked for."""
    person, _page, *at = args
    return (person, "moderate-names", *at)


def test_the_reason_for_naming_raters_goes_on_record_and_opens_one_talk_to_one_person(opened):
    talk, other = talk_of(opened, "Birch", "P2"), talk_of(opened, "Birch", "P3")
    colleague = make.RoleFactory(workshop=opened.workshop, role="coordinator").user
    at = (opened.cycle.pk, talk.pk)

    send(opened.facilitator, "moderate-names", *at, reason="Birch disputes P2")

    entry = Entry.objects.get(event="ratings.named")
    assert (entry.by, entry.facts) == (opened.facilitator, {"reason": "Birch disputes P2"})
    assert (entry.target, entry.about) == (name_of(talk), name_of(opened.cycle))
    assert "Cedar, Laos: 4" in words(page(opened.facilitator, "moderate", *at))
    assert "Cedar, Laos" not in words(page(colleague, "moderate", *at))
    rest = page(opened.facilitator, "moderate", opened.cycle.pk, other.pk)
    assert "Cedar, Laos" not in words(rest)


def test_without_a_reason_nobody_is_named_and_nothing_goes_on_record(opened):
    at = (opened.cycle.pk, talk_of(opened, "Birch", "P2").pk)

    answer = send(opened.facilitator, "moderate-names", *at, reason=" ")

    assert "Say why in a sentence. It goes on record." in words(answer)
    assert "Cedar, Laos" not in words(answer)
    assert not Entry.objects.filter(event="ratings.named").exists()
    with pytest.raises(Refused):
        naming.name_raters(opened.teams["Birch"], opened.cycle, reason="", by=opened.facilitator)


@pytest.mark.parametrize("city", ["Birch", "Cedar"])
def test_nobody_who_takes_part_has_raters_named(opened, city):
    at = (opened.cycle.pk, talk_of(opened, "Birch", "P2").pk)

    answer = send(opened.people[city], "moderate-names", *at, reason="Curious")

    assert answer.status_code == 403
    assert not Entry.objects.filter(event="ratings.named").exists()


def test_before_the_ratings_are_closed_no_rater_is_named():
    example = Example(stage=Cycle.Stage.RATING)

    with pytest.raises(Refused):
        naming.name_raters(example.cycle, example.cycle, reason="Why.", by=example.facilitator)


@pytest.mark.parametrize("who", ["Birch", "Cedar", "lead"])
def test_a_talk_shows_no_evidence_that_is_not_taken(opened, who):
    talk = talk_of(opened, "Birch", "P2")
    score = talk.team.assessment.scores.get(practice=talk.practice)
    for state in ("taken", "checking", "refused"):
        score.evidence.create(kind="document", title=f"A {state} plan", text="Text.", state=state)

    person = opened.people.get(who, opened.facilitator)
    text = words(page(person, "moderate", opened.cycle.pk, talk.pk))

    assert "A taken plan" in text
    assert "A checking plan" not in text
    assert "A refused plan" not in text


def test_once_the_cycle_is_closed_a_rater_reads_why_no_evidence_is_there(opened):
    talk = talk_of(opened, "Birch", "P2")
    score = talk.team.assessment.scores.get(practice=talk.practice)
    score.evidence.create(kind="document", title="A plan", text="Text.")
    Cycle.objects.filter(pk=opened.cycle.pk).update(status="closed")

    city, rater = (
        words(page(opened.people[name], "moderate", opened.cycle.pk, talk.pk))
        for name in ("Birch", "Cedar")
    )

    gone = "raters do not see the evidence any more"
    assert ("A plan" in city, gone in city) == (True, False)
    assert ("A plan" in rater, gone in rater) == (False, True)


@pytest.mark.parametrize(("state", "may"), [("checking", False), ("refused", True)])
def test_a_piece_that_is_being_checked_is_the_one_that_may_be_added(opened, state, may):
    talk = talk_of(opened, "Birch", "P2")
    score = talk.team.assessment.scores.get(practice=talk.practice)
    score.evidence.create(
        kind="document", title="A plan", state=state, text=".", in_moderation=True
    )

    answer = page(opened.people["Birch"], "moderate", opened.cycle.pk, talk.pk)

    assert answer.context["may_add"] is may


# --- What stays readable -----------------------------------------------------------------


def test_later_what_was_not_talked_about_is_told_as_the_median(opened):
    talk = talk_of(opened, "Birch", "P2")
    Cycle.objects.filter(pk=opened.cycle.pk).update(status="compare")

    answer = page(opened.facilitator, "moderation", opened.cycle.pk)

    one = page(opened.facilitator, "moderate", opened.cycle.pk, talk.pk)
    assert "Not talked about: the median stands" in words(answer)
    assert "Fix the call" not in words(answer)
    assert "What came of the talk" not in words(one)
