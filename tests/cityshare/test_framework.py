"""The framework that cities rate by: loaded whole, written as a draft, frozen for good."""

import copy
import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import cityshare
from cityshare.actions import dossier as dossiers
from cityshare.actions import framework as actions
from cityshare.actions import practice as practices
from cityshare.actions.framework import load_framework
from cityshare.interchange import MOST_PRACTICES, Meaning, read, written
from cityshare.models import Descriptor, DossierCase, Framework, Practice
from cityshare.queries.framework import cautions, lacking, sheet_of
from tests import factories as make
from workshop_portal.audit.models import Entry, name_of
from workshop_portal.errors import Refused
from workshop_portal.workflow import advance

pytestmark = pytest.mark.django_db
RENAMED = {"name": "X", "version": "1", "levels": 3, "meanings": {}}
DATA = json.loads((Path(cityshare.__file__).parent / "framework.json").read_text())


@pytest.fixture
def framework():
    return load_framework(DATA, name="CityShare", by=None)


@pytest.fixture
def keeper():
    return make.RoleFactory(role="facilitator").user


@pytest.fixture
def draft(framework, keeper):
    """A copy of what comes with the portal, to be changed."""
    return actions.copy_framework(
        framework, name="CityShare", version="0.2", with_invented=True, by=keeper
    )


def codes(framework):
    return [practice.code for practice in framework.practices.all()]


def trail_of(framework):
    found = Entry.objects.filter(about=name_of(framework)) | Entry.objects.filter(
        target=name_of(framework)
    )
    return [entry.event for entry in found.order_by("pk")]


# --- What comes with the portal ----------------------------------------------------------


def test_the_framework_that_comes_with_the_portal_has_sixteen_practices_of_five_levels(framework):
    levels = [
        [(d.level, d.text) for d in practice.descriptors.all()]
        for practice in framework.practices.all()
    ]

    assert (framework.status, framework.levels, len(levels)) == ("frozen", 5, 16)
    assert levels == [
        [(int(level), text) for level, text in line["levels"].items()] for line in DATA["practices"]
    ]
    assert codes(framework) == [line["id"] for line in DATA["practices"]]


def test_its_levels_have_names_and_its_invented_cities_have_cases(framework):
    assert [(m.level, m.name, m.words) for m in framework.meanings.all()] == [
        (int(level), mean["name"], mean["words"]) for level, mean in DATA["meanings"].items()
    ]
    assert [
        (dossier.title, [case.practice.code for case in dossier.cases.all()])
        for dossier in framework.dossiers.all()
    ] == [(d["title"], [case["practice"] for case in d["cases"]]) for d in DATA["dossiers"]]


def test_loading_the_same_version_again_gives_the_framework_that_is_there(framework):
    again = load_framework(DATA, name="CityShare", by=None)

    assert again == framework
    assert [Framework.objects.count(), Practice.objects.count(), Descriptor.objects.count()] == [
        1,
        16,
        80,
    ]
    assert Entry.objects.filter(event="framework.loaded").count() == 1


@pytest.mark.parametrize(
    ("torn", "fault"),
    [
        (lambda data: data["practices"].append(data["practices"][0]), ValueError),
        (lambda data: data["practices"][0].update(question=""), Refused),
    ],
    ids=["one practice twice", "one question missing"],
)
def test_a_framework_is_loaded_whole_or_not_at_all(torn, fault):
    data = copy.deepcopy(DATA)
    torn(data)

    with pytest.raises(fault), transaction.atomic():
        load_framework(data, name="CityShare", by=None)

    assert not Framework.objects.exists()


def test_what_was_loaded_is_written_as_it_came(framework):
    assert written(sheet_of(framework)) == DATA


# --- Frozen means frozen -----------------------------------------------------------------


def test_a_frozen_framework_is_never_a_draft_again(framework):
    with pytest.raises(Refused):
        advance(framework, Framework.Status.DRAFT, by=None)


