"""Conflicts of interest: declared by either city or by who leads, early or late."""

import pytest

from cityshare.actions import conflict, rating
from cityshare.models import Assignment, Conflict, ConflictsDeclared, Cycle
from tests import factories as make
from tests.cityshare.drawn import Drawn, heard
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn():
    return Drawn()


@pytest.fixture
def released(drawn):
    drawn.release()
    Message.objects.all().delete()
    return drawn


def declare(drawn, one, other, *, by=None, **facts):
    said = {"kind": "grant", "note": "A bridge.", **facts}
    return conflict.declare(
        drawn.teams[one], drawn.teams[other], **said, by=by or drawn.people[one]
    )


def form(drawn, other, **facts):
    return {"other": drawn.teams[other].pk, "kind": "grant", "note": "A bridge.", **facts}


def between(drawn, one, other):
    return [pair for pair in drawn.standing() if {*pair} == {one, other}]


# --- Declared ----------------------------------------------------------------------------


def test_a_conflict_in_a_draft_changes_only_the_places_that_it_concerns(drawn):
    [(rater, rated)] = between(drawn, "Cedar", "Elm")[:1]
    before = drawn.standing()
    concerned = between(drawn, "Cedar", "Elm")

    declare(drawn, "Cedar", "Elm")

    after = drawn.standing()
    assert not between(drawn, "Cedar", "Elm")
    assert {*before} - {*after} == {*concerned}
    assert {city for _rater, city in {*after} - {*before}} == {city for _r, city in concerned}
    assert len(drawn.raters(rated)) == 2
    assert drawn.alternates()[rated] not in {rater, *drawn.raters(rated)}
    assert not Message.objects.exists()


def test_an_alternate_who_has_a_conflict_is_none_any_more(drawn):
    city, alternate = next(
        (city, name) for city, name in drawn.alternates().items() if not between(drawn, city, name)
    )

    declare(drawn, alternate, city)

    assert drawn.alternates().get(city) != alternate


def test_a_late_conflict_ends_what_is_not_locked_and_the_alternate_steps_in(released):
    pair = released.pair("Cedar")
    pair.ratings.create(practice=released.practices["P1"], initial=3)
    alternate = released.alternates()["Cedar"]
    before, rater = released.standing(), pair.rater.city.name
    concerned = between(released, "Cedar", rater)

    declare(released, "Cedar", rater)

    pair.refresh_from_db()
    assert (pair.status, pair.ended_by_conflict) == ("void", True)
    assert (pair.reason, pair.ratings.get().initial) == ("conflict", 3)
    assert not Assignment.objects.counted().filter(pk=pair.pk).exists()
    assert alternate in released.raters("Cedar")
    assert {*before} - {*released.standing()} == {*concerned}
    assert len(released.standing()) == len(before)
    assert Entry.objects.filter(event="assignment.replaced").count() == len(concerned)


def test_a_late_conflict_is_told_to_the_raters_concerned_and_to_who_leads(released):
    pair = released.pair("Cedar")
    rater = pair.rater.city.name
    concerned = between(released, "Cedar", rater)

    declare(released, "Cedar", rater)

    letters = Message.objects.all()
    told = {
        kind: {letter.to for letter in letters if letter.letter == f"cityshare/{kind}"}
        for kind in ("rating_void", "conflict_declared", "cities_to_rate")
    }
    assert told["rating_void"] == {released.people[name] for name, _rated in concerned}
    assert told["conflict_declared"] == {released.facilitator}
    assert len(told["cities_to_rate"]) == len(concerned)
    [void] = [m for m in letters if m.to == pair.person and m.letter == "cityshare/rating_void"]
    assert "Who rates whom was arranged anew." in void.body
    to_cities = "".join(letter.body for letter in letters if letter.to != released.facilitator)
    assert "conflict of interest was declared" not in to_cities.lower()
    assert "bridge" not in "".join(letter.body for letter in letters)
    [lead] = [m for m in letters if m.to == released.facilitator]
    assert f"* {rater} rates Cedar" in lead.body


def test_where_nobody_is_left_the_city_is_short_and_the_table_says_so(client):
    drawn = Drawn(raters_per_city=3).release()

    declare(drawn, "Alder", "Cedar")

    assert drawn.raters("Alder") == ["Dogwood", "Elm"]
    client.force_login(drawn.facilitator)
    shown = heard(client.get(drawn.url("draw")))
    assert "1 rater is missing" in shown
    assert "does not count: a conflict was declared" in shown


@pytest.mark.parametrize("stage", ["setup", "compare", "closed"])
def test_a_conflict_is_declared_until_all_cities_see_the_levels(drawn, stage):
    Cycle.objects.update(status=stage)

    with pytest.raises(Refused, match="Moderation"):
        declare(drawn, "Cedar", "Elm")


