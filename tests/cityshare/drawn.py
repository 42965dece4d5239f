"""The example's five cities in the stage of rating, with a draw that was asked for and computed."""

import re

from django.urls import reverse

from cityshare import worker
from cityshare.actions import draw as actions
from cityshare.actions import pairs
from cityshare.models import Assignment, Draw
from tests.cityshare.example import Example

RULES = {"seed": 7, "raters_per_city": 2, "bars_own_country": True, "bars_mutual_rating": False}


def heard(page):
    """A page as a reader hears it: without tags, spaces collapsed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


class Drawn(Example):
    """`draw` is the draft by the usual rules; what tests ask of it goes by the cities' names."""

    def __init__(self, *, stage="rating", **rules):
        super().__init__(stage=stage, rated=False, moderated=False)
        self.draw = self.ask(**rules)

    def ask(self, **rules):
        """Ask for a draw and let the worker compute it."""
        asked = actions.ask(self.cycle, **{**RULES, **rules}, by=self.facilitator)
        worker.draw_raters(str(asked.pk))
        return Draw.objects.get(pk=asked.pk)

    def release(self):
        actions.release(self.draw, by=self.facilitator)
        self.draw.refresh_from_db()
        return self

    def names(self, *statuses, **more):
        """The pairs in these states, as (rater, rated) by name."""
        found = Assignment.objects.filter(rated__cycle=self.cycle, status__in=statuses, **more)
        return sorted(found.values_list("rater__city__name", "rated__city__name"))

    def standing(self):
        return self.names("proposed", "active", "locked", "done")

    def alternates(self):
        """The alternate of each city, by name."""
        return {rated: rater for rater, rated in self.names("alternate")}

    def pair(self, rated="Alder", **more):
        """One of the city's standing pairs, the first by the rater's name."""
        found = Assignment.objects.filter(
            rated=self.teams[rated], status__in=["proposed", *Assignment.RELEASED], **more
        )
        return found.select_related("rater__city", "rated__city", "rated__cycle").order_by(
            "rater__city__name"
        )[0]

    def raters(self, rated):
        """Who rates a city, by name."""
        return [rater for rater, city in self.standing() if city == rated]

    def url(self, name, *more):
        return reverse(f"cityshare:{name}", args=[self.cycle.pk, *more])


def swap(drawn, pair, name, reason="The officer is on leave."):
    """Let the facilitator exchange a rater by hand; no name leaves the place empty."""
    rater = drawn.teams[name] if name else None
    return pairs.swap(pair, rater=rater, reason=reason, by=drawn.facilitator)


def choice(drawn, rated="Alder"):
    """Somebody who may rate the city and does not."""
    taken = {rated, *drawn.raters(rated)}
    own = {"Alder", "Birch"} if rated in {"Alder", "Birch"} else set()
    return min({*drawn.teams} - taken - own)
