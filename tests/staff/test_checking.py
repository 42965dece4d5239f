from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from applications.actions import checking
from applications.models import Call, Document
from applications.queries.checking import Return
from tests.factories import DocumentFactory, SubmittedApplicationFactory
from workshop_portal.audit.models import DocumentAccess, Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message
from workshop_portal.templatetags.portal import faults_of

pytestmark = pytest.mark.django_db
DAY = "2039-05-04"
END_OF_DAY_IN_SEOUL = datetime(2039, 5, 4, 14, 59, 59, tzinfo=UTC)


def file_of(application, slug="cv"):
    return application.documents.current().get(requirement__slug=slug)


def answers(document, reason="unsigned", note="Please let the head of office sign it.", day=DAY):
    return {f"{document.pk}-reason": reason, f"{document.pk}-note": note, "day": day}


# --- Reading -----------------------------------------------------------------------------


def test_a_file_is_shown_in_the_page_and_the_reading_is_on_record(desk, hana, sent):
    cv = file_of(sent)

    shown = desk.get(f"/desk/documents/{cv.pk}/file/")

    assert b"".join(shown.streaming_content).startswith(b"%PDF")
    assert shown["Content-Disposition"] == 'inline; filename="cv.pdf"'
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert [(r.by, r.action, r.title, r.sha256) for r in DocumentAccess.objects.about(sent)] == [
        (hana, "preview", "Curriculum vitae", cv.sha256)
    ]


def test_a_download_is_on_record_as_one(desk, sent):
    given = desk.get(f"/desk/documents/{file_of(sent).pk}/file/?download")

    assert given["Content-Disposition"] == 'attachment; filename="cv.pdf"'
    assert [reading.action for reading in DocumentAccess.objects.all()] == ["download"]


