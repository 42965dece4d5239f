"""The pictures as they are drawn: the numbers of the specification again, from the SVG itself."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cityshare import drawing
from cityshare.framing import frame
from cityshare.lettering import ems, fitted, lines
from cityshare.queries.pictures import Figure, Place
from cityshare.river import Plot, sections
from cityshare.stairs import Stand, cells

DATA = json.loads(Path(__file__).with_name("example.json").read_text())
PRACTICES = DATA["practices"]
PLOT = Plot(640, 360, left=60, right=20, top=20, bottom=60, practices=4, levels=5)
SVG = "{http://www.w3.org/2000/svg}"


def rows(table):
    return {city: dict(zip(PRACTICES, levels, strict=True)) for city, levels in table.items()}


LEVELS, OWN, TARGETS = rows(DATA["expected"]["level"]), rows(DATA["self"]), rows(DATA["target"])
RIVER = sections(LEVELS, PRACTICES)
BIRCH = drawing.Mine(LEVELS["Birch"], OWN["Birch"], TARGETS["Birch"])


def svg_of(river, *, mine=True):
    """The SVG of a river, as elements."""
    figure = Figure(river, [Place(station, "words") for station in river.stations])
    context = {"figure": figure, "mine": mine, "id": "a", "title": "The river", "words": "Words"}
    return ElementTree.fromstring(render_to_string("cityshare/_river.html", context))


def traces(svg, name):
    """The points of every line or polygon of a class, in order."""
    return [each.get("points") for each in svg.iter() if each.get("class") == name]


def dots(svg, name):
    """The centres of the circles of a class."""
    found = [each for each in svg.iter(f"{SVG}circle") if each.get("class") == name]
    return [(float(each.get("cx")), float(each.get("cy"))) for each in found]


def texts(svg):
    return [(each.text or "").strip() for each in svg.iter(f"{SVG}text")]


# --- The river -----------------------------------------------------------------------------


def test_the_svg_has_the_points_of_the_pixel_test():
    svg = svg_of(drawing.river(RIVER, PLOT, mine=BIRCH))

    assert traces(svg, "river-water") == [
        "130,20 270,20 410,90 550,90 550,230 410,300 270,300 130,300"
    ]
    assert traces(svg, "river-median") == ["130,160 270,160 410,160 550,160"]
    assert traces(svg, "mine-line") == ["130,90 270,160 410,230 550,230"]


def test_the_svg_has_the_own_rings_and_the_target_of_the_chosen_city():
    svg = svg_of(drawing.river(RIVER, PLOT, mine=BIRCH))

    assert dots(svg, "mine-dot") == [(130, 90), (270, 160), (410, 230), (550, 230)]
    assert dots(svg, "mine-own") == [(130, 90), (270, 90), (410, 90), (550, 230)]
    assert traces(svg, "mine-target") == ["130,90 270,90 410,90 550,90"]


def test_a_level_that_is_no_more_than_the_own_view_is_hollow():
    mine = drawing.Mine(LEVELS["Birch"], hollow={"P2"})

    assert dots(svg_of(drawing.river(RIVER, PLOT, mine=mine)), "mine-hollow") == [(270, 160)]


def test_without_a_chosen_city_nobodys_line_is_drawn():
    svg = svg_of(drawing.river(RIVER, PLOT), mine=False)

    assert [each for each in svg.iter() if "mine-" in each.get("class", "")] == []


def test_the_river_of_the_cycle_before_is_an_outline_in_the_order_of_this_one():
    before = sections(OWN, list(reversed(PRACTICES)))

    svg = svg_of(drawing.river(RIVER, PLOT, before=before), mine=False)

    assert traces(svg, "river-before") == [
        "130,20 270,20 410,90 550,90 550,230 410,230 270,230 130,300"
    ]


def test_a_practice_that_the_cycle_before_did_not_have_is_a_gap():
    before = sections(OWN, ["P1", "P3", "P4"])

    drawn = drawing.river(RIVER, PLOT, before=before)

    assert [str(stretch.band) for stretch in drawn.before] == [
        "130,20 130,300",
        "410,90 550,90 550,230 410,230",
    ]


def test_a_pennant_stands_where_somebody_may_be_asked():
    same = {city: {**row, "P2": 3} for city, row in LEVELS.items()}

    drawn = drawing.river(sections(same, PRACTICES), PLOT)

    assert [station.ask for station in drawn.stations] == [(130, 20), None, (410, 90), (550, 90)]


def test_the_picture_says_what_it_is_to_who_cannot_see_it():
    svg = svg_of(drawing.river(RIVER, PLOT))

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby").split() == ["a-title", "a-words"]
    assert [svg.find(f"{SVG}title").get("id"), svg.find(f"{SVG}desc").get("id")] == [
        "a-title",
        "a-words",
    ]


def test_pillars_stand_under_their_practices():
    names = ["Prevention", "Prevention", "Monitoring and evaluation", "Prevention"]

    drawn = drawing.river(RIVER, PLOT, names=names)

    assert [(pillar.name, str(pillar.rule)) for pillar in drawn.pillars] == [
        ("Prevention", "64,342 336,342"),
        ("Monitoring and evaluation", "344,342 476,342"),
        ("Prevention", "484,342 616,342"),
    ]
    assert [line.text for line in drawn.pillars[1].lines] == ["Monitoring and", "evaluation"]


def test_codes_and_levels_are_written_once_each():
    svg = svg_of(drawing.river(RIVER, PLOT))

    assert sorted(text for text in texts(svg) if text) == [*"12345", *PRACTICES]


some_codes = st.lists(st.text("ABCW0123456789", min_size=1, max_size=10), min_size=1, max_size=20)


@given(some_codes, st.integers(2, 10))
def test_every_plot_keeps_its_words_inside(codes, levels):
    for plot in (drawing.wide(codes, levels), drawing.tall(codes, levels)):
        drawn = drawing.river(sections({}, codes), plot, names=["Prevention"] * len(codes))
        marks = [rung.numeral for rung in drawn.rungs] + [each.code for each in drawn.stations]
        marks += [line.at for pillar in drawn.pillars for line in pillar.lines]

        assert all(0 <= x <= plot.width and 0 <= y <= plot.height for x, y in marks)


@given(some_codes)
def test_no_code_runs_into_its_neighbour(codes):
    wide, tall = drawing.wide(codes, 5), drawing.tall(codes, 5)
    longest = 14 * max(map(ems, codes))

    assert (wide.width - wide.left - wide.right) / len(codes) >= longest
    assert tall.left - 16 >= longest
    assert tall.width == 340


# --- The stairs ----------------------------------------------------------------------------


def stairs_of(code, **options):
    place = PRACTICES.index(code)
    level, target = DATA["expected"]["level"], DATA["target"]
    stands = [Stand(city, level[city][place], target[city][place]) for city in DATA["cities"]]
    return drawing.stairs(cells(stands, 5), {city: city for city in DATA["cities"]}, **options)


def stairs_svg(stairs, *, mine="", hollow=()):
    context = {"stairs": stairs, "mine": mine, "hollow": hollow, "id": "a"}
    return ElementTree.fromstring(render_to_string("cityshare/_stairs.html", context))


def test_the_stairs_have_fifteen_steps_and_an_edge():
    svg = stairs_svg(stairs_of("P4"))

    assert len([each for each in svg.iter(f"{SVG}rect") if "stair" in each.get("class")]) == 15
    assert len(traces(svg, "stair-edge")) == 1


def test_the_edge_goes_down_from_the_top_left_to_the_bottom_right():
    edge = stairs_of("P1", sheet=drawing.tiny(5)).edge

    assert (
        str(edge) == "2,2 52,2 52,52 102,52 102,102 152,102 152,152 202,152 202,202 252,202 252,252"
    )


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "P1",
            {(0, 5): "Dogwood", (0, 4): "Birch", (1, 3): "Elm", (2, 2): "Alder", (2, 1): "Cedar"},
        ),
        ("P3", {(0, 4): "Cedar", (1, 3): "Alder Dogwood", (2, 2): "Birch", (2, 1): "Elm"}),
        ("P4", {(1, 4): "Alder", (1, 3): "Cedar Dogwood", (2, 2): "Birch Elm"}),
    ],
)
def test_names_stand_on_their_steps(code, told):
    found = {
        (step.cell.gap, step.cell.level): " ".join(name.text for name in step.names)
        for step in stairs_of(code).steps
        if step.names
    }

    assert found == told


def test_every_step_says_in_words_what_its_colour_means():
    svg = stairs_svg(stairs_of("P4"))

    roles = {"offers", "offers and learns", "learns", "steady"}
    said = [text for text in texts(svg) if text in roles]
    assert said == [
        *["offers"],
        *["offers", "offers and learns"],
        *["steady", "learns", "learns"],
        *["steady", "learns", "learns", "learns"],
        *["steady", "learns", "learns", "learns", "learns"],
    ]


def test_the_own_city_is_boxed_and_bold():
    svg = stairs_svg(stairs_of("P4", mine="Birch"), mine="Birch", hollow=["Elm"])

    assert len([each for each in svg.iter() if each.get("class") == "stair-mine"]) == 1
    bold = [each.text for each in svg.iter(f"{SVG}text") if each.get("class") == "strong"]
    assert bold == ["Birch"]
    assert len(dots(svg, "mine-hollow")) == 1


def crowd(number, *, mine=""):
    names = {f"c{n:02}": f"City {n:02}" for n in range(number)}
    stands = [Stand(city, 2, 3) for city in names]
    return next(
        s for s in drawing.stairs(cells(stands, 5), names, mine=mine).steps if s.cell.cities
    )


def test_a_crowded_step_names_twelve_and_counts_the_others():
    step = crowd(60)

    assert [name.text for name in step.names] == [f"City {n:02}" for n in range(12)]
    assert step.more == 48
    assert step.corner.y + step.height >= step.more_at.y


def test_the_own_city_is_named_on_a_crowded_step_too():
    step = crowd(60, mine="c50")

    assert [name.city for name in step.names] == [*(f"c{n:02}" for n in range(11)), "c50"]
    assert step.more == 48


def test_thirteen_are_all_named():
    step = crowd(13)

    assert (len(step.names), step.more) == (13, 0)


def test_a_phone_shows_how_many_stand_on_a_step_and_where_one_is_oneself():
    small = stairs_of("P4", mine="Birch", sheet=drawing.small(5))

    assert small.width == 340
    assert {(s.cell.gap, s.cell.level) for s in small.steps if s.has_mine} == {(2, 2)}
    svg = stairs_svg(small, mine="Birch")
    assert [text for text in texts(svg) if text in DATA["cities"]] == []
    counts = [e.text for e in svg.iter(f"{SVG}text") if e.get("class") == "strong middle"]
    assert counts[:3] == ["1", "2", "2"]


some_names = st.lists(st.text(min_size=1, max_size=60), max_size=40, unique=True)


@given(some_names, st.integers(2, 8))
def test_every_name_fits_on_its_step(names, levels):
    known = {f"c{n}": name for n, name in enumerate(names)}
    drawn = drawing.stairs(cells([Stand(city, 1, levels) for city in known], levels), known)

    for step in drawn.steps:
        for name in step.names:
            assert name.at.x + 15 + 14 * ems(name.text) <= step.corner.x + step.width
            assert step.corner.y < name.at.y <= step.corner.y + step.height


# --- One city ------------------------------------------------------------------------------


def test_a_strip_shows_what_is_known_of_a_unit():
    strip = drawing.strip(5, level=2, own=4, target=5, rated=(1, 3))

    assert [point.x for point in strip.ticks] == [14, 62, 110, 158, 206]
    assert (strip.level.x, strip.own.x, strip.target.x) == (62, 158, 206)
    assert str(strip.rated) == "14,16 110,16"


def test_a_strip_without_facts_is_the_scale_alone():
    strip = drawing.strip(4)

    assert (strip.level, strip.own, strip.target, strip.rated) == (None, None, None, None)
    assert len(strip.ticks) == 4


# --- Words ---------------------------------------------------------------------------------


@given(st.text(max_size=80), st.integers(2, 40))
def test_fitted_words_fit(text, room):
    found = fitted(text, room)

    assert ems(found) <= room
    assert found == text or found.endswith("…")


def test_words_are_broken_between_words_and_long_ones_cut():
    assert lines("Monitoring and evaluation", 7) == ["Monitoring", "and", "evaluation"]
    assert lines("Monitoring and evaluation", 40) == ["Monitoring and evaluation"]
    assert lines("Zusammenarbeit", 5) == ["Zusamm…"]


def test_marks_above_a_letter_take_no_room():
    assert ems("ក្រុង") < ems("កករង")


@given(st.lists(st.text("abc ", min_size=1, max_size=60), max_size=12), st.integers(340, 1200))
def test_the_signs_of_a_sheet_stand_below_the_picture_and_inside(signs, width):
    sheet = frame(width, 300, "Title", "About", signs)

    assert all(370 < words.at.y < sheet.height - 20 for words in sheet.signs)
    assert all(words.at.x >= 24 for words in sheet.signs)
    assert len({words.at for words in sheet.signs}) == len(signs)
