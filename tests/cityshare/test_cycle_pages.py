"""The pages of a cycle: what is typed is checked and kept, what people see is theirs."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cityshare.models import Cycle
from cityshare.queries.gate import passage_of
from tests import factories as make
from tests.cityshare.drawn import Drawn, heard
from tests.cityshare.example import Example, framework
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
Stage = Cycle.Stage
SEOUL = ZoneInfo("Asia/Seoul")


def url(name, *args):
    return reverse(f"cityshare:{name}", args=args)


def in_days(days, at="23:59"):
    """A day and a time of a form, on the workshop's clock."""
    day = (timezone.now().astimezone(SEOUL) + timedelta(days=days)).date()
    return day.isoformat(), at


def dues(**stages):
    """The fields of deadlines: stage to day and time."""
    return {
        f"due_{stage}_{place}": value
        for stage, parts in stages.items()
        for place, value in enumerate(parts)
    }


RULES = {
    "raters_per_city": 3,
    "bars_own_country": "on",
    "rule": "peer_median",
    "helper_capacity": 2,
    "learner_capacity": 2,
}


@pytest.fixture
def workshop():
    return make.WorkshopFactory(slug="here")


@pytest.fixture
def lead(workshop, client):
    person = make.RoleFactory(workshop=workshop, role="facilitator").user
    client.force_login(person)
    return person


def mistakes(response):
    form = response.context["form"]
    return {name: [str(words) for words in said] for name, said in form.errors.items()}


# --- Begun and set up --------------------------------------------------------------------


def test_a_cycle_is_begun_with_its_rules_and_deadlines(client, workshop, lead):
    typed = {"name": " First  cycle ", "framework": framework().pk, **RULES}
    typed |= dues(self=in_days(10), rating=in_days(20, ""))

    answer = client.post(url("cycle-create", "here"), typed)

    cycle = Cycle.objects.get()
    assert answer.url == url("team-list", cycle.pk)
    assert (cycle.name, cycle.status, cycle.raters_per_city) == ("First cycle", "setup", 3)
    ends = [(d.stage, d.due_at.astimezone(SEOUL)) for d in cycle.deadlines.all()]
    assert [(stage, f"{at:%H:%M:%S}") for stage, at in ends] == [
        ("self", "23:59:59"),
        ("rating", "23:59:59"),
    ]
    assert [at.date().isoformat() for _stage, at in ends] == [in_days(10)[0], in_days(20)[0]]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (dues(self=in_days(9, "00:00")), "due_self", "misread by a day"),
        (dues(self=in_days(-1)), "due_self", "This moment is over."),
        (dues(self=("", "12:00")), "due_self", "Choose the day, too."),
        (
            dues(self=in_days(9), moderation=in_days(8)),
            "due_moderation",
            "later than the end of “Self-assessment”",
        ),
        (dues(self=in_days(9), rating=in_days(9)), "due_rating", "later than the end"),
        (dues(rating=("2199-01-01", "")), "due_rating", "Check the year"),
        ({"raters_per_city": 0}, "raters_per_city", "greater than or equal to 1"),
        ({"raters_per_city": 10}, "raters_per_city", "less than or equal to 9"),
        ({"name": ""}, "name", "required"),
        ({"framework": ""}, "framework", "required"),
    ],
)
def test_a_slip_is_told_beside_its_field_and_nothing_is_begun(
    client, workshop, lead, typed, field, said
):
    typed = {"name": "First", "framework": framework().pk, **RULES, **typed}

    answer = client.post(url("cycle-create", "here"), typed)

    assert [*mistakes(answer)] == [field]
    assert said in mistakes(answer)[field][0]
    assert not Cycle.objects.exists()
    assert f'value="{typed["name"]}"' in answer.content.decode() or field == "name"


def test_a_clock_that_skips_the_time_is_told(client):
    workshop = make.WorkshopFactory(slug="there", zone="Australia/Lord_Howe")
    client.force_login(make.RoleFactory(workshop=workshop).user)
    typed = {"name": "First", "framework": framework().pk, **RULES}

    answer = client.post(url("cycle-create", "there"), typed | dues(self=("2031-10-05", "02:15")))

    assert "skips this time" in mistakes(answer)["due_self"][0]


