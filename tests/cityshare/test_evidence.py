"""What shows a level: given as file, link or text, checked, read by those who may, taken back."""

import html
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cityshare import clock
from cityshare.actions import evidence as actions
from cityshare.models import Evidence, Moderation
from cityshare.worker import check_evidence
from tests.cityshare.own_views import City, Desk
from tests.clamd import EICAR
from tests.conftest import GOOD_PDF
from tests.intake.test_scanner import attached
from workshop_portal import files
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return City()


@pytest.fixture
def desk(city, django_capture_on_commit_callbacks):
    return Desk(city, city.member, django_capture_on_commit_callbacks)


def words(answer):
    return html.unescape(answer.content.decode())


def stored():
    """The names of the files that lie in the store for evidence."""
    try:
        return sorted(default_storage.listdir("evidence")[1])
    except FileNotFoundError:
        return []


@pytest.fixture(autouse=True)
def empty_store():
    """Every test begins and ends with no file of evidence."""
    for name in stored():
        default_storage.delete(f"evidence/{name}")
    yield
    for name in stored():
        default_storage.delete(f"evidence/{name}")


# --- Giving it ---------------------------------------------------------------------------


def test_a_text_a_link_and_a_file_can_each_be_given(city, desk):
    desk.give(title="In words", text="Since 2024 we have a plan.")
    desk.give(title="On the web", url="https://example.org/plan", kind="review")
    desk.give_file(title="As a file", kind="figures")

    found = [(row.title, row.kind, row.state, bool(row.file)) for row in Evidence.objects.all()]
    assert found == [
        ("In words", "document", "taken", False),
        ("On the web", "review", "taken", False),
        ("As a file", "figures", "taken", True),
    ]
    page = words(desk.get("assess-practice", "P1"))
    assert all(title in page for title, *_rest in found)
    assert "Open the page at example.org" in page


def test_the_page_offers_the_kind_that_is_missing(desk):
    form = desk.get("evidence-add", "P1", kind="figures").context["form"]

    assert form["kind"].value() == "figures"


def test_one_of_the_three_has_to_be_there(desk):
    answer = desk.give()

    assert "Give a file, a link or a few words: one of them is enough." in words(answer)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"url": "javascript:alert(1)"},
        {"url": "data:text/html,<script>"},
        {"url": "ftp://example.org/plan"},
        {"url": "//evil"},
        {"url": "https://example.org/\u202egpj.exe"},
        {"url": "https://exam\u200bple.org/"},
        {"url": "https://example.org/" + "x" * 500},
        {"url": "https://" + "x" * 64_000},
        {"url": "\x00"},
        {"title": "", "text": "-"},
        {"title": "\u200b\u200d", "text": "-"},
        {"title": "x" * 201, "text": "-"},
        {"title": "a\x00b", "text": "-"},
        {"kind": "proof", "text": "-"},
        {"kind": "", "text": "-"},
        {"text": "x" * 3001},
        {"text": "y" * 64_000},
        {"text": "left \u202e right"},
    ],
)
def test_what_cannot_be_taken_stands_beside_its_field(desk, given):
    answer = desk.give(**given)

    wrong = next(name for name in ("url", "title", "kind", "text") if name in given)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [wrong]
    assert not Evidence.objects.exists()


def test_what_was_typed_stays_when_something_is_wrong(desk):
    page = words(desk.give(title="My title", text="My words", url="javascript:alert(1)"))

    assert all(said in page for said in ("My title", "My words", "javascript:alert(1)"))


def test_signs_of_markup_are_shown_as_they_were_typed(desk):
    desk.give(title='"><svg/onload=alert(1)>', text="{{ 7|add:7 }} <b>bold</b>")

    page = desk.get("assess-practice", "P1").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<svg/onload" not in page


@pytest.mark.parametrize("count", [2, 3])
def test_giving_the_same_again_gives_the_one_there_is(desk, count):
    for _ in range(count):
        desk.give(text="The same words")
        desk.give_file(title="The same file")

    assert Evidence.objects.count() == 2
    assert len(stored()) == 1


def test_more_than_twelve_pieces_of_one_practice_are_refused(city, desk):
    city.fill("P1")
    for number in range(Evidence.MOST):
        city.show(title=f"Piece {number}")

    answer = desk.give_file(title="One more")

    assert answer.status_code == 409
    assert "There are 12 pieces already." in words(answer)
    assert (Evidence.objects.count(), stored()) == (12, [])


