"""Words that are no answer yet are kept, shown again, and never count."""

import pytest

from applications.models import Application
from tests.intake.conftest import changed, fates, row


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("phone", {"phone": "+85"}, ["+85"]),
        (
            "birth_date",
            {"birth_date_day": "17", "birth_date_month": "", "birth_date_year": "19"},
            ["17", "", "19"],
        ),
        ("given_name", {"given_name": "a" * 121}, ["a" * 121]),
        ("given_name", {"given_name": "a\x00b\x08c\u202ed"}, ["abcd"]),
    ],
)
def test_words_that_are_no_answer_yet_are_kept_beside_the_one_that_counts(
    window, draft, name, typed, words
):
    before = row(draft)

    told = window(draft, "you").save(name, **typed)

    draft.refresh_from_db()
    assert fates(told) == {name: "taken"}
    assert told[name]["why"]
    assert draft.unfinished == {name: words}
    assert getattr(draft, name) == before[name]


def test_words_that_are_no_answer_yet_are_there_again_on_any_device(person, window, blank):
    parts = {"birth_date_day": "17", "birth_date_month": "", "birth_date_year": ""}
    window(blank, "you").save("phone", "birth_date", phone="+85", **parts)

    page = person.client.get(person.at("section", blank.pk, "you")).content.decode()

    assert 'value="+85"' in page
    assert 'name="birth_date_day" value="17"' in page
    assert "not complete yet: Date of birth, Telephone." in page


def test_words_become_an_answer_when_they_are_complete(window, blank):
    page = window(blank, "you")
    page.save("phone", phone="+85")

    page.save("phone", phone="+855 12 345 678")

    blank.refresh_from_db()
    assert (blank.phone, blank.unfinished) == ("+855 12 345 678", {})


def test_words_that_are_no_answer_yet_do_not_make_an_application_complete(person, window, draft):
    Application.objects.filter(pk=draft.pk).update(phone="")
    window(draft, "you").save("phone", phone="+85")

    answer = person.submit(draft)

    assert answer.status_code == 409
    assert Application.objects.get(pk=draft.pk).status == "draft"


def test_pressing_the_button_ends_what_was_begun(person, window, draft):
    window(draft, "you").save("phone", phone="+85")

    person.save(draft, "you")

    draft.refresh_from_db()
    assert (draft.phone, draft.unfinished) == ("+353 91 123 456", {})


@pytest.mark.parametrize("page", ["answers", "check"])
def test_what_was_begun_is_read_beside_the_answers(person, window, draft, page):
    window(draft, "you").save("phone", phone="+85")

    shown = person.client.get(person.at(page, draft.pk)).content.decode()

    assert "+85" in shown
    assert "Begun, does not count: +85" in shown


def test_what_was_begun_stands_in_the_copy_to_keep(person, window, draft):
    window(draft, "you").save("phone", phone="+85")

    copy = person.client.get(person.at("answers", draft.pk) + "?download").content.decode()

    assert "    (begun, does not count: +85)" in copy


def test_what_was_begun_stands_on_the_page_that_says_it_is_too_late(person, window, draft, close):
    window(draft, "you").save("phone", phone="+85")
    close(draft.call)

    page = person.save(draft, "work", duties="Too late").content.decode()

    assert "What you had begun and not completed" in page
    assert "+85" in page


@pytest.mark.parametrize(
    ("name", "words"), [("country", "XX"), ("given_name", "a" * 10_001), ("gender", "<script>")]
)
def test_what_cannot_be_kept_at_all_is_said(window, draft, name, words):
    section = "you"
    before = row(draft)

    told = window(draft, section).save(name, **{name: words})

    assert (fates(told), changed(before, draft)) == ({name: "refused"}, {})
    assert told[name]["why"]
