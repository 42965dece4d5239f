"""Many members of one team at the same moment: no rule is broken and nothing is lost in silence."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cityshare.actions import assessment as actions
from cityshare.actions import evidence
from cityshare.actions.evidence import Given
from cityshare.models import Evidence, SelfAssessment, SelfScore
from cityshare.queries.assessment import overview
from tests.cityshare.own_views import City
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.merging import Change, Fate, Held

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HANDS = 6


def together(hands, do):
    """Let many hands do something at once; what each of them got, or how it was refused."""
    ready = threading.Barrier(hands)

    def one(hand):
        try:
            ready.wait()
            return do(hand)
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=hands) as pool:
        return list(pool.map(one, range(hands)))


def write(city, code, by, *, base=None, **answers):
    changes = {name: Change(Held(said), base or blank(name)) for name, said in answers.items()}
    return actions.write(city.team, city.practices[code], changes=changes, by=by)


def blank(name):
    """The mark of what nobody has answered yet."""
    return SelfScore().stored(name).mark


@pytest.fixture
def city():
    return City()


def test_of_members_who_answer_one_question_at_once_one_wins_and_the_others_are_told(city):
    people = [city.join() for _ in range(HANDS)]

    found = together(HANDS, lambda n: write(city, "P1", people[n], why=f"Member {n}").fates["why"])

    score = city.score()
    assert sorted(fate.value for fate in found) == ["conflict"] * (HANDS - 1) + ["taken"]
    assert score.why == f"Member {found.index(Fate.TAKEN)}"
    assert (score.version, city.assessment().version) == (1, 1)


def test_members_who_answer_different_questions_at_once_all_succeed(city):
    people = [city.join() for _ in range(5)]
    answers = {"level": 3, "target": 4, "confidence": "high", "why": "A plan", "dissent": "One"}
    names = [*answers]

    found = together(
        5, lambda n: write(city, "P1", people[n], **{names[n]: answers[names[n]]}).fates
    )

    score = city.score()
    assert found == [{name: Fate.TAKEN} for name in names]
    assert {name: getattr(score, name) for name in names} == answers
    assert SelfAssessment.objects.count() == SelfScore.objects.count() == 1


def test_level_and_target_at_once_never_leave_a_target_below_the_level(city):
    city.fill("P1", current=2, target=3)
    score = city.score()
    marks = {name: score.stored(name).mark for name in ("level", "target")}

    together(
        2,
        lambda n: (
            write(city, "P1", city.focal, base=marks["level"], level=5)
            if n
            else write(city, "P1", city.member, base=marks["target"], target=4)
        ),
    )

    score = city.score()
    assert score.current == 5
    assert score.target is None


def test_the_three_places_at_the_top_are_given_once(city):
    codes = [*city.practices]

    found = together(4, lambda n: write(city, codes[n], city.focal, priority=3).wrong)

    assert sorted(len(wrong) for wrong in found) == [0, 0, 0, 1]
    assert SelfScore.objects.filter(priority=3).count() == 3


def test_what_is_handed_in_holds_nothing_that_nobody_looked_at(city):
    city.fill()
    seen = overview(city.team).sign
    mark = city.score().stored("why").mark

    def act(hand):
        if not hand:
            return actions.submit(city.team, seen=seen, by=city.focal)
        return write(city, "P1", city.member, base=mark, why=f"Member {hand}").fates["why"]

    found = together(4, act)

    refused = [hand for hand, said in enumerate(found) if isinstance(said, Refused)]
    is_submitted = city.assessment().status == "submitted"
    assert refused == ([1, 2, 3] if is_submitted else [0])
    assert (city.score().why == "") == is_submitted


def test_handing_in_many_times_at_once_hands_in_once(city):
    city.fill()
    seen = overview(city.team).sign

    found = together(HANDS, lambda _n: actions.submit(city.team, seen=seen, by=city.focal))

    assert found == [None] * HANDS
    assert Entry.objects.filter(event="selfassessment.submitted").count() == 1


def test_the_same_evidence_given_many_times_at_once_is_one_row(city):
    given = Given(kind="document", title="Our plan", url="https://example.org/plan")

    together(HANDS, lambda _n: evidence.add(city.team, city.practices["P1"], given, by=city.member))

    assert Evidence.objects.count() == 1


def test_no_more_than_twelve_pieces_come_in_however_many_hands_give(city):
    city.fill("P1")
    for number in range(Evidence.MOST - 2):
        city.show(title=f"Piece {number}")

    found = together(
        HANDS,
        lambda n: evidence.add(
            city.team,
            city.practices["P1"],
            Given(kind="other", title=f"At once {n}", text="-"),
            by=city.member,
        ),
    )

    assert Evidence.objects.count() == Evidence.MOST
    assert sum(isinstance(said, Refused) for said in found) == HANDS - 2
