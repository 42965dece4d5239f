"""Forms filled once: what was typed once stands in every paper."""

import pytest
from django.utils.html import escape

from applications.models import Application, Document
from tests import factories as make
from tests.intake.pdf import solid, words_of
from tests.intake.test_signing import press_sign
from workshop_portal.papers import tasks
from workshop_portal.papers.models import Paper

pytestmark = pytest.mark.django_db


def order(person, application, slug="commitment"):
    with person.at_once(execute=True):
        return person.client.post(person.at("paper-order", application.pk, slug))


def fetch(person, application, slug="commitment"):
    answer = person.client.get(person.at("paper", application.pk, slug))
    return b"".join(answer.streaming_content) if answer.status_code == 200 else None


@pytest.mark.parametrize("slug", ["commitment", "waiver", "consent", "nomination"])
def test_a_paper_is_filled_with_what_was_typed_once(slug, person, filled):
    order(person, filled, slug)

    printed = words_of(fetch(person, filled, slug))

    workshop, country = filled.call.workshop.title, filled.country.name
    facts = ["Aoife O'Brien", filled.position, filled.organisation, country, workshop]
    assert [fact for fact in facts if fact not in printed] == []
    assert "Signature" in printed


def test_the_application_form_is_printed_with_its_answers(person, filled):
    order(person, filled, "application")

    printed = words_of(fetch(person, filled, "application"))

    assert filled.motivation in printed
    assert "Why do you want to take part in this workshop?" in printed
    assert "17 May 1985" in printed


def test_the_form_can_be_printed_before_all_is_answered(person):
    draft = make.ApplicationFactory(applicant=person.user)
    order(person, draft, "application")

    assert "Not answered" in words_of(fetch(person, draft, "application"))


def test_the_same_answers_are_one_paper_and_others_another(person, filled):
    order(person, filled)
    order(person, filled)
    first = Paper.objects.get()
    Application.objects.filter(pk=filled.pk).update(position="Director")

    assert fetch(person, filled) is None
    order(person, filled)

    second = Paper.objects.get()
    assert second.key != first.key
    assert not first.file.storage.exists(first.file.name)
    assert "Director" in words_of(fetch(person, filled))


def test_the_page_says_that_a_paper_is_being_prepared_and_offers_it_when_it_is_ready(
    person, filled
):
    address = person.at("document", filled.pk, "commitment")
    before = person.client.get(address).content.decode()
    person.client.post(person.at("paper-order", filled.pk, "commitment"))
    waiting = person.client.get(address).content.decode()
    tasks.print_paper(str(Paper.objects.get().pk))

    ready = person.client.get(address).content.decode()

    assert "Make the PDF to sign" in before
    assert "Being prepared" in waiting
    assert person.at("paper", filled.pk, "commitment") not in waiting
    assert person.at("paper", filled.pk, "commitment") in ready


def test_looking_at_pages_orders_nothing(person, filled):
    for name, args in [
        ("document", [filled.pk, "commitment"]),
        ("answers", [filled.pk]),
        ("paper", [filled.pk, "commitment"]),
        ("sign", [filled.pk, "commitment"]),
    ]:
        person.client.get(person.at(name, *args))

    assert not Paper.objects.exists()


HOSTILE = {
    "position": '"><svg/onload=alert(1)> {{7*7}} {% load x %}',
    "organisation": "**bold** [x](javascript:alert(1)) {0.__class__} ${7}",
    "city_name": "<https://evil.example> =1+1",
}


def test_what_people_type_stays_words_in_page_and_paper(person, filled):
    Application.objects.filter(pk=filled.pk).update(**HOSTILE)
    page = person.client.get(person.at("sign", filled.pk, "commitment")).content.decode()
    press_sign(person, filled)

    printed = solid(words_of(Document.objects.get(application=filled).file.read()))

    assert [words for words in HOSTILE.values() if solid(words) not in printed] == []
    assert [words for words in HOSTILE.values() if escape(words) not in page] == []
    assert "<svg" not in page
    assert 'href="https://evil' not in page
    assert 'href="javascript' not in page
