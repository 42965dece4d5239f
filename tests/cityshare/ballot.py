"""A draft that the cities of the example are asked about, for tests."""

from datetime import timedelta

from django.utils import timezone

from cityshare.actions import framework as frameworks
from cityshare.actions import practice as practices
from cityshare.actions import vote as actions
from cityshare.models import Framework, Vote
from cityshare.queries.framework import sheet_of
from cityshare.queries.vote import standing, wording
from tests.cityshare.example import Example


class Ballot:
    """The example in the stage of comparing, and a copy of its framework with one vote on it."""

    def __init__(self, *, stage="compare", asked=True):
        self.example = Example(stage=stage, rated=False, moderated=False)
        self.cycle, self.people = self.example.cycle, self.example.people
        self.lead = self.example.facilitator
        self.draft = frameworks.copy_framework(
            self.example.framework, name="Example", version="2", with_invented=True, by=self.lead
        )
        self.until = timezone.now() + timedelta(days=10)
        self.vote = self.ask() if asked else None

    def ask(self, *, words=""):
        return actions.put_to_vote(
            self.draft, self.cycle, until=self.until, words=words, by=self.lead
        )

    @property
    def wording(self):
        """The mark of the words as they are."""
        return wording(sheet_of(Framework.objects.get(pk=self.draft.pk)))

    @property
    def standing(self):
        return standing(Vote.objects.get(pk=self.vote.pk), self.wording)

    @property
    def counts(self):
        """Asked, agreed, with remarks, against, about an earlier wording, silent."""
        return tuple(self.standing.facts.values())

    def voice(self, city):
        return self.vote.voices.get(team=self.example.teams[city])

    def answer(self, city, answer="agrees", comment="", remarks=None, read=None):
        read = read or self.wording
        by = self.people[city]
        facts = {"answer": answer, "comment": comment, "remarks": remarks or {}, "read": read}
        actions.answer(self.voice(city), **facts, by=by)

    def reword(self, question="How well is it done now?"):
        """Change one sentence of the draft."""
        row = self.draft.practices.get(code="P1")
        levels = {level.level: level.text for level in row.descriptors.all()}
        columns = {name: getattr(row, name) for name in ("code", "pillar", "name", "grounded_in")}
        practices.edit_practice(row, levels=levels, question=question, by=self.lead, **columns)

    def over(self):
        """Let its last moment pass."""
        Vote.objects.filter(pk=self.vote.pk).update(until=timezone.now() - timedelta(minutes=1))
        self.vote.refresh_from_db()
