"""How an upload ends that does not become a document: cancelled, refused, or never begun."""

import pytest

from applications.models import RequiredDocument, Transfer
from tests.journeys.answers import pdf
from tests.journeys.test_upload import (  # noqa: F401 — two of them are fixtures
    SLOW_LINE,
    Line,
    draft,
    large,
    opened,
    sent_by,
)

pytestmark = pytest.mark.journey
SENTENCE = "It did not arrive as it was sent. Choose it once more."


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "cv.pdf"
    path.write_bytes(pdf("Curriculum vitae"))
    return path


def test_what_is_cancelled_has_ended_on_the_portal_as_well(visit, draft, large):  # noqa: F811
    person = opened(visit, draft)
    Line(person).carries(SLOW_LINE)
    sent_by(person, large)
    person.page.locator(".upload-words", has_text="kB of").wait_for()

    person.page.get_by_role("button", name="Cancel").click()
    person.page.locator("[name=file]:focus").wait_for()

    assert [transfer.status for transfer in Transfer.objects.all()] == ["abandoned"]


@pytest.mark.parametrize("answered", ["with its last piece", "when its answer was lost"])
def test_a_file_that_is_refused_when_it_is_whole_is_refused_at_its_field(
    visit,
    draft,  # noqa: F811
    large,  # noqa: F811
    answered,
):
    person = opened(visit, draft)

    def refused(route):
        if route.request.headers.get("upload-complete") == "?0":
            return route.continue_()
        if answered == "when its answer was lost" and "finish" not in route.request.url:
            return route.fulfill(json={"offset": large.stat().st_size})
        return route.fulfill(status=422, json={"sentence": SENTENCE})

    person.page.route("**/transfer/*/0/", refused)
    person.page.route("**/finish/", refused)
    sent_by(person, large)
    person.page.locator("#upload-refused").wait_for()
    person.noticed[:] = [said for said in person.noticed if "422" not in said]

    field = person.page.locator("[name=file]")
    assert person.page.locator("#upload-refused").inner_text() == SENTENCE
    assert field.get_attribute("aria-describedby") == "upload-refused"
    assert field.get_attribute("aria-invalid") == "true"
    assert person.page.evaluate("document.activeElement.name") == "file"


def test_a_file_that_is_too_large_is_not_even_announced(visit, draft, small):  # noqa: F811
    RequiredDocument.objects.filter(slug="cv").update(size_limit=100)
    person = opened(visit, draft)
    asked = []
    person.page.on("request", lambda request: asked.append(request.method))

    sent_by(person, small)
    person.page.locator(".field-error").wait_for()

    assert "POST" not in asked
    assert not Transfer.objects.exists()