@pytest.mark.parametrize(
    "change",
    [
        lambda f, by: practices.add_practice(f, code="X1", name="X", pillar="X", levels={}, by=by),
        lambda f, by: practices.edit_practice(
            f.practices.first(), code="PV1", name="X", levels={1: "X"}, by=by
        ),
        lambda f, by: practices.move_practice(f.practices.last(), up=True, by=by),
        lambda f, by: practices.remove_practice(f.practices.first(), by=by),
        lambda f, by: actions.edit_framework(
            f, name="X", version="1", levels=3, meanings={}, by=by
        ),
        lambda f, by: actions.discard(f, by=by),
        lambda f, by: actions.freeze(f, by=by),
        lambda f, by: dossiers.add_dossier(f, title="X", text="X", by=by),
        lambda f, by: dossiers.edit_dossier(f.dossiers.first(), title="X", text="X", by=by),
        lambda f, by: dossiers.remove_dossier(f.dossiers.first(), by=by),
        lambda f, by: dossiers.put_case(
            f.dossiers.first(), f.practices.first(), text="X", level=1, why="X", by=by
        ),
        lambda f, by: dossiers.remove_case(f.dossiers.first().cases.first(), by=by),
    ],
    ids=[
        *("add practice", "edit practice", "move practice", "remove practice"),
        *("edit", "discard", "freeze", "add city", "edit city", "remove city"),
        *("put case", "remove case"),
    ],
)
def test_no_word_of_a_frozen_version_changes(framework, keeper, change):
    with pytest.raises(Refused, match="frozen"), transaction.atomic():
        change(framework, keeper)

    assert written(sheet_of(Framework.objects.get(pk=framework.pk))) == DATA


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


# --- A draft -----------------------------------------------------------------------------


def test_a_copy_says_the_same_under_another_version_and_knows_where_it_comes_from(framework, draft):
    assert written(sheet_of(draft)) == {**DATA, "version": "0.2"}
    assert (draft.status, draft.copied_from) == ("draft", framework)


def test_a_copy_for_somebody_who_rates_by_it_has_no_invented_city(framework, keeper):
    copied = actions.copy_framework(
        framework, name="CityShare", version="0.2", with_invented=False, by=keeper
    )

    assert written(sheet_of(copied)) == {**DATA, "version": "0.2", "dossiers": []}


def test_of_one_version_there_is_one(framework, keeper):
    with pytest.raises(Refused, match=r"There is a version 0\.1 of “CityShare” already"):
        actions.copy_framework(
            framework, name="CityShare", version="0.1", with_invented=True, by=keeper
        )


def test_a_practice_is_added_at_the_end_and_changes_places_with_its_neighbours(draft, keeper):
    facts = {"pillar": "Prevention", "name": "New", "question": "New?", "grounded_in": "A guide"}

    new = practices.add_practice(draft, code="PV9", levels={1: "One.", 3: ""}, by=keeper, **facts)
    for _time in range(20):
        practices.move_practice(new, up=True, by=keeper)
    practices.move_practice(new, up=False, by=keeper)

    assert codes(draft) == ["PV1", "PV9", *codes(draft)[2:]]
    assert [(d.level, d.text) for d in new.descriptors.all()] == [(1, "One.")]
    assert trail_of(draft)[:2] == ["framework.copied", "practice.added"]
    assert trail_of(draft).count("practice.moved") == 17


def test_a_draft_holds_no_more_practices_than_its_file_could(draft, keeper):
    facts = {"pillar": "X", "name": "X", "levels": {}, "by": keeper}
    for place in range(len(codes(draft)), MOST_PRACTICES):
        practices.add_practice(draft, code=f"X{place}", **facts)

    with pytest.raises(Refused, match="There are 40 practices"):
        practices.add_practice(draft, code="ONEMORE", **facts)

    sheet = sheet_of(draft)
    assert len(sheet.practices) == MOST_PRACTICES
    assert read(written(sheet)) == (sheet, [])


def test_a_practice_that_is_removed_takes_its_cases_with_it(draft, keeper):
    practices.remove_practice(draft.practices.get(code="PV1"), by=keeper)

    assert "PV1" not in codes(draft)
    assert DossierCase.objects.filter(dossier__framework=draft).count() == 7
    practices.move_practice(draft.practices.get(code="PV3"), up=True, by=keeper)
    assert codes(draft)[:2] == ["PV3", "PV2"]


def test_two_practices_never_have_one_code(draft, keeper):
    with pytest.raises(Refused, match="PV2"):
        practices.edit_practice(
            draft.practices.get(code="PV1"), code="PV2", levels={}, by=keeper, name="X"
        )


