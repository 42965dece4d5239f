"""A slow line and a proxy that takes uploads whole: what counts is when the first byte came."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import yaml

from applications.actions import upload
from applications.models import Application, Call, Document, Transfer
from tests import factories as make
from tests.house import ROOT
from tests.intake import wire
from tests.intake.samples import pdf
from tests.server import portal_running
from workshop_portal.arrival import database_now
from workshop_portal.audit.models import Entry

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AROUND = 30
FILE = pdf(pages=40, compress_streams=False)
SLACK = timedelta(seconds=20)


@pytest.fixture(scope="module")
def portals(django_db_setup, django_db_blocker):
    """A portal behind our proxy, and one that anybody reaches."""
    with (
        django_db_blocker.unblock(),
        portal_running(TRUST_ELAPSED_HEADER="1") as ours,
        portal_running(TRUST_ELAPSED_HEADER="0") as bare,
    ):
        yield ours, bare


@pytest.fixture
def proxy(portals):
    made = wire.Proxy(portals[0])
    yield made
    made.close()


def draft_until(seconds):
    """A draft for a call that closes in so many seconds."""
    closes_at = database_now() + timedelta(seconds=seconds)
    opens_at = closes_at - timedelta(days=9)
    return make.ApplicationFactory(call__opens_at=opens_at, call__closes_at=closes_at)


def begun(application):
    """An upload that was announced just now."""
    requirement = application.call.required_documents.get(slug="cv")
    pieces = [upload.Announced("cv.pdf", len(FILE))]
    facts = {"arrived_at": database_now(), "by": application.applicant}
    return upload.begin(application, requirement, pieces=pieces, **facts)


def at_the_same_time(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(act) for act in acts]]


def test_half_a_minute_before_and_after_the_deadline_on_a_slow_line(proxy, portals):
    early, unsaid, closed, by_script = (draft_until(90) for _each in range(4))
    somebody_else = wire.Proxy(portals[0], says=False)
    forms = [wire.form(draft, FILE) for draft in (early, unsaid, closed)]
    began = database_now()
    Call.objects.update(closes_at=began + timedelta(seconds=AROUND))
    Call.objects.filter(pk=closed.call_id).update(closes_at=began)
    in_pieces = begun(Application.objects.get(pk=by_script.pk))
    first_piece = wire.piece(in_pieces, FILE)

    def after():
        time.sleep(AROUND)
        return wire.send(proxy.address, forms[2], during=3)

    taken, piece, not_known, too_late = at_the_same_time(
        lambda: wire.send(proxy.address, forms[0], during=AROUND + 4),
        lambda: wire.send(proxy.address, first_piece, during=AROUND + 4),
        lambda: wire.send(somebody_else.address, forms[1], during=AROUND + 4),
        after,
    )
    finished = upload.finish(Transfer.objects.get(pk=in_pieces.pk), by=in_pieces.by)
    somebody_else.close()

    assert database_now() > began + timedelta(seconds=AROUND)
    assert (taken[0], piece[0], finished.status) == (302, 200, "checking")
    for document in Document.objects.all():
        assert abs(document.arrived_at - began) < SLACK
    assert {each.application_id for each in Document.objects.all()} == {
        early.pk,
        by_script.pk,
    }
    # Without the proxy's word a whole form counts from when it reached us: that is what the
    # script is for, whose first request is short.
    assert (not_known[0], too_late[0]) == (409, 409)
    assert "This arrived after the deadline" in too_late[1]


def test_what_the_receipt_shows_is_when_the_slow_upload_began(proxy):
    application = draft_until(60)
    before = database_now()

    status, _page = wire.send(proxy.address, wire.form(application, FILE), during=6)

    document = Document.objects.get()
    assert status == 302
    assert abs(document.arrived_at - before) < timedelta(seconds=3)


@pytest.mark.parametrize("way", ["through our proxy", "past our proxy"])
def test_a_word_that_a_browser_forged_changes_nothing(way, proxy, portals):
    application = draft_until(-20)
    forged = wire.form(application, FILE, **{"X-Request-Elapsed": "300"})
    address = proxy.address if way == "through our proxy" else portals[1]

    status, page = wire.send(address, forged)

    entry = Entry.objects.get(event="document.upload.refused")
    arrived_at = datetime.fromisoformat(entry.facts["arrived_at"])
    assert status == 409
    assert "This arrived after the deadline" in page
    assert abs(database_now() - arrived_at) < 2 * SLACK
    assert not Document.objects.exists()


def test_the_proxy_that_we_ship_writes_the_word_itself_and_nobody_gets_past_it():
    proxy = (ROOT / ".docker" / "nginx.conf").read_text()
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    assert "proxy_set_header X-Request-Elapsed $request_time;" in proxy
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_a_browser_that_forges_the_word_in_time_does_not_arrive_earlier(portals):
    application = draft_until(60)

    wire.send(portals[1], wire.form(application, FILE, **{"X-Request-Elapsed": "300"}))

    assert database_now() - Document.objects.get().arrived_at < 2 * SLACK
