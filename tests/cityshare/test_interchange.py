"""A framework as a file: what is wrong in it is named with its place, and nothing is lost."""

import copy
import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cityshare
from cityshare import interchange
from cityshare.interchange import (
    Case,
    Invented,
    Line,
    Meaning,
    NotJson,
    Sheet,
    parse,
    read,
    written,
)

FILE = Path(cityshare.__file__).parent / "framework.json"
DATA = json.loads(FILE.read_text())


def faults(data):
    """Place, id found there, and code of everything that is wrong."""
    return [(fault.place, fault.near, fault.code) for fault in read(data)[1]]


def changed(change):
    data = copy.deepcopy(DATA)
    change(data)
    return data


def drop(holder, key):
    return holder.pop(key) and None


# --- What is right -----------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
codes = st.lists(
    st.text("ABCxyz019-_", min_size=1, max_size=10), min_size=0, max_size=4, unique=True
)


@st.composite
def sheets(draw):
    """Any framework that a draft can hold."""
    levels = draw(st.integers(interchange.FEWEST_LEVELS, interchange.MOST_LEVELS))
    names = draw(codes)
    lines = [
        Line(
            code,
            draw(texts),
            draw(texts),
            draw(st.one_of(st.just(""), texts)),
            draw(st.one_of(st.just(""), texts)),
            tuple(draw(st.one_of(st.just(""), texts)) for _level in range(levels)),
        )
        for code in names
    ]
    meanings = tuple(Meaning(draw(texts), draw(texts)) for _level in range(levels))
    rated = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    cases = tuple(
        Case(code, draw(texts), draw(st.integers(1, levels)), draw(texts)) for code in rated
    )
    dossiers = (Invented(draw(texts), draw(texts), cases),) if draw(st.booleans()) else ()
    return Sheet(
        name=draw(texts),
        version=draw(texts),
        levels=levels,
        introduction=draw(st.one_of(st.just(""), texts)),
        meanings=meanings if draw(st.booleans()) else (),
        practices=tuple(lines),
        dossiers=dossiers,
    )


@given(sheet=sheets())
def test_what_is_written_is_read_again_without_a_loss(sheet):
    content = json.dumps(written(sheet), ensure_ascii=False).encode()

    assert read(parse(content)) == (sheet, [])


def test_the_file_that_comes_with_the_portal_is_read_whole_and_written_as_it_is():
    sheet, found = read(parse(FILE.read_bytes()))

    assert found == []
    assert written(sheet) == DATA


def test_the_two_invented_cities_have_four_cases_each_on_every_level_of_the_scale():
    [one, other] = read(DATA)[0].dossiers

    assert [len(one.cases), len(other.cases)] == [4, 4]
    assert {case.level for case in (*one.cases, *other.cases)} == {1, 2, 3, 4, 5}


def test_the_introduction_claims_no_more_than_is_true():
    said = DATA["introduction"]

    assert "follows the published outline of CityShare" in said
    assert "anti-trafficking specialist and survivors should review" in said
    assert "official" not in json.dumps(DATA["introduction"]).lower()


def test_only_version_scale_and_practices_have_to_be_there():
    sheet, found = read({"version": "1", "scale": [1, 2], "practices": []})

    assert (sheet, found) == (Sheet("", "1", 2), [])