def test_asking_for_the_head_or_a_part_is_on_record_once_each(desk, sent):
    address = f"/desk/documents/{file_of(sent).pk}/file/"

    cv = file_of(sent).file.read()
    ranges = ["bytes=0-3", "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)), "bytes=9-1", "x"]

    head = desk.head(address)
    parts = [desk.get(address, headers={"range": each, "if-range": '"a"'}) for each in ranges]

    # No parts are given: whoever asks for some of a file, or for a thousand, gets it as it is.
    assert (head.status_code, head["Content-Length"]) == (200, str(len(cv)))
    assert [(part.status_code, b"".join(part.streaming_content)) for part in parts] == [
        (200, cv)
    ] * len(ranges)
    assert DocumentAccess.objects.count() == 1 + len(ranges)


def test_looking_at_the_page_of_a_file_is_no_reading_of_it(desk, sent):
    shown = desk.get(f"/desk/documents/{file_of(sent).pk}/")

    assert f'src="/desk/documents/{file_of(sent).pk}/file/#' in shown.content.decode()
    assert DocumentAccess.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_no_byte_leaves_when_the_reading_cannot_be_put_on_record(desk, sent):
    table = DocumentAccess._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO out_of_reach")

    try:
        refused = desk.get(f"/desk/documents/{file_of(sent).pk}/file/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE out_of_reach RENAME TO {table}")

    assert (refused.status_code, refused.streaming) == (503, False)
    assert b"%PDF" not in refused.content
    assert b"This file cannot be shown now" in refused.content


def test_a_word_file_is_offered_as_a_download_with_what_is_known_of_it(desk, sent):
    Document.objects.filter(pk=file_of(sent).pk).update(
        name="cv.docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )

    shown = desk.get(f"/desk/documents/{file_of(sent).pk}/").content.decode()

    assert "<iframe" not in shown
    assert f"/desk/documents/{file_of(sent).pk}/file/?download" in shown
    assert "0" * 64 in shown


def test_the_page_of_a_file_leads_to_the_files_beside_it_by_key(desk, sent):
    shown = desk.get(f"/desk/documents/{file_of(sent, 'commitment').pk}/").content.decode()

    assert f'/desk/documents/{file_of(sent, "nomination").pk}/" accesskey="p"' in shown
    assert f'/desk/documents/{file_of(sent, "waiver").pk}/" accesskey="n"' in shown
    assert f'/desk/applications/{sent.pk}/" accesskey="a"' in shown


def test_an_older_version_can_be_read_but_not_checked(desk, sent):
    old = file_of(sent)
    Document.objects.filter(pk=old.pk).update(is_current=False)
    new = DocumentFactory(application=sent, requirement=old.requirement, version=2)

    shown = desk.get(f"/desk/documents/{old.pk}/").content.decode()

    assert "It counts no more" in shown
    assert f"/desk/documents/{new.pk}/" in shown
    assert f"/desk/documents/{old.pk}/accept/" not in shown
    assert f"/desk/documents/{old.pk}/return/" not in shown


def test_who_read_what_stands_in_the_story_of_the_application(desk, sent):
    desk.get(f"/desk/documents/{file_of(sent).pk}/file/")

    story = desk.get(f"/desk/applications/{sent.pk}/").context["story"]

    assert [(line.who, line.what, line.detail) for line in story] == [
        ("Hana Kim", "Looked at the document “Curriculum vitae”", "")
    ]


# --- Accepting ---------------------------------------------------------------------------


def test_accepting_a_file_leads_to_the_next_one_that_waits(desk, sent):
    sent.documents.exclude(requirement__slug__in=["cv", "waiver"]).update(status="accepted")
    waiver, cv = file_of(sent, "waiver"), file_of(sent, "cv")

    first = desk.post(f"/desk/documents/{waiver.pk}/accept/")
    last = desk.post(f"/desk/documents/{cv.pk}/accept/")

    assert first.url == f"/desk/documents/{cv.pk}/"
    assert last.url == f"/desk/applications/{sent.pk}/"
    assert set(sent.documents.values_list("status", flat=True)) == {"accepted"}


def test_accepting_stands_in_the_trail_of_the_application(hana, sent):
    checking.accept(file_of(sent), by=hana)

    line = Entry.objects.about(sent).get()
    assert (line.event, line.by, line.facts) == ("document.accepted", hana, {"was": "received"})


# --- Returning ---------------------------------------------------------------------------


def test_a_returned_file_keeps_its_reason_its_note_and_its_own_day(desk, sent):
    cv = file_of(sent)

    answer = desk.post(f"/desk/documents/{cv.pk}/return/", answers(cv))

    cv.refresh_from_db()
    assert answer.url == f"/desk/applications/{sent.pk}/"
    assert (cv.status, cv.return_reason, cv.return_note, cv.return_until) == (
        "returned",
        "unsigned",
        "Please let the head of office sign it.",
        END_OF_DAY_IN_SEOUL,
    )


def test_a_letter_never_names_an_earlier_day_than_the_deadline(desk, sent):
    given = answers(file_of(sent), day=(timezone.now() + timedelta(days=1)).date().isoformat())
    Call.objects.update(closes_at=END_OF_DAY_IN_SEOUL)

    desk.post(f"/desk/applications/{sent.pk}/return/", given)

    letter = Message.objects.get(letter="applications/returned")
    assert "by 4 May 2039, 23:59 Seoul time (UTC+9)" in letter.body


def test_several_files_go_back_with_one_letter(desk, sent):
    cv, waiver = file_of(sent), file_of(sent, "waiver")
    given = {**answers(cv), **answers(waiver, "outdated", "")}

    desk.post(f"/desk/applications/{sent.pk}/return/", given)

    letter = Message.objects.get(letter="applications/returned")
    returned = sent.documents.filter(status="returned").order_by("requirement__order")
    assert [document.requirement.slug for document in returned] == ["waiver", "cv"]
    assert (letter.to, letter.rule, letter.scope) == (
        sent.applicant,
        "safe",
        sent.call.workshop.scope,
    )
    assert "Curriculum vitae: A signature or a stamp is missing." in letter.body
    assert "Please let the head of office sign it." in letter.body
    assert "release of liability: It is out of date." in letter.body
    assert "4 May 2039, 23:59 Seoul time (UTC+9)" in letter.body


@pytest.mark.parametrize(("left", "day"), [(-1, 3), (2, 3), (9, 9)])
def test_the_own_day_is_three_days_away_and_never_before_the_deadline(desk, sent, left, day):
    now = timezone.now()
    type(sent.call).objects.update(opens_at=now - timedelta(60), closes_at=now + timedelta(left))

    form = desk.get(f"/desk/applications/{sent.pk}/return/").context["form"]

    here = now + timedelta(hours=9)
    assert form.fields["day"].initial == (here + timedelta(days=day)).date()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reason": ""}, "This field is required"),
        ({"reason": "nonsense"}, "Select a valid choice"),
        ({"reason": "other", "note": ""}, "Say what is wrong, for the list does not."),
        ({"day": "2001-01-01"}, "This day is over."),
        ({"day": "soon"}, "Enter a valid date"),
        ({"note": "x" * 1001}, "Please shorten this"),
    ],
)
def test_a_return_that_says_too_little_comes_back_with_what_was_typed(desk, sent, facts, words):
    cv = file_of(sent)

    shown = desk.post(f"/desk/documents/{cv.pk}/return/", answers(cv, **facts))

    cv.refresh_from_db()
    assert (shown.status_code, cv.status) == (200, "received")
    assert words in shown.content.decode()
    assert facts.get("note", "Please let the head of office sign it.") in shown.content.decode()


