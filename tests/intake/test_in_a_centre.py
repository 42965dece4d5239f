"""The portal as it runs in a centre: web server, worker, broker and bucket, each a process."""

import json
import urllib.parse
import urllib.request

import pytest
from django.conf import settings as portal
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from applications.models import Document, Transfer
from tests import factories as make
from tests.bucket import NAME
from tests.intake.sender import OTHER_PDF, announced
from tests.outbox.conftest import Broker, wait_for, worker_running
from tests.server import portal_running

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("spool_dir"),
]


@pytest.fixture
def broker(tmp_path):
    running = Broker(tmp_path)
    running.start()
    yield running
    running.stop()


class Browser:
    """Somebody who has signed in, at a portal that runs in processes of its own."""

    def __init__(self, address, user):
        client, self.address, sign = Client(), address, "a" * 32
        client.force_login(user)
        session = client.cookies[portal.SESSION_COOKIE_NAME].value
        self.headers = {
            "Accept": "application/json",
            "Cookie": f"{portal.SESSION_COOKIE_NAME}={session}; {portal.CSRF_COOKIE_NAME}={sign}",
            "Origin": address,
            "X-CSRFToken": sign,
        }

    def ask(self, path, body=None, **headers):
        request = urllib.request.Request(self.address + path, body, self.headers | headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def post(self, path, **said):
        return json.loads(self.ask(path, urllib.parse.urlencode(said).encode()))


def test_web_server_worker_and_bucket_as_they_run_in_a_centre(bucket, broker, monkeypatch):
    draft = make.ApplicationFactory()
    monkeypatch.setenv("S3_BUCKET", NAME)
    monkeypatch.setenv("S3_ENDPOINT_URL", bucket.address)
    real = {
        "DJANGO_SETTINGS_MODULE": "workshop_portal.settings",
        "BROKER_URL": broker.url,
        "SPOOL_DIR": portal.SPOOL_DIR,
    }
    monkeypatch.setenv("SPOOL_DIR", portal.SPOOL_DIR)

    with portal_running(**real) as address, worker_running(broker, 25):
        person = Browser(address, draft.applicant)
        begin_at = reverse("applications:transfer", args=[draft.pk, "cv"])
        begun = person.post(begin_at, pieces=json.dumps(announced(OTHER_PDF)))
        octets = {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
        person.ask(f"{begun['url']}0/", OTHER_PDF, **octets)
        person.post(f"{begun['url']}finish/")
        wait_for(lambda: Transfer.objects.get().status == "taken", 120)
        document = Document.objects.get()
        given = person.ask(reverse("applications:document-file", args=[document.pk]))

    assert given == OTHER_PDF
    assert bucket.answer(f"{NAME}/{document.file.name}") == 403
    assert not storages["default"].exists(document.file.name)