def test_both_sides_may_declare_and_neither_learns_of_the_other(drawn):
    declare(drawn, "Cedar", "Elm")
    declare(drawn, "Elm", "Cedar")

    with pytest.raises(Refused, match="declared already"):
        declare(drawn, "Elm", "Cedar")
    seen = Conflict.objects.visible_to(drawn.people["Elm"])
    assert [one.one.city.name for one in seen] == ["Elm"]
    assert Conflict.objects.visible_to(drawn.facilitator).count() == 2
    assert not Conflict.objects.visible_to(drawn.people["Alder"]).exists()


def test_two_cities_of_two_cycles_have_no_conflict(drawn):
    other = Cycle.objects.create(
        workshop=drawn.workshop, framework=drawn.framework, name="Other", status="rating"
    )
    foreign = other.teams.create(city=make.CityFactory())

    with pytest.raises(Refused, match="one cycle"):
        conflict.declare(drawn.teams["Alder"], foreign, kind="grant", note="", by=drawn.facilitator)


def test_a_conflict_taken_back_frees_the_pair_and_moves_nobody_who_took_the_place(released):
    pair = released.pair("Cedar")
    declared = declare(released, "Cedar", pair.rater.city.name)
    after = released.standing()

    conflict.take_back(declared, by=released.people["Cedar"])

    assert released.standing() == after
    assert not Conflict.objects.standing().exists()
    assert Entry.objects.filter(event="conflict.taken_back").count() == 1
    with pytest.raises(Refused, match="taken back already"):
        conflict.take_back(declared, by=released.people["Cedar"])


def test_a_rater_with_a_conflict_cannot_write_a_level(released):
    """Also where the pair was still theirs when they opened the form."""
    pair = released.pair("Cedar")
    declare(released, "Cedar", pair.rater.city.name)

    with pytest.raises(Refused, match="arranged anew"):
        rating.rate(pair, released.practices["P1"], level=3, by=pair.person)


# --- Saying that there is none -----------------------------------------------------------


def test_somebody_says_once_that_they_know_of_none(drawn):
    member = drawn.teams["Elm"].members.get()

    conflict.say_all(member, by=member.user)
    conflict.say_all(member, by=member.user)

    said = ConflictsDeclared.objects.get()
    assert (said.team, said.person) == (member.team, member.user)
    assert Entry.objects.get(event="conflicts.said").facts == {"named": 0}


def test_the_statement_is_for_before_and_while_rating(drawn):
    Cycle.objects.update(status="compare")

    with pytest.raises(Refused):
        conflict.say_all(drawn.teams["Elm"].members.get(), by=drawn.people["Elm"])


# --- The page ----------------------------------------------------------------------------


def test_a_city_declares_what_it_knows_and_then_says_that_this_is_all(client, drawn):
    client.force_login(drawn.people["Cedar"])
    page = drawn.url("conflicts")
    first = heard(client.get(page))

    answer = client.post(page, form(drawn, "Elm"))
    said = client.post(drawn.url("conflicts-said"), follow=True)

    assert "I know of no conflict" in first
    assert (answer.status_code, answer.url) == (302, page)
    declared = Conflict.objects.get()
    assert (declared.one, declared.other, declared.kind, declared.note, declared.declared_by) == (
        drawn.teams["Cedar"],
        drawn.teams["Elm"],
        "grant",
        "A bridge.",
        drawn.people["Cedar"],
    )
    shown = heard(said)
    assert "Cedar and Elm" in shown
    assert "You have said which conflicts there are" in shown
    assert "I know of no" not in shown


def test_the_statement_stands_below_the_form_that_comes_first(client, drawn):
    client.force_login(drawn.people["Cedar"])

    shown = heard(client.get(drawn.url("conflicts")))

    assert shown.index("Declare a conflict") < shown.index("I know of no conflict")


def test_the_other_city_reads_nothing_of_it(client, drawn):
    declare(drawn, "Cedar", "Elm")
    client.force_login(drawn.people["Elm"])

    shown = heard(client.get(drawn.url("conflicts")))

    assert "Cedar and Elm" not in shown
    assert "bridge" not in shown
    assert "No conflict is declared." in shown


def test_who_leads_sees_all_conflicts_and_who_has_not_spoken(client, drawn):
    declare(drawn, "Cedar", "Elm")
    conflict.say_all(drawn.teams["Cedar"].members.get(), by=drawn.people["Cedar"])
    client.force_login(drawn.facilitator)

    shown = heard(client.get(drawn.url("conflicts")))

    assert "Cedar and Elm" in shown
    silent = shown.split("Who has not said yet")[1]
    assert [name for name in drawn.teams if f"{name} Focal" in silent] == [
        name for name in drawn.teams if name != "Cedar"
    ]


def test_who_leads_declares_for_two_cities_and_the_first_cannot_take_it_back(client, drawn):
    page = drawn.url("conflicts")
    client.force_login(drawn.facilitator)
    client.post(page, {**form(drawn, "Elm"), "one": drawn.teams["Cedar"].pk})
    declared = Conflict.objects.get()
    client.force_login(drawn.people["Cedar"])

    shown = client.get(page)
    refused = client.post(drawn.url("conflict-take-back", declared.pk))

    assert "Cedar and Elm" in heard(shown)
    assert "Take back" not in shown.text
    assert refused.status_code == 403
    client.force_login(drawn.facilitator)
    assert "Take back" in client.get(page).text
    client.post(drawn.url("conflict-take-back", declared.pk))
    assert not Conflict.objects.standing().exists()


