"""The pages of a framework: read on a phone, written as a draft."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

import cityshare
from cityshare.actions.framework import copy_framework, load_framework
from cityshare.models import Framework, Practice
from cityshare.queries.framework import sheet_of
from tests import factories as make
from tests.cityshare.example import Example

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


def mistakes(response):
    form = response.context["form"]
    return {name: [str(words) for words in said] for name, said in form.errors.items()}


# --- Read --------------------------------------------------------------------------------


def test_every_practice_is_read_with_its_question_its_levels_and_its_sources(client, frozen):
    client.force_login(make.UserFactory())

    text = client.get(frozen.get_absolute_url()).content.decode()

    for line in DATA["practices"]:
        assert f'id="{line["id"]}"' in text
        for said in (line["question"], line["grounded_in"], *line["levels"].values()):
            assert said.replace("'", "&#x27;") in text
    assert "It is applied everywhere, measured and reviewed every year." in text


def test_a_framework_leads_back_to_the_cycles_of_its_reader(client):
    example = Example()
    client.force_login(example.people["Alder"])
    page = example.framework.get_absolute_url()

    mine = client.get(page).text
    client.force_login(make.UserFactory())
    others = client.get(page).text

    link = f'<a href="{example.cycle.get_absolute_url()}">First cycle</a>'
    assert (link in mine, link in others) == (True, False)


def test_whoever_rates_by_the_framework_reads_no_agreed_level_of_an_invented_city(client):
    example = Example()
    dossier = example.framework.dossiers.create(order=1, title="Invented Port", text="A port.")
    dossier.cases.create(practice=example.practices["P1"], text="A list.", level=2, why="Because.")
    rater = example.people["Alder"]
    rater_with_a_role = make.RoleFactory(user=rater, role="facilitator").user
    pages = [example.framework.get_absolute_url(), url("framework-export", example.framework.pk)]

    told = {}
    for person in (rater_with_a_role, make.UserFactory(), example.facilitator):
        client.force_login(person)
        told[person] = ["Because." in client.get(page).content.decode() for page in pages]

    assert [*told.values()] == [[False, False], [False, False], [True, True]]


def test_whoever_rates_by_the_framework_reads_the_agreed_levels_in_no_copy_either(client):
    example = Example()
    city = example.framework.dossiers.create(order=1, title="Invented Port", text="A port.")
    city.cases.create(practice=example.practices["P1"], text="A list.", level=2, why="Because.")
    rater = make.RoleFactory(user=example.people["Alder"], role="facilitator").user
    page = url("framework-copy", example.framework.pk)
    said = {}
    for person, version in [(example.facilitator, "2"), (rater, "3")]:
        client.force_login(person)
        said[version] = "The invented cities stay behind" in client.get(page).text
        client.post(page, {"name": "Example", "version": version})

    whole, bare = (Framework.objects.get(version=version) for version in ("2", "3"))
    dossier = whole.dossiers.get()
    hidden = [
        whole.get_absolute_url(),
        url("framework-export", whole.pk),
        url("dossier-edit", whole.pk, dossier.pk),
        url("case-edit", whole.pk, dossier.pk, dossier.cases.get().pk),
    ]
    answers = [client.get(address) for address in hidden]

    assert said == {"2": False, "3": True}
    assert not bare.dossiers.exists()
    assert [answer.status_code for answer in answers] == [200, 200, 403, 403]
    assert not any("Because." in answer.text for answer in answers)
    client.force_login(example.facilitator)
    assert all("Because." in client.get(address).text for address in hidden[:2])
    own = {"title": "Another Port", "text": "A port."}
    client.force_login(rater)
    assert client.post(url("dossier-create", bare.pk), own, follow=True).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_no_more_with_more_versions(
    client, frozen, keeper, number, django_assert_num_queries
):
    for version in range(1, number):
        copy_framework(
            frozen, name="CityShare", version=f"1.{version}", with_invented=True, by=keeper
        )
    with django_assert_num_queries(4):
        page = client.get(url("framework-list"))

    assert len(page.context["frameworks"]) == number


def test_a_long_framework_is_read_in_as_few_queries_as_a_short_one(
    client, draft, django_assert_num_queries
):
    with django_assert_num_queries(18):
        client.get(draft.get_absolute_url())
    draft.practices.filter(order__gt=1).delete()
    with django_assert_num_queries(18):
        client.get(draft.get_absolute_url())


# --- Written -----------------------------------------------------------------------------


def test_an_empty_framework_is_begun_written_and_frozen(client, keeper):
    client.post(url("framework-create"), {"name": "Ours", "version": "1", "levels": 2})
    made = Framework.objects.get(name="Ours")

    page = url("framework-edit", made.pk)
    typed = {"name": "Ours", "version": "1", "levels": 2, "introduction": "Our own."}
    typed |= {"name_1": "Begun", "words_1": "", "name_2": "Done", "words_2": "It works."}
    client.post(page, {**typed, "seen": client.get(page).context["form"].sign})
    practice = {"code": "A1", "pillar": "All", "name": "Work", "question": "Do we?"}
    client.post(url("practice-create", made.pk), {**practice, "level_1": "No.", "level_2": "Yes."})
    frozen = client.post(url("framework-freeze", made.pk))

    made.refresh_from_db()
    assert (frozen.url, made.status) == (made.get_absolute_url(), "frozen")
    sheet = sheet_of(made)
    assert [(m.name, m.words) for m in sheet.meanings] == [("Begun", ""), ("Done", "It works.")]
    assert [(p.code, p.question, p.levels) for p in sheet.practices] == [
        ("A1", "Do we?", ("No.", "Yes."))
    ]


def test_a_practice_is_changed_and_typed_words_stay_where_there_is_a_slip(client, draft):
    practice = draft.practices.get(code="PV1")
    page = url("practice-edit", draft.pk, practice.pk)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if name != "seen"}
    typed |= {"code": "PV 1", "level_2": "After an incident, as a list.", "seen": form.sign}

    slip = client.post(page, typed)
    saved = client.post(page, {**typed, "code": "PV1"})

    assert mistakes(slip) == {"code": ["Use letters, digits, - and _ only, as in PV1."]}
    assert "After an incident, as a list." in slip.content.decode()
    assert saved.url == f"{draft.get_absolute_url()}#PV1"
    said = [d.text for d in practice.descriptors.all()]
    assert said[1] == "After an incident, as a list."
    assert said[2:] == [*DATA["practices"][0]["levels"].values()][2:]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"code": "PV2"}, "code", "Another practice has this code."),
        ({"code": "pv2"}, "code", "Only capitals tell this code from another practice's."),
        ({"code": "P" * 11}, "code", "shorten this to 10"),
        ({"pillar": ""}, "pillar", "required"),
        ({"level_4": "x" * 1001}, "level_4", "shorten this to 1,000"),
        ({"name": "a\x00b"}, "name", "cannot be read or printed"),
    ],
)
def test_a_slip_in_a_practice_is_told_beside_its_field(client, draft, typed, field, said):
    practice = draft.practices.get(code="PV1")
    page = url("practice-edit", draft.pk, practice.pk)
    form = client.get(page).context["form"]
    known = {name: form[name].value() for name in form.fields if name != "seen"}

    answer = client.post(page, {**known, "seen": form.sign, **typed})

    assert [*mistakes(answer)] == [field]
    assert said in mistakes(answer)[field][0]


def test_two_windows_on_one_practice_never_overwrite_each_other(client, draft):
    practice = draft.practices.get(code="PV1")
    page = url("practice-edit", draft.pk, practice.pk)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if name != "seen"}
    practice.descriptors.filter(level=1).update(text="From the other window.")

    late = client.post(page, {**typed, "level_1": "From this one.", "seen": form.sign})

    assert late.context["form"].is_stale
    assert practice.descriptors.get(level=1).text == "From the other window."
    assert "From this one." in late.content.decode()


def test_fewer_levels_ask_for_a_tick(client, draft):
    draft.dossiers.all().delete()
    page = url("framework-edit", draft.pk)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "drop"}
    typed |= {"levels": 4, "seen": form.sign}

    without = client.post(page, typed)
    with_tick = client.post(page, {**typed, "drop": "on"})

    assert [*mistakes(without)] == ["drop"]
    assert with_tick.status_code == 302
    draft.refresh_from_db()
    assert draft.levels == 4
    assert {len(line.levels) for line in sheet_of(draft).practices} == {4}
    assert not Practice.objects.filter(framework=draft, descriptors__level=5).exists()


def test_a_level_that_a_case_was_agreed_to_be_on_does_not_go(client, draft):
    page = url("framework-edit", draft.pk)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "drop"}

    answer = client.post(page, {**typed, "levels": 4, "drop": "on", "seen": form.sign})

    [said] = mistakes(answer)["levels"]
    assert said.endswith("has a case on a level that would be gone. Change it first.")
    assert "5" not in said


@pytest.mark.parametrize("levels", [2, 4])
def test_whoever_rates_by_the_cases_does_not_find_their_levels_by_lowering_the_number(
    client, levels
):
    example = Example()
    for made in (example.framework, copy_of(example.framework)):
        city = made.dossiers.create(order=1, title="Invented Port", text="A port.")
        practice = made.practices.get(code="P1")
        city.cases.create(practice=practice, text="A list.", level=3, why="Because.")
    make.RoleFactory(user=example.people["Alder"], role="facilitator")
    client.force_login(example.people["Alder"])
    page = url("framework-edit", made.pk)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "drop"}

    answer = client.post(page, {**typed, "levels": levels, "drop": "on", "seen": form.sign})

    [said] = mistakes(answer)["levels"]
    assert said.startswith("Invented cities have cases on these levels, and you rate by them")


def copy_of(framework):
    facts = {"name": "Example", "version": "2", "with_invented": False}
    return copy_framework(framework, **facts, by=make.UserFactory())


def test_more_levels_wait_to_be_named(client, draft):
    page = url("framework-edit", draft.pk)
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "drop"}

    client.post(page, {**typed, "levels": 6, "seen": form.sign})

    assert "name_6" in client.get(page).context["form"].fields
    check = client.get(url("framework-freeze", draft.pk)).content.decode()
    assert "Level 6 has no name." in check
    assert "PV1 has no sentence for level 6." in check
    assert "Freeze this version" not in check
    assert client.post(url("framework-freeze", draft.pk)).status_code == 409


def test_practices_change_places_and_go(client, draft):
    second = draft.practices.get(code="PV2")

    client.post(url("practice-move", draft.pk, second.pk), {"to": "up"})
    client.post(url("practice-remove", draft.pk, draft.practices.get(code="PV3").pk))

    assert [p.code for p in draft.practices.all()][:3] == ["PV2", "PV1", "PV4"]


def test_an_invented_city_is_written_with_its_cases(client, draft):
    added = client.post(url("dossier-create", draft.pk), {"title": "Port", "text": "A port."})
    city = draft.dossiers.get(title="Port")
    practice = draft.practices.get(code="PA1")
    typed = {"practice": practice.pk, "text": "A map.", "level": 2, "why": "Old."}
    client.post(url("case-create", draft.pk, city.pk), typed)
    case = city.cases.get()
    page = url("case-edit", draft.pk, city.pk, case.pk)
    seen = client.get(page).context["form"].sign
    client.post(page, {"text": "A new map.", "level": 3, "why": "New.", "seen": seen})
    again = client.post(url("case-create", draft.pk, city.pk), typed)

    assert added.url == url("dossier-edit", draft.pk, city.pk)
    case.refresh_from_db()
    assert (case.practice, case.text, case.level, case.why) == (practice, "A new map.", 3, "New.")
    assert [*mistakes(again)] == ["practice"]
    client.post(url("case-remove", draft.pk, city.pk, case.pk))
    client.post(url("dossier-remove", draft.pk, city.pk))
    assert draft.dossiers.count() == 2


def test_a_practice_of_another_framework_is_an_address_that_does_not_exist(client, frozen, draft):
    strange = frozen.practices.first()

    assert client.get(url("practice-edit", draft.pk, strange.pk)).status_code == 404
    city = frozen.dossiers.first()
    assert client.get(url("dossier-edit", draft.pk, city.pk)).status_code == 404


def test_a_frozen_version_offers_a_copy_and_nothing_else(client, frozen, keeper):
    text = client.get(frozen.get_absolute_url()).content.decode()
    copied = client.post(url("framework-copy", frozen.pk), {"name": "CityShare", "version": "0.1"})
    then = client.post(url("framework-copy", frozen.pk), {"name": "CityShare", "version": "0.2"})

    assert "Add a practice" not in text
    assert "Copy it to a new draft" in text
    assert [*mistakes(copied)] == ["version"]
    assert then.url == Framework.objects.get(version="0.2").get_absolute_url()
