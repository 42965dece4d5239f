"""Every pair of colours that carries words can be read, in light and in dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TONES = ["good", "info", "wait", "warn", "bad", "idle"]
WORDS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "link") for ground in ("paper", "surface")],
    *[(ink, "sunken") for ink in ("ink", "ink-soft", "link")],
    *[(tone, f"{tone}-wash") for tone in TONES],
    *[("ink", f"{tone}-wash") for tone in TONES],
    *[(tone, "surface") for tone in TONES],
    *[("link", f"{tone}-wash") for tone in TONES],
    *[("ink", ground) for ground in ("water", "bank")],
    ("link-hover", "paper"),
    ("bad", "paper"),
    ("brand", "surface"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("brand-hover", "info-wash"),
    ("ink-soft", "good-wash"),
    ("on-band", "band"),
    ("on-band-soft", "band"),
    ("on-accent", "accent"),
]
SHAPES = [
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("brand", "surface"),
    ("brand", "paper"),
    ("bad", "surface"),
    ("accent", "band"),
    ("focus", "focus-halo"),
    ("focus", "paper"),
    *[(line, ground) for line in ("info", "warn", "wait") for ground in ("water", "bank")],
]


def themes():
    """The tokens of both themes; dark says only what differs from light."""
    text = (CSS / "tokens.css").read_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    found = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", part)) for part in (light, dark)]
    return {"light": found[0], "dark": found[0] | found[1]}


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_stand_out_from_their_ground(theme, ink, ground):
    colours = themes()[theme]

    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_and_marks_stand_out_from_their_ground(theme, shape, ground):
    colours = themes()[theme]

    assert contrast(colours[shape], colours[ground]) >= 3


def test_every_colour_has_a_dark_counterpart():
    text = (CSS / "tokens.css").read_text()

    light, dark = (
        set(re.findall(r"--([\w-]+):\s*#", part))
        for part in text.split("@media (prefers-color-scheme: dark)")
    )

    assert light == dark


def test_colours_are_named_in_one_place_only():
    strangers = {
        path.name: re.findall(r":[^;{}]*#[0-9a-f]{6}\b", path.read_text())
        for path in CSS.glob("*.css")
        if path.name != "tokens.css"
    }

    assert strangers == {name: [] for name in strangers}
    assert "base.css" in strangers


def test_every_name_that_is_used_exists():
    text = "".join(path.read_text() for path in CSS.glob("*.css"))

    used = {name for name in re.findall(r"var\(--([\w-]+)", text) if not name.startswith("bs-")}

    assert used - set(re.findall(r"--([\w-]+):", text)) == set()