def test_a_city_takes_back_what_it_declared_by_mistake(client, drawn):
    declared = declare(drawn, "Cedar", "Elm")
    client.force_login(drawn.people["Cedar"])

    assert "Take back" in client.get(drawn.url("conflicts")).text
    client.post(drawn.url("conflict-take-back", declared.pk))

    declared.refresh_from_db()
    assert declared.withdrawn_at is not None


def test_when_who_declared_has_left_the_others_of_the_team_take_it_back(client, drawn):
    declared = declare(drawn, "Cedar", "Elm")
    cedar, new = drawn.teams["Cedar"], make.UserFactory()
    cedar.members.all().delete()
    cedar.members.create(user=new, is_focal_point=True)
    client.force_login(new)

    shown = client.get(drawn.url("conflicts")).text
    client.post(drawn.url("conflict-take-back", declared.pk))

    assert "Take back" in shown
    assert not Conflict.objects.standing().exists()


def test_a_team_declares_five_in_a_cycle_also_when_it_takes_them_back(client, drawn):
    for other in ["Alder", "Birch", "Dogwood", "Elm", "Alder"]:
        declared = declare(drawn, "Cedar", other)
        conflict.take_back(declared, by=drawn.people["Cedar"])
    client.force_login(drawn.people["Cedar"])

    refused = client.post(drawn.url("conflicts"), form(drawn, "Elm"))
    declare(drawn, "Cedar", "Elm", by=drawn.facilitator)

    assert refused.status_code == 409
    assert "Your city has declared as many conflicts as a city can" in heard(refused)
    assert [*Conflict.objects.standing().values_list("by_leads", flat=True)] == [True]


@pytest.mark.parametrize("kind", ["grant", "twinning", "employer", "family"])
def test_what_explains_itself_needs_no_sentence(client, drawn, kind):
    client.force_login(drawn.people["Cedar"])

    client.post(drawn.url("conflicts"), form(drawn, "Elm", kind=kind, note=""))

    assert [*Conflict.objects.values_list("kind", "note")] == [(kind, "")]


def test_another_city_cannot_take_it_back_and_does_not_learn_of_it(client, drawn):
    declared = declare(drawn, "Cedar", "Elm")
    client.force_login(drawn.people["Elm"])

    assert client.post(drawn.url("conflict-take-back", declared.pk)).status_code == 404


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"other": ""}, "Choose the other city."),
        ({"kind": ""}, "Choose what it is."),
        ({"note": "x" * 301}, "Please shorten this to 300 characters"),
        ({"kind": "other", "note": ""}, "Say in a sentence what the conflict is."),
        ({"kind": "dispute", "note": "A bridge."}, "Say in a sentence what the conflict is."),
        ({"other": "Cedar"}, "Select a valid choice"),
        ({"other": "Dogwood"}, "This conflict is declared already."),
    ],
)
def test_what_means_nothing_comes_back_with_what_was_typed(client, drawn, facts, words):
    declare(drawn, "Cedar", "Dogwood")
    client.force_login(drawn.people["Cedar"])
    named = {k: drawn.teams[v].pk if v in drawn.teams else v for k, v in facts.items()}

    shown = client.post(drawn.url("conflicts"), {**form(drawn, "Elm"), **named})

    assert (shown.status_code, Conflict.objects.count()) == (200, 1)
    assert words in shown.text
    assert facts.get("note", "A bridge.") in shown.text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"one": ""}, "Choose the first city."),
        ({"one": "Elm"}, "Choose two different cities."),
        ({"one": "Dogwood", "other": "Cedar"}, "This conflict is declared already."),
    ],
)
def test_who_leads_names_two_cities_that_have_none_yet(client, drawn, facts, words):
    declare(drawn, "Cedar", "Dogwood")
    client.force_login(drawn.facilitator)
    named = {k: drawn.teams[v].pk if v in drawn.teams else v for k, v in facts.items()}

    shown = client.post(drawn.url("conflicts"), {**form(drawn, "Elm"), **named})

    assert (shown.status_code, Conflict.objects.count()) == (200, 1)
    assert words in shown.text


def test_when_nothing_can_be_declared_the_page_says_whom_to_write_to(client, drawn):
    Cycle.objects.update(status="compare")
    client.force_login(drawn.people["Cedar"])

    shown = heard(client.get(drawn.url("conflicts")))

    assert "Nothing can be declared now" in shown
    assert "Declare this conflict" not in shown
    assert "I know of no conflict" not in shown


def test_who_leads_has_no_statement_to_make(client, drawn):
    client.force_login(drawn.facilitator)

    assert client.post(drawn.url("conflicts-said")).status_code == 404
