"""Whom a workshop is for: the rules alone."""

import dataclasses

import pytest
from django_countries import countries
from hypothesis import given
from hypothesis import strategies as st

from applications.eligibility import (
    STANDARD,
    Answers,
    Outcome,
    Reason,
    joined,
    outcome,
    parted,
    reasons,
)
from applications.models import Application, EligibilityCount
from applications.queries.eligibility import ADVICE

FITTING = Answers(
    sector="local",
    country="KH",
    spoken_english="fluent",
    written_english="fluent",
    all_days="yes",
)
ANSWERS = st.builds(
    Answers,
    sector=st.sampled_from(Application.Sector.values),
    country=st.sampled_from(sorted(countries.countries)),
    spoken_english=st.sampled_from(Application.English.values),
    written_english=st.sampled_from(Application.English.values),
    all_days=st.sampled_from(Application.YesNo.values),
)
SETS = st.sets(st.sampled_from(Reason))


@pytest.mark.parametrize("sector", ["local", "central", "ngo", "victim_service"])
def test_officials_and_those_who_work_with_victims_may_apply(sector):
    found = reasons(dataclasses.replace(FITTING, sector=sector))

    assert (found, outcome(found)) == ((), Outcome.YES)


@pytest.mark.parametrize(
    ("changed", "reason", "expected"),
    [
        ({"sector": "other"}, Reason.SECTOR, Outcome.ASK),
        ({"country": "IE"}, Reason.COUNTRY, Outcome.ASK),
        ({"spoken_english": "working"}, Reason.SPOKEN_SOME, Outcome.ASK),
        ({"written_english": "working"}, Reason.WRITTEN_SOME, Outcome.ASK),
        ({"spoken_english": "basic"}, Reason.SPOKEN, Outcome.NO),
        ({"written_english": "basic"}, Reason.WRITTEN, Outcome.NO),
        ({"all_days": "no"}, Reason.DAYS, Outcome.NO),
    ],
)
def test_each_answer_that_does_not_fit_is_a_reason_of_its_own(changed, reason, expected):
    found = reasons(dataclasses.replace(FITTING, **changed))

    assert (found, outcome(found)) == ((reason,), expected)


def test_all_reasons_are_given_at_once_in_the_order_of_the_questions():
    answers = Answers("other", "IE", "basic", "working", "no")

    assert reasons(answers) == (
        Reason.SECTOR,
        Reason.COUNTRY,
        Reason.SPOKEN,
        Reason.WRITTEN_SOME,
        Reason.DAYS,
    )


@given(ANSWERS)
def test_somebody_may_apply_exactly_when_nothing_stands_in_the_way(answers):
    found = reasons(answers)

    assert (outcome(found) is Outcome.YES) == (found == ())


@given(ANSWERS, st.sampled_from([field.name for field in dataclasses.fields(Answers)]))
def test_a_fitting_answer_never_adds_a_reason(answers, name):
    better = dataclasses.replace(answers, **{name: getattr(FITTING, name)})

    assert set(reasons(better)) <= set(reasons(answers))


@given(SETS, st.sampled_from(Reason))
def test_one_more_reason_never_makes_the_answer_kinder(found, more):
    order = [Outcome.YES, Outcome.ASK, Outcome.NO]

    assert order.index(outcome(found | {more})) >= order.index(outcome(found))


@given(ANSWERS)
def test_a_call_for_everybody_turns_nobody_away_but_for_the_days(answers):
    known = frozenset(Application.English.values)
    everybody = dataclasses.replace(
        STANDARD,
        sectors=frozenset(Application.Sector.values),
        countries=frozenset(countries.countries),
        fluent=known,
    )

    assert set(reasons(answers, everybody)) <= {Reason.DAYS}


@given(SETS)
def test_a_set_of_reasons_survives_being_written_down(found):
    assert set(parted(joined(found))) == found


@given(ANSWERS)
def test_every_answer_fits_into_its_count(answers):
    room = EligibilityCount._meta.get_field("reasons").max_length

    assert len(joined(reasons(answers))) <= room


def test_the_rules_speak_of_answers_that_the_form_offers():
    levels = STANDARD.fluent | STANDARD.some

    assert set(Application.Sector.values) >= STANDARD.sectors
    assert set(Application.English.values) >= levels
    assert set(countries.countries) >= STANDARD.countries
    assert len(STANDARD.countries) == 58


def test_every_reason_has_its_advice():
    assert set(ADVICE) == set(Reason)
    assert {advice.way for advice in ADVICE.values()} == {"write", "look"}
