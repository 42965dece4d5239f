"""A nominator and the one who asks: their steps, for the tests of both."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.actions import nomination as actions
from tests.conftest import GOOD_PDF
from workshop_portal.outbox.models import Message

PERSON = {
    "name": "Dr. Sok Dara",
    "position": "Director",
    "organisation": "Provincial Department",
    "email": "dara@authority.example",
    "language": "en",
}


class Nominator:
    """Somebody with a link and no account, at a browser of their own."""

    def __init__(self, secret, at_once):
        self.client, self.secret, self.at_once = Client(), secret, at_once

    def at(self, name="nomination"):
        return reverse(f"applications:{name}", args=[self.secret])

    def open(self):
        return self.client.get(self.at())

    def sign(self, **changed):
        seen = self.open().context["sign"]["seen"].value()
        typed = {"seen": seen, "name": "Dr. Sok Dara", "statement": "on", "words": ""} | changed
        with self.at_once(execute=True):
            return self.client.post(self.at("nomination-sign"), typed)

    def send(self, name="letter.pdf", content=GOOD_PDF):
        with self.at_once(execute=True):
            file = SimpleUploadedFile(name, content)
            return self.client.post(self.at("nomination-upload"), {"file": file})

    def decline(self, words=""):
        return self.client.post(self.at("nomination-decline"), {"reason": words})


def ask(application, **changed):
    facts = PERSON | {"arrived_at": timezone.now(), "by": application.applicant} | changed
    return actions.ask(application, **facts)


def link_in(message):
    return re.search(r"/nominations/([\w-]{43})/", message.body)[1]


def letters(letter):
    return Message.objects.filter(letter=f"applications/{letter}")
