"""Forms filled once, and papers signed in the browser."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.actions import signing
from applications.models import Application, Document, Signature, Transfer
from applications.queries.signing import proof_of, to_sign
from tests import factories as make
from tests.intake.pdf import solid, words_of
from tests.race import at_once
from workshop_portal.audit.models import Entry
from workshop_portal.audit.queries import trail
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db
STATEMENT = "I have read this text to its end. My name typed here is my signature under it."


def line(application, slug="commitment"):
    return application.call.required_documents.get(slug=slug)


def press_sign(person, application, slug="commitment", **changed):
    """Open the page, read it, sign it; the worker has printed it when this returns."""
    address = person.at("sign", application.pk, slug)
    page = person.client.get(address)
    typed = {"seen": page.context["form"]["seen"].value(), "name": "Aoife O'Brien"}
    with person.at_once(execute=True):
        return person.client.post(address, typed | {"statement": "on"} | changed)


def sign(application, *, by=None, slug="commitment", **changed):
    requirement = line(application, slug)
    _facts, seen = to_sign(application, requirement)
    facts = {"name": application.name, "statement": "I agree.", "seen": seen}
    facts |= {"arrived_at": timezone.now(), "by": by or application.applicant} | changed
    return signing.sign(application, requirement, **facts)


# --- Signed --------------------------------------------------------------------------------


def test_a_typed_name_becomes_a_record_and_a_document(person, filled):
    answer = press_sign(person, filled, name="o'brien AOIFE")

    assert answer.url == person.at("document", filled.pk, "commitment")
    signature = Signature.objects.get()
    document = Document.objects.get(application=filled)
    assert (signature.name, signature.statement) == ("o'brien AOIFE", STATEMENT)
    assert (signature.user, signature.nomination) == (person.user, None)
    assert signature.sha256 == hashlib.sha256(signature.text.encode()).hexdigest()
    assert (document.origin, document.name) == ("signed", "Letter of commitment.pdf")
    assert document.transfer.signature == signature
    assert document.arrived_at == signature.signed_at


def test_what_was_read_is_what_is_signed_and_what_is_printed(person, filled):
    page = person.client.get(person.at("sign", filled.pk, "commitment")).content.decode()
    press_sign(person, filled)

    signature = Signature.objects.get()
    printed = solid(words_of(Document.objects.get(application=filled).file.read()))
    for paragraph in filter(None, signature.text.splitlines()):
        words = paragraph.partition(": ")[2] or paragraph.partition(". ")[2] or paragraph
        assert solid(words) in printed
    for word in ("Aoife O&#x27;Brien", "Programme officer", "To protect."):
        assert word in page


def test_the_printed_paper_carries_the_record_of_the_signature(person, filled):
    press_sign(person, filled)

    signature = Signature.objects.get()
    printed = words_of(Document.objects.get(application=filled).file.read())
    assert STATEMENT in printed
    assert person.user.email in printed
    assert signature.signed_at.isoformat(timespec="seconds") in solid(printed)
    assert "Seoul time (UTC+9)" in printed
    for fact in (signature.sha256, str(signature.pk)):
        assert fact in solid(printed)


NAMES = ["정하늘", "Nguyễn Thị Ánh", "Бат-Эрдэнэ", "Ганбаатарын Өнөрцэцэг", "សុខា", "สมชาย"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_a_script_of_the_region_is_printed_as_it_is_written(name, filled):
    Application.objects.filter(pk=filled.pk).update(given_name=name, family_name="")
    filled.refresh_from_db()
    signature = sign(filled, name=name)

    printed = solid(words_of(signing.printed_paper(signature)))

    assert printed.count(solid(name)) == 3


def test_who_has_one_name_signs_with_one_name(person, filled):
    Application.objects.filter(pk=filled.pk).update(given_name="Suharto", family_name="")

    press_sign(person, filled, name="SUHARTO")

    assert Signature.objects.get().name == "SUHARTO"


def test_the_name_on_the_certificate_is_a_name_to_sign_with(person, filled):
    Application.objects.filter(pk=filled.pk).update(certificate_name="정하늘")

    press_sign(person, filled, name="하늘 정")

    assert Signature.objects.get().name == "하늘 정"


# --- Not signed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Somebody Else"}, "This is not the name in the text above. Type Aoife"),
        ({"name": ""}, "Type your name to sign."),
        ({"name": "\u200b"}, "Type your name to sign."),
        ({"name": "x" * 200}, "Please shorten this to 150 characters; it has 200."),
        ({"name": "Aoife\x00O'Brien"}, "This text holds a sign that cannot be read"),
        ({"name": "\u202eneirB'O efioA"}, "This text holds a sign that cannot be read"),
        ({"name": "{{7*7}}"}, "This is not the name in the text above."),
        ({"statement": ""}, "Please confirm this; without it nothing is signed."),
    ],
)
def test_what_is_no_signature_comes_back_with_a_sentence(person, filled, changed, words):
    page = press_sign(person, filled, **changed)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Signature.objects.exists()
    assert not Transfer.objects.exists()


def test_a_text_that_changed_after_it_was_read_is_not_signed(person, filled):
    answer = press_sign(person, filled, seen="0" * 64)

    assert answer.status_code == 409
    assert "read it again" in answer.content.decode()
    assert not Signature.objects.exists()


def test_the_action_takes_no_other_name_either(filled):
    with pytest.raises(Refused, match="sign with the name in your application"):
        sign(filled, name="Somebody Else")

    assert not Signature.objects.exists()


def test_no_field_of_the_form_reaches_the_record(person, filled):
    extra = {"sha256": "1" * 64, "signed_at": "2001-01-01", "user": "1", "text": "x", "status": "x"}

    press_sign(person, filled, **extra)

    signature = Signature.objects.get()
    filled.refresh_from_db()
    assert signature.user == person.user
    assert signature.sha256 != "1" * 64
    assert signature.signed_at.year > 2001
    assert filled.status == "draft"


def test_a_line_that_the_applicant_does_not_sign_has_no_such_page(person, filled):
    found = [
        person.client.get(person.at("sign", filled.pk, slug)).status_code
        for slug in ("cv", "nomination", "application", "none")
    ]

    assert found == [404, 404, 404, 404]


def test_a_paper_says_which_answers_it_needs_and_where_they_are_given(person):
    draft = make.FilledApplicationFactory(applicant=person.user, position="", city_name="")

    page = person.client.get(person.at("sign", draft.pk, "commitment")).content.decode()

    assert f'<a href="/applications/{draft.pk}/form/you/#id_city_name">City you work in</a>' in page
    assert f'<a href="/applications/{draft.pk}/form/organisation/#id_position">Position</a>' in page
    assert 'name="statement"' not in page
    with pytest.raises(Refused, match=r"Position, City you work in\.|City you work in, Position"):
        sign(draft)


def test_after_the_deadline_both_clocks_are_shown_and_nothing_is_signed(person, filled, close):
    close(filled.call)

    answer = press_sign(person, filled)

    assert answer.status_code == 409
    assert "This arrived after the deadline" in answer.content.decode()
    assert not Signature.objects.exists()
    assert Entry.objects.filter(event="document.sign.refused").count() == 1


def test_what_counts_is_when_the_signature_arrived(filled, close):
    in_time = timezone.now() - timedelta(hours=2)
    close(filled.call)
    filled.call.refresh_from_db()

    signature = sign(filled, arrived_at=in_time)

    assert signature.signed_at == in_time


# --- Twice ---------------------------------------------------------------------------------


def test_signing_what_is_signed_changes_nothing(person, filled):
    press_sign(person, filled)
    press_sign(person, filled)

    assert Signature.objects.count() == Document.objects.filter(application=filled).count() == 1


def test_a_returned_paper_can_be_signed_again(person, filled):
    press_sign(person, filled)
    Document.objects.filter(application=filled).update(status="returned", return_reason="other")

    press_sign(person, filled)

    versions = Document.objects.filter(application=filled).order_by("version")
    assert [(each.version, each.is_current) for each in versions] == [(1, False), (2, True)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_equal_presses_make_one_signature():
    filled = make.FilledApplicationFactory()

    found, faults = at_once(10, lambda: sign(filled).pk)

    assert faults == []
    assert {*found} == {Signature.objects.get().pk}
    assert Document.objects.filter(application=filled).count() == 1


# --- Changed since -------------------------------------------------------------------------


def test_another_name_in_the_draft_has_the_paper_signed_again(person, filled):
    press_sign(person, filled)
    facts = {"given_name": "Siobhán", "certificate_name": "Siobhán O'Brien"}
    Application.objects.filter(pk=filled.pk).update(**facts)

    page = person.client.get(person.at("document", filled.pk, "commitment")).content.decode()

    assert "Signed under another name" in page
    assert "Until then it does not count as received." in page


def test_a_paper_under_another_name_keeps_the_draft_from_being_sent(person, draft):
    Document.objects.filter(requirement__slug="commitment").delete()
    press_sign(person, draft)
    facts = {"given_name": "Siobhán", "certificate_name": "Siobhán O'Brien"}
    Application.objects.filter(pk=draft.pk).update(**facts)

    refused = person.submit(draft).content.decode()
    press_sign(person, draft, name="Siobhan O'Brien")
    taken = person.submit(draft)

    assert "This is still missing: Letter of commitment." in refused
    assert taken.status_code == 302
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_another_position_is_told_and_blocks_nothing(person, draft):
    Document.objects.filter(requirement__slug="commitment").delete()
    press_sign(person, draft)
    Application.objects.filter(pk=draft.pk).update(position="Director")

    page = person.client.get(person.at("document", draft.pk, "commitment")).content.decode()
    person.submit(draft)

    draft.refresh_from_db()
    assert "This was signed with another position than the application has now." in page
    assert draft.status == "submitted"


# --- What staff see ------------------------------------------------------------------------


@pytest.fixture
def signed(person, draft, client):
    """A sent application with a signed commitment, and a coordinator at the browser."""
    Document.objects.filter(requirement__slug="commitment").delete()
    press_sign(person, draft)
    person.submit(draft)
    client.force_login(make.RoleFactory(workshop=draft.call.workshop).user)
    return Document.objects.get(requirement__slug="commitment")


def test_staff_see_who_signed_what_when(signed, person, client):
    page = client.get(person.at("desk-document", signed.pk)).content.decode()

    signature = Signature.objects.get()
    for fact in (signature.sha256, str(signature.pk), person.user.email, STATEMENT, "Unchanged"):
        assert fact in page


@pytest.mark.parametrize(
    "tampered",
    [{"text": "I promise nothing."}, {"sha256": "0" * 64}, {"facts": {"title": "", "tables": []}}],
)
def test_staff_see_that_a_record_was_changed(signed, tampered):
    facts = Signature.objects.get().facts
    if "facts" in tampered:
        tampered = {"facts": {**facts, "opening": "I, Mallory, sign."}}
    Signature.objects.update(**tampered)

    assert not proof_of(signed).is_whole


def test_staff_see_that_the_file_was_changed(signed):
    with signed.file.storage.open(signed.file.name, "rb+") as file:
        file.seek(100)
        file.write(b"changed")

    assert not proof_of(signed).is_whole


def test_a_file_that_was_sent_has_no_such_proof(signed):
    assert proof_of(Document.objects.get(requirement__slug="cv")) is None


def test_the_trail_says_under_which_name_it_was_signed(signed):
    told = [each.what for each in trail(signed.application)]

    assert "Signed as “Aoife O'Brien” on the portal" in told
