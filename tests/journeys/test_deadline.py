"""The deadline as people meet it: seconds before and after, moved for one, and with a workshop."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from applications.actions.deadline import extend_for_person
from applications.actions.sending import submit
from applications.clock import send_what_waits
from applications.models import Application, Extension
from tests.factories import CompleteApplicationFactory, RoleFactory, SessionFactory
from workshop_portal.errors import Refused

pytestmark = pytest.mark.journey


@pytest.fixture
def draft(transactional_db):
    """A draft that lacks nothing."""
    return CompleteApplicationFactory(given_name="Sokha", family_name="Chan")


@pytest.fixture
def coordinator(draft):
    return RoleFactory(workshop=draft.call.workshop).user


def close(draft, *, seconds):
    """Let the call close so many seconds from now, or ago."""
    closes_at = timezone.now() + timedelta(seconds=seconds)
    type(draft.call).objects.filter(pk=draft.call_id).update(closes_at=closes_at)


def hindrances(visit):
    """What bars somebody's way on the page that is open."""
    return visit.barriers() + ["scrolls sideways"] * visit.scrolls_sideways()


def test_half_a_minute_before_the_deadline_it_is_sent_and_after_it_both_clocks_say_why_not(
    visit, draft
):
    phone = visit(width=360).sign_in(draft.applicant)
    other = CompleteApplicationFactory(call=draft.call)
    late = visit(width=360, theme="dark").sign_in(other.applicant)
    close(draft, seconds=30)

    phone.go(f"/applications/{draft.pk}/check/")
    phone.page.check("input[name=statement]")
    phone.page.click("main input[name=save]")
    phone.page.wait_for_url("**/receipt/")
    late.go(f"/applications/{other.pk}/check/")
    late.page.check("input[name=statement]")
    close(draft, seconds=-1)
    late.page.click("main input[name=save]")
    late.page.wait_for_selector("h1:has-text('This arrived after the deadline')")
    words = late.page.locator("main").inner_text()
    late.noticed[:] = [line for line in late.noticed if "409" not in line]

    draft.refresh_from_db()
    other.refresh_from_db()
    assert (draft.status, other.status) == ("submitted", "draft")
    assert "Seoul time (UTC+9)" in words
    assert "Phnom Penh time (UTC+7)" in words
    assert "What arrived here, and when" in words
    assert hindrances(late) == []


def test_a_person_asks_for_it_to_be_sent_at_the_deadline_and_finds_it_sent(visit, draft):
    phone = visit(width=360).sign_in(draft.applicant)

    phone.go(f"/applications/{draft.pk}/")
    phone.page.check("input[name=at_close]")
    phone.page.click("main input[name=ask]")
    phone.page.wait_for_selector("button[name=recall]")
    asked = hindrances(phone)
    close(draft, seconds=-1)
    send_what_waits()
    phone.go(f"/applications/{draft.pk}/")

    draft.refresh_from_db()
    assert asked == []
    assert draft.status == "submitted"
    assert "Your application has been received" in phone.page.locator("main").inner_text()


def test_staff_give_one_person_more_time_on_a_small_screen_and_the_person_sees_it_and_sends(
    visit, draft, coordinator
):
    close(draft, seconds=-60)
    desk = visit(width=360).sign_in(coordinator)
    phone = visit(width=360, theme="dark").sign_in(draft.applicant)
    last_day = timezone.now().date() + timedelta(days=3)
    found = []

    desk.go(f"/desk/{draft.call.workshop.slug}/unsent/")
    found += hindrances(desk)
    desk.page.click("main a:has-text('Give more time')")
    desk.page.locator("[name=day]").fill(str(last_day))
    desk.page.locator("[name=reason]").fill("The power was out.")
    found += hindrances(desk)
    desk.page.click("main input[name=preview]")
    desk.page.wait_for_selector("button[name=confirm]")
    found += hindrances(desk)
    desk.page.click("button[name=confirm]")
    desk.page.wait_for_selector("text=has more time now")
    phone.go(f"/applications/{draft.pk}/")
    words = phone.page.locator("main").inner_text()
    found += hindrances(phone)
    phone.go(f"/applications/{draft.pk}/check/")
    phone.page.check("input[name=statement]")
    phone.page.click("main input[name=save]")
    phone.page.wait_for_url("**/receipt/")

    draft.refresh_from_db()
    assert (found, draft.status) == ([], "submitted")
    assert Extension.objects.get().application == draft
    assert "Extended: The power was out." in words
    assert "This later deadline is for you" in words


def test_staff_postpone_a_workshop_and_everybody_reads_it(visit, draft, coordinator):
    workshop = draft.call.workshop
    starts = timezone.now() + timedelta(days=60)
    workshop.days.create(date=starts.date())
    SessionFactory(workshop=workshop, starts_at=starts, ends_at=starts + timedelta(hours=1))
    desk, found = visit().sign_in(coordinator), []
    later: date = starts.date() + timedelta(days=7)

    desk.go(f"/desk/{workshop.slug}/page/")
    desk.page.click("main a:has-text('Postpone the workshop')")
    desk.page.locator("[name=first_day]").fill(str(later))
    desk.page.locator("[name=reason]").fill("A typhoon is forecast.")
    found += hindrances(desk)
    desk.page.click("main input[name=preview]")
    desk.page.wait_for_selector("button[name=confirm]")
    found += hindrances(desk)
    desk.page.click("button[name=confirm]")
    desk.page.wait_for_selector("text=The workshop is postponed.")
    desk.go(f"/workshops/{workshop.slug}/")
    found += hindrances(desk)

    assert found == []
    assert "The workshop has been postponed" in desk.page.locator("main").inner_text()
    assert [day.date for day in workshop.days.all()] == [later]
    moved = Application.objects.get().call.closes_at - draft.call.closes_at
    assert moved == timedelta(days=7)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_attempts_has_no_barrier(visit, draft, coordinator, width, theme):
    until = timezone.now() + timedelta(days=9)
    extend_for_person(draft, until=until, reason="Illness.", by=coordinator)
    desk = visit(width=width, theme=theme).sign_in(coordinator)
    draft.documents.filter(requirement__slug="cv").delete()
    with pytest.raises(Refused):
        submit(draft, version=0, statement="Yes.", arrived_at=timezone.now(), by=draft.applicant)

    desk.go(f"/desk/{draft.call.workshop.slug}/attempts/")

    assert "Missing: Curriculum vitae" in desk.page.locator("main").inner_text()
    assert hindrances(desk) == []
