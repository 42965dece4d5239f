"""The form: saved whole or not at all, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import intake
from applications.models import Application
from tests import factories as make
from tests.intake.conftest import ANSWERS
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused

YOUNG = timezone.now().year - 10


def stored(application):
    return Application.objects.filter(pk=application.pk).values().get()


def test_a_draft_can_be_saved_with_gaps(person, blank):
    empty = dict.fromkeys(ANSWERS["you"], "")

    answer = person.save(blank, "you", **empty | {"given_name": "Aoife"})

    blank.refresh_from_db()
    assert answer.status_code == 302
    assert (blank.given_name, blank.birth_date, blank.country.code) == ("Aoife", None, "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"birth_date_day": "30", "birth_date_month": "2"}, "There is no such date."),
        ({"birth_date_year": "9999"}, "A date of birth lies in the past."),
        ({"birth_date_year": "99999"}, "There is no such date."),
        ({"birth_date_year": "9" * 5000}, "There is no such date."),
        ({"birth_date_year": "0001"}, "it has four digits"),
        ({"birth_date_year": str(YOUNG)}, "at least 18 years old"),
        ({"birth_date_year": ""}, "Write the day, the month and the year"),
        ({"birth_date_month": "x"}, "There is no such date."),
        ({"phone": "call me"}, "Write a telephone number"),
        ({"phone": "+1"}, "Write a telephone number"),
        ({"phone": "1" * 16}, "Write a telephone number"),
        ({"given_name": "a" * 121}, "Please shorten this to 120 characters; it has 121."),
        ({"given_name": "a" * 200_000}, "it has 200,000."),
        ({"given_name": "a\x08b"}, "a sign that cannot be read or printed"),
        ({"given_name": "a\x00b"}, "a sign that cannot be read or printed"),
        ({"given_name": "a\u202eb"}, "a sign that cannot be read or printed"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"gender": "<script>"}, "Select a valid choice"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_stores_nothing_and_keeps_what_was_typed(
    person, blank, typed, sentence
):
    before = stored(blank)

    answer = person.save(blank, "you", **typed)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert 'value="+353 91 123 456"' in page or "phone" in typed
    assert 'value="Galway"' in page
    assert stored(blank) == before


@pytest.mark.parametrize("years", ["-1", "71", "1e9", "NaN", "1,5", "ten", "9" * 5000])
def test_a_number_that_is_none_gets_a_sentence(person, blank, years):
    answer = person.save(blank, "organisation", years=years)

    assert "Write a whole number of years from 0 to 70." in answer.content.decode()
    assert stored(blank)["years"] is None


def test_digits_of_other_scripts_are_understood(person, blank):
    person.save(
        blank, "you", birth_date_year="\uff11\uff19\uff18\uff15", phone="\uff0b353 91 123456"
    )
    person.save(blank, "organisation", years="\u0663")

    blank.refresh_from_db()
    assert (blank.birth_date.year, blank.phone, blank.years) == (1985, "+353 91 123456", 3)


def test_the_month_may_be_a_word(person, blank):
    person.save(blank, "you", birth_date_month="May")

    blank.refresh_from_db()
    assert blank.birth_date.isoformat() == "1985-05-17"


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "D\u2019Ávila",
        "نور",
        "Nguyễn Thị Minh Khai",
        "김",
        "a" * 120,
        "نور Smith",
        "{{7*7}}",
    ],
)
def test_names_of_all_kinds_are_kept_as_they_are(person, blank, name):
    person.save(blank, "you", given_name=name)

    blank.refresh_from_db()
    assert blank.given_name == name


def test_a_name_of_blanks_counts_as_no_name(person, blank):
    person.save(blank, "you", given_name="   ")

    blank.refresh_from_db()
    assert blank.given_name == ""


def test_markup_is_shown_as_it_was_typed(person, blank):
    person.save(blank, "work", duties='"><svg/onload=alert(1)>')

    page = person.client.get(person.at("answers", blank.pk)).content.decode()

    assert "&quot;&gt;&lt;svg/onload=alert(1)&gt;" in page
    assert "<svg/onload" not in page


def test_a_line_break_counts_once_as_the_browser_counts_it(person, blank):
    text = "\r\n".join(["a"] * 1000)

    person.save(blank, "work", duties=text)

    blank.refresh_from_db()
    assert blank.duties == "\n".join(["a"] * 1000)


@pytest.mark.parametrize(
    "forged",
    [
        {"status": "accepted"},
        {"applicant": "1"},
        {"reference": "X"},
        {"version": "999"},
        {"call": "1"},
    ],
)
def test_a_form_changes_nothing_but_its_own_fields(person, blank, forged):
    before = stored(blank)

    person.save(blank, "work", **forged)

    changed = {name for name, value in stored(blank).items() if value != before[name]}
    assert changed == {*ANSWERS["work"], "version", "changed_at"}


def test_what_another_window_stored_is_never_overwritten_in_silence(person, draft):
    opened = person.seen(draft, "organisation")
    person.save(draft, "organisation", position="Head of office")

    answer = person.save(draft, "organisation", seen=opened, position="Deputy")

    page = answer.content.decode()
    draft.refresh_from_db()
    assert answer.status_code == 409
    assert 'value="Deputy"' in page
    assert "Head of office" in page
    assert draft.position == "Head of office"


def test_whoever_has_seen_both_texts_can_keep_their_own(person, draft):
    opened = person.seen(draft, "organisation")
    person.save(draft, "organisation", position="Head of office")
    shown = person.save(draft, "organisation", seen=opened, position="Deputy").context["form"]

    answer = person.save(draft, "organisation", seen=shown["seen"].value(), position="Deputy")

    draft.refresh_from_db()
    assert (answer.status_code, draft.position) == (302, "Deputy")


def test_another_window_with_another_section_disturbs_nobody(person, draft):
    opened = person.seen(draft, "work")
    person.save(draft, "organisation", position="Head of office")

    answer = person.save(draft, "work", seen=opened)

    assert answer.status_code == 302


def test_a_page_without_its_sign_counts_as_stale(person, draft):
    answer = person.save(draft, "work", seen="")

    assert answer.status_code == 409


def test_after_the_deadline_nothing_is_saved_and_both_clocks_are_shown(person, draft, close):
    close(draft.call)
    person.client.cookies["zone"] = "Asia/Phnom_Penh"

    answer = person.save(draft, "organisation", position="I was late")

    page = answer.content.decode()
    draft.refresh_from_db()
    assert answer.status_code == 409
    assert "This arrived after the deadline" in page
    assert page.count("Seoul time (UTC+9)") == page.count("Phnom Penh time (UTC+7)") == 3
    assert "I was late" in page
    assert person.at("answers", draft.pk) in page
    assert draft.position == "Programme officer"
    assert Entry.objects.get().event == "application.change.refused"


def test_before_the_call_opens_nothing_can_be_begun(person):
    call = make.CallFactory(opens_at=timezone.now() + timedelta(days=1))

    answer = person.start(call)

    assert answer.status_code == 409
    assert "not open yet" in answer.content.decode()
    assert Application.objects.count() == 0


def test_after_the_deadline_nothing_can_be_begun(person, close):
    call = make.CallFactory()
    close(call)

    answer = person.start(call)

    assert answer.status_code == 409
    assert Application.objects.count() == 0
    assert Entry.objects.get().event == "application.start.refused"


def test_what_has_been_sent_stays_complete(person, sent):
    answer = person.save(sent, "organisation", position="")

    sent.refresh_from_db()
    assert "an application that has been sent stays complete" in answer.content.decode()
    assert sent.position == "Programme officer"


def test_a_change_of_what_was_sent_gives_a_new_receipt(person, sent):
    person.save(sent, "organisation", position="Head of office")

    sent.refresh_from_db()
    assert sent.status == "submitted"
    assert [receipt.number for receipt in sent.receipts.all()] == [1, 2]
    assert sent.applicant.letters.get().letter == "applications/replaced"


def test_saving_without_a_change_stores_and_writes_nothing(person, sent):
    form = person.client.get(person.at("section", sent.pk, "work")).context["form"]

    person.client.post(
        person.at("section", sent.pk, "work"),
        {**{name: form[name].value() for name in ANSWERS["work"]}, "seen": form.sign},
    )

    assert sent.receipts.count() == 1
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("status", ["accepted", "waitlisted", "rejected", "withdrawn"])
def test_what_has_been_answered_or_withdrawn_is_no_longer_changed(person, sent, status):
    Application.objects.filter(pk=sent.pk).update(status=status)

    answer = person.save(sent, "organisation", position="Head of office")

    sent.refresh_from_db()
    assert answer.status_code == 409
    assert sent.position == "Programme officer"


def test_a_change_between_looking_and_storing_is_not_overwritten(person, draft):
    seen = Application.objects.get(pk=draft.pk)
    person.save(draft, "organisation", position="Head of office")

    with pytest.raises(Refused, match="changed in another window"):
        intake.save_section(
            seen,
            section="organisation",
            answers={"position": "Deputy"},
            arrived_at=timezone.now(),
            by=person.user,
        )

    draft.refresh_from_db()
    assert draft.position == "Head of office"
