"""The Korean catalogue: no sentence is missing, and none says something else than the English."""

import re
import shutil
from collections import Counter
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command

from applications.standard import SEVEN, TEXTS

ROOT = Path(__file__).parents[2]
SOURCES = ("templates", "workshop_portal", "applications", "cityshare", "curriculum")
CATALOGUE = Path("workshop_portal", "locale", "ko", "LC_MESSAGES")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%\(\w+\)[a-z]|%[sd]|\{[^{}]*\}|%%")
TAG = re.compile(r"</?[a-z]+[^>]*>")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# What no reader of a template sees, or what is translated where it stands.
UNSEEN = [
    re.compile(part, re.DOTALL)
    for part in (
        r"{%\s*comment\b.*?endcomment\s*%}",
        r"{%\s*block (?:style|body_class)\s*%}.*?{%\s*endblock\b.*?%}",
        r"{%\s*blocktranslate\b.*?endblocktranslate\s*%}",
        r"<(script|style)\b.*?</\1>",
        r"{#.*?#}|{%.*?%}|{{.*?}}",
    )
]
SAID = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"')
# Names that are the same in every language.
NAMES = {"CityShare", "PDF", "PNG", "SHA", "SVG"}


def words_of(template):
    """The words that a template says by itself, and in no other language."""
    for part in UNSEEN:
        template = part.sub(" ", template)
    seen = " ".join([*SAID.findall(template), re.sub(r"<[^>]*>|&\w+;", " ", template)])
    return {*re.findall(r"[^\W\d_]{3,}", seen)}


def read(folder):
    with (folder / CATALOGUE / "django.po").open("rb") as file:
        return [entry for entry in read_po(file, locale="ko", ignore_obsolete=True) if entry.id]


def english(entry):
    """What the sentence says in English; of two forms the one for many, which names the number."""
    return entry.id[-1] if isinstance(entry.id, tuple) else entry.id


def korean(entry):
    return entry.string[0] if isinstance(entry.string, tuple) else entry.string


def key(entry):
    return entry.context, entry.id


ENTRIES = read(ROOT)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A copy of the sources whose catalogue was just brought to what they say."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr("django.conf.settings.LOCALE_PATHS", [copy / "workshop_portal" / "locale"])
        call_command("words")
    return copy


def test_every_sentence_of_the_sources_is_in_the_catalogue_and_no_other(collected):
    assert {key(entry) for entry in read(collected)} == {key(entry) for entry in ENTRIES}


def test_every_sentence_is_translated_for_certain():
    missing = [english(entry) for entry in ENTRIES if not korean(entry) or entry.fuzzy]

    assert missing == []


def compiled(folder):
    with (folder / CATALOGUE / "django.mo").open("rb") as file:
        return GNUTranslations(file)._catalog


def test_the_compiled_catalogue_says_what_the_written_one_says(collected):
    then, now = compiled(collected), compiled(ROOT)

    assert {**then, "": ""} == {**now, "": ""}


def test_a_translation_holds_the_placeholders_of_its_sentence():
    different = {
        english(entry): korean(entry)
        for entry in ENTRIES
        if Counter(PLACEHOLDER.findall(korean(entry)))
        != Counter(PLACEHOLDER.findall(english(entry)))
    }

    assert different == {}


def test_a_translation_holds_the_marks_of_html_of_its_sentence():
    different = {
        english(entry): korean(entry)
        for entry in ENTRIES
        if Counter(TAG.findall(korean(entry))) != Counter(TAG.findall(english(entry)))
    }

    assert different == {}


def edges(text):
    """The white space at both ends."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_a_translation_begins_and_ends_with_the_white_space_of_its_sentence():
    different = [
        english(entry) for entry in ENTRIES if edges(korean(entry)) != edges(english(entry))
    ]

    assert different == []


def test_a_translation_is_in_korean():
    """Patterns of dates and the like have no words; a sentence has."""
    foreign = [
        english(entry)
        for entry in ENTRIES
        if len(english(entry).split()) > 3
        and entry.context != "date format"
        and not re.search("[가-힣]", korean(entry))
    ]

    assert foreign == []


def numbered(text):
    """How many headings, points and numbered points a text has."""
    return Counter(re.findall(r"^(?:#+|-|\d+\.) ", text, flags=re.M))


@pytest.mark.parametrize(
    "line", [line for line in SEVEN if line.guidelines], ids=lambda it: it.slug
)
def test_a_long_text_has_the_same_parts_in_korean(line):
    translated = (TEXTS / "ko" / f"{line.slug}.md").read_text(encoding="utf-8")

    assert numbered(translated) == numbered(line.guidelines)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_says_nothing_by_itself(path):
    assert words_of(path.read_text()) - NAMES == set()


@pytest.mark.parametrize(
    "said",
    [
        "<p>Send it</p>",
        '<a href="/x" title="Send it"></a>',
        '<input aria-label="Send it">',
        "{% if now %}Send it{% endif %}",
        "{% translate 'Now' %} Send it",
    ],
)
def test_words_that_nobody_translates_are_found(said):
    assert words_of(said) == {"Send"}
