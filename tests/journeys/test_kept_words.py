"""Words that people type are kept: signed out, after a crash, too late; and seen by nobody else."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.journeys.writing import LINE, copy_on, expected, stored, wait_for, write

pytestmark = pytest.mark.journey


def sign_in_again(page, user):
    """What the new tab does: another session, and the token that comes with it."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [
            {"name": name, "value": client.cookies[name].value, "url": page.url},
            {"name": settings.CSRF_COOKIE_NAME, "value": "b" * 32, "url": page.url},
        ]
    )


def test_a_session_that_ended_is_renewed_in_another_tab_and_nothing_is_lost(writer, draft):
    draft.applicant.set_password("a long good password")
    draft.applicant.save()
    person = writer(width=360)
    Session.objects.all().delete()
    write(person.page, "duties", "Typed for an hour")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^You have been signed out. Sign in again here; your words stay.")
    assert person.barriers() == []

    with person.context.expect_page() as opened:
        person.page.get_by_role("link", name="Sign in (opens a new tab)").click()
    tab = opened.value
    tab.fill("[name=login]", draft.applicant.email)
    tab.fill("[name=password]", "a long good password")
    tab.locator("main form button:not([type=button])").first.click()
    tab.get_by_text("You can close this tab").wait_for()
    tab.close()
    person.page.bring_to_front()
    person.page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for(person.page, "^Saved")

    assert stored(draft, "duties") == "Typed for an hour"
    expected(person, "401", "403")


def test_somebody_else_who_signs_in_sees_nothing_and_saves_nothing(writer, draft):
    person = writer()
    before = stored(draft, "duties")
    Session.objects.all().delete()
    write(person.page, "duties", "Nobody else's business")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^You have been signed out")

    sign_in_again(person.page, make.UserFactory())
    person.page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for(person.page, "^Somebody else has signed in")
    assert not person.page.locator("[name=duties]").is_visible()
    assert stored(draft, "duties") == before

    sign_in_again(person.page, draft.applicant)
    person.page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for(person.page, "^Saved")
    assert stored(draft, "duties") == "Nobody else's business"
    expected(person, "401", "403", "404")


def test_after_the_browser_was_killed_the_words_are_found_and_saved(writer, draft, visit):
    person = writer()
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "duties", "Before the crash")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline")
    again = visit(kept=person.context.storage_state(indexed_db=True))

    again.go(f"/applications/{draft.pk}/form/work/")

    assert "We found words on this device" in again.page.locator("main .banner").inner_text()
    assert again.page.input_value("[name=duties]") == "Before the crash"
    wait_for(again.page, "^Saved")
    assert (stored(draft, "duties"), copy_on(again.page)) == ("Before the crash", [])
    expected(person, "ERR_FAILED")


def test_words_found_on_the_device_do_not_replace_newer_ones(writer, draft, visit):
    person = writer()
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "duties", "Before the crash")
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline")
    kept = person.context.storage_state(indexed_db=True)
    type(draft).objects.filter(pk=draft.pk).update(duties="From the phone")
    again = visit(kept=kept)

    again.go(f"/applications/{draft.pk}/form/work/")
    again.page.locator(".clash").wait_for()

    assert again.page.locator(".clash dd").all_inner_texts() == [
        "Before the crash",
        "From the phone",
    ]
    assert stored(draft, "duties") == "From the phone"
    expected(person, "ERR_FAILED")


def test_on_a_shared_computer_nothing_stays_on_the_device(writer, draft):
    person = writer(width=360)
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "duties", "Private")
    assert copy_on(person.page) != []

    person.page.get_by_label("This is a shared computer").check()

    assert copy_on(person.page) == []
    person.page.locator("[name=experience]").focus()
    wait_for(person.page, "^Offline, and nothing is kept on a shared computer")
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.reload()
    assert person.page.get_by_label("This is a shared computer").is_checked()
    assert copy_on(person.page) == []
    expected(person, "ERR_FAILED")


def test_signing_out_leaves_nothing_on_the_device(writer):
    person = writer()
    person.page.route("**/autosave/", lambda route: route.abort())
    write(person.page, "duties", "Private")
    person.page.on("dialog", lambda dialog: dialog.accept())

    person.page.get_by_text("Account").click()
    person.page.get_by_role("button", name="Sign out").click()
    person.page.wait_for_url(f"{person.address}/")

    assert copy_on(person.page) == []
    expected(person, "ERR_FAILED")


def test_too_late_is_said_and_the_words_stay(writer, draft):
    person = writer(width=360)
    call = draft.call
    call.closes_at = call.opens_at + (timezone.now() - call.opens_at) / 2
    call.save()
    write(person.page, "duties", "One minute late")

    person.page.locator("[name=experience]").focus()

    wait_for(person.page, "^Could not save: This arrived after the deadline")
    assert person.page.locator(LINE).inner_text().count("Seoul time (UTC+9)") == 2
    assert person.page.input_value("[name=duties]") == "One minute late"
    assert (person.barriers(), person.scrolls_sideways()) == ([], False)
    expected(person, "409")


def test_without_javascript_signing_in_brings_the_words_back(visit, draft):
    draft.applicant.set_password("a long good password")
    draft.applicant.save()
    person = visit(scripts=False).sign_in(draft.applicant)
    person.go(f"/applications/{draft.pk}/form/work/")
    write(person.page, "duties", "Typed for an hour")
    Session.objects.all().delete()

    person.page.click("main input[name=save]")
    person.page.fill("[name=login]", draft.applicant.email)
    person.page.fill("[name=password]", "a long good password")
    person.page.locator("main form button:not([type=button])").first.click()

    assert person.page.input_value("[name=duties]") == "Typed for an hour"
    assert "they are not saved yet" in person.page.locator("main").inner_text()
    person.page.click("main input[name=save]")
    assert stored(draft, "duties") == "Typed for an hour"
