"""The framework that cities rate themselves by is loaded once and never changes."""

import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import cityshare
from cityshare.actions import load_framework
from cityshare.models import Descriptor, Framework, Practice
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

pytestmark = pytest.mark.django_db
DATA = json.loads((Path(cityshare.__file__).parent / "framework.json").read_text())


@pytest.fixture
def framework():
    return load_framework(DATA, name="CityShare", by=None)


def test_the_framework_that_comes_with_the_portal_has_sixteen_practices_of_five_levels(framework):
    levels = [
        [(d.level, d.text) for d in practice.descriptors.all()]
        for practice in framework.practices.all()
    ]

    assert (framework.status, framework.levels, len(levels)) == ("frozen", 5, 16)
    assert levels == [
        [(int(level), text) for level, text in line["levels"].items()] for line in DATA["practices"]
    ]
    assert [p.code for p in framework.practices.all()] == [line["id"] for line in DATA["practices"]]


def test_loading_the_same_version_again_gives_the_framework_that_is_there(framework):
    again = load_framework(DATA, name="CityShare", by=None)

    assert again == framework
    assert [Framework.objects.count(), Practice.objects.count(), Descriptor.objects.count()] == [
        1,
        16,
        80,
    ]
    assert Entry.objects.filter(event="framework.loaded").count() == 1


def test_a_framework_is_loaded_whole_or_not_at_all():
    torn = {**DATA, "practices": [*DATA["practices"], DATA["practices"][0]]}

    with pytest.raises(IntegrityError), transaction.atomic():
        load_framework(torn, name="CityShare", by=None)

    assert not Framework.objects.exists()


def test_a_frozen_framework_is_never_a_draft_again(framework):
    with pytest.raises(Refused):
        advance(framework, Framework.Status.DRAFT, by=None)


@pytest.mark.parametrize(
    "double",
    [
        lambda f: Framework.objects.create(name=f.name, version=f.version),
        lambda f: Framework.objects.create(name="Other", version="1", levels=1),
        lambda f: Practice.objects.create(framework=f, order=99, code=DATA["practices"][0]["id"]),
        lambda f: Practice.objects.create(framework=f, order=1, code="new"),
        lambda f: Descriptor.objects.create(practice=f.practices.first(), level=1),
        lambda f: Descriptor.objects.create(practice=f.practices.first(), level=0),
    ],
    ids=["version", "one level", "code", "order", "descriptor", "level nought"],
)
def test_the_database_itself_refuses_what_would_make_the_framework_ambiguous(framework, double):
    with pytest.raises(IntegrityError), transaction.atomic():
        double(framework)
