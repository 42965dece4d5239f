"""A file that comes in piece by piece: offsets, resends, cuts, hashes, the fifteen minutes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications.actions import attach as attaching
from applications.actions import upload
from applications.models import Piece, Transfer
from applications.queries.transfer import under_way
from tests.conftest import GOOD_PDF
from tests.intake import samples
from tests.intake.sender import OTHER_PDF, Cut, Sender, left_in_store, spooled, versions
from workshop_portal import spool
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.usefixtures("spool_dir")


def state(page):
    return page.context["slot"].row.line.state


# --- Piece by piece --------------------------------------------------------------------


def test_a_file_in_pieces_becomes_the_document_byte_for_byte(sender, blank, checked):
    with checked():
        answer = sender.whole(OTHER_PDF, name="my cv.pdf")

    document = blank.documents.get()
    assert (answer.status_code, answer.json()["status"]) == (200, "checking")
    assert (document.name, document.pages, document.origin) == ("my cv.pdf", 1, "file")
    assert document.file.read() == OTHER_PDF
    assert document.thumbnail.read().startswith(b"\xff\xd8\xff")
    assert document.transfer.status == "taken"
    assert spooled() == []
    assert left_in_store() == []


def test_before_it_is_checked_the_line_says_so_and_the_file_before_counts(
    sender, person, blank, checked
):
    person.send_file(blank, "cv", name="first.pdf")

    sender.whole(OTHER_PDF)
    page = person.client.get(person.at("document", blank.pk, "cv"))

    assert state(page) == "checking"
    assert page.context["slot"].row.line.is_there
    assert "The file is being checked" in page.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    assert under_way(blank)
    assert versions(blank) == [(1, True, "first.pdf")]


def test_a_piece_that_does_not_fit_is_answered_with_where_to_go_on(sender):
    url = sender.begin(GOOD_PDF).json()["url"]

    ahead = sender.piece(url, GOOD_PDF[100:200], 100)
    first = sender.piece(url, GOOD_PDF[:150])
    across = sender.piece(url, GOOD_PDF[100:200], 100)

    assert (ahead.status_code, ahead.json()) == (409, {"offset": 0})
    assert (first.status_code, first.json()) == (200, {"offset": 150})
    assert (across.status_code, across.json()) == (409, {"offset": 150})


def test_a_piece_that_is_sent_again_changes_nothing(sender, blank, checked):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])

    again = sender.piece(url, GOOD_PDF[:150])
    sender.piece(url, GOOD_PDF[150:], 150)
    with checked():
        sender.finish(url)

    assert (again.status_code, again.json()) == (200, {"offset": 150})
    assert blank.documents.get().file.read() == GOOD_PDF


def test_more_bytes_than_were_announced_are_too_many(sender):
    url = sender.begin(GOOD_PDF).json()["url"]

    answer = sender.piece(url, GOOD_PDF + b"more")

    assert answer.status_code == 413
    assert sender.state(url)["got"] == [0]


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"upload-offset": "-1"},
        {"upload-offset": "half"},
        {"upload-offset": "9" * 5000},
    ],
    ids=["plain text", "before the beginning", "no number", "a number without end"],
)
def test_what_is_no_piece_is_told_so(sender, headers):
    url = sender.begin(GOOD_PDF).json()["url"]

    assert sender.piece(url, GOOD_PDF, **headers).status_code == 400


def take(piece, body, **facts):
    return upload.take_piece(piece, body, **facts, arrived_at=timezone.now())


class Overtaken(Cut):
    """A body that is slow: while it is read, the same bytes and more have come another way."""

    def read(self, size):
        Piece.objects.update(got=len(GOOD_PDF))
        return super().read(size)


def test_a_slow_piece_never_takes_back_what_has_come_meanwhile(sender):
    sender.begin(GOOD_PDF)
    piece = Piece.objects.select_related("transfer").get()

    got = take(piece, Overtaken(GOOD_PDF[:150]), offset=0, length=150)

    assert got == Piece.objects.get().got == len(GOOD_PDF)


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_what_came_before_a_cut_is_kept_and_the_rest_follows(sender, blank, checked, share):
    url = sender.begin(GOOD_PDF).json()["url"]
    half = int(len(GOOD_PDF) * share)
    piece = Piece.objects.select_related("transfer").get()

    got = take(piece, Cut(GOOD_PDF[:half]), offset=0, length=len(GOOD_PDF))
    at_the_cut = versions(blank)
    sender.piece(url, GOOD_PDF[half:], half)
    with checked():
        sender.finish(url)

    assert (got, at_the_cut) == (half, [])
    assert blank.documents.get().file.read() == GOOD_PDF


def test_who_chooses_the_same_file_again_goes_on_where_it_was_cut(sender, blank):
    first = sender.begin(GOOD_PDF).json()
    sender.piece(first["url"], GOOD_PDF[:150])

    again = sender.begin(GOOD_PDF, name="renamed.pdf").json()

    assert (again["url"], again["got"]) == (first["url"], [150])


def test_who_chooses_another_file_begins_anew_and_the_first_is_gone(sender):
    first = sender.begin(GOOD_PDF).json()
    sender.piece(first["url"], GOOD_PDF[:150])

    other = sender.begin(OTHER_PDF).json()

    assert other["url"] != first["url"]
    assert sender.state(first["url"])["status"] == "abandoned"
    late = sender.piece(first["url"], GOOD_PDF[150:], 150)
    assert (late.status_code, late.json()) == (
        409,
        {"sentence": "This upload has ended. Choose the file again if it is not here."},
    )


def test_a_file_without_a_hash_is_never_mixed_with_another(sender):
    first = sender.begin(GOOD_PDF, sha256="").json()
    sender.piece(first["url"], GOOD_PDF[:150])

    assert sender.begin(GOOD_PDF, sha256="").json()["got"] == [0]


def test_bytes_that_are_not_what_was_announced_are_not_taken(sender, blank, person, checked):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, b"x" * len(GOOD_PDF))

    with checked():
        answer = sender.finish(url)

    assert answer.status_code == 422
    assert "did not arrive as it was sent" in answer.json()["sentence"]
    assert (
        "did not arrive"
        in person.client.get(person.at("document", blank.pk, "cv")).content.decode()
    )
    assert (versions(blank), spooled()) == ([], [])


def test_a_file_that_is_not_whole_cannot_be_finished(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:-1])

    answer = sender.finish(url)

    assert (answer.status_code, answer.json()["sentence"]) == (409, "The file is not whole yet.")
    assert sender.state(url)["status"] == "arriving"


def test_finishing_twice_makes_one_document(sender, blank, checked):
    with checked():
        sender.whole(GOOD_PDF)
    url = reverse("applications:transfer-state", args=[blank.pk, "cv", Transfer.objects.get().pk])

    with checked():
        again = sender.finish(url)

    assert (again.status_code, again.json()["status"]) == (200, "taken")
    assert versions(blank) == [(1, True, "cv.pdf")]


def test_cancelling_deletes_what_has_come(sender, person, blank):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])
    assert spooled()

    with person.at_once(execute=True):
        answer = person.client.post(f"{url}cancel/")

    assert answer["Location"] == person.at("document", blank.pk, "cv")
    assert spooled() == []
    assert not under_way(blank)


def test_bytes_that_come_while_it_is_cancelled_do_not_stay(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])
    piece = Piece.objects.select_related("transfer").get()
    sender.client.post(f"{url}cancel/")

    take(piece, Cut(GOOD_PDF[150:200]), offset=150, length=50)

    assert spooled() == []


class Ended(Cut):
    """A body that is slow: while it is read, the upload ends and its bytes are thrown away."""

    def read(self, size):
        Transfer.objects.update(status="abandoned")
        for key in spooled():
            spool.discard(key)
        return super().read(size)


def test_a_piece_of_an_upload_that_ends_meanwhile_is_no_fault_of_the_store(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])
    piece = Piece.objects.select_related("transfer").get()

    got = take(piece, Ended(GOOD_PDF[150:200]), offset=150, length=50)

    assert (got, spooled()) == (150, [])


def test_photos_of_pages_become_one_pdf_in_their_order(person, blank, checked):
    sender = Sender(person.client, blank, "waiver")
    first, second = samples.picture(), samples.picture(quality=30)

    with checked():
        sender.whole(first, second, name="page.jpg")

    document = blank.documents.get()
    assert (document.media_type, document.pages) == ("application/pdf", 2)
    assert document.name == "Acknowledgement, waiver and release of liability.pdf"


def test_the_spool_keeps_no_file_that_others_of_the_machine_may_read(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF[:150])

    [key] = spooled()
    assert spool.path_of(key).stat().st_mode & 0o777 == 0o600
    assert spool.path_of(key).parent.stat().st_mode & 0o077 == 0


# --- Refused before it travels ---------------------------------------------------------


def test_a_wrong_kind_is_told_before_it_travels_and_noted_without_its_name(sender, blank):
    answer = sender.begin(b"MZ" + bytes(200))

    entry = Entry.objects.get(event="document.refused")
    assert answer.status_code == 422
    assert "looks like a program" in answer.json()["sentence"]
    assert (entry.facts["document"], entry.facts["code"]) == ("cv", "program")
    assert "cv.pdf" not in str(entry.facts)
    assert not Transfer.objects.exists()


def test_a_file_that_is_too_large_is_told_with_both_sizes_before_it_travels(sender):
    answer = sender.begin(GOOD_PDF, size=11 * 1024 * 1024)

    assert answer.status_code == 413
    assert "has 11 MB; this document may have at most 10 MB" in answer.json()["sentence"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '[{"name": "cv.pdf"}]',
        '[{"name": 1, "size": "x"}]',
        "[1, 2]",
        pytest.param("[" * 90_000, id="deep"),
        pytest.param("9" * 5000, id="a number without end"),
        '[{"name": "cv.pdf", "size": Infinity, "sha256": "", "head": ""}]',
    ],
)
def test_nonsense_in_an_announcement_is_a_sentence_and_no_error(sender, said):
    answer = sender.client.post(sender.begin_at, {"pieces": said})

    assert (answer.status_code, Transfer.objects.count()) == (422, 0)


@pytest.mark.parametrize("size", [-1, 2**40, pytest.param(10**4000, id="huge")])
def test_no_size_of_the_announcement_breaks_a_database(sender, size):
    assert sender.begin(GOOD_PDF, size=size).status_code in {413, 422}


def test_what_is_on_its_way_for_other_lines_has_its_room(person, blank, sender, monkeypatch):
    monkeypatch.setattr("applications.queries.room.LARGEST_APPLICATION", len(GOOD_PDF) + 10)
    Sender(person.client, blank, "waiver").begin(OTHER_PDF, size=20)

    answer = sender.begin(GOOD_PDF)

    assert answer.status_code == 409
    assert "All documents together are too large" in answer.json()["sentence"]


def test_a_document_is_not_replaced_without_end(person, blank, sender, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_VERSIONS", 1)
    person.send_file(blank, "cv")

    answer = sender.begin(OTHER_PDF)

    assert answer.status_code == 409
    assert "more is not possible" in answer.json()["sentence"]


def test_files_that_are_broken_off_are_not_begun_without_end(person, blank, sender, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_ATTEMPTS", 2)
    first = sender.begin(GOOD_PDF).json()
    other = sender.begin(OTHER_PDF).json()

    again = sender.begin(OTHER_PDF)
    by_script = sender.begin(GOOD_PDF)
    by_form = person.client.post(
        person.at("document", blank.pk, "cv"), {"file": SimpleUploadedFile("cv.pdf", GOOD_PDF)}
    )
    for_another_line = Sender(person.client, blank, "waiver").begin(GOOD_PDF)

    said = "2 files have been begun for this document, and more is not possible."
    assert sender.state(first["url"])["status"] == "abandoned"
    assert again.json()["url"] == other["url"]
    assert (by_script.status_code, by_form.status_code) == (409, 409)
    assert said in by_script.json()["sentence"]
    assert said in by_form.text
    assert for_another_line.status_code == 201
    assert Transfer.objects.filter(requirement__slug="cv").count() == 2
    causes = Entry.objects.filter(event="document.upload.refused").values_list("facts__cause")
    assert {cause for [cause] in causes} == {"attempts"}


def test_what_is_being_checked_counts_as_a_version(person, blank, sender, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_VERSIONS", 1)
    sender.whole(GOOD_PDF)

    by_script = sender.begin(OTHER_PDF)
    by_form = person.client.post(
        person.at("document", blank.pk, "cv"), {"file": SimpleUploadedFile("cv.pdf", OTHER_PDF)}
    )

    assert (by_script.status_code, by_form.status_code) == (409, 409)
    assert Transfer.objects.count() == 1
