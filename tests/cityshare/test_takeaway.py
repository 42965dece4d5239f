"""Pictures that leave the portal: as SVG at once, as PDF or PNG from the worker."""

import io
import re
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest

from cityshare.queries.takeaway import light_style
from tests.cityshare.example import Example
from tests.cityshare.picture_pages import at, text_of
from workshop_portal.audit.models import Entry
from workshop_portal.papers.models import Paper

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def example():
    return Example()


@pytest.fixture
def birch(client, example):
    client.force_login(example.people["Birch"])
    return client


def texts(svg):
    return [(each.text or "").strip() for each in svg.iter(f"{SVG}text")]


def taken(client, example, name, *args, callbacks, **asked):
    """Order a picture, let the worker make it, and open the page to which that led."""
    with callbacks(execute=True):
        answer = client.post(at(name, example, *args, **asked))
    assert answer.status_code == 302
    return client.get(answer["Location"])


def file_of(client, example):
    paper = Paper.objects.get(key__startswith="picture:")
    return client.get(at("picture-file", example, paper.pk))


def bytes_of(answer):
    return b"".join(answer.streaming_content)


# --- SVG -----------------------------------------------------------------------------------


def test_the_river_is_taken_away_as_a_file_that_needs_nothing_beside_itself(birch, example):
    answer = birch.get(at("river-drawing", example, own="on"))

    svg = ElementTree.fromstring(answer.content)
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="River_of_First_cycle.svg"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (
        re.findall(r"var\(|@import|url\(|https?://(?!www\.w3\.org)|<script", svg_text(answer)) == []
    )
    assert texts(svg)[:2] == [
        "River of First cycle",
        f"{example.workshop.title}. Framework: Example 1",
    ]
    assert {"Level of Birch", "Own view of Birch", "Middle level (median)"} <= {*texts(svg)}
    water = [each for each in svg.iter(f"{SVG}polygon") if each.get("class") == "river-water"]
    assert [each.get("points") for each in water] == [
        "130,26 270,26 410,96 550,96 550,236 410,306 270,306 130,306"
    ]


def svg_text(answer):
    return answer.content.decode()


def test_the_stairs_are_taken_away_with_all_names(birch, example):
    svg = ElementTree.fromstring(birch.get(at("stairs-drawing", example, "P4")).content)

    names = {"Alder", "Birch", "Cedar", "Dogwood", "Elm"}
    assert [text for text in texts(svg) if text in names] == [
        *("Alder", "Cedar", "Dogwood", "Birch", "Elm")
    ]
    assert texts(svg)[0] == "Stairs of P4 Practice P4"


def test_the_style_in_the_file_has_the_light_colours_written_out():
    style = light_style()

    assert ".river-water { fill: #a5d3ef; }" in style
    assert "var(" not in style
    assert "/*" not in style


def test_a_name_with_signs_of_markup_stays_a_name(birch, example):
    city = example.teams["Elm"].city
    type(city).objects.filter(pk=city.pk).update(name='<b>"Elm" & Co</b>')

    svg = ElementTree.fromstring(birch.get(at("stairs-drawing", example, "P4")).content)

    assert '<b>"Elm" & Co</b>' in texts(svg)


# --- PDF and PNG ---------------------------------------------------------------------------


def test_a_pdf_of_the_river_holds_the_picture_and_its_figures(
    birch, example, django_capture_on_commit_callbacks
):
    page = taken(
        *(birch, example, "river-order", "pdf"), callbacks=django_capture_on_commit_callbacks
    )

    assert "Download as PDF" in text_of(page)
    answer = file_of(birch, example)
    assert answer["Content-Disposition"] == 'attachment; filename="River_of_First_cycle.pdf"'
    made = bytes_of(answer)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.docinfo["/Title"] == "River of First cycle"
        assert 'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes().decode()
    words = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    assert re.findall(r"P\d Practice P\d ([\d ]+ \w+)", " ".join(words.split())) == [
        *("1 3 5 4 Dogwood", "1 3 5 4 Alder", "1 3 4 3 Cedar", "2 3 4 2 Alder")
    ]


def test_a_png_is_the_picture_alone_and_sharp(birch, example, django_capture_on_commit_callbacks):
    page = taken(
        *(birch, example, "stairs-order", "P4", "png"),
        callbacks=django_capture_on_commit_callbacks,
    )

    assert "Download as PNG" in text_of(page)
    answer = file_of(birch, example)
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'attachment; filename="Stairs_of_P4_Practice_P4.png"'
    made = bytes_of(answer)
    assert made.startswith(b"\x89PNG")
    facts = Paper.objects.get(key__startswith="picture:").facts
    width, height = (int.from_bytes(made[at : at + 4]) for at in (16, 20))
    assert (width, height) == (2 * facts["width"], 2 * facts["height"])


def test_before_the_worker_has_made_it_the_page_waits(birch, example):
    answer = birch.post(at("river-order", example, "pdf"))

    page = birch.get(answer["Location"])

    assert "data-waiting" in page.content.decode()
    assert file_of(birch, example).status_code == 302


def test_the_same_picture_is_made_once_and_a_changed_one_takes_its_place(birch, example):
    first = birch.post(at("river-order", example, "pdf"))["Location"]
    again = birch.post(at("river-order", example, "pdf"))["Location"]
    other = birch.post(at("river-order", example, "pdf", own="on"))["Location"]
    stairs = birch.post(at("stairs-order", example, "P1", "pdf"))["Location"]

    assert first == again != other
    assert birch.get(first).status_code == 404
    assert [birch.get(address).status_code for address in (other, stairs)] == [200, 200]


def test_nobody_else_opens_the_file_of_a_person(client, birch, example):
    address = birch.post(at("river-order", example, "pdf"))["Location"]

    client.force_login(example.people["Elm"])

    assert client.get(address).status_code == 404
    assert client.get(f"{address}file/").status_code == 404


def test_a_form_that_is_not_on_offer_is_not_found(birch, example):
    assert birch.post(at("river-order", example, "exe")).status_code == 404
    assert Paper.objects.filter(key__startswith="picture:").exists() is False


def test_every_picture_that_is_taken_away_is_put_on_record(birch, example):
    birch.get(at("river-drawing", example))
    birch.post(at("stairs-order", example, "P1", "png"))

    entries = Entry.objects.filter(event="picture.exported").order_by("pk")
    assert [(entry.by, entry.facts) for entry in entries] == [
        (example.people["Birch"], {"title": "River of First cycle", "form": "svg", "rows": 4}),
        (example.people["Birch"], {"title": "Stairs of P1 Practice P1", "form": "png", "rows": 5}),
    ]


def test_before_the_comparing_nothing_can_be_ordered(client):
    example = Example(stage="moderation")
    client.force_login(example.people["Birch"])

    answers = [
        client.post(at("river-order", example, "pdf")),
        client.post(at("stairs-order", example, "P1", "png")),
        client.get(at("stairs-drawing", example, "P1")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
