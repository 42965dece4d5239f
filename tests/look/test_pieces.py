"""Every piece of templates/ui says what it is given, and nothing when it is given nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils.html import strip_tags

PIECES = Path(__file__).parents[2] / "templates" / "ui"
AT = datetime(2027, 9, 12, 14, 59, tzinfo=UTC)
WORDS = {
    "_page_header": (
        'eyebrow="Jeju" title="Apply" lead="Five days" meta="October" word="Open" tone="info"',
        "Jeju Apply Open Five days October",
    ),
    "_chip": ('tone="good" word="Accepted"', "Accepted"),
    "_task": (
        'name="Nomination" hint="By mail" due=at zone="Asia/Seoul" status="sent" word="Sent"',
        "Nomination By mail Deadline: 12 September 2027, 23:59 Seoul time (UTC+9) Sent",
    ),
    "_task_list": (
        'title="Your tasks" tasks=tasks',
        "Your tasks Form 2 answers left In progress Vitae",
    ),
    "_summary_row": (
        'term="Full name" value="Ana" url="/e" what="your name"',
        "Full name Ana Change your name",
    ),
    "_summary_list": (
        'title="Check your answers" rows=rows',
        "Check your answers Name Ana Change Name Children 0 Telephone Not answered",
    ),
    "_banner": (
        'tone="warning" title="Returned" text="Sign it." url="/x" link_text="See why"',
        "Returned Sign it. See why",
    ),
    "_confirmation": (
        'title="Application sent" reference="J-0042" text="Keep it."',
        "Application sent Your reference number J-0042 Keep it.",
    ),
    "_timeline": (
        "steps=steps",
        "Received Done 12 September 2027, 23:59 Seoul time (UTC+9) "
        "Review Now Decision To come Withdrawn Ended here By you",
    ),
    "_document_row": (
        'number=3 title="Nomination" hint="One page" signs="your mayor" status="returned" '
        'word="Returned" reason="No stamp." file_name="a.pdf" file_url="/f" file_size=2048 '
        'at=at zone="UTC" actions=actions',
        "3 Nomination Returned One page Signed by: your mayor What to change: No stamp. "
        "a.pdf 2 kB 12 Sep 2027, 14:59 UTC Upload : Nomination Template : Nomination",
    ),
    "_key_facts": ("facts=rows", "Name Ana Children 0 Telephone"),
    "_empty": (
        'title="No letters yet" text="They come here." url="/w" link_text="See workshops"',
        "No letters yet They come here. See workshops",
    ),
    "_deadline": (
        'at=at zone="Asia/Seoul" left=left was=was reason="holidays" url="/a" '
        'link_text="Apply" calendar_url="/c"',
        "Apply by 12 September 2027, 23:59 Seoul time (UTC+9) 5 days left "
        "The earlier date no longer counts: 29 August 2027, 23:59 Seoul time (UTC+9) "
        "Extended: holidays Apply Add the date to your calendar",
    ),
    "_stats": ("stats=stats", "Applications 128 31 countries Seats 30"),
    "_preview": (
        'url="/f" title="letter.pdf" kind="pdf" size=2048',
        "letter.pdf Download letter.pdf 2 kB",
    ),
    "_pagination": ("page=page", "Previous Page 2 of 3 Next"),
}
FACTS = {
    "at": AT,
    "was": AT - timedelta(days=14),
    "left": timedelta(days=5, hours=3),
    "actions": [
        {"url": "/u", "text": "Upload", "main": True},
        {"url": "/t", "text": "Template"},
    ],
    "tasks": [
        {
            "name": "Form",
            "hint": "2 answers left",
            "url": "/a",
            "status": "draft",
            "word": "In progress",
        },
        {"name": "Vitae"},
    ],
    "rows": [
        {"term": "Name", "value": "Ana", "url": "/e"},
        {"term": "Children", "value": 0},
        {"term": "Telephone", "value": ""},
    ],
    "steps": [
        {"name": "Received", "state": "done", "at": AT, "zone": "Asia/Seoul"},
        {"name": "Review", "state": "current"},
        {"name": "Decision", "state": "upcoming"},
        {"name": "Withdrawn", "state": "stopped", "note": "By you"},
    ],
    "stats": [
        {"label": "Applications", "value": 128, "note": "31 countries", "url": "/x"},
        {"label": "Seats", "value": 30},
    ],
    "page": Paginator(range(30), 10).page(2),
}


def shown(source, address="/", **facts):
    request = RequestFactory().get(address)
    return Template("{% load portal %}" + source).render(RequestContext(request, FACTS | facts))


def words(page):
    """What a reader reads, in one line."""
    return " ".join(strip_tags(page.replace("<", " <")).split())


@pytest.mark.parametrize("name", WORDS)
def test_a_piece_says_what_it_is_given(name):
    given, expected = WORDS[name]

    page = shown(f'{{% include "ui/{name}.html" with {given} only %}}')

    assert words(page) == expected


@pytest.mark.parametrize("path", sorted(PIECES.glob("_*.html")), ids=lambda path: path.name)
def test_a_piece_without_facts_shows_no_trace_of_what_is_missing(path):
    page = shown(f'{{% include "ui/{path.name}" %}}')

    assert "None" not in page


@pytest.mark.parametrize("name", WORDS)
def test_a_piece_escapes_what_people_wrote(name):
    mark = "<i>hack</i>"
    evil = {
        "tasks": [{"name": mark, "hint": mark, "word": mark}],
        "rows": [{"term": mark, "value": mark, "url": mark, "what": mark}],
        "steps": [{"name": mark, "state": "done", "note": mark}],
        "stats": [{"label": mark, "value": mark, "note": mark}],
        "actions": [{"url": mark, "text": mark}],
        "facts": [{"term": mark, "value": mark}],
        **dict.fromkeys(["title", "lead", "eyebrow", "meta", "word", "name", "hint"], mark),
        **dict.fromkeys(["text", "link_text", "reason", "signs", "file_name", "term"], mark),
        **dict.fromkeys(["url", "reference", "label", "value", "calendar_url"], mark),
    }

    page = shown(f'{{% include "ui/{name}.html" %}}', **evil)

    assert mark not in page


def test_a_state_is_never_told_by_colour_alone():
    page = shown('{% include "ui/_timeline.html" with steps=steps only %}')

    assert page.count('class="step-state"') == len(FACTS["steps"])
    assert page.count('aria-current="step"') == 1


def test_turning_a_page_keeps_what_was_searched_for():
    page = shown(
        '{% include "ui/_pagination.html" with page=page only %}', address="/?q=ana&page=2"
    )

    assert 'href="?q=ana&amp;page=1"' in page
    assert 'href="?q=ana&amp;page=3"' in page


def test_the_only_page_has_no_pager():
    only = Paginator(range(3), 10).page(1)

    assert words(shown('{% include "ui/_pagination.html" with page=page only %}', page=only)) == ""


def test_an_image_is_shown_and_an_unknown_kind_is_offered_for_download():
    image = shown('{% include "ui/_preview.html" with url="/f" title="a" kind="image" only %}')
    other = shown('{% include "ui/_preview.html" with url="/f" title="a" kind="docx" only %}')

    assert '<img src="/f" alt="a"' in image
    assert "This kind of file is not shown here." in other


def test_crumbs_lead_up_and_name_this_page():
    page = shown('{% crumbs "Workshops" "/w/" "Jeju" "/w/jeju/" "Apply" %}')

    assert words(page) == "Workshops Jeju Apply"
    assert '<a href="/w/jeju/">Jeju</a>' in page
    assert '<li aria-current="page">Apply</li>' in page


def test_a_fact_without_a_value_is_left_out():
    page = shown('{% key_facts "Place" "Jeju" "Room" "" "Seats" 0 %}')

    assert words(page) == "Place Jeju Seats 0"
