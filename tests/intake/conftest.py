"""What the tests of the applicant's path share."""

import html
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from tests import factories as make
from tests.bucket import KEYS, Bucket
from tests.conftest import GOOD_PDF
from tests.intake.nominators import Nominator
from tests.intake.sender import Sender

ANSWERS = {
    "you": {
        "given_name": "Aoife",
        "family_name": "O'Brien",
        "certificate_name": "Aoife O'Brien",
        "gender": "female",
        "birth_date_day": "17",
        "birth_date_month": "5",
        "birth_date_year": "1985",
        "nationality": "IE",
        "city_name": "Galway",
        "country": "IE",
        "phone": "+353 91 123 456",
    },
    "organisation": {
        "organisation": "Galway County Council",
        "sector": "local",
        "department": "",
        "position": "Programme officer",
        "years": "6",
    },
    "work": {
        "duties": "I run the referral desk.",
        "experience": "Since 2019.",
        "motivation": "We want a written pathway.",
        "intention": "I will draft it.",
    },
    "taking-part": {
        "spoken_english": "fluent",
        "written_english": "fluent",
        "all_days": "yes",
        "first_time": "yes",
        "airfare": "no",
        "needs": "",
    },
}


class Person:
    """An applicant at the browser: goes to pages, saves sections, sends files."""

    def __init__(self, client, user, at_once):
        self.client, self.user, self.at_once = client, user, at_once
        client.force_login(user)

    def at(self, name, *args):
        return reverse(f"applications:{name}", args=args)

    def start(self, call):
        return self.client.post(self.at("start", call.workshop.slug))

    def seen(self, application, section):
        page = self.client.get(self.at("section", application.pk, section))
        return page.context["form"].sign

    def save(self, application, section, *, query="", **changed):
        typed = {"seen": self.seen(application, section)} | ANSWERS[section] | changed
        answer = self.client.post(self.at("section", application.pk, section) + query, typed)
        # What is refused is shown by the page itself, as a browser loads it then.
        return self.client.get(answer["Location"]) if answer.status_code == 303 else answer

    def send_file(self, application, slug, *, name="letter.pdf", content=GOOD_PDF):
        """Send a file by the form; the worker has checked it when this returns."""
        file = SimpleUploadedFile(name, content)
        with self.at_once(execute=True):
            return self.client.post(self.at("document", application.pk, slug), {"file": file})

    def told(self, answer):
        """What the page says after a file was sent: at once, or when it has been checked."""
        page = self.client.get(answer["Location"]) if answer.status_code == 302 else answer
        return html.unescape(page.content.decode())

    def submit(self, application, **changed):
        application.refresh_from_db()
        sent = {"version": application.version, "statement": "on"} | changed
        return self.client.post(self.at("submit", application.pk), sent)


@pytest.fixture
def person(client, db, django_capture_on_commit_callbacks):
    """Somebody with an account and nothing else."""
    user = make.UserFactory(given_name="Aoife", family_name="O'Brien")
    return Person(client, user, django_capture_on_commit_callbacks)


@pytest.fixture
def draft(person):
    """Their draft that lacks nothing, for an open call."""
    return make.CompleteApplicationFactory(applicant=person.user)


@pytest.fixture
def sent(person):
    """Their application, sent, for a call that is still open."""
    application = make.SubmittedApplicationFactory(applicant=person.user)
    application.receipts.create(number=1, arrived_at=timezone.now())
    return application


@pytest.fixture
def close():
    """Close a call by moving its deadline into the past."""

    def to_close(call):
        call.closes_at = timezone.now() - timedelta(hours=1)
        call.save()

    return to_close


JSON = {"Accept": "application/json"}


class Window:
    """A page of the form with its script: sends what was typed since, as the script does."""

    def __init__(self, person, application, section):
        self.client = person.client
        self.address = person.at("section-autosave", application.pk, section)
        self.form = person.client.get(person.at("section", application.pk, section)).context["form"]
        self.bases = dict(zip(self.form.questions, self.form.sign.split("."), strict=True))

    def send(self, *changed, **typed):
        said = {"seen": ".".join(self.bases.values()), "changed": [*changed], **typed}
        return self.client.post(self.address, said, headers=JSON)

    def save(self, *changed, **typed):
        """What became of each question; the window then knows what is stored."""
        told = self.send(*changed, **typed).json()["questions"]
        for name, news in told.items():
            if news["fate"] in {"same", "taken"}:
                self.bases[name] = news["mark"]
        return told


@pytest.fixture
def window(person):
    return lambda application, section: Window(person, application, section)


def fates(told):
    return {name: news["fate"] for name, news in told.items()}


def row(application):
    return Application.objects.filter(pk=application.pk).values().get()


def changed(before, application):
    return {name: value for name, value in row(application).items() if value != before[name]}


@pytest.fixture
def blank(person):
    return make.ApplicationFactory(applicant=person.user)


@pytest.fixture
def filled(person):
    """Their draft with all answers and no document."""
    return make.FilledApplicationFactory(applicant=person.user)


@pytest.fixture
def asked(filled):
    """Somebody was asked an hour ago to nominate them; `SECRET` is the secret of the link."""
    return make.NominationFactory(application=filled)


@pytest.fixture
def nominator(asked, django_capture_on_commit_callbacks):
    """The one who was asked, at a browser of their own."""
    return Nominator(make.SECRET, django_capture_on_commit_callbacks)


@pytest.fixture
def spool_dir(settings, tmp_path):
    """A spool of its own for a test that looks into it."""
    settings.SPOOL_DIR = str(tmp_path / "arriving")


@pytest.fixture
def sender(person, blank):
    return Sender(person.client, blank)


@pytest.fixture
def checked(django_capture_on_commit_callbacks):
    """What happens inside has been checked by the worker when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory):
    running = Bucket(tmp_path_factory.mktemp("bucket"))
    yield running
    running.end()


@pytest.fixture
def bucket(bucket_server, monkeypatch):
    """The S3 server, awake, and the keys to it."""
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    if bucket_server.process.poll() is not None:
        bucket_server.start()
    yield bucket_server
    bucket_server.wake()
