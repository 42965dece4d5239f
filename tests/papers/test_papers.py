"""Papers: ordered once, printed from frozen facts, and blind to everything outside."""

import hashlib
import http.server
import io
import re
import threading

import pikepdf
import pytest
from django.db.models.functions import Now

from tests.race import at_once
from workshop_portal.papers import tasks
from workshop_portal.papers.actions import order
from workshop_portal.papers.clock import sweep
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import paper_of

pytestmark = pytest.mark.django_db
PLAIN = (
    '{% extends "print_base.html" %}{% block title %}{{ paper.title }}{% endblock %}'
    "{% block content %}<h1>{{ facts.name }}</h1>{% endblock %}"
)


@pytest.fixture(autouse=True)
def templates(tmp_path, settings):
    (tmp_path / "plain.html").write_text(PLAIN)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    return tmp_path


def print_one(key="a", template="plain.html", **facts):
    paper = order(key, template, title="Receipt", facts=facts)
    tasks.print_paper(str(paper.pk))
    paper.refresh_from_db()
    return paper


def words_of(pdf):
    """Every name and string in the file, to search for what must not be there."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [o.read_bytes() for o in opened.objects if isinstance(o, pikepdf.Stream)]
        return b"".join(streams) + b"".join(repr(o).encode() for o in opened.objects)


def test_an_order_becomes_an_accessible_pdf():
    paper = print_one(name="정하늘 · Nguyễn Thị Ánh")

    pdf = paper.file.read()
    assert (paper.state, paper.size, paper.tries) == ("ready", len(pdf), 1)
    assert paper.sha256 == hashlib.sha256(pdf).hexdigest()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
        assert opened.Root.MarkInfo.Marked
        assert 'pdfuaid:part="1"' in opened.Root.Metadata.read_bytes().decode()
        assert opened.docinfo["/Title"] == "Receipt"


def test_the_file_lies_under_a_name_that_nobody_can_guess():
    paper = print_one(name="A")

    assert re.fullmatch(r"paper/[0-9a-f]{32}\.pdf", paper.file.name)
    assert paper.pk.hex not in paper.file.name


def test_one_occasion_has_one_paper(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = order("a", "plain.html", title="One", facts={"name": "A"})
        second = order("a", "plain.html", title="Two", facts={"name": "B"})

    assert first == second
    assert paper_of("a").facts == {"name": "A"}
    assert paper_of("a").state == "ready"


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_orders_of_one_occasion_at_once_make_one_paper():
    found, faults = at_once(6, lambda: order("a", "nothing.html", title="It", facts={}).pk)

    assert faults == []
    assert {*found} == {Paper.objects.get().pk}


def test_a_paper_is_printed_once_however_often_the_worker_is_asked():
    paper = print_one(name="A")
    first = paper.file.name

    tasks.print_paper(str(paper.pk))

    paper.refresh_from_db()
    assert (paper.file.name, paper.tries) == (first, 1)


class Visits(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.visits.append(self.path)
        self.send_response(200)
        self.end_headers()


@pytest.fixture
def somewhere_else():
    """A web server that notes who comes; nobody must."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Visits)
    server.visits = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_paper_fetches_no_file_and_no_address(templates, somewhere_else):
    secret = templates / "secret.txt"
    secret.write_text("the-canary-sings")
    address = f"http://127.0.0.1:{somewhere_else.server_port}"
    reaching = "".join(
        f'<link rel="attachment" href="{url}"><link rel="stylesheet" href="{url}">'
        f'<a rel="attachment" href="{url}">x</a><img alt="x" src="{url}">'
        f'<object data="{url}">x</object><style>@import "{url}"; p {{ background: url({url}) }}'
        f"</style><p>y</p>"
        for url in (secret.as_uri(), f"{address}/page")
    )
    (templates / "reaching.html").write_text(PLAIN.replace("<h1>", f"{reaching}<h1>"))

    paper = print_one(template="reaching.html", name="A")

    words = words_of(paper.file.read())
    assert paper.state == "ready"
    assert somewhere_else.visits == []
    assert b"the-canary-sings" not in words
    assert b"EmbeddedFile" not in words


def test_what_a_person_typed_is_words_on_a_paper():
    paper = print_one(name='<img src=x onerror="1"><a rel=attachment href=file:///etc/passwd>')

    assert b"/EmbeddedFile" not in words_of(paper.file.read())
    assert paper.state == "ready"


def test_a_paper_that_cannot_be_printed_is_given_up_after_three_tries():
    paper = order("a", "nothing.html", title="It", facts={})
    states = []
    for _ in range(4):
        tasks.print_paper(str(paper.pk))
        paper.refresh_from_db()
        states.append((paper.state, paper.tries))

    assert states == [("ordered", 1), ("ordered", 2), ("failed", 3), ("failed", 3)]
    assert paper.last_error == "TemplateDoesNotExist: nothing.html"


def test_a_paper_that_was_given_up_is_printed_when_it_is_ordered_after_the_repair(
    templates, django_capture_on_commit_callbacks
):
    Paper.objects.create(
        key="a", template="plain.html", title="It", facts={"name": "A"}, state="failed", tries=3
    )

    with django_capture_on_commit_callbacks(execute=True):
        paper = order("a", "plain.html", title="It", facts={"name": "B"})

    paper.refresh_from_db()
    assert (paper.state, paper.tries, paper.facts) == ("ready", 1, {"name": "A"})


def test_a_paper_that_overwhelms_the_press_fails_alone(
    templates, django_capture_on_commit_callbacks
):
    (templates / "deep.html").write_text("<div>" * 3000)
    deep, plain = (
        order(template, template, title="It", facts={"name": "A"})
        for template in ("deep.html", "plain.html")
    )

    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            sweep()

    deep.refresh_from_db()
    plain.refresh_from_db()
    assert (deep.state, plain.state) == ("failed", "ready")


def test_a_printer_at_work_is_left_alone_and_a_dead_one_is_replaced(
    django_capture_on_commit_callbacks,
):
    at_work, dead, worn_out, let_go = (
        order(key, "plain.html", title="It", facts={"name": "A"}) for key in "abcd"
    )
    Paper.objects.filter(pk=at_work.pk).update(tries=1, lease_until="2999-01-01T00:00Z")
    Paper.objects.filter(pk=dead.pk).update(tries=1, lease_until="2001-01-01T00:00Z")
    Paper.objects.filter(pk=worn_out.pk).update(tries=3, lease_until="2001-01-01T00:00Z")
    Paper.objects.filter(pk=let_go.pk).update(tries=3, lease_until=None)

    with django_capture_on_commit_callbacks(execute=True) as handed_over:
        sweep()

    assert len(handed_over) == 1
    states = Paper.objects.order_by("key").values_list("state", "tries")
    assert [*states] == [("ordered", 1), ("ready", 2), ("failed", 3), ("failed", 3)]


def test_a_printer_that_was_overtaken_leaves_no_file_behind(templates):
    paper = order("a", "plain.html", title="It", facts={"name": "A"})
    late = Paper.objects.get(pk=paper.pk)
    Paper.objects.update(tries=2, lease_until=Now())

    tasks.keep(late, b"%PDF-")

    paper.refresh_from_db()
    assert (paper.state, paper.file.name) == ("ordered", "")
    assert not late.file
