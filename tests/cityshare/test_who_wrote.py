"""That nobody is told who wrote what: not by an address, and to those who lead for a reason."""

import pytest

from cityshare.actions import comment, moderation
from cityshare.actions.naming import name_raters
from cityshare.actions.takeout import note_takeout
from cityshare.models import Assignment, PeerRating, Proposal
from cityshare.queries.comments import behind, comments_of, token_of
from cityshare.queries.naming import named_in
from cityshare.reports import tables
from tests.cityshare.example import Example
from tests.cityshare.talks import opened_example, talk_of
from workshop_portal.audit.models import Entry, name_of
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return Example(stage="moderation")


def test_what_one_rater_wrote_of_several_practices_has_nothing_in_common(example):
    alder = example.teams["Alder"]

    shown = [one for said in comments_of(alder, example.cycle).values() for one in said]
    ratings = PeerRating.objects.filter(assignment__rated=alder)

    assert len({one.token for one in shown}) == len(shown) == 12
    assert {one.token for one in shown} == {token_of(rating) for rating in ratings}
    assert [behind(alder, one.token).strength for one in shown] == [one.strength for one in shown]


def test_single_ratings_leave_with_a_reason_whatever_the_page_has_asked_for(example):
    with pytest.raises(Refused) as refused:
        note_takeout(example.cycle, kind="json", single_ratings=True, by=example.facilitator)

    assert str(refused.value) == (
        "Say why you need to know who gave which level. It goes on record."
    )
    assert not Entry.objects.filter(event="cycle.exported").exists()


def test_what_else_somebody_did_in_a_talk_names_no_rater_to_them():
    opened = opened_example()
    talk = talk_of(opened, "Birch", "P2")

    moderation.settle(talk, agreed=3, note="They agree.", by=opened.facilitator)
    before = named_in(opened.cycle, opened.facilitator)
    name_raters(talk, opened.cycle, reason="Birch disputes it", by=opened.facilitator)

    assert (before, named_in(opened.cycle, opened.facilitator)) == (
        frozenset(),
        frozenset({name_of(talk)}),
    )


def test_before_the_ratings_are_closed_no_file_says_who_gave_which_level():
    example = Example(stage="rating", moderated=False)

    assert "ratings" not in tables(example.cycle, single_ratings=True)


def test_a_file_holds_neither_ratings_that_do_not_count_nor_proposals_that_nobody_has_seen(example):
    void = Assignment.objects.get(rater=example.teams["Cedar"], rated=example.teams["Alder"])
    Assignment.objects.filter(pk=void.pk).update(status="void")
    pair = {"learner": example.teams["Alder"], "practice": example.practices["P1"]}
    Proposal.objects.create(helper=example.teams["Birch"], status="draft", **pair)
    Proposal.objects.create(helper=example.teams["Elm"], status="proposed", **pair)

    found = tables(example.cycle, single_ratings=True)

    raters = {row[2] for row in found["ratings"].rows if row[0] == "Alder"}
    assert raters == {
        one.rater.city.name for one in Assignment.objects.counted().filter(rated=void.rated)
    }
    assert [row[0] for row in found["proposals"].rows] == ["Elm"]


def test_a_comment_that_is_kept_back_is_not_counted_as_useful_any_more(example):
    rating = PeerRating.objects.filter(assignment__rated=example.teams["Alder"]).first()
    comment.mark(rating, useful=True, by=example.people["Alder"])

    comment.hold_back(rating, reason="It names an official.", by=example.facilitator)

    rating.refresh_from_db()
    assert (rating.held_back, rating.useful) == ("It names an official.", None)
