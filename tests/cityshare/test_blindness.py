"""Nobody senses a rating before the ratings are closed, and no single one afterwards."""

import pytest

from cityshare.models import Assignment, Cycle, Moderation, PeerRating
from cityshare.queries import comments
from tests.cityshare.example import DATA, Example
from tests.cityshare.pages import page, words
from tests.cityshare.talks import rating_of

pytestmark = pytest.mark.django_db
CITIES = DATA["cities"]


# --- Blindness ---------------------------------------------------------------------------

PAGES = ["moderation", "feedback", "results", "moderate", "agreement", "comments"]


def everything(example, talk):
    """Status and words of every page here, as everybody reads it."""
    people = {**example.people, "lead": example.facilitator}
    return {
        (who, name, city): (answer.status_code, words(answer), len(answer.content))
        for who, person in people.items()
        for name in PAGES
        for city in (CITIES if name == "results" else [""])
        for answer in [page(person, name, *arguments(example, name, city, talk))]
    }


def arguments(example, name, city, talk):
    extra = {"results": lambda: [example.teams[city].pk], "moderate": lambda: [talk.pk]}
    return [example.cycle.pk, *extra.get(name, list)()]


def test_no_page_changes_for_anybody_when_a_rating_arrives_before_the_close():
    example = Example(stage=Cycle.Stage.RATING)
    talk = example.teams["Birch"].moderations.first()
    Assignment.objects.filter(rater=example.teams["Elm"]).update(status="active")
    before = everything(example, talk)

    PeerRating.objects.filter(assignment__rater=example.teams["Elm"]).update(
        initial=5, final=1, reason="Seen.", strength="New words", useful=True
    )
    locked = Assignment.objects.filter(rater=example.teams["Elm"])
    locked.update(status="locked")
    between = everything(example, talk)
    locked.update(status="done")

    assert before == between == everything(example, talk)


def test_the_levels_that_single_raters_gave_stand_on_no_page_of_the_city():
    """Two sets of ratings with the same median and range, swapped between raters, read alike."""
    example = Example(stage=Cycle.Stage.MODERATION)
    talk = example.teams["Birch"].moderations.first()
    PeerRating.objects.update(strength="", question="", suggestion="")
    people = ["Birch", "Alder"]
    before = {key: said for key, said in everything(example, talk).items() if key[0] in people}

    for by, level in [("Cedar", 2), ("Dogwood", 4), ("Elm", 3)]:
        rating = rating_of(example, by, "Birch")
        PeerRating.objects.filter(pk=rating.pk).update(initial=level, final=level)

    after = everything(example, talk)
    assert {key: after[key] for key in before if key[1] != "feedback"} == {
        key: said for key, said in before.items() if key[1] != "feedback"
    }


def test_of_two_raters_neither_levels_nor_words_stand_on_any_page_of_the_city_or_its_raters():
    """Two pairs of ratings with the same level, and the same own view, read alike to all cities."""
    example = Example(stage=Cycle.Stage.MODERATION)
    talk = example.teams["Birch"].moderations.get(practice__code="P2")
    Moderation.objects.filter(pk=talk.pk).update(status="open", agreed=None)
    Assignment.objects.filter(rated=talk.team, rater=example.teams["Elm"]).update(status="void")
    people = {"Birch": PAGES, "Cedar": ["moderation", "moderate"]}

    def give(by, level):
        rating = rating_of(example, by, "Birch")
        PeerRating.objects.filter(pk=rating.pk).update(initial=level, final=level)

    def read():
        found = everything(example, talk)
        return {key: said for key, said in found.items() if key[1] in people.get(key[0], [])}

    give("Cedar", 4)
    give("Dogwood", 2)
    before = read()

    give("Dogwood", 3)

    assert read() == before
    birch = {name: said[1] for (who, name, city), said in before.items() if who == "Birch" == city}
    assert "Fewer than three cities have rated yours" in birch["results"]
    assert "praises" not in birch["results"]
    assert "Fewer than three cities have rated yours" in before["Birch", "moderate", ""][1]
    assert "praises" not in before["Birch", "moderate", ""][1]


def test_of_two_raters_each_reads_the_level_alone_where_it_is_talked_about():
    example = Example(stage=Cycle.Stage.MODERATION)
    talk = example.teams["Birch"].moderations.get(practice__code="P2")
    Moderation.objects.filter(pk=talk.pk).update(status="open", agreed=None)
    Assignment.objects.filter(rated=talk.team, rater=example.teams["Elm"]).update(status="void")
    for by, level in [("Cedar", 5), ("Dogwood", 2)]:
        rating = rating_of(example, by, "Birch")
        PeerRating.objects.filter(pk=rating.pk).update(initial=level, final=level)

    pages = [
        words(page(example.people["Cedar"], "moderation", example.cycle.pk)),
        words(page(example.people["Cedar"], "moderate", example.cycle.pk, talk.pk)),
    ]

    lead = words(page(example.facilitator, "moderate", example.cycle.pk, talk.pk))
    assert "Peers 3.5, from 2 to 5" in lead
    for shown in pages:
        assert "Too few ratings to show more than the level" in shown
        assert "Peers 3.5" not in shown
        assert "from 2 to 5" not in shown


def test_no_words_are_read_before_the_ratings_are_closed():
    example = Example(stage=Cycle.Stage.RATING)
    team = example.teams["Birch"]

    assert comments.comments_of(team, example.cycle) == {}
    assert comments.desk(example.cycle, example.facilitator, team) == comments.Desk()
    assert comments.reported_in(example.cycle) == 0
