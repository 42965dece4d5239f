"""The frame round every page: head, menu, messages, foot, and the pages for when it goes wrong."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags

pytestmark = pytest.mark.urls("tests.look.addresses")
PERSON = SimpleNamespace(
    is_authenticated=True,
    email="ana@example.org",
    unread_letters=3,
    has_desk=False,
    is_in_cityshare=False,
)
STAFF = SimpleNamespace(
    is_authenticated=True,
    email="kim@example.org",
    unread_letters=0,
    has_desk=True,
    is_in_cityshare=False,
)


def page_for(user, template="base.html", **facts):
    request = RequestFactory().get("/somewhere/")
    request.user = user
    request.csp_nonce = "n0nce"
    return render(request, template, facts).content.decode()


def words(page):
    return " ".join(strip_tags(page.replace("<", " <")).split())


def menu(page):
    return words(page[page.index('<nav class="menu"') : page.index("</nav>")])


def test_a_visitor_finds_the_workshops_and_the_door():
    assert menu(page_for(AnonymousUser())) == "Workshops Sign in"


def test_a_person_finds_tasks_letters_and_the_way_out():
    assert menu(page_for(PERSON)) == (
        "My tasks Workshops Inbox 3 unread Account Signed in as ana@example.org "
        "Your details Sign out"
    )


def test_staff_find_the_desk():
    assert menu(page_for(STAFF)) == (
        "My tasks Workshops Inbox Staff desk Account Signed in as kim@example.org "
        "Your details Sign out"
    )


def test_leaving_is_a_press_not_a_link():
    page = page_for(PERSON)

    assert '<form method="post" action="/logout/" data-sign-out>' in page
    assert "csrfmiddlewaretoken" in page


def test_a_demonstration_says_so_and_the_real_portal_does_not(settings):
    settings.DEMO = False
    real = page_for(AnonymousUser())
    settings.DEMO = True
    demo = page_for(AnonymousUser())

    assert "demonstration" not in real
    assert "all people are invented" in demo


def test_what_was_done_is_told_in_a_status():
    said = [Message(constants.SUCCESS, "Saved <b>."), Message(constants.ERROR, "No.")]

    page = page_for(PERSON, messages=said)

    told = page[page.index('<div class="messages" role="status">') : page.index("<main")]
    assert words(told) == "Saved &lt;b&gt;. No."
    assert 'class="banner banner-success"' in told
    assert 'class="banner banner-error"' in told


def test_the_first_stop_of_the_keyboard_leads_to_the_content():
    page = page_for(AnonymousUser())

    first = page[page.index("<a ") :]
    assert first.startswith('<a class="skip" href="#main">')
    assert '<main id="main"' in page


def test_the_script_shows_the_nonce_of_this_answer_and_finds_its_words():
    page = page_for(AnonymousUser())

    assert 'portal.js" nonce="n0nce" defer>' in page
    assert '<div id="words" hidden' in page


@pytest.mark.parametrize(
    ("template", "title"),
    [
        ("400.html", "This request could not be read"),
        ("403.html", "This page is not open to you"),
        ("404.html", "There is no such page"),
        ("429.html", "Too many attempts in a short time"),
        ("refused.html", "This is not possible now"),
    ],
)
def test_a_page_for_when_it_goes_wrong_says_what_happened_and_shows_a_way_on(template, title):
    page = page_for(AnonymousUser(), template)

    assert f"<h1>{title}</h1>" in page
    assert re.search(r'<a class="btn btn-primary" href="/(tasks/)?">', page)


def test_a_form_that_was_open_too_long_is_told_apart_from_a_closed_door():
    page = page_for(PERSON, "403.html", form_expired=True)

    assert "<h1>This form was open for too long</h1>" in page


def test_a_refusal_gives_its_reason_and_what_was_typed():
    typed = [("first_name", "Ana"), ("about", "Line one\n<two>")]

    page = page_for(PERSON, "refused.html", reason="The call is closed.", typed=typed, back="/a/")

    said = words(page[page.index("<main") : page.index("</main>")])
    assert said == (
        "This is not possible now The call is closed. What you typed is still here "
        "It was not stored. Copy or print it before you leave this page. "
        "First name Ana About Line one &lt;two&gt; Go back Write to the training centre"
    )
    assert 'href="/a/"' in page


def test_the_page_of_an_own_fault_needs_nothing_but_itself():
    page = render_to_string("500.html")

    assert "<h1>Something went wrong on our side</h1>" in page
    assert "portal.js" not in page


def test_a_paper_carries_the_letterhead_and_needs_no_other_file():
    facts = {"centre": "The Centre", "contact": "Jeju", "reference": "J-0042"}

    page = render_to_string("print_base.html", facts)

    assert words(page[page.index("<body>") :]) == "The Centre Jeju Reference J-0042"
    assert "url(" not in page
    assert "<link" not in page
