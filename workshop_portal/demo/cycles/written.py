"""What the cities wrote down: the library of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cityshare.actions import asset as assets
from cityshare.models import Asset, Team
from cityshare.queries.asset import asset_page, teams_that_may_validate
from workshop_portal.demo.clock import at
from workshop_portal.demo.cycles.playing import Stage

DAY = timedelta(days=1)
ABOUT = {
    "context": "A city of half a million people on a ferry route; the police hold the mandate for "
    "raids, the city for licences, shelter and social services.",
    "cost": "One officer for half a year, and what two rooms cost.",
    "to_adapt": "The hours, and who holds the list: in some countries that is the province.",
    "safeguards": "Help never depends on a statement to the police. Nobody is called by name on "
    "the telephone.",
}


@dataclass(frozen=True)
class Told:
    """An asset of the demo: who wrote it, on what, its stories and the principle they carry."""

    title: str
    code: str
    steps: tuple[int, int]
    cities: tuple[str, ...]
    audience: str
    stories: tuple[tuple[str, str], ...]
    principle: tuple[str, str, str]
    did_not_work: str
    contacts: str = "The office that is named in the city's profile"


LIBRARY = [
    Told(
        "A list of numbers that is answered at night",
        "PT2",
        (2, 4),
        ("Songkhla", "Batam"),
        "Those who take the first call: duty officers, hospitals, harbour police",
        (
            (
                "Three shelters were called in turn until one answered; it took four hours.",
                "A number that nobody has tried is not a number.",
            ),
            (
                "A sheet by the telephone of each duty officer, tried every Monday night.",
                "Shelters answer when they are asked by a name they know.",
            ),
        ),
        (
            "somebody is found at night",
            "call the list from the top, and write down who answered",
            "waiting costs trust, and the dead numbers show",
        ),
        "Calling the national line only: it passed the call on to an office that was closed.",
    ),
    Told(
        "Licences that ask one question more",
        "PV3",
        (1, 3),
        ("Pattaya",),
        "Licensing offices and labour inspectors",
        (
            (
                "Every bar that renewed its licence had to show where its staff sleep.",
                "Owners answer when the licence depends on it.",
            ),
        ),
        (
            "a licence is renewed",
            "ask where the staff live and who holds their papers",
            "the answer costs nothing and is checked in a day",
        ),
        "A leaflet for owners: nobody could say afterwards what stood in it.",
    ),
    Told(
        "A map of places, drawn in one afternoon",
        "PV1",
        (1, 3),
        ("Kathmandu", "Khulna"),
        "Small teams without a budget for research",
        (
            (
                "Bus drivers, nurses and two survivors' groups marked places on a wall map.",
                "People who see the places know more than the files.",
            ),
            (
                "The map was drawn with teachers of the river villages, and hung in the town hall.",
                "A map is read when its places have the names that people use.",
            ),
        ),
        (
            "nobody knows where the risk is",
            "ask those who pass the places every day",
            "their map is ready before a study is paid for",
        ),
        "Asking for figures first: every office waited for another one.",
    ),
    Told(
        "Children first: one room, one person, one form",
        "PT4",
        (2, 4),
        ("Iloilo",),
        "Social services and police who meet children",
        (
            (
                "A child was asked by five offices in one day; now one person asks, once.",
                "What is asked once is told; what is asked five times is unlearned.",
            ),
        ),
        (
            "a child is found",
            "let one trained person ask, and the others read",
            "each new question is another harm",
        ),
        "A common room in the police station: the uniforms in the corridor were enough.",
    ),
    Told(
        "A coordinator who survives an election",
        "PA1",
        (2, 4),
        ("Busan", "Cần Thơ"),
        "Mayors' offices",
        (
            (
                "The post stands in a council rule, not in the mayor's programme.",
                "What stands in a rule is kept by people who did not vote for it.",
            ),
            (
                "Three departments pay a third each, so none of them can end it alone.",
                "Shared money makes shared owners.",
            ),
        ),
        (
            "somebody new is elected",
            "let the post rest on a rule and on several budgets",
            "a person leaves, a rule stays",
        ),
        "A task force without a budget: it met twice.",
    ),
]
# What is handed in and waits for a second word, and what is still being written.
WAITING = Told(
    "Money transfer shops as a place to be seen",
    "PV2",
    (2, 3),
    ("Chattogram",),
    "Campaign teams",
    (
        (
            "A card beside the counter, in the language of the sender, with a number that is safe.",
            "People read while they wait for their money.",
        ),
    ),
    (
        "you look for a place to reach people",
        "go where they send money home",
        "everybody who works away goes there",
    ),
    "Posters at the airport: those who are at risk go by bus.",
)


def play(first: Stage, second: Stage, *, now: datetime) -> None:
    """Fill the library from both cycles; all but one asset still hold, one is asked about."""
    for number, told in enumerate(LIBRARY):
        stage = first if number < 2 else second
        asset = write(stage, told, begun(stage))
        publish(stage, asset, begun(stage) + 14 * DAY)
        if number:
            keep(stage, asset, now - (40 + number) * DAY)
        else:
            fall_due(asset, now - 30 * DAY)
    use(second, now - 60 * DAY)
    waiting = write(second, WAITING, begun(second))
    with at(begun(second) + 14 * DAY):
        assets.hand_in(waiting, by=second.lead)
        validate(second, waiting, words=1)


def begun(stage: Stage) -> datetime:
    """When the cities of a cycle wrote."""
    return stage.cycle.created_at + 112 * DAY


def write(stage: Stage, told: Told, moment: datetime) -> Asset:
    """One asset with everything that belongs to it."""
    teams = [stage.teams[city] for city in told.cities]
    by = stage.speaker(teams[0])
    with at(moment):
        asset = assets.begin(
            stage.cycle,
            stage.practices[told.code],
            teams=teams,
            title=told.title,
            from_level=told.steps[0],
            to_level=told.steps[1],
            by=by,
        )
        for invitation in asset.invitations.select_related("team"):
            assets.join(invitation, by=stage.speaker(invitation.team))
        words = {"did_not_work": told.did_not_work, "contacts": told.contacts}
        assets.edit(asset, audience=told.audience, **ABOUT, **words, by=by)
        stories = [
            assets.tell(asset, city=team.city, happened=happened, learned=learned, by=by)
            for team, (happened, learned) in zip(teams, told.stories, strict=True)
        ]
        when, do, because = told.principle
        assets.conclude(asset, when=when, do=do, because=because, stories=stories, by=by)
    asset.refresh_from_db()
    return asset


def publish(stage: Stage, asset: Asset, moment: datetime) -> None:
    """Hand it in, and let two cities of other countries stand for it."""
    with at(moment):
        assets.hand_in(asset, seen=mark_of(asset), checked=True, by=stage.lead)
        validate(stage, asset, words=Asset.VALIDATIONS_NEEDED)
    asset.refresh_from_db()


def mark_of(asset: Asset) -> str:
    """What its page carries along for those who have read it."""
    return asset_page(Asset.objects.get(pk=asset.pk)).mark


def validate(stage: Stage, asset: Asset, *, words: int) -> None:
    """Let so many cities agree."""
    seen = mark_of(asset)
    for team in list(teams_that_may_validate(asset).order_by("city__name")[:words]):
        by = stage.speaker(team)
        note = "We do it the same way by now."
        assets.validate(asset, team, agrees=True, note=note, seen=seen, by=by)


def fall_due(asset: Asset, moment: datetime) -> None:
    """Ask the authors whether it still holds."""
    with at(moment):
        assets.fall_due(asset, today=moment.date())


def keep(stage: Stage, asset: Asset, moment: datetime) -> None:
    """The authors were asked, and say that it still holds."""
    fall_due(asset, moment - 5 * DAY)
    asset.refresh_from_db()
    with at(moment):
        assets.still_holds(asset, by=stage.lead)


def use(stage: Stage, moment: datetime) -> None:
    """Some cities say how useful an asset was."""
    users: list[Team] = [stage.teams[city] for city in ("Poipet", "Luang Prabang", "Lạng Sơn")]
    shelved = Asset.objects.filter(status=Asset.Status.PUBLISHED).order_by("title")
    with at(moment):
        for asset, team in zip(shelved, users, strict=False):
            assets.note_use(
                asset,
                team.city,
                usefulness=4,
                note="We began with the form and changed two questions.",
                by=stage.speaker(team),
            )
