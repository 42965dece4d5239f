"""Nobody opens what is not theirs: every address, every kind of person, and what they read."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions import PEOPLE, ROWS, SIGN_IN
from tests.world import build, undone

pytestmark = pytest.mark.django_db


def names_of(patterns, namespace=""):
    """Every URL name of the portal, with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_of(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


NAMES = sorted(set(names_of(get_resolver().url_patterns)))


def test_every_url_name_has_a_row_in_the_table():
    assert sorted(ROWS) == NAMES


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One for all: it takes as long to build as a person's round through ten pages."""
    with django_db_blocker.unblock(), undone():
        yield build()


def address(name, world):
    """Where that page is for the world's own workshop, application, document …"""
    row = ROWS[name]
    return reverse(name, kwargs={key: look_up(said, world) for key, said in row.kwargs.items()})


def look_up(said, world):
    """`application.pk` in the table is the id of the owner's application, and so on."""
    thing, _, field = said.partition(".")
    return getattr(world.ids[thing], field) if thing in world.ids and field else said


def client_of(who, world):
    client = Client()
    if who != "anonymous":
        client.force_login(world.people[who])
    return client


def answer(client, name, world):
    """The answer, with everything that the request changed undone."""
    with undone():
        response = getattr(client, ROWS[name].method)(address(name, world))
        if getattr(response, "streaming", False):
            response.content_read = b"".join(response.streaming_content)
    return response


def said(response):
    """The status, or `SIGN_IN` for the way to the sign-in page."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/account/login/")
    return SIGN_IN if to_sign_in else response.status_code


# Whose words may stand on a page that a person opens, beside their own.
MAY_READ = {
    "coordinator": {"owner", "other", "seated", "reviewer", "facilitator", "observer"},
    "facilitator": {"seated"},
}
# Whoever holds a nominator's link reads who asks for the nomination.
LINKED = "applications:nomination"
# Who plans a meeting of cities chooses who facilitates it, of those who lead the cycle.
PLANNED = ("cityshare:assist-create", "cityshare:assist-edit")
PLANNERS = {"seated", "coordinator", "facilitator"}
# Staff of one workshop see who else is staff there; an admin sees roles, and no application.
ROLES = {"coordinator", "reviewer", "facilitator", "observer", "stranger", "admin"}


def owners_of_canaries(response):
    """Whose canaries stand in the answer: body and headers."""
    body = getattr(response, "content_read", None) or getattr(response, "content", b"")
    text = body.decode(errors="replace") + str(dict(response.items()))
    people = "|".join(who for who in PEOPLE if who != "anonymous")
    return set(re.findall(rf"zq({people})[a-z]", text))


def business_of(who, name):
    """The people whose words may stand on that page when this person opens it."""
    allowed = {who} | MAY_READ.get(who, set()) | (ROLES if who == "admin" else set())
    if name.startswith(LINKED):
        allowed |= {"owner"}
    if name in PLANNED and who in PLANNERS:
        allowed |= {"coordinator", "facilitator"}
    return allowed


@pytest.mark.parametrize("name", NAMES)
def test_each_person_gets_what_the_table_says_and_reads_no_words_of_strangers(name, world):
    answers = {who: answer(client_of(who, world), name, world) for who in PEOPLE}
    read = {who: owners_of_canaries(answers[who]) - business_of(who, name) for who in PEOPLE}

    assert {who: said(answers[who]) for who in PEOPLE} == ROWS[name].answers
    assert {who: strangers for who, strangers in read.items() if strangers} == {}


FORGED = [
    "00000000-0000-4000-8000-000000000000",
    "0",
    "-1",
    str(2**63),
    "9" * 5000,
    "1 OR 1=1",
    "../",
    "%00",
    "elsewhere",
]


def somebody_allowed(name):
    """A person whom the table lets in, so that only the forged part can be what is refused."""
    allowed = [who for who in ("owner", "coordinator", "admin", "seated") if may_enter(name, who)]
    return allowed[0]


def may_enter(name, who):
    return ROWS[name].answers[who] not in {403, 404, SIGN_IN}


# A key that is not good any more gets a page that says so, and how to ask for a new one.
EXPLAINED = "account_reset_password_from_key"


@pytest.mark.parametrize(
    "name", [name for name in NAMES if ROWS[name].kwargs and name != EXPLAINED]
)
def test_a_forged_id_is_an_address_that_does_not_exist(name, world):
    client = client_of(somebody_allowed(name), world)
    good = address(name, world)
    allowed = {302, 404, 405, 400}

    found = {}
    for key, said_in_row in ROWS[name].kwargs.items():
        for forged in FORGED:
            path = good.replace(str(look_up(said_in_row, world)), forged)
            if path == good or (forged == "elsewhere" and not key.startswith("slug")):
                continue
            status = getattr(client, ROWS[name].method)(path).status_code
            if status not in allowed and not (forged == "elsewhere" and status == 200):
                found[forged] = status

    assert found == {}


@pytest.mark.parametrize("name", NAMES)
def test_who_may_not_open_a_page_may_not_post_to_it_either(name, world):
    barred = [who for who in PEOPLE if not may_enter(name, who)]

    found = {}
    for who in barred:
        with undone():
            status = said(client_of(who, world).post(address(name, world)))
        if status not in {ROWS[name].answers[who], 403, 404, 405, SIGN_IN}:
            found[who] = status

    assert found == {}
