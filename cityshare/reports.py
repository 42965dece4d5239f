"""Tables that leave a cycle: what those who lead it see on the screen, whole.

The heads are names for programs, in English whatever language the page has: the same tables are
written as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from cityshare.models import (
    Asset,
    Assignment,
    Cycle,
    Moderation,
    Need,
    Offer,
    PeerAssist,
    PeerRating,
    Proposal,
    SelfScore,
)
from cityshare.queries.standings import Sight, Standings, standings
from workshop_portal.exports import Table

CITY = ("city", "country")


def facts(cycle: Cycle) -> dict[str, object]:
    """What the cycle is, for the head of the JSON file."""
    return {
        "cycle": cycle.name,
        "workshop": cycle.workshop.title,
        "framework": str(cycle.framework),
        "levels": cycle.framework.levels,
        "stage": cycle.status,
        "raters_per_city": cycle.raters_per_city,
        "rule": cycle.rule,
        "seed": cycle.seed,
    }


def tables(cycle: Cycle, *, single_ratings: bool) -> dict[str, Table]:
    """Everything of a cycle by name; who gave which level only where that was asked for.

    Peers' words are in it from the moderation on, as on the pages.
    """
    known = standings(cycle, sight=Sight.ALL)
    found = {
        "cities": Table(
            "cities", [*CITY, "zone", "languages", "route", "size", "income"], cities(known)
        ),
        "practices": Table(
            "practices",
            ["code", "pillar", "name", "question"],
            [(line.code, line.pillar, line.name, line.question) for line in known.practices],
        ),
        "self_assessments": self_assessments(cycle),
        "levels": levels(known),
        "moderations": moderations(cycle),
        "raters": raters(cycle),
        **exchange(cycle),
        "assets": assets(cycle),
    }
    if single_ratings and cycle.has_reached(Cycle.Stage.MODERATION):
        found["ratings"] = ratings(cycle)
    return found


def cities(known: Standings) -> Iterator[tuple[object, ...]]:
    """The cities by country and name."""
    for team in known.teams:
        languages = " ".join(team.languages)
        yield (
            team.name,
            team.country,
            team.zone,
            languages,
            team.route,
            team.size,
            team.income,
        )


def levels(known: Standings) -> Table:
    """Where every city stands on every practice."""
    columns = [
        *CITY,
        "practice",
        "level",
        "own",
        "target",
        "median",
        "lowest",
        "highest",
        "raters",
        "self_only",
        "moderated",
        "outside_mandate",
        "flags",
    ]
    return Table("levels", columns, level_rows(known))


def level_rows(known: Standings) -> Iterator[tuple[object, ...]]:
    """A row per city and practice."""
    for team in known.teams:
        for practice, unit in known.of(team.pk):
            yield (
                team.name,
                team.country,
                practice.code,
                unit.level,
                unit.own,
                unit.target,
                unit.median,
                unit.low,
                unit.high,
                unit.raters,
                yes(unit.self_only),
                yes(unit.moderated),
                yes(unit.outside_mandate),
                " ".join(unit.flags),
            )


def yes(said: bool) -> str:
    """A yes or nothing."""
    return "yes" if said else ""


def of_city(path: str) -> tuple[str, str]:
    """The columns of a city that lies at this path."""
    return f"{path}__city__name", f"{path}__city__country"


def table(title: str, rows: QuerySet[Any], columns: dict[str, str]) -> Table:
    """A table of rows as they are stored: head and path of each column."""
    return Table(title, list(columns), rows.values_list(*columns.values()))


def cities_at(**paths: str) -> dict[str, str]:
    """Heads and paths of name and country for each city of a row."""
    found: dict[str, str] = {}
    for head, path in paths.items():
        name, country = of_city(path)
        found |= {head: name, f"{head}_country": country}
    return found


def self_assessments(cycle: Cycle) -> Table:
    """What every city says about itself."""
    rows = SelfScore.objects.filter(assessment__team__cycle=cycle).order_by(
        *of_city("assessment__team"), "practice__order"
    )
    return table(
        "self assessments",
        rows,
        {
            **cities_at(city="assessment__team"),
            "practice": "practice__code",
            "level": "current",
            "target": "target",
            "priority": "priority",
            "confidence": "confidence",
            "outside_mandate": "outside_mandate",
            "reason": "reason",
            "what_we_do": "why",
            "dissent": "dissent",
            "status": "assessment__status",
        },
    )


def moderations(cycle: Cycle) -> Table:
    """What was talked about, and what was agreed."""
    rows = Moderation.objects.filter(team__cycle=cycle)
    return table(
        "moderations",
        rows,
        {
            **cities_at(city="team"),
            "practice": "practice__code",
            "status": "status",
            "agreed": "agreed",
            "note": "note",
        },
    )


def raters(cycle: Cycle) -> Table:
    """Who rates whom, and how far they are."""
    rows = Assignment.objects.filter(rated__cycle=cycle).order_by(
        *of_city("rated"), *of_city("rater")
    )
    return table(
        "raters",
        rows,
        {**cities_at(rated="rated", rater="rater"), "status": "status", "reason": "reason"},
    )


def ratings(cycle: Cycle) -> Table:
    """Every single rating that counts."""
    counted = Assignment.objects.counted().filter(rated__cycle=cycle)
    rows = PeerRating.objects.filter(assignment__in=counted).order_by(
        *of_city("assignment__rated"), *of_city("assignment__rater"), "practice__order"
    )
    return table(
        "ratings",
        rows,
        {
            **cities_at(rated="assignment__rated", rater="assignment__rater"),
            "practice": "practice__code",
            "initial": "initial",
            "final": "final",
            "cannot_judge": "cannot_judge",
            "reason": "reason",
            "strength": "strength",
            "question": "question",
            "suggestion": "suggestion",
        },
    )


def exchange(cycle: Cycle) -> dict[str, Table]:
    """Offers, needs, proposals and peer assists."""
    asked = {**cities_at(city="team"), "practice": "practice__code", "status": "status"}
    pair = {
        **cities_at(helper="helper", learner="learner"),
        "practice": "practice__code",
        "value": "value",
        "status": "status",
        "reason": "reason",
    }
    met = {
        **cities_at(host="host"),
        "practice": "practice__code",
        "status": "status",
        "starts_at": "starts_at",
        "zone": "zone",
        "question": "question",
        "options_heard": "options_heard",
        "host_will_do": "host_will_do",
        "was_useful": "was_useful",
    }
    offers = Offer.objects.filter(team__cycle=cycle)
    needs = Need.objects.filter(team__cycle=cycle)
    shown = ~Q(status=Proposal.Status.DRAFT)
    proposals = Proposal.objects.filter(shown, learner__cycle=cycle)
    return {
        "offers": table("offers", offers, asked | {"note": "note"}),
        "needs": table("needs", needs, asked | {"priority": "priority", "question": "question"}),
        "proposals": table("proposals", proposals, pair),
        "assists": table("assists", PeerAssist.objects.filter(host__cycle=cycle), met),
    }


def assets(cycle: Cycle) -> Table:
    """What was written down."""
    columns = ["title", "practice", "from_level", "to_level", "status", "version", "cities"]
    rows = cycle.assets.select_related("practice").prefetch_related("teams__city")
    return Table("assets", columns, asset_rows(rows))


def asset_rows(rows: Iterable[Asset]) -> Iterator[tuple[object, ...]]:
    """A row per asset, with the cities that wrote it."""
    for asset in rows:
        names = "; ".join(str(team.city) for team in asset.teams.all())
        yield (
            asset.title,
            asset.practice.code,
            asset.from_level,
            asset.to_level,
            asset.status,
            asset.version,
            names,
        )