def test_a_draft_cannot_be_chosen_and_without_a_frozen_version_the_page_says_what_to_do(
    client, workshop, lead
):
    draft = type(framework()).objects.create(name="Draft", version="1")
    typed = {"name": "First", "framework": draft.pk, **RULES}

    answer = client.post(url("cycle-create", "here"), typed)
    type(draft).objects.filter(status="frozen").delete()
    page = client.get(url("cycle-create", "here")).content.decode()

    assert [*mistakes(answer)] == ["framework"]
    assert "No framework is frozen yet" in page


def test_two_windows_on_the_rules_never_overwrite_each_other(client):
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    client.force_login(example.facilitator)
    page = url("cycle-edit", example.cycle.pk)
    seen = client.get(page).context["form"].sign
    Cycle.objects.update(helper_capacity=5)

    late = client.post(page, {"name": "First cycle", **RULES, "seen": seen})
    again = client.post(page, {"name": "First cycle", **RULES, "seen": late.context["form"].sign})

    assert late.context["form"].is_stale
    assert again.url == url("cycle", example.cycle.pk)
    assert Cycle.objects.get().helper_capacity == 2


def test_saving_the_rules_again_moves_no_deadline_and_tells_nobody(client):
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    client.force_login(example.facilitator)
    page = url("cycle-edit", example.cycle.pk)
    typed = {"name": "First cycle", **RULES, **dues(self=in_days(4))}
    client.post(page, {**typed, "seen": client.get(page).context["form"].sign})
    told = Message.objects.count()

    client.post(page, {**typed, "seen": client.get(page).context["form"].sign})

    assert (told, Message.objects.count()) == (5, 5)


