"""The first bytes of a file come with its announcement: a small file is one request."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.actions import upload
from applications.actions.upload import Announced
from applications.models import Piece, Transfer
from applications.queries.room import sent_for
from applications.queries.transfer import latest
from tests.conftest import GOOD_PDF
from tests.intake import samples
from tests.intake.sender import OTHER_PDF, Cut, Sender, left_in_store, spooled, versions
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.usefixtures("spool_dir")
HALF = len(GOOD_PDF) // 2


def stored():
    """The names of all pieces that lie in the store."""
    folder = Piece._meta.get_field("file").storage
    return sorted(folder.listdir("piece")[1]) if folder.exists("piece") else []


def left_behind():
    return spooled(), left_in_store(), Transfer.objects.count()


def test_a_file_that_comes_whole_with_its_announcement_becomes_the_document(sender, blank, checked):
    with checked():
        answer = sender.begin_with(OTHER_PDF, name="my cv.pdf")

    document = blank.documents.get()
    assert (answer.status_code, answer.json()["status"]) == (201, "checking")
    assert answer.json()["got"] == [len(OTHER_PDF)]
    assert document.file.read() == OTHER_PDF
    assert (document.name, document.uploaded_by) == ("my cv.pdf", blank.applicant)
    assert (spooled(), left_in_store()) == ([], [])


def test_a_whole_file_is_known_by_its_hash_although_its_sender_could_not_tell_it(sender):
    sender.begin_with(GOOD_PDF, sha256="")

    assert Piece.objects.get().sha256 == hashlib.sha256(GOOD_PDF).hexdigest()


def test_a_file_goes_on_from_the_bytes_that_came_first_and_its_last_piece_completes_it(
    sender, blank, checked
):
    begun = sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF]).json()
    with checked():
        last = sender.piece(begun["url"], GOOD_PDF[HALF:], HALF, **{"upload-complete": "?1"})

    assert (begun["status"], begun["got"]) == ("arriving", [HALF])
    assert (last.status_code, last.json()["status"]) == (200, "checking")
    assert blank.documents.get().file.read() == GOOD_PDF
    assert spooled() == []


def test_a_piece_that_says_too_early_that_all_is_complete_is_a_piece_like_others(sender):
    url = sender.begin_with(GOOD_PDF, GOOD_PDF[:10]).json()["url"]

    answer = sender.piece(url, GOOD_PDF[10:20], 10, **{"upload-complete": "?1"})

    assert (answer.status_code, answer.json()) == (200, {"offset": 20})
    assert Transfer.objects.get().status == "arriving"


def test_what_came_of_the_first_bytes_before_a_cut_is_kept(sender, blank, checked):
    file = Announced("cv.pdf", len(GOOD_PDF), hashlib.sha256(GOOD_PDF).hexdigest())
    facts = {"arrived_at": timezone.now(), "by": blank.applicant}
    with upload.first_bytes(Cut(GOOD_PDF[:HALF]), length=len(GOOD_PDF)) as first:
        upload.begin(blank, sender.line, pieces=[file], first=first, **facts)

    again = sender.begin_with(GOOD_PDF, GOOD_PDF[:10]).json()
    with checked():
        sender.piece(again["url"], GOOD_PDF[HALF:], HALF, **{"upload-complete": "?1"})

    assert again["got"] == [HALF]
    assert blank.documents.get().file.read() == GOOD_PDF
    assert spooled() == []


def test_what_came_first_had_arrived_when_its_announcement_had(sender):
    sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF])

    transfer = Transfer.objects.get()
    assert transfer.moved_at == transfer.begun_at


def test_a_file_that_comes_whole_takes_the_place_of_one_that_was_broken_off(sender, blank, checked):
    sender.begin_with(OTHER_PDF, OTHER_PDF[:HALF])
    with checked():
        sender.begin_with(GOOD_PDF)

    assert [transfer.status for transfer in Transfer.objects.all()] == ["abandoned", "taken"]
    assert versions(blank) == [(1, True, "cv.pdf")]
    assert spooled() == []


def test_a_broken_off_file_that_comes_whole_in_time_is_taken_and_not_asked_for_again(
    sender, blank, checked
):
    sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF])
    with checked():
        again = sender.begin_with(GOOD_PDF)

    assert (again.json()["status"], again.json()["got"]) == ("checking", [len(GOOD_PDF)])
    assert [transfer.status for transfer in Transfer.objects.all()] == ["abandoned", "taken"]
    assert (versions(blank), spooled()) == ([(1, True, "cv.pdf")], [])


def test_a_file_that_was_begun_in_time_stays_in_time_when_all_of_it_is_sent_again(
    sender, blank, checked, close
):
    begun = sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF]).json()
    close(blank.call)
    early = blank.call.closes_at - timedelta(seconds=1)
    Transfer.objects.update(begun_at=early, moved_at=early)

    again = sender.begin_with(GOOD_PDF)
    in_time = Transfer.objects.get()

    assert (again.status_code, again.json()) == (201, begun)
    assert (in_time.begun_at, in_time.status) == (early, "arriving")
    assert len(spooled()) == 1


def test_bytes_that_are_not_what_was_announced_are_not_taken(sender, blank, checked):
    wrong = hashlib.sha256(b"another file").hexdigest()
    begun = sender.begin_with(GOOD_PDF, sha256=wrong).json()
    with checked():
        answer = sender.finish(begun["url"])

    assert (begun["status"], answer.status_code) == ("arriving", 422)
    assert "did not arrive as it was sent" in answer.json()["sentence"]
    assert (versions(blank), spooled(), left_in_store()) == ([], [], [])


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"name": "cv.exe"}, 422, "cv.exe"),
        ({"size": 10**9}, 413, "MB"),
        ({"size": 10}, 413, "more bytes than the file has"),
        ({"sha256": "no hash"}, 422, "No file arrived"),
    ],
    ids=["a wrong kind", "too large", "more than announced", "nonsense"],
)
def test_what_is_refused_leaves_no_bytes_behind(sender, said, status, words):
    answer = sender.begin_with(GOOD_PDF, **said)

    assert answer.status_code == status
    assert words in answer.json()["sentence"]
    assert left_behind() == ([], [], 0)


def test_bytes_without_an_announcement_are_no_upload(sender):
    answer = sender.client.generic(
        "POST", sender.begin_at, GOOD_PDF, content_type="application/octet-stream"
    )

    assert answer.status_code == 422
    assert left_behind() == ([], [], 0)


@pytest.mark.parametrize("length", ["", "-1", "many", str(10**9)])
def test_nothing_is_read_of_a_body_that_no_file_can_be(sender, length):
    assert sender.begin_with(GOOD_PDF, length=length).status_code == 400
    assert left_behind() == ([], [], 0)


def test_bytes_come_with_one_file_and_never_with_several(person, blank):
    takes_pages = Sender(person.client, blank, "commitment")

    answer = takes_pages.begin_with(GOOD_PDF, GOOD_PDF[:HALF], of=[GOOD_PDF, OTHER_PDF])

    assert answer.status_code == 422
    assert left_behind() == ([], [], 0)


def test_the_kind_is_read_from_the_bytes_and_not_from_what_is_said_of_them(sender):
    answer = sender.begin_with(b"MZ" + GOOD_PDF)

    assert answer.status_code == 422
    assert left_behind() == ([], [], 0)


def test_the_file_of_another_line_is_asked_about_and_sent_again_when_it_is_right(
    person, blank, sender, checked
):
    person.send_file(blank, "commitment", name="letter.pdf")
    before = left_behind()

    asked = sender.begin_with(GOOD_PDF)
    meanwhile = left_behind()
    with checked():
        sender.begin_with(GOOD_PDF, sure=True)

    assert asked.json()["question"].startswith("This is the same file as your")
    assert meanwhile == before
    cautions = blank.documents.get(requirement__slug="cv").cautions
    assert "same_file" not in [caution["code"] for caution in cautions]


def test_after_the_deadline_the_first_bytes_are_not_kept_and_the_refusal_is(sender, blank, close):
    close(blank.call)

    answer = sender.begin_with(GOOD_PDF)

    assert answer.status_code == 409
    assert "This arrived after the deadline" in answer.json()["sentence"]
    assert Entry.objects.filter(event="document.upload.refused").count() == 1
    assert left_behind() == ([], [], 0)


def test_a_full_disk_is_told_and_nothing_of_the_file_is_left(sender, monkeypatch):
    def full(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr("workshop_portal.spool._written", full)

    answer = sender.begin_with(GOOD_PDF)

    assert "could not be stored at this moment" in answer.json()["sentence"]
    assert left_behind() == ([], [], 0)


@pytest.mark.parametrize("bytes_first", [len(GOOD_PDF), HALF, 0])
def test_what_the_disk_does_not_keep_is_not_said_to_be_here(sender, monkeypatch, bytes_first):
    began = sender.begin_with(OTHER_PDF, OTHER_PDF[:HALF]).json()
    before = left_behind()

    def lost(*_args):
        raise OSError("Input/output error")

    monkeypatch.setattr("os.fsync", lost)
    if bytes_first:
        answer = sender.begin_with(GOOD_PDF, GOOD_PDF[:bytes_first])
    else:
        answer = sender.piece(began["url"], OTHER_PDF[HALF:], HALF)

    assert "could not be stored at this moment" in answer.json()["sentence"]
    assert sender.state(began["url"])["got"] == [HALF]
    assert left_behind() == before


def test_an_announcement_that_comes_twice_at_once_begins_one_upload(sender, monkeypatch):
    first, admitted = [], upload.admit

    def after_its_twin(begun, **facts):
        if not first:
            first.append(None)
            first[0] = sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF]).json()
        return admitted(begun, **facts)

    monkeypatch.setattr(upload, "admit", after_its_twin)
    second = sender.begin_with(GOOD_PDF, GOOD_PDF[:10]).json()

    assert second == first[0]
    assert (second["got"], Transfer.objects.get().status) == ([HALF], "arriving")
    assert spooled() == [Piece.objects.get().pk.hex]


def test_a_whole_file_takes_few_questions_to_the_database(sender):
    sender.client.get(sender.begin_at)
    with CaptureQueriesContext(connection) as asked:
        sender.begin_with(GOOD_PDF)

    said = [query["sql"] for query in asked.captured_queries]
    assert len([sql for sql in said if sql.startswith(("SELECT", "INSERT", "UPDATE"))]) <= 10


def test_the_file_that_a_line_has_already_is_taken_for_it_again_without_a_question(
    sender, blank, checked
):
    with checked():
        sender.begin_with(GOOD_PDF)
    with checked():
        again = sender.begin_with(GOOD_PDF)

    assert (again.status_code, "question" in again.json()) == (201, False)
    assert sorted(versions(blank)) == [(1, False, "cv.pdf"), (2, True, "cv.pdf")]


def test_a_file_that_was_replaced_elsewhere_raises_no_question(person, blank, sender):
    person.send_file(blank, "commitment")
    person.send_file(blank, "commitment", content=OTHER_PDF)

    known = {name: sender.begin(file) for name, file in (("old", GOOD_PDF), ("new", OTHER_PDF))}

    assert {name: "question" in answer.json() for name, answer in known.items()} == {
        "old": False,
        "new": True,
    }


def test_photos_of_pages_are_one_version(person, blank, checked):
    sender = Sender(person.client, blank, "nomination")
    with checked():
        sender.whole(samples.picture(), samples.picture(quality=30), name="page.jpg")

    sent = sent_for(blank, sender.line)
    assert (sent.versions, sent.attempts, sent.arriving) == (1, 1, 0)


def test_two_files_whose_hash_nobody_could_tell_are_not_the_same(person, blank, sender, checked):
    with checked():
        Sender(person.client, blank, "commitment").whole(OTHER_PDF, sha256="")

    answer = sender.begin(GOOD_PDF, sha256="")

    assert answer.status_code == 201
    assert "question" not in answer.json()


def test_no_line_takes_more_than_the_portal_does(sender, settings):
    settings.UPLOAD_LIMIT = len(GOOD_PDF) - 1

    assert sender.begin(GOOD_PDF).status_code == 413
    assert sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF]).status_code == 413
    assert left_behind() == ([], [], 0)


def test_versions_that_no_longer_count_take_no_room(person, blank, sender, monkeypatch):
    for _version in range(2):
        person.send_file(blank, "commitment")
    monkeypatch.setattr("applications.queries.room.LARGEST_APPLICATION", 2 * len(GOOD_PDF) + 10)

    assert sender.begin_with(GOOD_PDF, sure=True).status_code == 201


def test_a_file_that_was_whole_too_late_leaves_nothing_in_the_store(sender, blank, close):
    before = stored()
    url = sender.begin_with(GOOD_PDF, GOOD_PDF[:HALF]).json()["url"]
    close(blank.call)
    late = blank.call.closes_at + timedelta(minutes=16)
    Transfer.objects.update(begun_at=blank.call.closes_at - timedelta(seconds=1))
    sender.piece(url, GOOD_PDF[HALF:], HALF)
    Transfer.objects.update(moved_at=late)

    answer = sender.finish(url)

    assert answer.status_code == 422
    assert stored() == before


def test_of_a_refused_file_nothing_is_told_once_another_has_come(sender, blank, checked):
    wrong = hashlib.sha256(b"another file").hexdigest()
    sender.finish(sender.begin_with(GOOD_PDF, sha256=wrong).json()["url"])
    refused = latest(blank, blank.documents.current())
    with checked():
        sender.begin_with(OTHER_PDF)

    assert [transfer.status for transfer in refused.values()] == ["refused"]
    assert "refused" not in [
        transfer.status for transfer in latest(blank, blank.documents.current()).values()
    ]