def test_nobody_else_gives_or_deletes(city):
    other = City(name="Birch")
    city.fill("P1")
    row = city.show()

    for user, expected in [(other.focal, [404, 404]), (city.lead, [404, 403])]:
        stranger = Desk(city, user)
        answers = [
            stranger.post("evidence-add", "P1", kind="other", title="Not mine", text="-"),
            stranger.client.post(f"/cityshare/evidence/{row.pk}/delete/"),
        ]
        assert [answer.status_code for answer in answers] == expected
    assert Evidence.objects.get() == row


def test_what_reads_like_a_count_below_five_is_asked_about_and_taken(city, desk):
    desk.give(text="In 2026 the shelter took in 3 victims and 45 others.")

    page = words(desk.get("assess-practice", "P1"))
    assert "This reads like a count below 5: “3 victims”." in page
    assert Evidence.objects.get().state == "taken"


# --- Files -------------------------------------------------------------------------------


def test_a_file_counts_when_the_worker_has_checked_it(city, desk, monkeypatch):
    city.fill("P1", current=3)
    monkeypatch.setattr(check_evidence, "apply", lambda *_args, **_facts: None)
    desk.give_file()

    waiting = desk.get("assess-practice", "P1")
    assert "The file is being checked" in words(waiting)
    assert waiting.context["line"].answer.shown == frozenset()

    with desk.at_once(execute=True):
        check_evidence(str(Evidence.objects.get().pk))

    done = desk.get("assess-practice", "P1")
    row = Evidence.objects.get()
    assert done.context["line"].answer.shown == {"document"}
    assert (row.state, row.media_type, row.name) == ("taken", "application/pdf", "plan.pdf")
    assert default_storage.open(row.file.name).read() == GOOD_PDF
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.pdf", b"", "holds nothing at all"),
        ("plan.pdf", b"MZ" + bytes(200), "looks like a program"),
        ("plan.pdf", b"<html><script>", "is a web page"),
        ("plan.exe", GOOD_PDF, "says .exe in its name"),
        ("plan", GOOD_PDF, "name of the file could not be read"),
        ("film.gif", b"GIF89a" + bytes(100), "picture of a kind that is not taken"),
    ],
)
def test_what_can_be_seen_to_be_wrong_is_told_at_once(desk, name, content, said):
    answer = desk.give_file(name=name, content=content)

    assert answer.status_code == 200
    assert said in " ".join(answer.context["form"].errors["file"])
    assert (Evidence.objects.count(), stored()) == (0, [])


def test_a_file_beyond_ten_megabytes_is_told_with_both_sizes(desk):
    answer = desk.give_file(content=GOOD_PDF + b"\n" * (10 * 1024 * 1024))

    assert "at most 10 MB" in " ".join(answer.context["form"].errors["file"])


