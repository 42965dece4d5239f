"""Reading a letter before anybody else does: what is wrong with it, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_portal.outbox import proof

HOME = "https://portal.example.org"
NAMES = ["name", "deadline"]


def found(subject="About it", body="A letter.\n", values=None):
    faults = proof.faults(subject, body, home=HOME, values=values)
    return [(fault.where, fault.line, fault.stops) for fault in faults]


def test_placeholders_are_filled_once_and_words_of_people_stay_words():
    values = {"name": "{deadline} {name} {{7*7}}", "deadline": "today"}

    assert proof.fill("Dear {name}, by {deadline}.", values) == (
        "Dear {deadline} {name} {{7*7}}, by today."
    )


def test_a_name_without_a_value_stays_as_it_is_written():
    assert proof.fill("Dear {nobody}", {}) == "Dear {nobody}"


@pytest.mark.parametrize(
    "typed",
    [
        "{x.__init__}",
        "{0.__class__}",
        "{name.__class__}",
        "{name!r}",
        "{name:>99}",
        "{{7*7}}",
        "{% load letters %}",
        "{# gone #}",
        "{}",
        "{ name }",
        "{Name}",
        "{name",
        "name}",
        "{{name}}",
    ],
)
def test_nothing_but_the_listed_names_may_stand_in_braces(typed):
    faults = proof.unfillable("About it", f"Dear you,\n{typed}\n", allowed=NAMES)

    assert faults != []
    assert {(fault.where, fault.line, fault.stops) for fault in faults} == {("body", 2, True)}


def test_the_fault_names_what_is_no_placeholder():
    [fault] = proof.unfillable("{nme}", "", allowed=NAMES)

    assert fault.sentence == "Subject: “{nme}” is no placeholder."


@given(st.text(), st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_a_text_without_faults_is_filled_without_a_brace_of_its_own(text, values):
    if not proof.unfillable("", text, allowed=values):
        bare = proof.fill(text, dict.fromkeys(values, ""))

        assert "{" not in bare
        assert "}" not in bare


def test_what_a_letter_has_to_hold_may_stand_in_subject_or_body():
    assert proof.lacking("By {deadline}", "Dear {name}", needed=NAMES) == []
    assert proof.lacking("By then", "Dear {name}", needed=NAMES) == ["deadline"]


@pytest.mark.parametrize(
    "line",
    [
        "See https://",
        "See https:///path",
        "See http://?x",
        "See www.",
        "See javascript:alert(1)",
        "See data:text/html,x",
        "a" * 999,
        "한" * 333,
    ],
)
def test_what_stops_a_letter(line):
    assert found(body=f"Dear you,\n{line}\n") == [("body", 2, True)]


@pytest.mark.parametrize(
    "line",
    [
        "Read https://elsewhere.example/x first",
        "Read www.elsewhere.example",
        f"Read {HOME}.evil.example/",
        "Come at 9:00.",
        "Come at 23:59까지",
        "Come at 9 am",
        "Write to mailto: or call",
        "Write to us <>",
        "Dear ,",
        "until .",
        "the workshop “” is",
        "you have  an answer",
    ],
)
def test_what_may_be_meant_is_told_all_the_same(line):
    assert found(body=f"{line}\n") == [("body", 1, False)]


@pytest.mark.parametrize(
    "line",
    [
        f"See {HOME}/applications/1/",
        f"See {HOME}",
        "by 12 May 2027, 23:59 Seoul time (UTC+9)",
        "2027년 5월 12일 23:59 서울 시각(UTC+9)까지",
        "Write to centre@example.org.",
        "    123456",
        "-- ",
        "a" * 998,
        "Chapter 1:2",
    ],
)
def test_what_is_in_order(line):
    assert found(body=f"{line}\n") == []


def test_an_empty_subject_is_found_after_filling():
    assert found(subject="{name}", values={"name": " "}) == [("subject", 1, True)]


def test_a_fault_in_what_is_put_in_is_found_at_the_line_that_was_typed():
    values = {"documents": "* one\n* two\n* three", "name": ""}

    assert found(body="{documents}\n\nDear {name},\n", values=values) == [("body", 3, False)]


def test_a_date_typed_by_hand_is_pointed_out():
    faults = proof.typed_dates("Until 3 May", "by 2027-05-03 or\n5월 3일\n")

    assert [(fault.where, fault.line, fault.stops) for fault in faults] == [
        ("subject", 1, False),
        ("body", 1, False),
        ("body", 2, False),
    ]
