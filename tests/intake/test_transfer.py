"""A file that has arrived: checked once, never lost, never shown to others, and asked about."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from applications.actions import transfer as actions
from applications.clock import sweep_transfers
from applications.models import Transfer
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.holding import held_rows
from tests.intake import samples
from tests.intake.sender import OTHER_PDF, Sender, announced, left_in_store, spooled, versions
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.usefixtures("spool_dir")


# --- The worker ------------------------------------------------------------------------


def lease_over():
    Transfer.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_what_a_killed_worker_left_is_taken_up_by_the_sweep(sender, blank, checked):
    sender.whole(GOOD_PDF)
    assert actions.claim(str(Transfer.objects.get().pk))

    with checked():
        sweep_transfers()
    while_it_is_held = versions(blank)
    lease_over()
    with checked():
        sweep_transfers()

    assert while_it_is_held == []
    assert versions(blank) == [(1, True, "cv.pdf")]
    assert Transfer.objects.get().tries == 2


def test_what_has_ended_three_workers_is_refused_as_unchecked(sender, blank, checked):
    sender.whole(GOOD_PDF)
    for _worker in range(3):
        assert actions.claim(str(Transfer.objects.get().pk))
        lease_over()

    with checked():
        sweep_transfers()

    transfer = Transfer.objects.get()
    assert (transfer.status, transfer.verdict) == ("refused", "unchecked")
    assert left_in_store() == []


def test_a_claimed_transfer_is_claimed_once(sender):
    sender.whole(GOOD_PDF)
    key = str(Transfer.objects.get().pk)

    assert [bool(actions.claim(key)) for _worker in range(2)] == [True, False]


def test_an_upload_that_nobody_goes_on_with_is_deleted_after_a_day(sender, blank, checked):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])

    with checked():
        sweep_transfers()
    soon = len(spooled())
    Transfer.objects.update(moved_at=timezone.now() - timedelta(hours=25))
    with checked():
        sweep_transfers()

    assert (soon, spooled()) == (1, [])
    assert Transfer.objects.get().status == "abandoned"


def test_an_older_file_that_is_checked_later_does_not_take_the_place_of_a_newer_one(
    sender, person, blank, checked
):
    sender.whole(OTHER_PDF, name="older.pdf")
    person.send_file(blank, "cv", name="newer.pdf")

    with checked():
        sweep_transfers()

    assert versions(blank) == [(1, True, "newer.pdf"), (2, False, "older.pdf")]


# --- The same file twice ---------------------------------------------------------------


def test_the_file_of_another_line_is_asked_about_before_it_travels(person, blank, sender):
    person.send_file(blank, "commitment", name="letter.pdf")

    asked = sender.begin(GOOD_PDF)
    sure = sender.begin(GOOD_PDF, sure=True)

    assert asked.json() == {
        "question": "This is the same file as your “Letter of commitment”. Is that right?"
    }
    assert sure.status_code == 201


def test_of_two_lines_with_the_file_the_first_of_the_checklist_is_named(person, blank, sender):
    for slug in ("commitment", "waiver"):
        requirement = blank.call.required_documents.get(slug=slug)
        make.DocumentFactory(
            application=blank, requirement=requirement, sha256=announced_hash(GOOD_PDF)
        )
    titles = blank.call.required_documents.filter(slug__in=["commitment", "waiver"])

    asked = sender.begin(GOOD_PDF).json()["question"]

    assert titles.order_by("order").first().title in asked


def test_a_photo_that_was_drawn_anew_is_known_again_as_the_same(person, blank):
    photo = samples.picture()
    person.send_file(blank, "commitment", name="letter.jpg", content=photo)

    answer = Sender(person.client, blank, "waiver").begin(photo, name="letter.jpg")

    assert "question" in answer.json()


def test_without_a_script_the_same_file_is_taken_with_a_question_to_confirm(person, blank):
    person.send_file(blank, "commitment")
    person.send_file(blank, "cv")
    at = person.at("document", blank.pk, "cv")

    before = person.client.get(at).content.decode()
    person.client.post(person.at("document-keep", blank.pk, "cv"))
    after = person.client.get(at).content.decode()

    assert "This is the very file that you gave for another document" in before
    assert "This is the very file" not in after
    assert Entry.objects.filter(event="document.kept").count() == 1


def test_the_same_file_of_another_applicant_is_never_noticed(person, blank, sender):
    stranger = make.ApplicationFactory(call=blank.call)
    make.DocumentFactory(
        application=stranger,
        requirement=blank.call.required_documents.get(slug="waiver"),
        sha256=announced_hash(GOOD_PDF),
    )

    assert sender.begin(GOOD_PDF).status_code == 201


def announced_hash(content):
    [said] = [piece["sha256"] for piece in announced(content)]
    return said


# --- Whose it is -----------------------------------------------------------------------


def test_nobody_else_sends_sees_or_ends_an_upload(sender, blank, client):
    url = sender.begin(GOOD_PDF).json()["url"]
    stranger = Client()
    stranger.force_login(make.UserFactory())
    theirs = Sender(stranger, blank)

    answers = [
        theirs.begin(GOOD_PDF),
        theirs.piece(url, GOOD_PDF),
        theirs.finish(url),
        stranger.get(url),
        stranger.post(f"{url}cancel/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert sender.state(url)["got"] == [0]


def test_an_upload_is_found_only_at_its_own_line(sender, person, blank):
    url = sender.begin(GOOD_PDF).json()["url"]

    assert person.client.get(url.replace("/cv/", "/waiver/")).status_code == 404
    assert sender.piece(url, GOOD_PDF, order=7).status_code == 404
    assert Sender(person.client, blank, "application").begin(GOOD_PDF).status_code == 404


def test_an_address_of_an_upload_takes_only_its_own_method(sender, person):
    url = sender.begin(GOOD_PDF).json()["url"]

    statuses = [
        person.client.get(f"{url}{part}").status_code for part in ("0/", "finish/", "cancel/")
    ]

    assert statuses == [405, 405, 405]


def test_without_the_sign_of_the_page_no_piece_is_taken(sender, person):
    url = sender.begin(GOOD_PDF).json()["url"]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person.user)

    answer = Sender(strict, person.user.applications.get()).piece(url, GOOD_PDF)

    assert answer.status_code == 403
    assert sender.state(url)["got"] == [0]


def test_a_session_that_ends_on_the_way_leads_to_the_sign_in_and_nothing_is_lost(
    sender, person, blank
):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])
    person.client.session.flush()

    answer = sender.piece(url, GOOD_PDF[150:], 150)
    person.client.force_login(person.user)
    page = person.client.get(person.at("document", blank.pk, "cv")).content.decode()

    assert answer.status_code == 302
    assert "An upload was broken off" in page
    assert sender.begin(GOOD_PDF).json()["got"] == [150]


@pytest.mark.parametrize("ending", ["finish/", "cancel/"])
def test_the_application_is_held_before_what_belongs_to_it(sender, monkeypatch, ending):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF, 0)
    held = held_rows(monkeypatch)

    sender.client.post(f"{url}{ending}")

    assert held[:2] == ["Application", "Transfer"]
