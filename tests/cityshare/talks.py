"""The example when its ratings have just been closed, and what is talked about in it."""

from cityshare.actions import moderation as actions
from cityshare.models import Cycle, Moderation, PeerRating
from cityshare.queries.standings import Sight, standings
from tests.cityshare.example import Example


def closed_example():
    """The example in the stage of moderation, with nothing on the list yet."""
    return Example(stage=Cycle.Stage.MODERATION, moderated=False)


def opened_example():
    """The same with its three flagged practices on the list."""
    example = closed_example()
    actions.open_flagged(example.cycle, by=example.facilitator)
    return example


def talk_of(example, city, code):
    return Moderation.objects.get(team=example.teams[city], practice__code=code)


def level(example, city, code):
    found = standings(example.cycle, sight=Sight.ALL)
    return found.units[example.teams[city].pk, code].level


def rating_of(example, by, of, code="P2"):
    return PeerRating.objects.get(
        assignment__rater=example.teams[by],
        assignment__rated=example.teams[of],
        practice__code=code,
    )
