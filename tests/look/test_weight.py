"""The look is light, comes from this portal alone, and holds under a strict policy."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from workshop_portal.files.sentences import SENTENCES

ROOT = Path(__file__).parents[2]
CSS = sorted((ROOT / "static" / "css").glob("*.css"))
# What every page loads; the styles of one area come only with its pages.
EVERYWHERE = [path for path in CSS if path.stem in {"tokens", "base", "components", "print"}]
SCRIPT = ROOT / "static" / "js" / "portal.js"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FOREIGN = r"<(?:img|script|iframe|link|source)\b[^>]*?(?:src|href)=\"(https?:|//)"


def over_the_wire(*paths):
    return sum(len(brotli.compress(Path(path).read_bytes())) for path in paths)


def relative(path):
    return str(path.relative_to(ROOT))


def test_our_styles_stay_within_eight_kilobytes():
    assert over_the_wire(*EVERYWHERE) <= 8_000


def test_our_script_stays_within_three_kilobytes():
    assert over_the_wire(SCRIPT) <= 3_000


def test_everything_a_first_visit_loads_leaves_room_for_the_page():
    pictures = [ROOT / "static" / "img" / name for name in ("mark.svg", "favicon.svg")]

    sent = over_the_wire(finders.find("css/bootstrap.min.css"), *EVERYWHERE, SCRIPT, *pictures)

    assert sent <= 40_000


@pytest.mark.parametrize("path", CSS, ids=relative)
def test_styles_load_nothing_from_elsewhere(path):
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]*)", path.read_text())

    assert [a for a in addresses if not a.startswith("data:image/svg+xml,")] == []
    assert "@import" not in path.read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_carries_no_inline_style_and_no_handler(path):
    text = path.read_text()

    assert re.findall(r"\sstyle\s*=", text) == []
    assert re.findall(r"<[a-z][^<>]*\son[a-z]+\s*=", text) == []
    assert re.findall(r"javascript:", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_script_in_a_template_shows_the_nonce(path):
    tags = re.findall(r"<script\b[^>]*>", path.read_text())
    scripts = [tag for tag in tags if 'type="application/' not in tag]  # the others are data

    assert [tag for tag in scripts if "request.csp_nonce" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_loads_nothing_from_another_host(path):
    loaded = re.findall(FOREIGN, path.read_text())

    assert loaded == []


def test_the_browser_refuses_a_large_file_in_the_words_of_the_server():
    page = (ROOT / "templates" / "ui" / "_words.html").read_text()

    said = re.search(r'data-large="{% translate "([^"]*)"', page)[1]

    assert said == str(SENTENCES["large"])