def test_a_file_that_does_not_pass_is_deleted_and_its_sentence_is_shown(city, desk):
    desk.give_file(content=GOOD_PDF[: len(GOOD_PDF) // 2])

    row = Evidence.objects.get()
    assert (row.state, row.verdict, row.file.name, stored()) == ("refused", "damaged", "", [])
    assert "“plan.pdf” is damaged or incomplete." in words(desk.get("assess-practice", "P1"))


def test_what_names_people_in_a_file_is_noticed(desk, monkeypatch):
    seen = {}

    def check(paths, name, kinds, **asked):
        seen.update(asked, kinds=[kind.suffix for kind in kinds])
        return files.Checked(
            name,
            files.PDF,
            len(GOOD_PDF),
            "0" * 64,
            SimpleUploadedFile(name, GOOD_PDF),
            cautions=[{"code": "email", "page": 2}],
        )

    monkeypatch.setattr(files, "check", check)
    desk.give_file()

    assert seen["names_nobody"] is True
    assert (seen["limit"], seen["kinds"]) == (10_485_760, [".pdf", ".docx", ".jpg", ".png"])
    assert "There seems to be an e-mail address on page 2." in words(
        desk.get("assess-practice", "P1")
    )


def test_a_file_in_which_a_virus_was_found_is_deleted(desk, scanner):
    desk.give_file(content=attached(EICAR))

    row = Evidence.objects.get()
    assert (row.state, row.verdict, stored()) == ("refused", "virus", [])
    assert "The virus check found something in “plan.pdf”" in words(
        desk.get("assess-practice", "P1")
    )


def test_while_the_scanner_is_away_a_file_waits_and_is_not_given_up(desk, settings):
    settings.CLAMD = "unix:/nowhere/clamd.ctl"
    desk.give_file()

    row = Evidence.objects.get()
    assert (row.state, row.tries) == ("checking", 0)

    settings.CLAMD = ""
    Evidence.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    check_evidence(str(row.pk))

    row.refresh_from_db()
    assert row.state == "taken"


def test_what_a_worker_lost_is_handed_off_again_and_given_up_after_three_times(
    desk, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(check_evidence, "apply", lambda *_args, **_facts: None)
    desk.give_file()
    row = Evidence.objects.get()
    handed = []
    monkeypatch.setattr(clock, "hand_off", lambda task, pk: handed.append((task, pk)))

    clock.check_evidence_again()
    claimed = [actions.claim(str(row.pk)) is not None for _ in range(2)]
    clock.check_evidence_again()
    for _ in range(2):
        Evidence.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        actions.claim(str(row.pk))
    Evidence.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        clock.check_evidence_again()

    row.refresh_from_db()
    assert claimed == [True, False]
    assert handed == [(actions.CHECK, str(row.pk))]
    assert (row.state, row.verdict, stored()) == ("refused", "unchecked", [])


def test_a_file_that_was_deleted_while_it_was_checked_leaves_nothing(desk, city, monkeypatch):
    monkeypatch.setattr(check_evidence, "apply", lambda *_args, **_facts: None)
    desk.give_file()
    row = actions.claim(str(Evidence.objects.get().pk))
    checked = files.Checked(
        "plan.pdf", files.PDF, 1, "0" * 64, SimpleUploadedFile("plan.pdf", GOOD_PDF)
    )
    with desk.at_once(execute=True):
        desk.client.post(f"/cityshare/evidence/{row.pk}/delete/")

    actions.conclude(row, checked)

    assert (Evidence.objects.count(), stored()) == (0, [])


def test_a_store_that_takes_nothing_says_so(desk, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(default_storage._wrapped), "_save", full)
    answer = desk.give_file()

    assert answer.status_code == 409
    assert "could not be stored at this moment" in words(answer)
    assert not Evidence.objects.exists()


# --- Taking it back ----------------------------------------------------------------------


def test_what_is_deleted_is_gone_with_its_file_and_the_trail_says_who(city, desk):
    desk.give_file()
    row = Evidence.objects.get()

    with desk.at_once(execute=True):
        answer = desk.client.post(f"/cityshare/evidence/{row.pk}/delete/")

    assert answer["Location"] == city.at("assess-practice", "P1") + "#evidence"
    assert (Evidence.objects.count(), stored()) == (0, [])
    deleted = Entry.objects.get(event="evidence.deleted")
    assert (deleted.by, deleted.facts["code"]) == (city.member, "P1")


@pytest.mark.parametrize("stage", ["self", "rating", "moderation", "compare"])
def test_what_was_handed_in_can_be_neither_added_to_nor_shortened(city, desk, stage):
    assessment = city.fill("P1")
    row = city.show()
    type(assessment).objects.filter(pk=assessment.pk).update(status="submitted")
    city.enter(stage)

    answers = [desk.give(text="More"), desk.client.post(f"/cityshare/evidence/{row.pk}/delete/")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert Evidence.objects.get() == row
    assert "Add it" not in words(desk.get("evidence-add", "P1"))


def test_for_the_talk_about_a_practice_one_piece_can_be_added_once(city, desk):
    assessment = city.fill("P1", "P2")
    type(assessment).objects.filter(pk=assessment.pk).update(status="submitted")
    city.enter("moderation")
    Moderation.objects.create(
        team=city.team, practice=city.practices["P1"], opened_at=timezone.now()
    )

    answers = [
        desk.give("P1", text="For the talk"),
        desk.give("P1", text="And another"),
        desk.give("P2", text="Not talked about"),
    ]

    assert [answer.status_code for answer in answers] == [302, 409, 409]
    [row] = Evidence.objects.all()
    assert (row.text, row.in_moderation) == ("For the talk", True)
