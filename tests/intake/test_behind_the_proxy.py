"""The proxy that we ship stands before the portal: slow lines by the thousand keep nobody out."""

import asyncio
import http.client
import resource

import pytest

from applications.models import Transfer
from tests import factories as make
from tests.conftest import GOOD_PDF
from tests.intake import wire
from tests.nginx import Nginx, line_of
from tests.server import portal_running

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SLOW_LINES, PATIENCE = 2_000, 10
BIG = b"%PDF-1.7" + bytes(1_000_000)


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), portal_running(TRUST_ELAPSED_HEADER="1") as address:
        yield address


@pytest.fixture
def proxy(portal, tmp_path):
    started = []

    def start(**facts):
        started.append(Nginx(tmp_path, portal, **facts))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture
def many_files():
    """Leave to have as many lines open as the test needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def upload_slowly(address, said, begun):
    """A kilobyte a second, for as long as the test lasts."""
    reader, writer = await asyncio.open_connection(*line_of(address))
    try:
        for start in range(0, len(said), 1024):
            writer.write(said[start : start + 1024])
            await writer.drain()
            begun()
            await asyncio.sleep(1)
            if reader.at_eof():
                return
    finally:
        writer.close()


def ask(address):
    line = http.client.HTTPConnection(*line_of(address), timeout=PATIENCE)
    line.request("GET", "/")
    return line.getresponse().status


async def others_meanwhile(address, said):
    """What others are answered one after another while all the slow lines are at work."""
    counted, all_begun = [], asyncio.Event()

    def begun():
        counted.append(1)
        if len(counted) >= SLOW_LINES:
            all_begun.set()

    slow = [asyncio.create_task(upload_slowly(address, said, begun)) for _n in range(SLOW_LINES)]
    await asyncio.wait_for(all_begun.wait(), 60)
    answers = [await asyncio.to_thread(ask, address) for _time in range(40)]
    ended = [task for task in slow if task.done()]
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return answers, ended


def test_two_thousand_slow_uploads_keep_nobody_from_an_answer(proxy, many_files):
    said = wire.first(make.ApplicationFactory(), BIG)

    answers, ended = asyncio.run(others_meanwhile(proxy().address, said))

    assert (answers, ended) == ([200] * 40, [])
    assert Transfer.objects.count() == 0


def test_a_line_on_which_nothing_comes_any_more_is_given_up(proxy):
    said = wire.first(make.ApplicationFactory(), BIG)

    with wire.line_to(proxy(client_body_timeout="1s").address) as line:
        line.sendall(said[:50_000])
        line.settimeout(PATIENCE)
        heard = line.recv(65536)

    assert heard == b""


def test_an_upload_goes_through_the_proxy(proxy):
    draft = make.ApplicationFactory()

    status, _words = wire.send(proxy().address, wire.first(draft, GOOD_PDF))

    assert (status, Transfer.objects.get().application) == (201, draft)
