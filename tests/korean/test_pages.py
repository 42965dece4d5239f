"""Nobody who reads Korean meets an English sentence of ours, on any page of the portal."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client, override_settings

from applications.models import Nomination
from applications.standard import LONG, SHORT
from tests.korean.test_catalogue import ENTRIES, PLACEHOLDER, english, korean
from tests.permissions import PEOPLE, ROWS
from tests.test_permissions import answer
from tests.world import build, undone
from workshop_portal.accounts.models import User

pytestmark = pytest.mark.django_db
SCRIPTS = sorted((Path(__file__).parents[2] / "static" / "js").glob("*.js"))
SENTENCE = re.compile(r"^[A-Z][a-z]+,? [a-z]+|[a-z]{3}[.!?…]$")
LITERAL = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""")


def sentences():
    """Every piece of English of ours that is long enough to be told from a name: four words."""
    pieces = {line for text in LONG for line in text.splitlines()} | SHORT
    for entry in ENTRIES:
        if english(entry) not in korean(entry):
            pieces |= {*PLACEHOLDER.split(english(entry))}
    return {words(piece) for piece in pieces if len(piece.split()) > 3}


class Reader(HTMLParser):
    """Gathers what a page itself says: not what people typed, nor what is marked as English."""

    ALONE = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
    THEIRS = {"textarea", "script", "style"}

    def __init__(self):
        super().__init__()
        self.open, self.said = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.ALONE:
            is_english = tag != "html" and dict(attrs).get("lang") == "en"
            self.open.append(is_english or tag in self.THEIRS)

    def handle_endtag(self, tag):
        if tag not in self.ALONE and self.open:
            self.open.pop()

    def handle_data(self, data):
        if not any(self.open):
            self.said.append(data)


def words(text):
    reader = Reader()
    reader.feed(text)
    return " ".join(" ".join(reader.said).split())


SENTENCES = sentences()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world as it is when everybody in it has always read Korean."""
    with override_settings(LANGUAGE_CODE="ko"), django_db_blocker.unblock(), undone():
        made = build()
        User.objects.update(language="ko")
        Nomination.objects.update(language="ko")
        yield made


def reader_of(row):
    """The person with the most on this page: the first who may open it, staff before visitors."""
    first = ["coordinator", "owner", "admin", *PEOPLE]
    return next((who for who in first if row.answers[who] in (200, 400, 404, 409)), "owner")


def read(name, world):
    client, who = Client(headers={"accept-language": "ko"}), reader_of(ROWS[name])
    if who != "anonymous":
        client.force_login(User.objects.get(pk=world.people[who].pk))
    response = answer(client, name, world)
    return "" if response.streaming else words(response.content.decode())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_page_says_nothing_in_english(name, world):
    page = read(name, world)

    assert [said for said in sorted(SENTENCES) if said in page] == []


def test_the_pages_would_be_found_out_in_english(world):
    """The same look at a page in English finds what it looks for."""
    User.objects.update(language="en")

    page = read("applications:application", world)

    assert len([said for said in SENTENCES if said in page]) > 3


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_words_of_its_own(path):
    """What people read comes from the page, where it is translated."""
    code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.M)
    literals = ["".join(found) for found in LITERAL.findall(code)]

    said = [text for text in literals if SENTENCE.search(text)]

    assert said == []