def test_a_deadline_that_is_over_may_stay_while_others_are_set(client):
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    client.force_login(example.facilitator)
    over = timezone.now() - timedelta(days=2)
    example.cycle.deadlines.create(stage="self", due_at=over)
    page = url("cycle-edit", example.cycle.pk)
    wall = over.astimezone(SEOUL)
    typed = {"name": "First cycle", **RULES, "seen": client.get(page).context["form"].sign}
    typed |= dues(self=(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}"), rating=in_days(5))

    answer = client.post(page, typed)

    assert answer.status_code == 302
    assert [d.stage for d in example.cycle.deadlines.all()] == ["self", "rating"]


def test_what_stands_is_not_asked_any_more(client):
    example = Example(stage=Stage.MODERATION)
    client.force_login(example.facilitator)

    form = client.get(url("cycle-edit", example.cycle.pk)).context["form"]

    assert [name for name in form.fields if not name.startswith("due_")] == [
        "name",
        "helper_capacity",
        "learner_capacity",
        "seen",
    ]
    assert next(name for name in form.fields if name.startswith("due_")) == "due_moderation"


def test_a_closed_cycle_has_no_settings_and_says_so(client):
    example = Example(stage=Stage.CLOSED)
    client.force_login(example.facilitator)

    page = client.get(url("cycle-edit", example.cycle.pk), follow=True)

    assert page.redirect_chain == [(url("cycle", example.cycle.pk), 302)]
    assert "This cycle is closed, so its rules and deadlines stand." in page.content.decode()


def test_rules_that_the_raters_know_are_shown_and_not_asked(client):
    drawn = Drawn()
    client.force_login(drawn.facilitator)
    page = url("cycle-edit", drawn.cycle.pk)
    before = client.get(page)
    drawn.release()

    after = client.get(page)

    drawing = {"raters_per_city", "bars_own_country", "bars_mutual_rating"}
    assert {*before.context["form"].fields} - {*after.context["form"].fields} == drawing
    assert "know already whom they rate" not in heard(before)
    assert (
        "The raters know already whom they rate, so the rules of the draw stand: 2 raters for "
        "each city No city of the own country Rating each other is avoided"
    ) in heard(after)


# --- The map -----------------------------------------------------------------------------


def test_the_page_says_where_the_cycle_is_by_when_and_who_takes_part(client):
    example = Example(stage=Stage.COMPARE)
    example.cycle.deadlines.create(stage="compare", due_at=timezone.now() + timedelta(days=3))
    client.force_login(example.people["Alder"])

    page = client.get(example.cycle.get_absolute_url())

    steps = [(step.stage, step.state) for step in page.context["steps"]]
    assert [stage for stage, state in steps if state == "current"] == ["compare"]
    assert [stage for stage, state in steps if state == "done"] == Stage.values[:4]
    text = page.content.decode()
    assert "3 days left" in text or "2 days left" in text
    assert "5 cities take part" in text
    assert "Move the cycle on" not in text


def test_closed_is_an_end_and_no_stage_that_lasts(client):
    example = Example(stage=Stage.CLOSED)
    client.force_login(example.facilitator)

    page = client.get(example.cycle.get_absolute_url())

    assert [step.state for step in page.context["steps"]] == ["done"] * len(Stage.values)
    assert "Move the cycle on" not in page.content.decode()


@pytest.mark.parametrize("more", [0, 3])
def test_the_pages_of_a_cycle_cost_no_more_with_more_cities(
    client, more, django_assert_max_num_queries
):
    example = Example(stage=Stage.COMPARE)
    for number in range(more):
        team = example.cycle.teams.create(city=make.CityFactory(country=f"{'VTP'[number]}H"))
        team.members.create(user=make.UserFactory(), is_focal_point=True)

    for person in (example.people["Alder"], example.facilitator):
        client.force_login(person)
        for page, most in (("cycle", 16), ("team-list", 12)):
            with django_assert_max_num_queries(most):
                client.get(url(page, example.cycle.pk))


@pytest.mark.parametrize("number", [1, 3])
def test_the_own_page_of_cityshare_costs_no_more_with_more_cycles(
    client, number, django_assert_max_num_queries
):
    person = make.UserFactory()
    frozen = framework()
    for place in range(number):
        workshop = make.WorkshopFactory()
        cycle = workshop.cycles.create(framework=frozen, name=f"C{place}", status="self")
        team = cycle.teams.create(city=make.CityFactory())
        team.members.create(user=person, is_focal_point=True)
    client.force_login(person)

    with django_assert_max_num_queries(10):
        page = client.get(url("home"))

    assert len(page.context["joined"]) == number


def test_people_find_their_way_to_cityshare(client):
    example = Example(stage=Stage.SELF)
    member, stranger = example.people["Alder"], make.UserFactory()

    found = {}
    for person in (member, example.facilitator, stranger):
        client.force_login(person)
        found[person] = f'href="{url("home")}"' in client.get("/tasks/").content.decode()
    client.force_login(example.facilitator)
    desk = client.get("/desk/").content.decode()

    assert found == {member: True, example.facilitator: True, stranger: False}
    assert f'href="{example.cycle.get_absolute_url()}"' in desk


def test_a_workshop_without_a_cycle_offers_to_begin_one(client, workshop, lead):
    assert url("cycle-create", "here") in client.get("/desk/").content.decode()


# --- Moving on ---------------------------------------------------------------------------


def test_the_page_shows_what_is_missing_and_the_letter_before_one_press(client):
    example = Example(stage=Stage.SELF, rated=False, moderated=False)
    client.force_login(example.facilitator)
    page = url("cycle-move-on", example.cycle.pk)

    text = client.get(page).content.decode()
    without = client.post(page, {"seen": passage_of(example.cycle).fingerprint})
    with_tick = client.post(page, {"seen": passage_of(example.cycle).fingerprint, "in_spite": "on"})

    assert "Who rates whom has not been drawn yet." in text
    assert "is now in the stage “Peer rating”" in text
    assert [*mistakes(without)] == ["in_spite"]
    assert with_tick.url == url("cycle", example.cycle.pk)
    example.cycle.refresh_from_db()
    assert example.cycle.status == Stage.RATING


def test_without_two_cities_there_is_no_button(client, workshop, lead):
    cycle = workshop.cycles.create(framework=framework(), name="First")

    text = client.get(url("cycle-move-on", cycle.pk)).content.decode()

    assert "A cycle needs at least two cities." in text
    assert "Begin: Self-assessment" not in text