def test_returning_several_asks_for_at_least_one(desk, sent):
    shown = desk.post(f"/desk/applications/{sent.pk}/return/", {"day": DAY})

    assert b"Choose at least one file to return." in shown.content


def test_a_note_without_a_reason_asks_for_the_reason(desk, sent):
    cv = file_of(sent)

    shown = desk.post(f"/desk/applications/{sent.pk}/return/", answers(cv, reason=""))

    assert b"Choose what is wrong, or take the note away." in shown.content


def test_the_same_mistake_at_two_files_names_each_of_them(desk, sent):
    wrong = answers(file_of(sent), reason="") | answers(file_of(sent, "nomination"), reason="")

    shown = desk.post(f"/desk/applications/{sent.pk}/return/", wrong)

    mistake = "What is wrong with it? Choose what is wrong, or take the note away."
    assert [fault.words for fault in faults_of([shown.context["form"]])] == [
        f"Letter of nomination: {mistake}",
        f"Curriculum vitae: {mistake}",
    ]


def test_a_file_that_was_replaced_meanwhile_is_neither_accepted_nor_returned(desk, hana, sent):
    old = file_of(sent)
    Document.objects.filter(pk=old.pk).update(is_current=False)
    DocumentFactory(application=sent, requirement=old.requirement, version=2)

    accepted = desk.post(f"/desk/documents/{old.pk}/accept/")
    returned = desk.post(f"/desk/documents/{old.pk}/return/", answers(old))

    old.refresh_from_db()
    assert (accepted.status_code, returned.status_code, old.status) == (409, 409, "received")
    assert b"A newer file for" in returned.content
    assert b"Please let the head of office sign it." in returned.content


@pytest.mark.parametrize("status", ["draft", "accepted", "waitlisted", "rejected", "withdrawn"])
def test_documents_are_checked_only_while_the_application_is_submitted(hana, sent, status):
    type(sent).objects.filter(pk=sent.pk).update(status=status)
    back = Return(file_of(sent), "wrong")

    with pytest.raises(Refused, match="Documents are checked while"):
        checking.accept(file_of(sent), by=hana)
    with pytest.raises(Refused, match="Documents are checked while"):
        checking.return_documents(sent, returns=[back], until=timezone.now(), by=hana)

    assert Message.objects.count() == 0


def test_a_file_is_returned_once(hana, sent):
    back = Return(file_of(sent), "wrong")
    checking.return_documents(sent, returns=[back], until=timezone.now(), by=hana)

    with pytest.raises(Refused):
        checking.return_documents(sent, returns=[back], until=timezone.now(), by=hana)

    assert Message.objects.count() == 1


# --- The page of one application ---------------------------------------------------------


def test_the_page_of_an_application_shows_every_answer_and_the_seven_documents(desk, sent):
    shown = desk.get(f"/desk/applications/{sent.pk}/")

    answers_shown = {
        answer.term: answer.value
        for section in shown.context["sections"]
        for answer in section.answers
    }
    assert answers_shown["Date of birth"] == "17 May 1985"
    assert answers_shown["Country you work in"] == "Cambodia"
    assert answers_shown["Kind of organisation"] == "Local government"
    assert answers_shown["Family name"] == "O'Brien"
    assert len(answers_shown) == 24
    assert [slot.state[1] for slot in shown.context["slots"]] == ["Filled in", *["To check"] * 6]
    assert shown.context["received"] == 7


def test_applications_lead_to_those_beside_them_by_key(desk, call, sent):
    later = SubmittedApplicationFactory(call=call)

    first = desk.get(f"/desk/applications/{sent.pk}/").context["neighbours"]
    last = desk.get(f"/desk/applications/{later.pk}/").context["neighbours"]

    assert (first.before, first.after) == (None, later)
    assert (last.before, last.after) == (sent, None)


def test_the_page_of_an_application_asks_the_database_little(
    desk, hana, sent, django_assert_max_num_queries
):
    for document in sent.documents.all():
        checking.put_on_record(document, action="preview", by=hana)
        checking.accept(document, by=hana)

    with django_assert_max_num_queries(12):
        desk.get(f"/desk/applications/{sent.pk}/")
