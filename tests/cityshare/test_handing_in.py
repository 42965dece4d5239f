"""A city hands its self-assessment in, those who lead see how far all are, and open it again."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cityshare.models import SelfAssessment
from cityshare.queries.assessment import evidence_of, overview
from tests.cityshare.own_views import City, Desk
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return City()


@pytest.fixture
def focal(city):
    return Desk(city, city.focal)


@pytest.fixture
def lead(city):
    return Desk(city, city.lead)


def words(answer):
    return html.unescape(answer.content.decode())


def hand_in(desk):
    page = desk.get("assess").context["page"]
    return desk.post("assess-submit", seen=page.sign)


# --- What keeps it -----------------------------------------------------------------------


def test_the_page_says_what_is_missing_and_how_far_the_city_is(city, focal):
    city.fill("P1", current=2, target=3, priority=3)
    city.fill("P2", current=4, target=5)
    city.fill("P3", current=None, target=None, outside_mandate=True)

    page = focal.get("assess")

    progress = page.context["page"].progress
    assert (progress.asked, progress.answered, progress.complete) == (4, 3, 1)
    assert (progress.outside, progress.unshown, progress.top) == (1, 1, ("P1",))
    said = words(page)
    assert "1 of 4 practices are complete." in said
    assert "1 practice is not answered yet." in said
    assert "Level 3 and above needs a document: a plan, an agreement, a procedure." in said
    assert "Level 4 and above needs figures of the last 12 months." in said
    assert "Level 5 needs" not in said
    assert "Say whose task it is, if not the city's." in said


def test_evidence_counts_when_it_is_received(city):
    city.fill(current=3, target=3)
    row = city.show("P1", state="checking")

    before = overview(city.team).line("P1").missing
    type(row).objects.update(state="taken")

    assert [missing.kind for missing in before] == ["document"]
    assert overview(city.team).line("P1").missing == []


def test_the_sentence_stands_where_it_is_missing_with_the_way_to_mend_it(city, focal):
    city.fill("P1", current=5, target=5)
    city.show("P1", kind="figures")

    page = words(focal.get("assess-practice", "P1"))

    assert f"{city.at('evidence-add', 'P1')}?kind=document" in page
    assert f"{city.at('evidence-add', 'P1')}?kind=review" in page
    assert f"{city.at('evidence-add', 'P1')}?kind=figures" not in page


def test_what_is_not_complete_is_not_handed_in(city, focal):
    city.fill("P1", "P2", "P3")

    answer = hand_in(focal)

    assert answer.status_code == 409
    assert "Something is missing still" in words(answer)
    assert city.assessment().status == "open"


def test_a_level_without_its_evidence_is_not_handed_in(city, focal):
    city.fill(current=3, target=4)
    for code in ("P1", "P2", "P3"):
        city.show(code)

    before = hand_in(focal).status_code
    city.show("P4")

    assert (before, hand_in(focal).status_code) == (409, 302)


# --- Handing in --------------------------------------------------------------------------


def test_the_focal_point_hands_in_and_then_nobody_of_the_team_changes_it(city, focal):
    city.fill()
    member = Desk(city, city.member)
    opened = member.form()

    answer = hand_in(focal)

    assessment = city.assessment()
    assert answer["Location"] == city.at("assess")
    assert (assessment.status, assessment.submitted_by) == ("submitted", city.focal)
    assert assessment.submitted_at is not None
    late = member.post("assess-practice", "P1", **opened | {"why": "Late"})
    assert late.status_code == 409
    assert "Your self-assessment is handed in." in words(late)


def test_after_handing_in_the_page_says_when_and_what_comes_next(city, focal):
    city.fill()
    before = words(focal.get("assess"))
    hand_in(focal)

    early = words(focal.get("assess"))
    city.enter("rating")
    later = words(focal.get("assess"))

    assert "Handed in on" not in before
    assert "Handed in on" in early
    assert "Next: rate other cities, as soon as the ratings open." in early
    assert "Talk about each practice as a team" not in early
    assert f'<a href="{city.at("rating")}">Next: rate other cities</a>' in later


def test_a_member_cannot_hand_in_and_is_told_who_can(city):
    city.fill()
    member = Desk(city, city.member)

    assert hand_in(member).status_code == 403
    assert "Your focal point can hand it in." in words(member.get("assess"))
    assert city.assessment().status == "open"


def test_handing_in_twice_changes_nothing(city, focal):
    city.fill()
    sign = focal.get("assess").context["page"].sign

    answers = [focal.post("assess-submit", seen=sign) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Entry.objects.filter(event="selfassessment.submitted").count() == 1


def test_what_somebody_changed_meanwhile_is_looked_at_before_it_is_handed_in(city, focal):
    city.fill()
    sign = focal.get("assess").context["page"].sign
    Desk(city, city.member).save(level="1")

    answer = focal.post("assess-submit", seen=sign)

    assert answer.status_code == 409
    assert "Somebody of your team changed something" in words(answer)
    assert hand_in(focal).status_code == 302


@pytest.mark.parametrize("stage", ["rating", "moderation", "compare"])
def test_after_its_stage_nothing_is_handed_in(city, focal, stage):
    city.fill()
    city.enter(stage)

    assert hand_in(focal).status_code == 409
    assert city.assessment().status == "open"


def test_who_took_part_is_noted_in_general_words(city, focal):
    form = focal.get("assess").context["form"]

    focal.post("assess-who", seen=form.sign, who_took_part="Police, two NGOs")

    assert city.assessment().who_took_part == "Police, two NGOs"
    again = focal.post("assess-who", seen=form.sign, who_took_part="Nobody")
    assert again.context["form"].is_stale
    assert city.assessment().who_took_part == "Police, two NGOs"


# --- Who leads ---------------------------------------------------------------------------


def submitted(city):
    assessment = city.fill()
    SelfAssessment.objects.filter(pk=assessment.pk).update(status="submitted")
    return assessment


def test_those_who_lead_see_how_far_every_city_is(city, lead):
    city.fill("P1", "P2")

    said = words(lead.get("assess-list"))

    assert "Alder" in said
    assert "2 of 4" in said
    assert "P3, P4" in said


def test_the_list_of_those_who_lead_costs_the_same_for_one_city_and_for_three(city, lead):
    def cost():
        with CaptureQueriesContext(connection) as taken:
            lead.get("assess-list")
        return len(taken)

    city.fill()
    cost()
    one = cost()
    for name in ("Birch", "Cedar"):
        other = city.cycle.teams.create(city=City(name=name).team.city)
        SelfAssessment.objects.create(team=other).scores.create(
            practice=city.practices["P1"], current=3, target=3
        )

    assert cost() == one


@pytest.mark.parametrize("code", ["assess-list", "assess-team"])
def test_nobody_else_sees_what_those_who_lead_see(city, code):
    args = [city.team.pk] if code == "assess-team" else []

    for user in (city.focal, city.member, City(name="Birch").lead):
        assert Desk(city, user).get(code, *args).status_code == 404


def test_those_who_lead_read_all_that_a_city_says(city, lead):
    city.fill("P1", current=3, target=4, why="We do it.", dissent="The health office: 2.")
    city.show("P1", title="The plan of 2026")

    said = words(lead.get("assess-team", city.team.pk))

    for part in ("3 Level 3", "4 Level 4", "We do it.", "The health office: 2.", "The plan of"):
        assert part in said


def test_what_a_city_says_of_a_practice_is_folded_with_a_list_on_top(city, lead):
    city.fill("P1", current=3, target=4)
    city.show("P1")
    city.fill("P2", current=None, target=None, outside_mandate=True, why="We wrote this before.")

    said = words(lead.get("assess-team", city.team.pk))

    assert said.index('href="#practice-P1"') < said.index('id="practice-P1"')
    assert "What the city says, and 1 thing that shows it" in said
    assert "No task of the city" in said
    assert "We wrote this before." not in said


def test_opening_again_lets_the_city_write_and_tells_its_team_why(city, lead, focal):
    submitted(city)
    city.enter("rating")

    answer = lead.post("assess-team", city.team.pk, because="The evidence of P1 is missing.")

    assessment = city.assessment()
    assert answer.status_code == 302
    assert (assessment.status, assessment.reopened_because) == (
        "open",
        "The evidence of P1 is missing.",
    )
    letters = Message.objects.filter(letter="cityshare/assessment_reopened")
    assert {letter.to for letter in letters} == {city.focal, city.member}
    assert all("The evidence of P1 is missing." in letter.body for letter in letters)
    assert focal.save(why="Mended").status_code == 302
    assert "It is open again: The evidence of P1 is missing." in words(focal.get("assess"))
    assert hand_in(focal).status_code == 302


def test_a_city_that_was_late_can_be_let_in_while_others_rate(city, lead, focal):
    city.fill()
    city.enter("rating")
    before = focal.post("assess-practice", "P1", level="2").status_code

    lead.post("assess-team", city.team.pk, because="The storm.")

    assert before == 409
    assert hand_in(focal).status_code == 302


@pytest.mark.parametrize("stage", ["moderation", "compare", "closed"])
def test_when_the_rating_has_ended_nothing_is_opened_again(city, lead, stage):
    submitted(city)
    city.enter(stage)

    answer = lead.post("assess-team", city.team.pk, because="Too late.")

    assert answer.status_code == 409
    assert city.assessment().status == "submitted"
    assert lead.get("assess-team", city.team.pk).context["form"] is None


def test_what_is_open_is_not_opened_again(city, lead):
    city.fill()

    assert lead.post("assess-team", city.team.pk, because="Why not").status_code == 409
    assert not Message.objects.exists()


@pytest.mark.parametrize("because", ["", "   ", "\u200b", "x" * 301, "a\x00b"])
def test_opening_again_needs_a_reason_that_can_be_read(city, lead, because):
    submitted(city)

    answer = lead.post("assess-team", city.team.pk, because=because)

    assert list(answer.context["form"].errors) == ["because"]
    assert city.assessment().status == "submitted"


def test_the_evidence_of_practices_is_told_without_anything_of_the_own_view(city):
    city.fill("P1", "P2")
    row = city.show("P1")
    city.show("P1", state="refused", title="Refused")
    practices = [city.practices["P1"], city.practices["P2"]]

    found = evidence_of(city.team, practices)

    assert found == {practices[0].pk: [row], practices[1].pk: []}
