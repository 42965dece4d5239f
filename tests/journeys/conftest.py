"""A browser, and the portal it visits."""

import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests import factories as make
from tests.server import portal_running, wait_until_idle
from tests.settings import SCRATCH

# WCAG 2.2 AA is the promise; best practices are held too where axe knows them.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# All that another theme can change for axe.
CONTRAST = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
WIDTHS = (360, 1280)


@pytest.fixture(scope="session")
def address(django_db_setup, django_db_blocker):
    """Where the portal is; one for all journeys of this test process."""
    with django_db_blocker.unblock(), portal_running() as at:
        yield at


class Visit:
    """One person's browser, and what they notice that a page should never let them notice."""

    def __init__(self, context, address, *, scripts):
        self.context, self.address, self.scripts = context, address, scripts
        self.noticed = []
        self.page = context.new_page()
        self.page.on("console", lambda said: self.noticed.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.noticed.append(f"error: {error}"))
        self.page.on("request", self.look_at)

    def look_at(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "about:", "chrome")):
            self.noticed.append(f"another host: {urlsplit(request.url).netloc}")

    def go(self, path):
        return self.page.goto(self.address + path)

    def sign_in(self, user):
        """Arrive signed in, as somebody who did so this morning."""
        client = Client()
        client.force_login(user)
        self.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": self.address,
                }
            ]
        )
        return self

    def barriers(self):
        """What axe finds on the page: rule and place of each."""
        return self._axe(RULES)

    def _axe(self, rules):
        found = Axe().run(self.page, options=rules).response["violations"]
        return [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]

    def faults_at(self, path):
        """What is wrong with a page on a phone and at a desk, by day and in the dark: {} is well.

        It is loaded once, and looked at anew in each size and theme; nothing fades from one theme
        to the other.
        """
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        status = self.go(path).status
        found = {} if status == 200 else {"status": status}
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            for theme, rules in (("light", RULES), ("dark", CONTRAST)):
                self.page.emulate_media(color_scheme=theme)
                barriers = self._axe(rules) + ["scrolls sideways"] * self.scrolls_sideways()
                if barriers:
                    found[width, theme] = barriers
        return found

    def scrolls_sideways(self):
        self.page.wait_for_load_state("domcontentloaded")
        return self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )


@pytest.fixture
def visit(address, chromium, transactional_db):
    """Make visits: `visit()` at 1280 pixels, `visit(width=360, scripts=False, …)`.

    When the test ends, no visitor may have seen a console message or met another host.
    """
    cache.clear()
    shutil.rmtree(SCRATCH / "mail", ignore_errors=True)
    visits = []

    def begin(*, width=1280, scripts=True, theme="light", zone="Asia/Phnom_Penh", kept=None):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme=theme,
            timezone_id=zone,
            locale="en-GB",
            service_workers="block",
            storage_state=kept,
        )
        context.set_default_timeout(15_000)
        visits.append(Visit(context, address, scripts=scripts))
        return visits[-1]

    yield begin
    noticed = [line for each in visits for line in each.noticed]
    for each in visits:
        each.context.close()
    wait_until_idle()
    assert noticed == []


@pytest.fixture
def draft(transactional_db):
    return make.CompleteApplicationFactory()


@pytest.fixture
def writer(visit, draft):
    """Somebody at a page of their draft: `writer("work", width=360)`."""

    def open_page(section="work", **options):
        person = visit(**options).sign_in(draft.applicant)
        person.go(f"/applications/{draft.pk}/form/{section}/")
        return person

    return open_page
