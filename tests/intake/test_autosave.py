"""What is typed into a draft is kept while it is typed, and never over somebody else's words."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.models import Application
from tests import factories as make
from tests.intake.conftest import ANSWERS, changed, fates, row
from workshop_portal.audit.models import Entry

# --- Saving ------------------------------------------------------------------------------


def test_what_was_typed_is_stored_and_nothing_else_is_touched(window, draft):
    before = row(draft)

    told = window(draft, "work").save("duties", duties="I run two desks.")

    found = changed(before, draft)
    assert fates(told) == {"duties": "taken"}
    assert found.keys() == {"duties", "version", "changed_at", "autosaved"}
    assert (found["duties"], found["version"]) == ("I run two desks.", 1)


def test_the_answer_says_when_by_the_clock_that_deadlines_are_read_on(window, draft):
    told = window(draft, "work").send("duties", duties="I run two desks.").json()

    age = timezone.now() - datetime.fromisoformat(told["at"])
    assert abs(age) < timedelta(seconds=5)


def test_a_question_in_several_fields_is_stored_as_one(window, blank):
    parts = {"birth_date_day": "17", "birth_date_month": "May", "birth_date_year": "1985"}

    window(blank, "you").save("birth_date", **parts)

    blank.refresh_from_db()
    assert blank.birth_date.isoformat() == "1985-05-17"


def test_an_answer_can_be_taken_away(window, draft):
    window(draft, "work").save("duties", duties="")

    draft.refresh_from_db()
    assert draft.duties == ""


def test_saving_the_same_again_changes_nothing(window, draft):
    page = window(draft, "work")
    page.save("duties", duties="I run two desks.")
    before = row(draft)

    told = page.save("duties", duties="I run two desks.")

    assert (fates(told), changed(before, draft)) == ({"duties": "same"}, {})


def test_saving_takes_four_queries(window, draft):
    page = window(draft, "work")

    with CaptureQueriesContext(connection) as taken:
        page.send("duties", duties="I run two desks.")

    assert [query["sql"].split()[0] for query in taken] == ["SELECT", "SELECT", "SELECT", "UPDATE"]


# --- Two windows -------------------------------------------------------------------------


def test_two_windows_may_answer_different_questions(window, draft):
    one, other = window(draft, "work"), window(draft, "work")

    one.save("duties", duties="From one")
    told = other.save("experience", experience="From the other")

    draft.refresh_from_db()
    assert (draft.duties, draft.experience) == ("From one", "From the other")
    assert told["duties"] | {"mark": ""} == {
        "fate": "untouched",
        "theirs": "From one",
        "controls": ["From one"],
        "mark": "",
    }


def test_of_two_windows_with_one_question_the_second_is_told_and_overwrites_nothing(window, draft):
    one, other = window(draft, "work"), window(draft, "work")
    one.save("duties", duties="From one")

    told = other.save("duties", duties="From the other")

    draft.refresh_from_db()
    assert fates(told) == {"duties": "conflict"}
    assert told["duties"]["theirs"] == "From one"
    assert draft.duties == "From one"


def test_whoever_has_seen_both_may_keep_their_own(window, draft):
    one, other = window(draft, "work"), window(draft, "work")
    one.save("duties", duties="From one")
    told = other.save("duties", duties="From the other")
    other.bases["duties"] = told["duties"]["mark"]

    other.save("duties", duties="From the other")

    draft.refresh_from_db()
    assert draft.duties == "From the other"


def test_words_that_are_no_answer_yet_are_not_overwritten_either(window, blank):
    one, other = window(blank, "you"), window(blank, "you")
    one.save("phone", phone="+85")

    told = other.save("phone", phone="+353 91 123 456")

    blank.refresh_from_db()
    assert fates(told) == {"phone": "conflict"}
    assert told["phone"]["theirs"] == "+85"
    assert (blank.phone, blank.unfinished) == ("", {"phone": ["+85"]})


def test_a_choice_of_another_window_is_told_in_words(window, draft):
    one, other = window(draft, "organisation"), window(draft, "organisation")
    one.save("sector", sector="victim_service")

    told = other.save("sector", sector="other")

    assert told["sector"]["theirs"] == "Institution that works directly with victims"
    assert told["sector"]["controls"] == ["victim_service"]


def test_a_window_that_does_not_say_what_it_was_opened_with_overwrites_nothing(window, draft):
    page = window(draft, "work")
    page.bases = {"duties": ""}

    told = page.save("duties", duties="From nowhere")

    assert told["duties"]["fate"] == "conflict"


def test_the_button_saves_beside_what_another_window_stored_elsewhere(person, window, draft):
    opened = person.seen(draft, "work")
    window(draft, "work").save("experience", experience="From another window")

    answer = person.save(draft, "work", seen=opened, experience=draft.experience, duties="Mine")

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert (draft.duties, draft.experience) == ("Mine", "From another window")


def test_the_button_after_saving_by_itself_is_no_conflict(person, window, draft):
    opened = person.seen(draft, "work")
    typed = {name: getattr(draft, name) for name in ANSWERS["work"]} | {"duties": "Mine"}
    window(draft, "work").save("duties", duties="Mine")

    answer = person.save(draft, "work", seen=opened, **typed)

    assert answer.status_code == 302


# --- Who and when ------------------------------------------------------------------------


def test_what_arrives_late_is_refused_with_both_readings_of_the_clock(window, draft, close):
    page = window(draft, "work")
    close(draft.call)
    before = row(draft)

    answer = page.send("duties", duties="Too late")

    sentence = answer.json()["sentence"]
    assert (answer.status_code, changed(before, draft)) == (409, {})
    assert sentence.startswith("This arrived after the deadline, so it could not be taken.")
    assert sentence.count("Seoul time (UTC+9)") == 2
    assert Entry.objects.get().event == "application.change.refused"


def test_a_later_deadline_of_ones_own_counts(window, draft, close):
    page = window(draft, "work")
    close(draft.call)
    make_later(draft)

    assert fates(page.save("duties", duties="In time")) == {"duties": "taken"}


def test_a_slip_does_not_end_the_time_that_a_country_has_more(window, person, draft, close):
    page, call = window(draft, "you"), draft.call
    until = call.closes_at + timedelta(days=2)
    call.extensions.create(country=draft.country, was=call.closes_at, until=until, reason="Flood")

    before = fates(page.save("country", country=draft.country))
    close(call)
    told = page.save("country", country="AF")
    by_button = person.save(draft, "you", country="AF")

    assert (before, fates(told)) == ({"country": "same"}, {"country": "refused"})
    assert "It cannot be changed now" in told["country"]["why"]
    assert "It cannot be changed now" in by_button.content.decode()
    draft.refresh_from_db()
    assert draft.window.is_open(timezone.now())


@pytest.mark.parametrize("named", ["AF", "KH"])
def test_the_country_can_be_changed_while_that_ends_nothing(window, draft, close, named):
    page = window(draft, "you")
    close(draft.call)
    make_later(draft)

    assert "refused" not in fates(page.save("country", country=named)).values()
    draft.refresh_from_db()
    assert draft.country == named


def make_later(application):
    call = application.call
    until = timezone.now() + timedelta(days=2)
    call.extensions.create(application=application, was=call.closes_at, until=until, reason="Ill")


@pytest.mark.parametrize("status", ["submitted", "accepted", "withdrawn"])
def test_what_was_sent_is_changed_by_the_button_alone(window, sent, status):
    page = window(sent, "work")
    Application.objects.filter(pk=sent.pk).update(status=status)
    before = row(sent)

    answer = page.send("duties", duties="By itself")

    assert (answer.status_code, changed(before, sent)) == (409, {})
    assert "no longer a draft" in answer.json()["sentence"]


def test_the_page_of_what_was_sent_does_not_save_by_itself(person, sent, draft):
    pages = [
        person.client.get(person.at("section", one.pk, "work")).content.decode()
        for one in (draft, sent)
    ]

    assert ["data-address=" in page for page in pages] == [True, False]
    assert "counts when you press the button" in pages[1]


def test_somebody_elses_application_is_not_there(window, draft, client):
    page = window(draft, "work")
    page.client = Client()
    page.client.force_login(make.UserFactory())

    answers = [page.send("duties", duties="Not mine"), page.client.get(page.address)]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_whoever_is_signed_out_is_told_so_without_a_way_elsewhere(window, draft):
    page = window(draft, "work")
    page.client = Client()
    before = row(draft)

    answers = [page.send("duties", duties="Gone"), page.client.get(page.address)]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == {"sentence": "You have been signed out."}
    assert changed(before, draft) == {}


def test_whoever_signs_in_again_gets_a_token_with_which_saving_goes_on(window, draft, person):
    page = window(draft, "work")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(person.user)
    typed = {"seen": ".".join(page.bases.values()), "changed": "duties", "duties": "Mine"}

    refused = careful.post(page.address, typed)
    token = careful.get(page.address).json()["token"]
    taken = careful.post(page.address, typed, headers={"X-CSRFToken": token})

    assert (refused.status_code, taken.status_code) == (403, 200)


@pytest.mark.parametrize(
    "forged", ["status", "applicant", "version", "call", "reference", "unfinished", "position"]
)
def test_nothing_but_the_questions_of_the_section_can_be_written(window, draft, forged):
    before = row(draft)

    answer = window(draft, "work").send("duties", forged, duties="Mine", **{forged: "1"})

    found = changed(before, draft)
    assert answer.status_code == 200
    assert found.keys() == {"duties", "version", "changed_at", "autosaved"}


@pytest.mark.parametrize("body", [b"", b"changed=duties", b"changed=%00&seen=%ff.%00", b"[1"])
def test_whatever_is_sent_is_answered(person, draft, body):
    address = person.at("section-autosave", draft.pk, "work")

    answer = person.client.post(address, body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert json.loads(answer.content).keys() == {"at", "questions"}


def test_there_is_no_other_section(person, draft):
    assert person.client.get(person.at("section-autosave", draft.pk, "more")).status_code == 404


# --- The trail ---------------------------------------------------------------------------


def events():
    return [(entry.event, entry.facts.get("section")) for entry in Entry.objects.order_by("pk")]


def test_saving_by_itself_writes_no_line_until_the_section_is_left(window, draft):
    page = window(draft, "work")
    for words in ("I", "I run", "I run two"):
        page.save("duties", duties=words)
    assert events() == []

    page.send(leaving="1")
    page.send(leaving="1")

    assert events() == [("application.changed", "work")]


def test_the_button_writes_the_line_of_what_was_saved_by_itself(person, window, draft):
    window(draft, "work").save("duties", duties=ANSWERS["work"]["duties"] + " Two.")

    person.save(draft, "work", duties=ANSWERS["work"]["duties"] + " Two.")

    draft.refresh_from_db()
    assert (events(), draft.autosaved) == ([("application.changed", "work")], [])


def test_sending_the_application_writes_the_lines_before_its_own(person, window, draft):
    window(draft, "work").save("duties", duties="Mine")

    person.submit(draft)

    assert events()[:2] == [("application.changed", "work"), ("application.submitted", None)]
