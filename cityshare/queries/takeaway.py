"""Pictures that leave the portal: a file that needs nothing beside itself, and what a PDF says."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cityshare import framing
from cityshare.queries.pictures import RiverPage, listed
from cityshare.queries.steps import StairsPage
from workshop_portal.papers.models import Paper

if TYPE_CHECKING:
    from cityshare.models import Cycle
    from workshop_portal.accounts.models import User

Facts = dict[str, Any]
# The forms in which the worker makes a picture, and the template of each.
TEMPLATES = {"pdf": "papers/picture.html", "png": "papers/picture_alone.html"}
# Height by width from which on a picture is larger on an upright sheet.
UPRIGHT = 0.65


@dataclass(frozen=True)
class Picture:
    """A picture to take away: `key` tells it from the others of its cycle.

    `svg` is the file; `bare` is the same without its title, for a sheet that has one.
    """

    key: str
    title: str
    words: str
    svg: Drawing
    bare: Drawing
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Drawing:
    """An SVG file as text, and its size in user units."""

    text: str
    width: float
    height: float


def river_picture(page: RiverPage, cycle: Cycle) -> Picture:
    """The river as the reader has it on the page."""
    plot = page.wide.river.plot
    draw = partial(
        _drawn,
        "cityshare/pictures/river.svg",
        {"figure": page.wide, "mine": bool(page.city), "words": page.words},
        (plot.width, plot.height),
        page.signs,
    )
    return Picture(
        key="river",
        title=page.title,
        words=page.words,
        svg=draw(page.title, _about(cycle)),
        bare=draw(),
        columns=[_("Practice"), _("Lowest"), _("Median"), _("Highest"), _("Width"), _("Ask here")],
        rows=[
            [
                f"{row.practice.code} {row.practice.name}",
                *(number.value for number in row.numbers),
                listed(row.ask),
            ]
            for row in page.rows
        ],
    )


def stairs_picture(page: StairsPage, cycle: Cycle) -> Picture:
    """The stairs of one practice with all names."""
    drawn = {"stairs": page.broad, "mine": page.mine, "hollow": page.hollow, "words": page.words}
    draw = partial(
        _drawn,
        "cityshare/pictures/stairs.svg",
        drawn,
        (page.broad.width, page.broad.height),
        page.signs,
    )
    return Picture(
        key=f"stairs-{page.practice.code}",
        title=page.title,
        words=page.words,
        svg=draw(page.title, _about(cycle)),
        bare=draw(),
        columns=[_("Level today"), _("Levels to go"), _("Cities")],
        rows=[
            [str(group.cell.level), str(group.cell.gap), listed(group.cities)]
            for group in page.groups
        ],
    )


def _about(cycle: Cycle) -> str:
    said = {"workshop": cycle.workshop.title, "framework": cycle.framework}
    return _("%(workshop)s. Framework: %(framework)s") % said


def _drawn(
    template: str,
    drawn: Facts,
    size: tuple[float, float],
    signs: Sequence[tuple[str, str]],
    title: str = "",
    about: str = "",
) -> Drawing:
    """A picture of this size on its sheet."""
    sheet = framing.frame(*size, title, about, [words for _sign, words in signs])
    placed = [(sign, words) for (sign, _words), words in zip(signs, sheet.signs, strict=True)]
    facts = {"sheet": sheet, "signs": placed, "style": light_style(), **drawn}
    return Drawing(render_to_string(template, facts), sheet.width, sheet.height)


@cache
def light_style() -> str:
    """The style sheet of the pictures with the light colours written out."""
    tokens, rules = (_css(name) for name in ("tokens", "pictures"))
    light = tokens.partition("@media")[0]
    named = dict(re.findall(r"--([\w-]+):\s*([^;]+);", light))
    plain = re.sub(r"/\*.*?\*/\s*", "", rules, flags=re.DOTALL)
    return re.sub(r"var\(--([\w-]+)\)", lambda found: named[found[1]], plain)


def _css(name: str) -> str:
    return Path(str(finders.find(f"css/{name}.css"))).read_text()


# --- As a paper ----------------------------------------------------------------------------


def facts_of(picture: Picture, cycle: Cycle, form: str) -> Facts:
    """What the paper of a picture is made from."""
    drawing = picture.svg if form == "png" else picture.bare
    data = base64.b64encode(drawing.text.encode()).decode()
    return {
        "form": form,
        "title": picture.title,
        "words": picture.words,
        "width": round(drawing.width),
        "height": round(drawing.height),
        "is_upright": drawing.height > drawing.width * UPRIGHT,
        "picture": f"data:image/svg+xml;base64,{data}",
        "columns": picture.columns,
        "rows": picture.rows,
        "workshop": cycle.workshop.title,
        "zone": cycle.workshop.zone,
    }


def keys_of(cycle: Cycle, user: User, form: str = "", picture: str = "") -> str:
    """How the keys of a person's pictures of a cycle begin, or of one form of one picture."""
    parts = ["picture", str(cycle.pk), str(user.pk), *filter(None, (form, picture))]
    return "".join(f"{part}:" for part in parts)


def pictures_of(cycle: Cycle, user: User) -> Any:
    """The pictures of a cycle that this person has ordered; nobody else may open them."""
    return Paper.objects.filter(key__startswith=keys_of(cycle, user))
