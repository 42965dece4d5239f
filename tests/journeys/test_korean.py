"""The portal in Korean, on a phone: chosen once, then everywhere."""

import pytest
from django.utils.translation import gettext, override

from tests import factories as make
from tests.conftest import GOOD_PDF

pytestmark = pytest.mark.journey
WORDS = "우리 시의 피해자 지원 절차를 다른 도시와 함께 개선하고 싶습니다."


def in_korean(words):
    with override("ko"):
        return gettext(words)


def faults(person):
    language = person.page.locator("html").get_attribute("lang")
    return [language, *person.barriers(), *["scrolls sideways"] * person.scrolls_sideways()]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_applicant_chooses_korean_writes_in_it_and_sends_a_document(visit, theme):
    draft = make.FilledApplicationFactory()
    person = visit(width=360, theme=theme).sign_in(draft.applicant)
    page, seen = person.page, []

    person.go(f"/applications/{draft.pk}/")
    with page.expect_navigation():
        page.locator("footer button[lang=ko]").click()
    seen.append(faults(person))
    person.go(f"/applications/{draft.pk}/form/work/")
    page.locator("[name=motivation]").fill(WORDS)
    page.locator("[name=intention]").focus()
    page.locator("#autosave[data-state=saved]").wait_for()
    assert page.locator("#autosave [data-line]").inner_text().endswith("저장했습니다.")
    seen.append(faults(person))
    person.go(f"/applications/{draft.pk}/documents/cv/")
    file = {"name": "이력서.pdf", "mimeType": "application/pdf", "buffer": GOOD_PDF}
    page.locator("input[name=file]").set_input_files(file)
    page.locator("main h2", has_text=in_korean("The file we have")).wait_for()
    seen.append(faults(person))

    draft.refresh_from_db()
    assert seen == [["ko"]] * 3
    assert (draft.motivation, draft.applicant.language) == (WORDS, "ko")
    assert [document.name for document in draft.documents.all()] == ["이력서.pdf"]


def test_an_applicant_checks_and_sends_in_korean_and_reads_the_receipt(visit):
    draft = make.CompleteApplicationFactory(applicant__language="ko")
    person = visit(width=360).sign_in(draft.applicant)
    page, seen = person.page, []

    person.go(f"/applications/{draft.pk}/check/")
    seen.append(faults(person))
    page.check("input[name=statement]")
    page.click("main input[name=save]")
    page.wait_for_url("**/receipt/")
    seen.append(faults(person))

    draft.refresh_from_db()
    assert (seen, draft.status) == ([["ko"]] * 2, "submitted")


@pytest.mark.parametrize("page", ["applications", "letters", "unsent", "attempts"])
def test_the_desk_has_no_barrier_in_korean(visit, page):
    sent = make.SubmittedApplicationFactory()
    coordinator = make.RoleFactory(workshop=sent.call.workshop, user__language="ko").user
    person = visit(width=360).sign_in(coordinator)

    person.go(f"/desk/{sent.call.workshop.slug}/{page}/")

    assert faults(person) == ["ko"]
