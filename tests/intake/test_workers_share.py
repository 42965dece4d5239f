"""A file that waits for its check is one worker's at a time, and no worker's for ever."""

from datetime import timedelta

import pytest
from django.db.models import F, QuerySet
from django.utils import timezone

from applications.actions import transfer as actions
from applications.models import Transfer
from tests.conftest import GOOD_PDF
from tests.factories import DocumentFactory
from tests.intake.checks import check
from tests.intake.hands import on_its_way

pytestmark = pytest.mark.django_db
OVER, RUNNING = timedelta(seconds=-5), timedelta(seconds=60)


def tried(blank, tries, lease):
    transfer = on_its_way(blank)
    until = None if lease is None else timezone.now() + lease
    Transfer.objects.update(tries=tries, lease_until=until)
    return transfer


@pytest.mark.parametrize(
    ("tries", "lease", "is_free"),
    [(0, None, True), (2, OVER, True), (2, RUNNING, False), (3, OVER, False)],
)
def test_a_worker_takes_what_nobody_holds_and_has_not_ended_three_of_them(
    blank, tries, lease, is_free
):
    transfer = tried(blank, tries, lease)

    taken = actions.claim(str(transfer.pk))

    transfer.refresh_from_db()
    assert (taken is not None, transfer.tries) == (is_free, tries + is_free)


def test_of_two_workers_that_reach_for_it_at_once_one_gets_it(blank, monkeypatch):
    transfer = tried(blank, 0, None)
    first = QuerySet.first

    def first_and_then_somebody_else_was_quicker(rows):
        found = first(rows)
        if rows.model is Transfer:
            Transfer.objects.update(tries=F("tries") + 1)
        return found

    monkeypatch.setattr(QuerySet, "first", first_and_then_somebody_else_was_quicker)

    assert actions.claim(str(transfer.pk)) is None


@pytest.mark.parametrize(
    ("tries", "lease", "status"),
    [(3, OVER, "refused"), (3, RUNNING, "checking"), (2, OVER, "checking")],
)
def test_given_up_is_what_ended_three_workers_and_is_in_nobodys_hands(blank, tries, lease, status):
    transfer = tried(blank, tries, lease)

    actions.give_up()

    transfer.refresh_from_db()
    assert transfer.status == status


def test_a_try_is_given_back_for_what_still_waits_and_for_nothing_else(blank):
    transfer = tried(blank, 2, OVER)
    actions.put_back(transfer)
    once = Transfer.objects.get().tries
    Transfer.objects.update(status="taken")
    actions.put_back(transfer)

    assert (once, Transfer.objects.get().tries) == (1, 1)


@pytest.mark.parametrize(("facts", "codes"), [({}, {"same_file"}), ({"sure": True}, set())])
def test_the_same_file_for_two_lines_is_a_caution_unless_the_person_was_sure(blank, facts, codes):
    checked = check("cv.pdf", GOOD_PDF)
    other = blank.call.required_documents.get(slug="case-study")
    DocumentFactory(application=blank, requirement=other, sha256=checked.sha256)
    transfer = on_its_way(blank)
    transfer.pieces.create(name="cv.pdf", size=checked.size, sha256=checked.sha256)
    transfer.facts = facts

    document = actions.conclude(transfer, checked)

    assert {caution["code"] for caution in document.cautions} == {"empty_page"} | codes
