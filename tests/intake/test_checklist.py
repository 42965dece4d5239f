"""What is missing, told once for page, submission and staff."""

from hypothesis import given
from hypothesis import strategies as st

from applications.checklist import (
    ASKED,
    OFFERED,
    Line,
    Slot,
    State,
    lines,
    missing,
    received,
    unanswered,
)
from applications.forms.intake import SECTIONS

ALL = [name for names in ASKED.values() for name in names]
EVERYTHING = dict.fromkeys(ALL, "x")
SLOTS = st.lists(
    st.builds(
        Slot,
        slug=st.text(max_size=3),
        title=st.text(max_size=3),
        online=st.booleans(),
        status=st.sampled_from(["", "received", "returned", "accepted"]),
    ),
    max_size=7,
)


def test_a_document_counts_when_it_is_there_and_was_not_given_back():
    slots = [
        Slot("form", "Form", online=True),
        Slot("a", "A", status="received"),
        Slot("b", "B", status="accepted"),
        Slot("c", "C", status="returned"),
        Slot("d", "D"),
    ]

    found = lines(slots, EVERYTHING)

    assert found == [
        Line("form", "Form", True, State.RECEIVED),
        Line("a", "A", False, State.RECEIVED),
        Line("b", "B", False, State.ACCEPTED),
        Line("c", "C", False, State.RETURNED),
        Line("d", "D", False, State.MISSING),
    ]
    assert [line.slug for line in missing(found)] == ["c", "d"]
    assert received(found) == 3


def test_the_form_names_the_questions_without_an_answer_and_zero_is_an_answer():
    [line] = lines([Slot("form", "Form", online=True)], EVERYTHING | {"years": 0, "phone": ""})

    assert (line.state, line.lacks) == (State.MISSING, ("phone",))


def test_a_section_is_asked_for_on_its_own():
    assert unanswered({"duties": "x"}, "work") == ("experience", "motivation", "intention")


def test_the_form_asks_exactly_what_the_checklist_counts():
    asked = {
        section.slug: {
            name: field.required
            for name, field in section.form_class().fields.items()
            if name != "seen"
        }
        for section in SECTIONS
    }

    assert asked == {
        slug: dict.fromkeys(ASKED[slug], True) | dict.fromkeys(OFFERED.get(slug, ()), False)
        for slug in ASKED
    }


@given(SLOTS, st.sets(st.sampled_from(ALL)))
def test_what_is_there_and_what_is_missing_make_the_whole(slots, gaps):
    found = lines(slots, EVERYTHING | dict.fromkeys(gaps, ""))

    assert [line.slug for line in found] == [slot.slug for slot in slots]
    assert received(found) + len(missing(found)) == len(slots)
    assert all(set(line.lacks) == gaps for line in found if line.online)
