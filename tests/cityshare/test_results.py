"""How others see a city, for its own team; and what becomes of the words about it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cityshare.models import (
    Assignment,
    Cycle,
    PeerRating,
    SelfScore,
)
from cityshare.queries import comments
from tests.cityshare.example import DATA, Example
from tests.cityshare.pages import page, send, words
from tests.cityshare.talks import closed_example, rating_of
from workshop_portal.audit.models import Entry, name_of
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
CITIES = DATA["cities"]


@pytest.fixture
def example():
    return closed_example()


def results_page(example, who, city):
    person = example.people.get(who) or example.facilitator
    return page(person, "results", example.cycle.pk, example.teams[city].pk)


# --- The results of one's own city -------------------------------------------------------


def test_a_city_reads_how_others_see_it_practice_by_practice(example):
    text = words(results_page(example, "Birch", "Birch"))

    assert "P1 Practice P1 Own view 4 Peers 4, all alike 4 4 Confirmed" in text
    assert "P2 Practice P2 Own view 4 Peers 3, from 2 to 4 3 4 Raters far apart" in text
    assert "P3 Practice P3 Own view 4 Peers 2, from 2 to 3 2 4 City and raters far apart" in text
    assert "On average you see your city 0.75 levels above its raters." in text
    assert "You stand above them on 2 and below them on 0 of 4 practices." in text


def test_a_city_reads_which_cities_rated_it_and_what_was_written_without_names(example):
    text = words(results_page(example, "Birch", "Birch"))

    assert "rated by people of these cities: Cedar, Laos; Dogwood, Nepal; Elm, Vietnam." in text
    assert text.count("One strength") == 12
    people = [example.people[city].full_name for city in ("Cedar", "Dogwood", "Elm")]
    assert not any(name in text for name in people)


def test_what_was_written_is_folded_by_practice_with_a_way_to_it_on_top(example):
    page = results_page(example, "Birch", "Birch").text

    folds = re.findall(
        r"<details class=\"heard\">\s*<summary><h3>(.*?)</h3> <span[^>]*>(.*?)<", page
    )
    assert folds == [(f"P{n} Practice P{n}", "3 comments") for n in range(1, 5)]
    assert page.index('href="#heard"') < page.index('href="#heard-P1"') < page.index('id="heard"')
    assert page.count('id="heard-P1"') == page.count('href="#heard-P1"') == 1


def test_a_mark_leads_back_to_its_comment(example):
    page = results_page(example, "Birch", "Birch").text
    token = re.search(r'id="comment-([^"]+)"', page)[1]
    args = (example.cycle.pk, example.teams["Birch"].pk)

    answer = send(example.people["Birch"], "comment-mark", *args, token, useful="yes")

    assert answer["Location"].endswith(f"/#comment-{token}")


def test_where_too_few_have_rated_the_last_cell_says_so(example):
    before = results_page(example, "Birch", "Birch").text
    Assignment.objects.filter(rated=example.teams["Birch"], rater=example.teams["Cedar"]).update(
        status="void"
    )

    page = results_page(example, "Birch", "Birch").text

    few = '<span class="soft">Too few ratings</span>'
    assert (before.count(few), page.count(few)) == (0, 4)


def test_nobody_but_the_team_reads_the_results_of_a_city(example):
    answers = {who: results_page(example, who, "Birch").status_code for who in [*CITIES, "lead"]}

    assert answers == {**dict.fromkeys([*CITIES, "lead"], 404), "Birch": 200}


def test_before_the_ratings_are_closed_there_are_no_results():
    example = Example(stage=Cycle.Stage.RATING)

    text = words(results_page(example, "Birch", "Birch"))

    assert "Ratings are not closed yet" in text
    assert "praises" not in text
    assert "Cedar" not in text
    empty = results_page(example, "Birch", "Birch").text.partition('<div class="empty">')[2]
    assert f'href="{example.cycle.get_absolute_url()}">First cycle</a>' in empty


def test_of_one_rater_alone_the_name_stays_untold(example):
    Assignment.objects.filter(rated=example.teams["Birch"]).exclude(
        rater=example.teams["Cedar"]
    ).update(status="void")
    PeerRating.objects.update(strength="Good work.")

    text = words(results_page(example, "Birch", "Birch"))

    assert "Too few cities have rated yours" in text
    assert "Fewer than three cities have rated yours" in text
    assert "Good work." not in text
    assert "Cedar" not in text
    assert "Own view only" in text


def test_of_two_raters_a_city_reads_levels_alone_and_those_who_lead_read_the_words(example):
    team = example.teams["Birch"]
    Assignment.objects.filter(rated=team, rater=example.teams["Elm"]).update(status="void")
    token = comments.token_of(rating_of(example, "Cedar", "Birch"))
    args = (example.people["Birch"], "comment-mark", example.cycle.pk, team.pk, token)

    text = words(results_page(example, "Birch", "Birch"))

    assert "P2 Practice P2 Own view 4 Too few ratings to show more than the level 3 4" in text
    assert "Fewer than three cities have rated yours" in text
    assert "praises" not in text
    assert "levels above its raters" not in text
    assert send(*args, useful="yes").status_code == 404
    assert len(comments.desk(example.cycle, example.facilitator, team).of_city) == 8


def test_of_three_raters_nothing_is_withheld_but_where_one_cannot_judge(example):
    rating = rating_of(example, "Elm", "Birch")
    PeerRating.objects.filter(pk=rating.pk).update(initial=None, final=None, cannot_judge=True)

    text = words(results_page(example, "Birch", "Birch"))

    assert "P2 Practice P2 Own view 4 Too few ratings to show more than the level 3 4" in text
    assert "P3 Practice P3 Own view 4 Peers 2, from 2 to 3" in text
    assert "Fewer than three" not in text
    assert text.count("One strength") == 12


def test_a_practice_outside_the_mandate_says_so(example):
    SelfScore.objects.filter(assessment__team=example.teams["Birch"], practice__code="P1").update(
        outside_mandate=True, current=None, target=None
    )

    assert "Outside the city's mandate" in words(results_page(example, "Birch", "Birch"))


def test_the_results_ask_the_database_no_more_for_many_comments_than_for_few(example):
    team = example.teams["Birch"]
    team.refresh_from_db()
    comments.comments_of(team, example.cycle)
    with CaptureQueriesContext(connection) as many:
        comments.comments_of(team, example.cycle)
    PeerRating.objects.exclude(practice__code="P1").update(strength="")

    with CaptureQueriesContext(connection) as few:
        comments.comments_of(team, example.cycle)

    assert len(few) == len(many) == 1


# --- What becomes of comments ------------------------------------------------------------


def token(example, by="Cedar", of="Birch", code="P2"):
    return comments.token_of(rating_of(example, by, of, code))


@pytest.mark.parametrize(("said", "useful"), [("yes", True), ("no", False), ("", None)])
def test_the_city_says_whether_a_comment_is_useful(example, said, useful):
    team = example.teams["Birch"]

    answer = send(
        example.people["Birch"],
        "comment-mark",
        example.cycle.pk,
        team.pk,
        token(example),
        useful=said,
    )

    assert answer.status_code == 302
    assert rating_of(example, "Cedar", "Birch").useful is useful
    assert PeerRating.objects.filter(useful__isnull=False).count() == (useful is not None)


@pytest.mark.parametrize("name", ["comment-mark", "comment-report"])
def test_nobody_marks_or_reports_words_about_another_city(example, name):
    team, mark = example.teams["Birch"], token(example)

    answers = [
        send(person, name, example.cycle.pk, pk, mark, useful="yes").status_code
        for person, pk in [
            (example.people["Cedar"], team.pk),
            (example.people["Cedar"], example.teams["Cedar"].pk),
            (example.facilitator, team.pk),
        ]
    ]

    assert answers == [404, 404, 404]
    rating = rating_of(example, "Cedar", "Birch")
    assert (rating.useful, rating.reported_at) == (None, None)


def test_a_city_reports_a_comment_once_and_those_who_lead_get_one_letter(example):
    args = (example.cycle.pk, example.teams["Birch"].pk, token(example))

    for _again in range(2):
        send(example.people["Birch"], "comment-report", *args)

    letters = Message.objects.filter(letter="cityshare/comment_reported")
    assert [letter.to for letter in letters] == [example.facilitator]
    assert "Birch has reported a comment on “P2" in letters[0].body
    assert "Cedar" not in letters[0].body
    assert "You reported this comment." in words(results_page(example, "Birch", "Birch"))
    listed = words(page(example.facilitator, "moderation", example.cycle.pk))
    assert "A city has reported a comment." in listed


def test_what_was_reported_stands_first_for_those_who_lead(example):
    rating = rating_of(example, "Cedar", "Dogwood", "P4")
    send(
        example.people["Dogwood"],
        "comment-report",
        example.cycle.pk,
        example.teams["Dogwood"].pk,
        comments.token_of(rating),
    )

    desk = page(example.facilitator, "comments", example.cycle.pk).context["desk"]

    assert desk == comments.Desk(reported=[comments.Written(rating)])


def test_those_who_lead_read_what_was_written_about_one_city(example):
    team = example.teams["Dogwood"]
    address = reverse("cityshare:comments", args=[example.cycle.pk])
    client = Client()
    client.force_login(example.facilitator)

    answers = [client.get(f"{address}?team={said}") for said in (team.pk, "nonsense")]

    text = words(answers[0])
    assert "About Dogwood, Nepal" in text
    assert [len(answer.context["desk"].of_city) for answer in answers] == [12, 0]
    assert "Written by" not in text
    assert {(one.by, one.city) for one in answers[0].context["desk"].of_city} == {("", "")}


def test_who_wrote_about_one_city_is_told_for_a_reason_that_goes_on_record(example):
    team = example.teams["Dogwood"]
    address = reverse("cityshare:comments", args=[example.cycle.pk])
    client = Client()
    client.force_login(example.facilitator)

    without = client.post(f"{address}?team={team.pk}", {"reason": ""})
    given = client.post(f"{address}?team={team.pk}", {"reason": "It names an official."})

    entry = Entry.objects.get(event="ratings.named")
    assert "Say why in a sentence. It goes on record." in words(without)
    assert "Written by" not in words(without)
    assert given.url == f"{address}?team={team.pk}"
    assert (entry.target, entry.facts) == (name_of(team), {"reason": "It names an official."})
    assert "Written by Birch Focal, Birch, Cambodia" in words(client.get(given.url))
    other = client.get(f"{address}?team={example.teams['Birch'].pk}")
    assert "Written by" not in words(other)


def test_the_desk_tells_nobody_from_the_place_of_their_words(example):
    team = example.teams["Dogwood"]

    found = comments.desk(example.cycle, example.facilitator, team).of_city

    places = [(one.rating.practice.code, comments.token_of(one.rating)) for one in found]
    assert len(places) == 12
    assert places == sorted(places)


def held(example, reason="It names an official."):
    rating = rating_of(example, "Cedar", "Birch")
    answer = send(example.facilitator, "comment-hold", example.cycle.pk, rating.pk, reason=reason)
    return rating, answer


def test_a_comment_that_is_kept_back_is_read_by_its_rater_and_those_who_lead_alone(example):
    rating, answer = held(example)

    birch = words(results_page(example, "Birch", "Birch"))
    cedar = words(page(example.people["Cedar"], "feedback", example.cycle.pk))
    lead = words(page(example.facilitator, "comments", example.cycle.pk))
    assert answer.status_code == 302
    assert "Cedar praises P2" not in birch
    assert "Dogwood praises P2" in birch
    assert "Your comment on “P2 Practice P2” is kept back from the city: It names an" in cedar
    assert "Cedar praises P2 Why: It names an official." in lead
    assert Entry.objects.filter(event="comment.held_back").count() == 1
    args = (example.cycle.pk, example.teams["Birch"].pk, comments.token_of(rating))
    assert send(example.people["Birch"], "comment-mark", *args, useful="yes").status_code == 404


def test_a_comment_can_be_let_stand_again(example):
    rating, _answer = held(example)

    answer = send(example.facilitator, "comment-let-stand", example.cycle.pk, rating.pk)

    assert answer.status_code == 302
    assert "Cedar praises P2" in words(results_page(example, "Birch", "Birch"))


def test_keeping_back_needs_a_reason(example):
    rating, answer = held(example, reason=" ")

    rating.refresh_from_db()
    assert "Say in a sentence why." in words(answer)
    assert rating.held_back == ""


@pytest.mark.parametrize("who", CITIES)
def test_those_who_take_part_neither_read_all_comments_nor_keep_any_back(example, who):
    rating, person = rating_of(example, "Cedar", "Birch"), example.people[who]

    answers = [
        page(person, "comments", example.cycle.pk).status_code,
        send(person, "comment-hold", example.cycle.pk, rating.pk, reason="No.").status_code,
        send(person, "comment-let-stand", example.cycle.pk, rating.pk).status_code,
        page(person, "agreement", example.cycle.pk).status_code,
    ]

    assert answers == [404, 404, 404, 404]


def test_comments_of_another_cycle_are_not_found(example):
    other = example.workshop.cycles.create(
        framework=example.framework, name="Another", status="moderation"
    )
    rating = rating_of(example, "Cedar", "Birch")

    assert [
        send(example.facilitator, name, other.pk, rating.pk, reason="No.").status_code
        for name in ("comment-hold", "comment-let-stand")
    ] == [404, 404]


@pytest.mark.parametrize("stage", ["rating", "closed"])
def test_before_and_after_nothing_is_marked_reported_or_kept_back(stage):
    example = Example(stage=stage)
    team, cycle = example.teams["Birch"], example.cycle
    rating, mark = rating_of(example, "Cedar", "Birch"), token(example)

    answers = [
        send(example.people["Birch"], "comment-mark", cycle.pk, team.pk, mark, useful="yes"),
        send(example.people["Birch"], "comment-report", cycle.pk, team.pk, mark),
        send(example.facilitator, "comment-hold", cycle.pk, rating.pk, reason="No."),
        send(example.facilitator, "comment-let-stand", cycle.pk, rating.pk),
    ]

    rating.refresh_from_db()
    assert {answer.status_code for answer in answers} <= {404, 409}
    assert (rating.useful, rating.reported_at, rating.held_back) == (None, None, "")