def test_fewer_levels_take_their_sentences_with_them(draft, keeper):
    DossierCase.objects.filter(dossier__framework=draft, level=5).update(level=4)
    meanings = {n: Meaning(f"Level {n}", "") for n in range(1, 6)}

    actions.edit_framework(
        draft, name="CityShare", version="0.2", levels=4, meanings=meanings, by=keeper
    )

    assert {d.level for d in Descriptor.objects.filter(practice__framework=draft)} == {1, 2, 3, 4}
    assert [m.name for m in draft.meanings.all()] == ["Level 1", "Level 2", "Level 3", "Level 4"]


def test_no_level_goes_on_which_a_case_was_agreed_to_be(draft, keeper):
    with pytest.raises(Refused, match="Upper Wren"):
        actions.edit_framework(
            draft, name="CityShare", version="0.2", levels=4, meanings={}, by=keeper
        )


def test_of_one_practice_an_invented_city_has_one_case(draft, keeper):
    city = dossiers.add_dossier(draft, title="Third", text="Invented.", by=keeper)
    practice = draft.practices.get(code="PV1")

    case = dossiers.put_case(city, practice, text="A map.", level=2, why="Old.", by=keeper)
    new = {"text": "A new map.", "level": 3, "why": "New."}
    dossiers.put_case(city, practice, case=case, **new, by=keeper)

    assert [(c.practice, c.text, c.level, c.why) for c in city.cases.all()] == [
        (practice, "A new map.", 3, "New.")
    ]
    assert trail_of(draft)[-3:] == ["dossier.added", "dossier.case_added", "dossier.case_changed"]


def test_a_draft_is_thrown_away_whole_unless_something_was_copied_from_it(draft, keeper):
    copied = actions.copy_framework(
        draft, name="CityShare", version="0.3", with_invented=True, by=keeper
    )

    with pytest.raises(Refused, match="copied"):
        actions.discard(draft, by=keeper)
    actions.discard(copied, by=keeper)

    assert not Framework.objects.filter(version="0.3").exists()
    assert Entry.objects.get(event="framework.discarded").facts == {
        "name": "CityShare",
        "version": "0.3",
    }


# --- Before it is frozen -----------------------------------------------------------------


def test_what_comes_with_the_portal_lacks_nothing(framework):
    assert (lacking(sheet_of(framework)), cautions(sheet_of(framework))) == ([], [])


def test_every_practice_needs_its_question_and_a_sentence_for_each_level(draft, keeper):
    practice = draft.practices.get(code="PV2")
    practice.descriptors.filter(level__in=[2, 5]).delete()
    draft.practices.filter(code="PV3").update(question="")
    draft.meanings.filter(level=4).delete()

    found = [finding.words for finding in lacking(sheet_of(draft))]

    assert found == [
        "Level 4 has no name.",
        "PV2 has no sentence for level 2.",
        "PV2 has no sentence for level 5.",
        "PV3 has no question.",
    ]
    with pytest.raises(Refused, match="Level 4 has no name"):
        actions.freeze(draft, by=keeper)


@pytest.mark.parametrize(("number", "said"), [(9, True), (10, False), (16, False), (17, True)])
def test_ten_to_sixteen_practices_can_be_talked_through(draft, keeper, number, said):
    for practice in draft.practices.all()[number:]:
        practices.remove_practice(practice, by=keeper)
    for place in range(16, number):
        practices.add_practice(
            draft, code=f"X{place}", pillar="X", name="X", grounded_in="X", levels={}, by=keeper
        )

    found = [f.words for f in cautions(sheet_of(draft)) if "talked through" in f.words]

    assert bool(found) == said


def test_an_empty_draft_lacks_practices_and_names(keeper):
    empty = actions.start_framework(name="Ours", version="1", levels=2, by=keeper)

    assert [f.words for f in lacking(sheet_of(empty))] == [
        "It has no practice yet.",
        "Level 1 has no name.",
        "Level 2 has no name.",
    ]
    assert [f.words for f in cautions(sheet_of(empty))] == [
        "It has no introduction that says where it comes from.",
        "It has no invented city, so raters cannot calibrate.",
    ]


def test_freezing_is_on_record_with_its_moment(draft, keeper):
    actions.freeze(draft, by=keeper)

    assert (draft.status, draft.frozen_at is not None) == ("frozen", True)
    entry = Entry.objects.filter(event="framework.frozen").latest("pk")
    assert (entry.target, entry.by) == (name_of(draft), keeper)
