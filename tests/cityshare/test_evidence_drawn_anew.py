"""A file that the check draws anew is another file: it is found again, deleted, and given once."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cityshare.actions import evidence as actions
from cityshare.models import Evidence, Moderation
from tests.cityshare.own_views import City, Desk
from tests.cityshare.test_evidence import stored
from tests.conftest import GOOD_PDF
from workshop_portal import files

pytestmark = pytest.mark.django_db
ANEW = b"drawn anew"


@pytest.fixture
def city():
    return City()


@pytest.fixture
def desk(city, monkeypatch, django_capture_on_commit_callbacks):
    """A member whose files are drawn anew by the check."""

    def check(paths, name, kinds, **_asked):
        content = SimpleUploadedFile(name, ANEW)
        return files.Checked(name, files.PDF, len(ANEW), "0" * 64, content)

    monkeypatch.setattr(files, "check", check)
    return Desk(city, city.member, django_capture_on_commit_callbacks)


@pytest.fixture(autouse=True)
def empty_store():
    """Every test begins and ends with no file of evidence."""
    for name in stored():
        default_storage.delete(f"evidence/{name}")
    yield
    for name in stored():
        default_storage.delete(f"evidence/{name}")


def test_the_file_that_was_sent_is_known_again_after_it_was_drawn_anew(desk):
    desk.give_file()
    desk.give_file()

    row = Evidence.objects.get()
    assert (row.state, row.sha256, len(row.sent_sha256)) == ("taken", "0" * 64, 64)
    assert row.sent_sha256 != row.sha256
    assert default_storage.open(row.file.name).read() == ANEW


def test_another_file_under_the_same_title_is_another_piece(desk):
    desk.give_file()
    desk.give_file(content=GOOD_PDF + b"\n")

    assert Evidence.objects.count() == 2


def test_a_file_that_was_drawn_anew_while_it_is_deleted_leaves_nothing(city, desk):
    desk.give_file()
    row = Evidence.objects.get()
    Evidence.objects.update(state="checking", lease_until=None, tries=0)
    claimed = actions.claim(str(row.pk))
    with desk.at_once(execute=True):
        content = SimpleUploadedFile("plan.pdf", ANEW)
        actions.conclude(claimed, files.Checked("plan.pdf", files.PDF, 1, "1" * 64, content))

    with desk.at_once(execute=True):
        actions.delete(row, by=city.member)

    assert (Evidence.objects.count(), stored()) == (0, [])


def test_a_file_that_was_refused_is_not_the_one_piece_for_the_talk(city, desk):
    assessment = city.fill("P1")
    type(assessment).objects.filter(pk=assessment.pk).update(status="submitted")
    city.enter("moderation")
    Moderation.objects.create(
        team=city.team, practice=city.practices["P1"], opened_at=timezone.now()
    )
    city.show(state="refused", in_moderation=True)

    answers = [desk.give("P1", text="In words then"), desk.give("P1", text="And another")]

    assert [answer.status_code for answer in answers] == [302, 409]
    taken = Evidence.objects.exclude(state="refused")
    assert [row.text for row in taken] == ["In words then"]
