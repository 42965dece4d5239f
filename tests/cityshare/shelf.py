"""A city at work on an asset, for tests."""

from django.urls import reverse

from cityshare.actions import asset as actions
from cityshare.models import Asset
from cityshare.queries.asset import asset_page
from tests.cityshare.example import Example

WORDS = {
    "audience": "Heads of social services",
    "context": "A port of half a million people",
    "checklist": "Agree with the police",
    "tools": "A form",
    "cost": "One officer",
    "did_not_work": "Calling at night",
    "to_adapt": "The hours",
    "safeguards": "Help never depends on testimony",
    "contacts": "Office for migrants",
}


class Shelf:
    """The example in the stage of distilling: Alder writes, alone or with cities that agreed."""

    def __init__(self, *, teams=("Alder",)):
        self.example = Example(stage="distil")
        self.cycle, self.teams = self.example.cycle, self.example.teams
        self.people = self.example.people
        self.author = self.people["Alder"]
        self.asset = actions.begin(
            self.cycle,
            self.example.practices["P2"],
            teams=[self.teams[name] for name in teams],
            title="A referral list that works",
            from_level=2,
            to_level=4,
            by=self.author,
        )
        for invitation in self.asset.invitations.all():
            actions.join(invitation, by=self.people[invitation.team.city.name])

    @property
    def mark(self):
        """What a reader of its page has seen."""
        return asset_page(Asset.objects.get(pk=self.asset.pk)).mark

    def tell(self, city="Alder", happened="called every shelter."):
        return actions.tell(
            self.asset,
            city=self.teams[city].city,
            happened=f"{city} {happened}",
            learned="Shelters answer when they are asked by name.",
            by=self.author,
        )

    def conclude(self, *stories):
        return actions.conclude(
            self.asset,
            when="a victim is found at night",
            do="call the list from the top",
            because="waiting costs trust",
            stories=stories,
            by=self.author,
        )

    def fill(self):
        actions.edit(self.asset, **WORDS, by=self.author)
        self.conclude(self.tell())
        self.asset.refresh_from_db()

    def hand_in(self):
        self.fill()
        actions.hand_in(self.asset, by=self.author)

    def validate(self, *cities, agrees=True, seen=None):
        for city in cities:
            actions.validate(
                self.asset,
                self.teams[city],
                agrees=agrees,
                note="" if agrees else "Too expensive",
                seen=seen or self.mark,
                by=self.people[city],
            )
        self.asset.refresh_from_db()

    def publish(self):
        self.hand_in()
        self.validate("Cedar", "Elm")

    def url(self, name, *more):
        return reverse(f"cityshare:{name}", args=[self.asset.pk, *more])
