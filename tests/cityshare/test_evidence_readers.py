"""Who opens what a city shows, and what is kept on record of it."""

import html

import pytest

from cityshare.actions import evidence as actions
from cityshare.models import Assignment, Evidence
from tests.cityshare.own_views import City, Desk
from tests.conftest import GOOD_PDF
from workshop_portal.audit.models import DocumentAccess

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return City()


@pytest.fixture
def desk(city, django_capture_on_commit_callbacks):
    return Desk(city, city.member, django_capture_on_commit_callbacks)


def words(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def given(city, desk):
    """A file of P1 that was received, in a self-assessment that was handed in."""
    city.fill("P1", current=3, target=4, priority=3, dissent="Secret dissent", why="We do it.")
    desk.give_file()
    type(city.assessment()).objects.update(status="submitted")
    city.enter("rating")
    return Evidence.objects.get()


def open_file(city, user, row):
    return Desk(city, user).client.get(f"/cityshare/evidence/{row.pk}/")


def rater_of(city, status="active"):
    rating = city.cycle.teams.create(city=City(name="Birch").team.city)
    user = City(name="Cedar").focal
    rating.members.create(user=user)
    Assignment.objects.create(rater=rating, rated=city.team, person=user, status=status)
    return user


def test_the_own_city_opens_its_file_without_a_line_on_record(city, given):
    answer = open_file(city, city.member, given)

    assert b"".join(answer.streaming_content) == GOOD_PDF
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert not DocumentAccess.objects.exists()


def test_that_others_open_it_is_on_record_before_its_first_byte(city, given):
    rater = rater_of(city)

    answers = [open_file(city, user, given) for user in (rater, city.lead)]

    assert [answer.status_code for answer in answers] == [200, 200]
    kept = DocumentAccess.objects.order_by("pk").values_list("by", "title", "sha256")
    assert list(kept) == [(u.pk, "Our plan", given.sha256) for u in (rater, city.lead)]


def test_without_a_record_nobody_else_gets_a_byte(city, given, monkeypatch):
    monkeypatch.setattr(actions, "put_on_record", lambda *_args, **_facts: False)

    answer = open_file(city, city.lead, given)

    assert answer.status_code == 503
    assert GOOD_PDF not in answer.content


@pytest.mark.parametrize("status", ["proposed", "void"])
def test_who_rates_another_city_or_no_more_finds_no_file(city, given, status):
    assert open_file(city, rater_of(city, status), given).status_code == 404


@pytest.mark.parametrize("status", ["active", "locked", "done"])
def test_once_the_cycle_is_closed_raters_find_no_file_and_the_city_and_its_leads_do(
    city, given, status
):
    rater = rater_of(city, status)
    city.enter("follow12")
    before = open_file(city, rater, given).status_code

    city.enter("closed")

    after = [open_file(city, user, given).status_code for user in (rater, city.focal, city.lead)]
    assert (before, after) == (200, [404, 200, 200])


def test_a_rater_sees_no_file_that_is_being_checked_and_none_of_what_is_open_again(city, given):
    rater = rater_of(city)
    Evidence.objects.update(state="checking")
    before = open_file(city, rater, given).status_code
    Evidence.objects.update(state="taken")
    type(city.assessment()).objects.update(status="open")

    assert (before, open_file(city, rater, given).status_code) == (404, 404)


@pytest.mark.parametrize("state", ["checking", "refused"])
def test_those_who_lead_see_no_file_that_is_not_taken_and_its_own_city_does(city, given, state):
    Evidence.objects.update(state=state)

    assert [*Evidence.objects.visible_to(city.lead)] == []
    assert [*Evidence.objects.visible_to(city.focal)] == [given]


def test_another_city_and_a_stranger_find_no_file(city, given):
    strangers = [City(name="Birch").focal, City(name="Cedar").lead]

    assert {open_file(city, user, given).status_code for user in strangers} == {404}


def test_the_list_for_raters_shows_evidence_and_nothing_of_the_own_view(city, given):
    page = words(Desk(city, city.lead).get("assess-team", city.team.pk))
    part = page[page.index('class="documents evidence-list"') :].split("</ul>")[0]

    assert "Our plan" in part
    assert "plan.pdf" in part
    for hidden in ("Secret dissent", "Level 3", "Among our three", "Target", "We do it"):
        assert hidden in page or hidden == "Target"
        assert hidden not in part
