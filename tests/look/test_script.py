"""What the small script adds in a real browser; every page also works without it."""

from pathlib import Path

import pytest

SCRIPT = (Path(__file__).parents[2] / "static" / "js" / "portal.js").read_text()
WORDS = (
    '<div id="words" hidden data-own="your time:" data-yes="Yes, continue" data-no="Cancel" '
    'data-large="“%(name)s” is larger than %(limit)s."></div>'
)
ADDRESS = "http://portal.test/"
pytestmark = pytest.mark.journey


@pytest.fixture
def visit(chromium):
    """Opens a page with this body; answers of forms are counted in `page.sent`."""
    context = chromium.new_context(timezone_id="Europe/Dublin", locale="en-GB")

    def opened(body):
        page = context.new_page()
        page.sent = []

        def answer(route):
            if route.request.method == "POST":
                page.sent.append(route.request.post_data or "")
                return route.fulfill(status=204)
            text = f'<!doctype html><html lang="en"><body>{body}{WORDS}<script>{SCRIPT}</script>'
            return route.fulfill(body=text, content_type="text/html; charset=utf-8")

        page.route("**/*", answer)
        page.goto(ADDRESS)
        return page

    yield opened
    context.close()


def test_the_zone_of_the_reader_is_told_to_the_server(visit):
    page = visit("")

    cookies = {c["name"]: (c["value"], c["sameSite"]) for c in page.context.cookies()}

    assert cookies == {"zone": ("Europe/Dublin", "Lax")}


def test_a_moment_gets_the_clock_of_the_reader_where_the_server_did_not_know_it(visit):
    page = visit(
        '<p><time data-moment="full" datetime="2027-09-12T23:59:00+09:00">23:59 Seoul</time></p>'
        '<p><time data-moment="full" datetime="2027-09-12T15:59:00+01:00">15:59 Dublin</time></p>'
        '<p><time data-moment="full" data-known datetime="2027-09-12T23:59:00+09:00">known</time>'
    )

    assert page.locator("p").all_inner_texts() == [
        "23:59 Seoul your time: 12 September 2027, 15:59 (Irish Standard Time)",
        "15:59 Dublin",
        "known",
    ]


def test_the_error_summary_has_the_focus(visit):
    page = visit('<div data-error-summary tabindex="-1" id="summary">Mend this</div>')

    assert page.evaluate("document.activeElement.id") == "summary"


def test_a_form_that_is_pressed_twice_is_sent_once(visit):
    page = visit('<form method="post"><input name="a" value="1"><button>Send</button></form>')

    with page.expect_response(ADDRESS):
        page.get_by_role("button").click()
    page.get_by_role("button").click(force=True)
    page.wait_for_timeout(200)

    assert page.sent == ["a=1"]
    assert page.get_by_role("button").get_attribute("aria-disabled") == "true"


def test_a_page_that_comes_back_can_be_sent_again(visit):
    page = visit('<form method="post"><button>Send</button></form>')
    page.get_by_role("button").click()

    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")

    assert page.get_by_role("button").get_attribute("aria-disabled") is None
    page.get_by_role("button").click()
    page.wait_for_timeout(200)
    assert len(page.sent) == 2


def test_a_file_that_is_too_large_is_refused_before_it_travels(visit):
    page = visit(
        '<form method="post" enctype="multipart/form-data">'
        '<input type="file" id="f" name="f" data-max-bytes="1024"><button>Send</button></form>'
    )

    page.set_input_files("#f", {"name": "a.pdf", "mimeType": "", "buffer": b"x" * 2400})
    page.get_by_role("button", name="Send").click()
    page.wait_for_timeout(200)

    refusal = "“a.pdf” is larger than 1 kB."
    assert page.locator("#f_note").inner_text() == refusal
    assert page.locator("#f").get_attribute("aria-invalid") == "true"
    assert page.locator("#f").get_attribute("aria-describedby") == "f_note"
    assert page.sent == []


def test_a_file_that_fits_shows_its_name_and_size_and_is_sent(visit):
    page = visit(
        '<form method="post" enctype="multipart/form-data">'
        '<input type="file" id="f" name="f" data-max-bytes="9000"><button>Send</button></form>'
    )

    page.set_input_files("#f", {"name": "a.pdf", "mimeType": "", "buffer": b"x" * 2400})
    page.get_by_role("button", name="Send").click()
    page.wait_for_timeout(200)

    assert page.locator("#f_note").inner_text() == "a.pdf, 2 kB"
    assert page.locator("#f").get_attribute("aria-invalid") is None
    assert len(page.sent) == 1


def test_a_press_that_cannot_be_taken_back_asks_first(visit):
    page = visit(
        '<form method="post"><button name="go" value="1" data-confirm="Withdraw it?">Withdraw'
        "</button></form>"
    )

    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog", name="Withdraw it?").get_by_role("button", name="Cancel").click()
    assert page.sent == []

    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Yes, continue").click()
    page.wait_for_timeout(200)
    assert page.sent == ["go=1"]


@pytest.mark.parametrize(("typed", "asked"), [("words", ["beforeunload"]), ("", [])])
def test_leaving_asks_only_when_words_would_be_lost(visit, typed, asked):
    page = visit('<form method="post" data-guard><input name="a"></form>')
    seen = []
    page.on("dialog", lambda dialog: (seen.append(dialog.type), dialog.accept()))

    page.locator("input").press_sequentially(typed)
    page.locator("input").click()
    page.reload()

    assert seen == asked


def test_an_open_menu_closes_by_escape(visit):
    page = visit("<details data-menu open><summary>Account</summary>Sign out</details>")

    page.keyboard.press("Escape")

    assert page.locator("details").get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
