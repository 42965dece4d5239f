"""How tests read the pages with the pictures."""

import re
from html import unescape

from django.urls import reverse

from cityshare.models import Cycle, SelfAssessment


def at(name, example, *args, **asked):
    """The address of a page of the example's cycle."""
    return reverse(f"cityshare:{name}", args=[example.cycle.pk, *args], query=asked or None)


def text_of(page):
    """The words of a page as a person reads them, without its pictures."""
    plain = re.sub(r"<svg.*?</svg>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def main_of(page):
    return page.content.decode().partition("<main")[2].partition("</main>")[0]


def traces(page, name):
    """The points of the lines of a class in the picture for wide screens."""
    wide = page.content.decode().partition('class="picture-wide"')[2].partition("</svg>")[0]
    return re.findall(rf'<poly\w+ class="{name}" points="([^"]*)"', wide)


def cells_of(page, caption):
    """The rows of the table with this caption, as words."""
    tables = re.findall(r"<table.*?</table>", page.content.decode(), re.DOTALL)
    [table] = [table for table in tables if caption in table]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [
        [told(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows
    ]


def told(cell):
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
    return words.replace(" ,", ",")


def earlier_cycle(example, *, sheet=None, stage="closed"):
    """A cycle before the example's, in which three cities stood one level lower on P1 and P2."""
    cycle = Cycle.objects.create(
        workshop=example.workshop,
        framework=sheet or example.framework,
        name="The year before",
        status=stage,
    )
    practices = {p.code: p for p in cycle.framework.practices.all()}
    for name, levels in {"Alder": (1, 4), "Dogwood": (4, 1), "Elm": (2, 3)}.items():
        team = cycle.teams.create(city=example.teams[name].city)
        own = SelfAssessment.objects.create(team=team, status="submitted")
        for code, level in zip(["P1", "P2"], levels, strict=True):
            own.scores.create(practice=practices[code], current=level, target=5)
    example.cycle.previous = cycle
    example.cycle.save()
    return cycle
