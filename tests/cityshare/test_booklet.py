"""The framework as a booklet to print: ordered, made by the worker, and made anew for new words."""

import json
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse

import cityshare
from cityshare.actions.framework import copy_framework, load_framework
from tests import factories as make
from workshop_portal.papers.models import Paper

pytestmark = pytest.mark.django_db
DATA = json.loads((Path(cityshare.__file__).parent / "framework.json").read_text())


@pytest.fixture
def frozen():
    return load_framework(DATA, name="CityShare", by=None)


@pytest.fixture
def keeper(client):
    person = make.RoleFactory(role="facilitator").user
    client.force_login(person)
    return person


@pytest.fixture
def draft(frozen, keeper):
    return copy_framework(frozen, name="CityShare", version="0.2", with_invented=True, by=keeper)


def url(name, *args):
    return reverse(f"cityshare:{name}", args=args)


def title_and_pages(paper):
    """The title of the PDF, and how many pages it has."""
    with paper.file.open("rb") as file, pikepdf.open(file) as pdf:
        return str(pdf.docinfo.get("/Title", "")), len(pdf.pages)


def test_the_booklet_is_ordered_printed_and_read(
    client, frozen, keeper, django_capture_on_commit_callbacks
):
    early = client.get(url("framework-booklet", frozen.pk))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("framework-booklet-order", frozen.pk))
    page = client.get(frozen.get_absolute_url()).content.decode()
    answer = client.get(url("framework-booklet", frozen.pk))

    assert early.url == frozen.get_absolute_url()
    [paper] = Paper.objects.all()
    assert (paper.state, paper.title) == ("ready", "CityShare 0.1")
    title, pages = title_and_pages(paper)
    assert title == "CityShare 0.1"
    assert pages >= 5
    assert "Open the booklet" in page
    assert answer["Content-Type"] == "application/pdf"
    assert paper.facts["dossiers"] == []


def test_other_words_make_another_booklet_and_the_old_one_is_gone(
    client, draft, django_capture_on_commit_callbacks
):
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url("framework-booklet-order", draft.pk))
    [first] = Paper.objects.all()
    draft.practices.filter(code="PV1").update(name="Another name")

    before = client.get(draft.get_absolute_url()).context["paper"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("framework-booklet-order", draft.pk))

    assert before is None
    [second] = Paper.objects.all()
    assert second.pk != first.pk
    assert second.facts["practices"][0]["name"] == "Another name"
