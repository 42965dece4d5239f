"""What the shared tags say: moments, time left, sizes, states, written text."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy, override

from workshop_portal.templatetags import portal

DEADLINE = datetime(2027, 9, 12, 14, 59, tzinfo=UTC)


def shown(source, zone=None, **facts):
    """The template as a reader in `zone` gets it."""
    request = RequestFactory().get("/")
    request.zone = zone
    template = Template("{% load portal %}" + source)
    return template.render(Context(facts | {"request": request}))


def test_a_moment_is_shown_on_the_clock_of_the_workshop():
    page = shown("{% moment at 'Asia/Seoul' %}", at=DEADLINE)

    assert page == (
        '<span class="moment"><time datetime="2027-09-12T23:59:00+09:00" data-moment="full">'
        "12 September 2027, 23:59 Seoul time (UTC+9)</time></span>"
    )


def test_a_reader_elsewhere_sees_the_own_clock_beside_it():
    page = shown("{% moment at 'Asia/Seoul' %}", zone="America/Bogota", at=DEADLINE)

    assert strip_tags(page) == (
        "12 September 2027, 23:59 Seoul time (UTC+9) "
        "your time: 12 September 2027, 09:59 Bogota time (UTC\u22125)"
    )


def test_a_reader_whose_clock_agrees_sees_one_clock():
    page = shown("{% moment at 'Asia/Seoul' %}", zone="Asia/Tokyo", at=DEADLINE)

    assert strip_tags(page) == "12 September 2027, 23:59 Seoul time (UTC+9)"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (
            datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
            "28 March 2027, 01:59 Berlin time (UTC+1)",
        ),
        (
            datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
            "28 March 2027, 03:00 Berlin time (UTC+2)",
        ),
        (
            datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
            "31 October 2027, 02:30 Berlin time (UTC+2)",
        ),
        (
            datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
            "31 October 2027, 02:30 Berlin time (UTC+1)",
        ),
    ],
)
def test_the_two_readings_of_a_changing_clock_are_told_apart(at, words):
    assert portal.read_clock(at, ZoneInfo("Europe/Berlin")).words == words


def test_a_zone_of_half_hours_and_utc_itself_have_their_own_words():
    words = [
        portal.read_clock(DEADLINE, ZoneInfo(zone), "short").words
        for zone in ("Asia/Kathmandu", "UTC", "Asia/Ho_Chi_Minh")
    ]

    assert words == [
        "12 Sep 2027, 20:44 Kathmandu time (UTC+5:45)",
        "12 Sep 2027, 14:59 UTC",
        "12 Sep 2027, 21:59 Ho Chi Minh City time (UTC+7)",
    ]


def test_a_moment_without_a_zone_is_never_shown():
    with pytest.raises(ValueError, match="without a zone"):
        portal.read_clock(datetime(2027, 9, 12, 23, 59), ZoneInfo("Asia/Seoul"))  # noqa: DTZ001


def test_the_browser_is_told_when_the_clock_of_the_reader_is_known():
    known = shown("{% moment at 'Asia/Seoul' %}", zone="Asia/Tokyo", at=DEADLINE)
    unknown = shown("{% moment at 'Asia/Seoul' %}", at=DEADLINE)

    assert ("data-known" in known, "data-known" in unknown) == (True, False)


def test_no_moment_shows_nothing_and_an_invented_zone_counts_as_unknown():
    assert shown("{% moment at 'Asia/Seoul' %}", at=None) == ""
    assert "your time" not in shown("{% moment at 'Asia/Seoul' %}", zone="Mars/Base", at=DEADLINE)
    assert "your time" not in shown("{% moment at 'Asia/Seoul' %}", zone="../etc", at=DEADLINE)


def test_a_moment_knows_the_reader_inside_a_piece_that_is_included_alone():
    request = RequestFactory().get("/")
    request.zone = "Europe/Dublin"
    source = '{% include "ui/_task.html" with name="Apply" due=at zone="Asia/Seoul" only %}'

    page = Template(source).render(RequestContext(request, {"at": DEADLINE}))

    assert "your time: 12 September 2027, 15:59 Dublin time (UTC+1)" in page


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=14, hours=5), "14 days left", "info"),
        (timedelta(days=2), "2 days left", "warn"),
        (timedelta(days=1, hours=23), "47 hours left", "warn"),
        (timedelta(hours=2), "2 hours left", "bad"),
        (timedelta(minutes=119), "119 minutes left", "bad"),
        (timedelta(seconds=61), "1 minute left", "bad"),
        (timedelta(seconds=1), "1 minute left", "bad"),
        (timedelta(0), "The time is over", "idle"),
        (timedelta(days=-1), "The time is over", "idle"),
    ],
)
def test_the_time_left_is_said_in_the_unit_that_matters(left, words, tone):
    assert (portal.time_left(left), portal.left_tone(left)) == (words, tone)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, ""),
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 kB"),
        (182_400, "178 kB"),
        (2_482_000, "2.4 MB"),
        (10 * 1024 * 1024, "10 MB"),
    ],
)
def test_a_size_is_said_as_people_say_it(size, words):
    assert portal.filesize_words(size) == words


def test_a_state_shows_its_word_and_the_tone_of_its_value():
    thing = SimpleNamespace(status="returned", get_status_display=lambda: "Returned")

    pages = [
        shown("{% status_chip thing %}", thing=thing),
        shown("{% status_chip 'sent' 'Sent' %}"),
        shown("{% status_chip 'sent' 'Sent' tone='warn' %}"),
        shown("{% status_chip 'something new' %}"),
    ]

    assert [page.strip() for page in pages] == [
        '<span class="chip chip-warn">Returned</span>',
        '<span class="chip chip-good">Sent</span>',
        '<span class="chip chip-warn">Sent</span>',
        '<span class="chip chip-idle">something new</span>',
    ]


def test_written_text_becomes_headings_lists_and_safe_links():
    page = portal.markdown("## Who\n\n- one\n- **two**\n\n[guide](https://example.org/a)")

    assert page == (
        "<h2>Who</h2>\n<ul>\n<li>one</li>\n<li><strong>two</strong></li>\n</ul>\n"
        '<p><a href="https://example.org/a" rel="noopener noreferrer">guide</a></p>\n'
    )


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](ftp://elsewhere.example/a)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://elsewhere.example/spy.gif)",
        "<a href='javascript:alert(1)'>x</a>",
        "<p style='position:fixed'>x</p>",
        "<iframe src='https://elsewhere.example'></iframe>",
    ],
)
def test_written_text_carries_no_script_no_picture_and_no_style(attack):
    page = portal.markdown(attack)

    assert "<script" not in page
    assert "<img" not in page
    assert "<iframe" not in page
    assert "<p style" not in page
    assert 'href="' not in page


def test_marks_of_html_are_shown_as_they_were_written():
    assert portal.markdown("a <b>b</b>") == "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n"


def test_no_text_is_no_page():
    assert (portal.markdown(""), portal.markdown(None)) == ("", "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("certificate_name", "Name for the certificate"),
        ("12-note", "Note"),
        ("birth_date_year", "Date of birth, year"),
        ("person-nobody_knows", "Nobody knows"),
    ],
)
def test_the_name_of_a_field_is_readable_without_its_form(name, words):
    assert portal.field_words(name) == words


def test_the_name_of_a_field_is_read_in_the_language_of_the_page(monkeypatch):
    monkeypatch.setattr(portal, "ASKED", {"note": gettext_lazy("Yes")})

    with override("ko"):
        assert portal.field_words("note") == "예"


def test_each_cell_of_a_row_says_its_heading_and_nothing_is_written_as_markup():
    shown = portal.cells(["Cities", "{of} <b>"], ["3 & 4", "<i>"])

    assert shown == (
        '<td data-label="Cities">3 &amp; 4</td><td data-label="{of} &lt;b&gt;">&lt;i&gt;</td>'
    )


@pytest.mark.parametrize("words", [["one"], ["one", "two", "three"]])
def test_a_row_has_as_many_cells_as_there_are_headings(words):
    with pytest.raises(ValueError, match="headings"):
        portal.cells(["Cities", "People"], words)
