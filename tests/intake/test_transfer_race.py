"""Several hands on one upload, with real threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from applications.actions import transfer as actions
from applications.actions import upload
from applications.models import Transfer
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake.sender import Sender

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("spool_dir"),
]
HANDS = 4


@pytest.fixture
def sender():
    application = make.ApplicationFactory()
    client = Client()
    client.force_login(application.applicant)
    return Sender(client, application)


def at_once(act):
    """The results of as many hands that do the same at the same moment."""
    ready = Barrier(HANDS)

    def hand(number):
        ready.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=HANDS) as pool:
        return list(pool.map(hand, range(HANDS)))


def test_one_upload_that_is_finished_at_once_is_one_document(sender):
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF)
    [transfer] = Transfer.objects.all()

    at_once(lambda _hand: upload.finish(transfer, by=transfer.by).status)

    [document] = transfer.application.documents.all()
    assert (document.version, document.file.read()) == (1, GOOD_PDF)
    assert Transfer.objects.get().status == "taken"


def test_the_same_piece_sent_at_once_is_there_once(sender):
    url = sender.begin(GOOD_PDF).json()["url"]

    answers = at_once(lambda _hand: sender.piece(url, GOOD_PDF).json())

    assert answers == [{"offset": len(GOOD_PDF)}] * HANDS
    assert sender.finish(url).status_code == 200
    assert Transfer.objects.get().application.documents.get().file.read() == GOOD_PDF


def test_of_two_windows_that_begin_at_once_one_upload_is_left(sender):
    answers = at_once(lambda hand: sender.begin(GOOD_PDF + b"\n" * hand).status_code)

    assert answers == [201] * HANDS
    assert Transfer.objects.filter(status="arriving").count() == 1
    assert Transfer.objects.filter(status="abandoned").count() == HANDS - 1


def test_of_many_workers_one_takes_a_file(sender, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    url = sender.begin(GOOD_PDF).json()["url"]
    sender.piece(url, GOOD_PDF)
    sender.finish(url)
    key = str(Transfer.objects.get().pk)

    assert sorted(at_once(lambda _hand: actions.claim(key) is not None)) == [
        *[False] * (HANDS - 1),
        True,
    ]
