"""The guidelines, the letters to sign and the form, as pages and as PDFs of the portal."""

import io
import re
from datetime import date, timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications import standard
from applications.actions import call as actions
from applications.clock import print_call_papers
from applications.forms import intake, preview
from applications.models import Call
from applications.queries import call as queries
from tests.factories import CallFactory, UserFactory, WorkshopFactory
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.papers.models import Paper
from workshop_portal.workshops.models import TrainingDay

pytestmark = pytest.mark.django_db
SIGNED = ["nomination", "commitment", "waiver", "consent"]


@pytest.fixture
def carried(django_capture_on_commit_callbacks):
    """Runs what is handed off at the end of the block, as the worker would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def paper(call, slug):
    return reverse("applications:call-paper", args=[call.workshop.slug, slug])


def guidelines(call, slug):
    return reverse("applications:call-guidelines", args=[call.workshop.slug, slug])


def open_call(workshop, **facts):
    now = timezone.now()
    dates = {"opens_at": now, "closes_at": now + timedelta(days=30)}
    return actions.open_call(workshop, **{**dates, "seats": 30, **facts}, by=UserFactory())


def test_opening_a_call_gives_it_the_seven_documents_and_their_papers(client, carried):
    workshop = WorkshopFactory(title="Human security")
    TrainingDay.objects.create(workshop=workshop, date=date(2027, 9, 1))

    with carried():
        call = open_call(workshop)

    slugs = [document.slug for document in call.required_documents.all()]
    assert slugs == [line.slug for line in standard.SEVEN]
    assert [*Paper.objects.values_list("state", flat=True)] == ["ready"] * 6
    response = client.get(paper(call, "consent"))
    body = response.getvalue()
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert pdf.docinfo["/Title"] == call.required_documents.get(slug="consent").title


def test_a_paper_that_is_not_printed_yet_leads_to_the_page_with_the_same_text(client):
    call = CallFactory()

    page = client.get(call.get_absolute_url()).content.decode()
    response = client.get(paper(call, "case-study"), follow=True)

    assert paper(call, "case-study") not in page
    assert page.count("The PDF is being prepared") == 6
    assert response.redirect_chain == [(guidelines(call, "case-study"), 302)]
    assert "Protect the people in it" in response.content.decode()


def test_changed_words_are_printed_anew_and_the_old_paper_is_given_no_more(client, carried):
    with carried():
        call = open_call(WorkshopFactory())
    before = client.get(paper(call, "cv")).getvalue()

    with carried():
        cv = call.required_documents.get(slug="cv")
        actions.edit_required_document(cv, guidelines="One page only.", by=UserFactory())
    after = client.get(paper(call, "cv")).getvalue()

    assert before != after
    assert Paper.objects.filter(key__startswith=f"call:{call.pk}:cv:").count() == 2
    assert "One page only." in client.get(guidelines(call, "cv")).content.decode()


def test_ordering_the_papers_again_prints_nothing_twice(carried):
    with carried():
        call = open_call(WorkshopFactory())

    with carried():
        actions.order_papers(call)

    assert Paper.objects.count() == 6


def test_time_orders_what_is_missing_and_the_whole_form_with_it(client, carried):
    call = CallFactory()

    with carried():
        print_call_papers()

    form = client.get(reverse("applications:call-preview-paper", args=[call.workshop.slug]))
    assert (form.status_code, form["Content-Type"]) == (200, "application/pdf")
    assert Paper.objects.filter(state="ready").count() == 7


def test_the_preview_shows_every_question_of_the_real_form(client):
    call = CallFactory()

    page = client.get(reverse("applications:call-preview", args=[call.workshop.slug]))

    shown = [
        re.sub(r"\s*<span.*", "", term)
        for term in re.findall(r"<dt>(.*?)</dt>", page.content.decode())
    ]
    asked = [
        str(field.label)
        for section in intake.SECTIONS
        for field in section.form_class.base_fields.values()
        if not field.widget.is_hidden
    ]
    assert shown == asked


def test_a_preview_says_what_may_be_left_out_and_what_there_is_to_choose_from():
    sections = preview.describe(intake.SECTIONS)

    fields = {field["label"]: field for section in sections for field in section["fields"]}
    assert [label for label, field in fields.items() if field["optional"]] == [
        "Family name",
        "Department or unit",
        "Is there anything that we should prepare for you?",
    ]
    assert fields["How well do you speak English?"]["choices"] == [
        "Basic",
        "Good enough to work in",
        "Fluent",
    ]
    assert (fields["Nationality"]["choices"], fields["Nationality"]["note"]) == (
        [],
        "You choose from a list.",
    )


@pytest.mark.parametrize("slug", ["case-study", *SIGNED, "cv"])
def test_every_paper_has_a_text_that_a_person_can_read(client, slug):
    call = CallFactory()

    page = client.get(guidelines(call, slug))

    text = call.required_documents.get(slug=slug).guidelines
    assert len(text.split()) > 60
    assert page.status_code == 200
    assert re.sub(r"[#*\d.]", "", text.split("\n")[0]).strip()[:40] in page.content.decode()


def test_a_document_without_guidelines_has_no_page_of_them(client):
    call = CallFactory()

    for slug in ("application", "nothing"):
        assert client.get(guidelines(call, slug)).status_code == 404
        assert client.get(paper(call, slug)).status_code == 404


def test_a_paper_is_the_same_in_whatever_language_it_is_ordered():
    call = CallFactory(workshop__mode="virtual")
    TrainingDay.objects.create(workshop=call.workshop, date=date(2027, 9, 1))
    document = call.required_documents.get(slug="cv")

    keys = set()
    for language in ("en", "ko"):
        with translation.override(language):
            keys.add(queries.paper_key(call, document, queries.workshop_facts(call)))

    assert len(keys) == 1


def test_a_workshop_has_one_call(carried):
    call = CallFactory()

    with pytest.raises(Refused, match="has a call already"):
        open_call(call.workshop)

    assert Call.objects.count() == 1
    assert not Entry.objects.filter(event="call.created").exists()
