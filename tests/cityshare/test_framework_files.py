"""A framework taken in and out as a file of JSON: what is wrong is said, and nothing is lost."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import cityshare
from cityshare.actions.framework import copy_framework, load_framework, take_in
from cityshare.interchange import (
    LONGEST,
    MOST_DOSSIERS,
    MOST_LEVELS,
    MOST_PRACTICES,
    Case,
    Invented,
    Line,
    Meaning,
    Sheet,
)
from cityshare.models import Framework
from cityshare.queries.framework import sheet_of
from tests import factories as make
from workshop_portal.audit.models import Entry

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


def url(name, *args):
    return reverse(f"cityshare:{name}", args=args)


def mistakes(response):
    form = response.context["form"]
    return {name: [str(words) for words in said] for name, said in form.errors.items()}


def file_of(data):
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return SimpleUploadedFile("framework.json", content, "application/json")


def test_what_is_exported_comes_back_as_it_was(client, frozen, keeper):
    answer = client.get(url("framework-export", frozen.pk))
    taken = client.post(
        url("framework-import"), {"file": file_of(answer.content), "version": "0.9"}
    )

    assert json.loads(answer.content) == DATA
    assert answer["Content-Disposition"] == 'attachment; filename="cityshare-01.json"'
    made = Framework.objects.get(version="0.9")
    assert taken.url == made.get_absolute_url()
    assert json.loads(client.get(url("framework-export", made.pk)).content) == {
        **DATA,
        "version": "0.9",
    }
    assert made.status == "draft"
    assert [e.event for e in Entry.objects.filter(by=keeper).order_by("pk")] == [
        "framework.exported",
        "framework.imported",
        "framework.exported",
    ]


@pytest.mark.parametrize("sign", ["ក", "각", "🌾"])
def test_the_longest_framework_that_can_be_written_comes_back_as_it_was(client, keeper, sign):
    written = take_in(longest(sign), name="Ours", version="1", by=keeper)

    answer = client.get(url("framework-export", written.pk))
    taken = client.post(url("framework-import"), {"file": file_of(answer.content), "version": "2"})

    assert taken.status_code == 302, mistakes(taken)
    whole = sheet_of(Framework.objects.get(version="2"))
    assert whole == replace(longest(sign), name="Ours", version="2")


def longest(sign):
    """A framework of which every text is as long as its form lets it be."""

    def text(kind):
        return sign * LONGEST[kind]

    levels, codes = range(MOST_LEVELS), [f"{n:010}" for n in range(MOST_PRACTICES)]
    cases = [
        Case(code, text("dossiers.cases.text"), 1, text("dossiers.cases.why")) for code in codes
    ]
    lines = [
        Line(
            code,
            text("practices.pillar"),
            text("practices.name"),
            text("practices.question"),
            text("practices.grounded_in"),
            tuple(text("practices.levels") for _ in levels),
        )
        for code in codes
    ]
    return Sheet(
        text("name"),
        "1" * LONGEST["version"],
        MOST_LEVELS,
        text("introduction"),
        tuple(Meaning(text("meanings.name"), text("meanings.words")) for _ in levels),
        tuple(lines),
        tuple(
            Invented(text("dossiers.title"), text("dossiers.text"), tuple(cases))
            for _ in range(MOST_DOSSIERS)
        ),
    )


def test_a_draft_with_a_level_that_has_no_name_yet_comes_back_as_it_was(client, frozen, keeper):
    draft = copy_framework(frozen, name="Ours", version="1", with_invented=True, by=keeper)
    draft.meanings.filter(level=5).delete()

    answer = client.get(url("framework-export", draft.pk))
    client.post(url("framework-import"), {"file": file_of(answer.content), "version": "2"})

    whole = sheet_of(Framework.objects.get(version="2"))
    assert whole == replace(sheet_of(draft), version="2")


def broken(change):
    data = copy.deepcopy(DATA)
    change(data)
    return data


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            broken(lambda d: d["practices"][3]["levels"].pop("4")),
            "practices[3].levels (PV4): level 4 is missing.",
        ),
        (broken(lambda d: d.pop("version")), "The file: “version” is missing."),
        (
            broken(lambda d: d["practices"][0].update(sources="x")),
            "practices[0]: nothing here is called “sources”.",
        ),
        (
            broken(lambda d: d["practices"][0].update(name="a\u202eb")),
            "practices[0].name (PV1): this text holds a sign that cannot be read or printed.",
        ),
        (
            broken(lambda d: d["dossiers"][0]["cases"][0].update(practice="PV9")),
            "dossiers[0].cases[0].practice: there is no practice PV9.",
        ),
        (
            broken(lambda d: d.update({"\ud800": 1})),
            "The file: nothing here is called “\\ud800”.",
        ),
        (
            broken(lambda d: d.update({"a\0b": 1})),
            "The file: nothing here is called “a\\u0000b”.",
        ),
        (b'{"\\ud800": 1, "\\ud800": 2}', "“\\ud800” stands twice in one place of the file."),
        (
            broken(lambda d: d["practices"][0].update(id="\ud800")),
            "practices[0].id: a code is made of letters, digits, - and _ only.",
        ),
        (
            broken(lambda d: d["practices"][0].update(id="\ud800", name="")),
            "practices[0].name (\\ud800): there is nothing written.",
        ),
        (
            broken(lambda d: d["practices"][0]["levels"].update({"\ud800": "x"})),
            "practices[0].levels (PV1): there is no level \\ud800; there are 5.",
        ),
        (
            broken(lambda d: d["dossiers"][0]["cases"][0].update(practice="\ud800")),
            "dossiers[0].cases[0].practice: there is no practice \\ud800.",
        ),
        (
            broken(lambda d: d["practices"][1].update(id="pv1")),
            "practices[1].id: only capitals tell pv1 from PV1. Change one of them.",
        ),
        (b'{"a": 1,}', "The file is not JSON: something is wrong in line 1, column 9."),
        (b"\xff\xfe", "The file is not text in UTF-8. Save it as UTF-8 and try again."),
        (b" " * 5_300_000, "a framework has at most 5.0"),
        (b"[]", "The file: this has to be an object, with names and values."),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_a_sentence_and_its_place(
    client, keeper, content, said
):
    answer = client.post(url("framework-import"), {"file": file_of(content), "name": "Ours"})

    assert any(said in words for words in mistakes(answer)["file"])
    assert not Framework.objects.exists()
    assert 'value="Ours"' in answer.content.decode()


def test_a_file_without_a_name_asks_for_one_and_a_version_that_is_there_for_another(
    client, frozen, keeper
):
    nameless = {key: said for key, said in DATA.items() if key != "name"}

    first = client.post(url("framework-import"), {"file": file_of(nameless)})
    second = client.post(url("framework-import"), {"file": file_of(DATA)})

    assert "The file names no framework" in mistakes(first)["name"][0]
    assert "There is a version 0.1 of “CityShare” already" in mistakes(second)["version"][0]
