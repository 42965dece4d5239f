"""Many hands at once, against the portal's own web server, around the deadline."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from applications.actions import deadline
from applications.actions.reminding import remind
from applications.actions.sending import settle
from applications.models import Application, Document, Receipt
from applications.worker import check_transfer
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.server import portal_running
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import Message

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CSRF = "a" * 32
PEOPLE, SPREAD = 100, 3.0
PRESSES = 5


@pytest.fixture
def portal(transactional_db):
    # As it runs in earnest: what is printed and posted waits for a worker that is not there.
    with portal_running(DJANGO_SETTINGS_MODULE="workshop_portal.settings") as address:
        yield Visitor(address)


class Visitor:
    """Sends whole requests from any thread, as somebody who signed in this morning."""

    def __init__(self, address):
        self.address = address
        self.host = urlsplit(address).netloc

    def post(self, user_cookie, path, body, content_type="application/x-www-form-urlencoded"):
        line = http.client.HTTPConnection(self.host, timeout=60)
        cookies = (
            f"{settings.SESSION_COOKIE_NAME}={user_cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        )
        headers = {
            "Cookie": cookies,
            "Content-Type": content_type,
            "X-CSRFToken": CSRF,
            "Origin": self.address,
        }
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer.status, answer.getheader("Location")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def drafts(call, number):
    """Complete drafts of as many people, made quickly, with their cookies."""
    made = []
    for _person in range(number):
        draft = make.FilledApplicationFactory(call=call)
        Document.objects.bulk_create(
            make.DocumentFactory.build(
                application=draft,
                requirement=line,
                file="document/x.pdf",
                uploaded_by=draft.applicant,
            )
            for line in call.required_documents.filter(given="upload")
        )
        made.append((draft, signed_in(draft.applicant)))
    return made


def test_five_hundred_submits_around_the_deadline_are_taken_exactly_when_they_came_in_time(portal):
    call = make.CallFactory()
    people = drafts(call, PEOPLE)
    presses = [(draft, cookie) for draft, cookie in people for _press in range(PRESSES)]
    body = urlencode({"version": 0, "statement": "on"})
    start = time.monotonic() + 1
    call.closes_at = timezone.now() + timedelta(seconds=1 + SPREAD)
    call.save()

    def press(place):
        # A person's presses are spread over the whole time; each person begins elsewhere.
        step = (place * 37) % len(presses)
        time.sleep(max(0, start + 2 * SPREAD * step / len(presses) - time.monotonic()))
        draft, cookie = presses[place]
        return draft.pk, *portal.post(cookie, f"/applications/{draft.pk}/submit/", body)

    with ThreadPoolExecutor(max_workers=64) as pool:
        answers = list(pool.map(press, sorted(range(len(presses)), key=lambda p: (p * 37) % 500)))

    sent = {row.pk: row for row in Application.objects.filter(status="submitted")}
    refused = Entry.objects.filter(event="application.submit.refused")
    assert {status for _pk, status, _at in answers} <= {302, 409}
    assert all(row.submitted_at <= call.closes_at for row in sent.values())
    assert all(entry.facts["arrived_at"] > call.closes_at.isoformat() for entry in refused)
    assert sent
    assert refused.count() == sum(status == 409 for _pk, status, _at in answers) > 0
    accepted = {pk for pk, status, _at in answers if status == 302}
    assert accepted == set(sent)
    assert Receipt.objects.count() == len(sent)
    assert Message.objects.filter(letter="applications/received").count() == len(sent)
    assert len({row.reference for row in sent.values()}) == len(sent)


def test_thirty_equal_starts_make_one_application(portal):
    call, person = make.CallFactory(), make.UserFactory()
    cookie = signed_in(person)
    path = f"/workshops/{call.workshop.slug}/apply/"
    ready = threading.Barrier(30)

    def press(_hand):
        ready.wait()
        return portal.post(cookie, path, "")

    with ThreadPoolExecutor(max_workers=30) as pool:
        answers = set(pool.map(press, range(30)))

    [begun] = Application.objects.all()
    assert answers == {(302, begun.get_absolute_url())}
    assert Entry.objects.filter(event="application.started").count() == 1


def checked_by_a_worker(transfer_id):
    """What a worker does, in a thread of its own."""
    try:
        check_transfer(transfer_id)
    finally:
        connection.close()


def test_ten_uploads_to_one_line_leave_one_current_file_and_ten_versions(portal):
    draft = make.FilledApplicationFactory()
    cookie = signed_in(draft.applicant)
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\n'
    body = head + GOOD_PDF + b"\r\n--edge--\r\n"
    path = f"/applications/{draft.pk}/documents/cv/"

    with ThreadPoolExecutor(max_workers=10) as pool:
        answers = list(
            pool.map(
                lambda _hand: portal.post(cookie, path, body, "multipart/form-data; boundary=edge"),
                range(10),
            )
        )

    waiting = [str(transfer.pk) for transfer in draft.transfers.all()]
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(checked_by_a_worker, waiting * 2))

    documents = draft.documents.order_by("version")
    newest = max(document.arrived_at for document in documents)
    assert {status for status, _at in answers} == {302}
    assert [document.version for document in documents] == list(range(1, 11))
    assert [d.arrived_at for d in documents if d.is_current] == [newest]
    assert all(document.file.storage.exists(document.file.name) for document in documents)


def test_of_two_windows_that_save_at_once_one_wins_and_none_is_lost_in_silence(portal):
    draft = make.FilledApplicationFactory()
    cookie = signed_in(draft.applicant)
    client = Client()
    client.force_login(draft.applicant)
    path = f"/applications/{draft.pk}/form/work/"
    page = client.get(path).context["form"]
    typed = {name: page[name].value() for name in page._meta.fields} | {"seen": page.sign}
    ready = threading.Barrier(8)

    def save(hand):
        ready.wait()
        return portal.post(cookie, path, urlencode(typed | {"duties": f"Hand {hand}"}))[0]

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(save, range(8)))

    draft.refresh_from_db()
    assert sorted(answers) == [302, *[409] * 7]
    assert draft.duties == f"Hand {answers.index(302)}"
    assert draft.version == 1


def attempts():
    """Every press on the trail: whether it was taken, when it arrived, and the limit in force."""
    tried = Entry.objects.filter(event__in=["application.submitted", "application.submit.refused"])
    return [
        (
            entry.event == "application.submitted",
            datetime.fromisoformat(entry.facts["arrived_at"]),
            datetime.fromisoformat(entry.facts["deadline"]),
        )
        for entry in tried
    ]


def test_a_deadline_that_moves_while_people_send_is_true_for_every_one_of_them(portal):
    call = make.CallFactory()
    hana = make.RoleFactory(workshop=call.workshop).user
    people = drafts(call, 40)
    body = urlencode({"version": 0, "statement": "on"})
    begins, start = time.monotonic() + 0.5, timezone.now() + timedelta(seconds=0.5)
    first, second = start + timedelta(seconds=1), start + timedelta(seconds=2.2)
    type(call).objects.update(closes_at=first)

    def press(place):
        draft, cookie = people[place]
        time.sleep(max(0, begins + 3 * place / len(people) - time.monotonic()))
        return draft.pk, *portal.post(cookie, f"/applications/{draft.pk}/submit/", body)

    def extend():
        time.sleep(max(0, begins + 1.6 - time.monotonic()))
        deadline.extend(call, until=second, reason="The network was down.", by=hana)
        connection.close()
        return timezone.now()

    with ThreadPoolExecutor(max_workers=32) as pool:
        moved = pool.submit(extend)
        answers = list(pool.map(press, range(len(people))))
    moved_at = moved.result()

    told = attempts()
    assert {status for _pk, status, _at in answers} == {302, 409}
    assert len(told) == len(people)
    assert {limit for _taken, _arrived, limit in told} == {first, second}
    assert all(taken == (arrived <= limit) for taken, arrived, limit in told)
    assert all(limit == second for _taken, arrived, limit in told if arrived > moved_at)
    assert sum(status == 302 for _pk, status, _at in answers) == (
        Application.objects.filter(status="submitted").count()
    )


@pytest.mark.parametrize("what", ["settle", "remind"])
def test_of_many_clocks_at_once_one_does_what_is_due(transactional_db, what):
    [(draft, _cookie)] = drafts(make.CallFactory(), 1)
    pressed = {"sending_since": timezone.now(), "sending_statement": "Yes."}
    if what == "settle":
        Application.objects.filter(pk=draft.pk).update(**pressed)
    draft.refresh_from_db()
    ready = threading.Barrier(8)

    def beat(_clock):
        ready.wait()
        if what == "settle":
            settle(draft.pk)
        else:
            remind(draft, occasion="3-days", now=timezone.now())
        connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(beat, range(8)))

    letters = list(Message.objects.values_list("letter", flat=True))
    draft.refresh_from_db()
    if what == "settle":
        assert (draft.status, draft.receipts.count()) == ("submitted", 1)
        assert letters == ["applications/received"]
    else:
        assert letters == ["applications/reminder_complete"]
