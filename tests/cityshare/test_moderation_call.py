"""The call about what is talked about in a city: fixed once, and told to everybody concerned."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from cityshare.actions import moderation as actions
from cityshare.models import Moderation
from cityshare.queries.cycle import seat_of
from cityshare.queries.moderation import role_in, talks
from cityshare.queries.tasks import tasks_of
from tests.cityshare.pages import send, words
from tests.cityshare.talks import level, opened_example, talk_of
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    return opened_example()


def call_of(example, **changed):
    day = timezone.now() + timedelta(days=3)
    data = {"day": f"{day:%Y-%m-%d}", "hour": "14:30", "link": "https://meet.example.org/1"}
    return send(
        example.facilitator,
        "moderation-call",
        example.cycle.pk,
        example.teams["Birch"].pk,
        **data | changed,
    )


def test_one_call_is_fixed_for_all_that_is_open_and_everybody_gets_one_letter(opened):
    actions.settle(talk_of(opened, "Birch", "P4"), agreed=2, note="Why.", by=opened.facilitator)

    answer = call_of(opened)

    rows = Moderation.objects.order_by("practice__code").values_list("practice__code", "link")
    letters = Message.objects.filter(letter="cityshare/moderation_call")
    assert answer.status_code == 302
    assert list(rows) == [
        ("P2", "https://meet.example.org/1"),
        ("P3", "https://meet.example.org/1"),
        ("P4", ""),
    ]
    assert {letter.to for letter in letters} == {
        opened.people[city] for city in ("Birch", "Cedar", "Dogwood", "Elm")
    }
    body = letters.get(to=opened.people["Birch"]).body
    assert "14:30" in body
    assert "P2 Practice P2" in body
    assert "P4 Practice P4" not in body
    assert "https://meet.example.org/1" in body


def test_a_rater_who_has_left_the_team_is_not_called_and_reads_nothing_of_the_talk(opened):
    moved, gone = opened.people["Cedar"], opened.people["Dogwood"]
    opened.teams["Cedar"].members.update(team=opened.teams["Alder"], is_focal_point=False)
    opened.teams["Dogwood"].members.all().delete()

    call_of(opened)

    letters = Message.objects.filter(letter="cityshare/moderation_call")
    assert {letter.to for letter in letters} == {opened.people[city] for city in ("Birch", "Elm")}
    talk = talk_of(opened, "Birch", "P2")
    for person in (moved, gone):
        assert talks(opened.cycle, person, seat_of(person, opened.cycle)) == []
        assert role_in(talk, person, seat_of(person, opened.cycle)) == ""
        assert tasks_of(person, now=timezone.now()) == []
    assert level(opened, "Birch", "P2") == 3


def letters_about_the_call():
    return Message.objects.filter(letter="cityshare/moderation_call").count()


def test_a_call_that_is_fixed_a_second_time_writes_nobody_again(opened):
    first = call_of(opened), letters_about_the_call()

    again = [call_of(opened) for _press in range(2)]

    assert first[1] == 4
    assert [answer.status_code for answer in (first[0], *again)] == [302, 302, 302]
    assert letters_about_the_call() == 4
    assert Entry.objects.filter(event="moderation.arranged").count() == 1
    [told] = get_messages(again[0].wsgi_request)
    assert "The call is fixed like this already." in str(told)


def test_a_call_that_is_moved_there_and_back_is_told_each_time(opened):
    for hour in ("14:30", "15:30", "14:30"):
        call_of(opened, hour=hour)

    assert letters_about_the_call() == 12


def test_a_practice_that_came_later_joins_the_call_that_is_fixed(opened):
    late = talk_of(opened, "Birch", "P2")
    call_of(opened)
    Moderation.objects.filter(pk=late.pk).update(meets_at=None, link="")

    call_of(opened)

    late.refresh_from_db()
    assert late.meets_at is not None
    assert letters_about_the_call() == 8


def test_no_letter_about_a_call_says_who_rated(opened):
    call_of(opened)

    bodies = [
        letter.body.partition(",")[2]
        for letter in Message.objects.filter(letter="cityshare/moderation_call")
    ]

    assert not any(city in body for body in bodies for city in ("Cedar", "Dogwood", "Elm"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": ""}, "Choose the day."),
        ({"hour": ""}, "Write the time, for example 14:30."),
        ({"day": "2026-01-01"}, "This moment has passed already. Choose a later one."),
        ({"link": "no link"}, "Give the whole address of the page"),
        ({"link": "ftp://example.org/room"}, "Give the whole address of the page"),
        ({"link": "https://example.org/\u202emoor"}, "Give the whole address of the page"),
    ],
)
def test_a_call_that_cannot_be_is_not_fixed(opened, changed, sentence):
    answer = call_of(opened, **changed)

    assert sentence in words(answer)
    assert not Moderation.objects.filter(meets_at__isnull=False).exists()


def test_a_call_about_nothing_is_refused(opened):
    Moderation.objects.update(status="stands")

    assert call_of(opened).status_code == 409