# --- What is wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            lambda d: drop(d["practices"][3]["levels"], "4"),
            ("practices[3].levels", "PV4", "level_missing"),
        ),
        (
            lambda d: d["practices"][0]["levels"].update({"6": "More."}),
            ("practices[0].levels", "PV1", "no_such_level"),
        ),
        (lambda d: drop(d["practices"][1], "name"), ("practices[1]", "", "missing")),
        (
            lambda d: d["practices"][1].update(pillar=" "),
            ("practices[1].pillar", "PV2", "empty"),
        ),
        (
            lambda d: d["practices"][1].update(name=7),
            ("practices[1].name", "PV2", "not_text"),
        ),
        (
            lambda d: d["practices"][1].update(question="?" * 301),
            ("practices[1].question", "PV2", "too_long"),
        ),
        (
            lambda d: d["practices"][1].update(name="a\x00b"),
            ("practices[1].name", "PV2", "unreadable"),
        ),
        (
            lambda d: d["practices"][1].update(colour="red"),
            ("practices[1]", "", "unknown_key"),
        ),
        (lambda d: d["practices"][1].update(id="PV 2"), ("practices[1].id", "", "not_code")),
        (lambda d: d["practices"][5].update(id="PV1"), ("practices[5].id", "", "twice")),
        (lambda d: d["practices"][5].update(id="pv1"), ("practices[5].id", "", "too_alike")),
        (lambda d: d["practices"][5].update(id="\ud800"), ("practices[5].id", "", "unreadable")),
        (lambda d: d.update({"\ud800": 1}), ("", "", "unknown_key")),
        (lambda d: d.update(practices={}), ("practices", "", "not_list")),
        (lambda d: d["practices"].append("PV9"), ("practices[16]", "", "not_object")),
        (lambda d: d.update(scale=[1, 2, 3, 4, 5.0]), ("scale", "", "scale")),
        (lambda d: d.update(scale=[0, 1]), ("scale", "", "scale")),
        (lambda d: d.update(scale="12345"), ("scale", "", "scale")),
        (lambda d: drop(d, "version"), ("", "", "missing")),
        (lambda d: drop(d["meanings"], "5"), ("meanings", "", "level_missing")),
        (lambda d: d["meanings"].update({"2": "Ad hoc"}), ("meanings.2", "", "not_object")),
        (
            lambda d: d["dossiers"][0]["cases"][2].update(practice="XX1"),
            ("dossiers[0].cases[2].practice", "", "no_such_practice"),
        ),
        (
            lambda d: d["dossiers"][0]["cases"][2].update(level=6),
            ("dossiers[0].cases[2].level", "", "no_such_level"),
        ),
        (
            lambda d: d["dossiers"][0]["cases"][2].update(level=True),
            ("dossiers[0].cases[2].level", "", "no_such_level"),
        ),
        (
            lambda d: d["dossiers"][0]["cases"][2].update(practice="PV1"),
            ("dossiers[0].cases[2].practice", "", "twice"),
        ),
        (lambda d: d.update(dossiers=[{}] * 7), ("dossiers", "", "too_many")),
    ],
    ids=lambda case: case[2] if isinstance(case, tuple) else "",
)
def test_what_is_wrong_is_named_with_its_place(change, found):
    data = changed(change)

    assert found in faults(data)


def test_one_slip_gives_one_fault():
    data = changed(lambda d: drop(d["practices"][3]["levels"], "4"))

    assert faults(data) == [("practices[3].levels", "PV4", "level_missing")]


def test_a_file_in_which_everything_is_wrong_gives_no_endless_list():
    data = changed(lambda d: [line.update(name="") for line in d["practices"]])
    data["practices"] *= 2

    assert len(faults(data)) == interchange.MOST_FAULTS


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(value=json_values, key=st.sampled_from([*DATA]))
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_a_reason(value, key):
    for data in (value, {**DATA, key: value}, {**DATA, "practices": [value]}):
        sheet, found = read(data)

        assert (sheet is None) == bool(found)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe{}", "not_utf8"),
        (b'{"a": 1, "a": 2}', "key_twice"),
        (b'{"a": NaN}', "not_sensible"),
        (b"[" * 100_000, "not_sensible"),
        (b"9" * 10_000, "not_sensible"),
        (b" " * (interchange.LARGEST_FILE + 1), "too_large"),
    ],
)
def test_what_is_no_json_is_refused_with_a_reason(content, code):
    with pytest.raises(NotJson) as refused:
        parse(content)

    assert refused.value.code == code


def test_a_byte_order_mark_does_no_harm():
    assert parse(b"\xef\xbb\xbf{}") == {}


def test_a_file_of_very_many_keys_is_read_at_once():
    content = ("{" + ",".join(f'"{n}":0' for n in range(50_000)) + "}").encode()
    began = process_time()

    assert len(content) < interchange.LARGEST_FILE
    assert len(parse(content)) == 50_000
    assert process_time() - began < 3
