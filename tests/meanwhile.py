"""Everything that has a form and may be saved by two people at once, for tests."""

from datetime import UTC, date, datetime, timedelta

from django.urls import reverse

from applications.actions import call as calls
from cityshare.actions import (
    assessment,
    asset,
    assist,
    cycle,
    dossier,
    market,
    practice,
    team,
    vote,
)
from cityshare.actions import framework as frameworks
from cityshare.models import Framework
from curriculum.actions import programme
from tests import factories as make
from tests.cityshare.ballot import Ballot
from tests.cityshare.example import Example, framework
from tests.cityshare.market import Market
from tests.cityshare.meetings import meeting_cities, planned
from tests.cityshare.own_views import City
from tests.cityshare.shelf import Shelf
from workshop_portal.workshops.models import TrainingDay

MINE, THEIRS = "EUR", "KRW"  # words that every one of the columns takes


class Edit:
    """A row with a form: who edits it by which action, the column that is told of, and its page."""

    def __init__(self, row, column, by, act, *, page, args):
        self.row, self.column, self.by, self.act = row, column, by, act
        self.address = reverse(page, args=args)
        self.shown = self.address.removesuffix("who/")

    def stored(self):
        return getattr(type(self.row).objects.get(pk=self.row.pk), self.column)

    def save_elsewhere(self):
        type(self.row).objects.filter(pk=self.row.pk).update(**{self.column: THEIRS})


def draft():
    """A framework that is being written, and who keeps it."""
    made = framework()
    Framework.objects.filter(pk=made.pk).update(status="draft")
    made.refresh_from_db()
    return made, make.RoleFactory(role="facilitator").user


def an_asset():
    shelf = Shelf()
    shelf.fill()
    row, by = shelf.asset, shelf.author
    page = {"page": "cityshare:asset-edit", "args": [row.pk]}
    return Edit(row, "title", by, lambda r, said: asset.edit(r, title=said, by=by), **page)


def a_story():
    shelf = Shelf()
    row, by = shelf.tell(), shelf.author

    def act(r, said):
        facts = {"city": r.city, "happened": said, "learned": r.learned}
        asset.tell(shelf.asset, story=r, **facts, by=by)

    page = {"page": "cityshare:story-edit", "args": [shelf.asset.pk, row.pk]}
    return Edit(row, "happened", by, act, **page)


def a_principle():
    shelf = Shelf()
    row, by = shelf.conclude(shelf.tell()), shelf.author

    def act(r, said):
        facts = {"when": said, "do": r.do, "because": r.because, "stories": r.stories.all()}
        asset.conclude(shelf.asset, principle=r, **facts, by=by)

    page = {"page": "cityshare:principle-edit", "args": [shelf.asset.pk, row.pk]}
    return Edit(row, "when", by, act, **page)


def a_team():
    example = Example(stage="self")
    row, by = example.teams["Alder"], example.people["Alder"]
    page = {"page": "cityshare:team-edit", "args": [example.cycle.pk, row.pk]}
    return Edit(row, "context", by, lambda r, said: team.edit_team(r, context=said, by=by), **page)


def a_plan():
    example = meeting_cities()
    row, by = planned(example), example.people["Alder"]
    page = {"page": "cityshare:assist-edit", "args": [example.cycle.pk, row.pk]}
    return Edit(row, "question", by, lambda r, said: assist.change(r, question=said, by=by), **page)


def notes():
    example = meeting_cities()
    row, by = planned(example), example.people["Alder"]
    page = {"page": "cityshare:assist-notes", "args": [example.cycle.pk, row.pk]}
    return Edit(row, "notes", by, lambda r, said: assist.note(r, notes=said, by=by), **page)


def a_framework():
    row, by = draft()

    def act(r, said):
        facts = {"name": r.name, "version": r.version, "levels": 5, "meanings": {}}
        frameworks.edit_framework(r, introduction=said, **facts, by=by)

    return Edit(row, "introduction", by, act, page="cityshare:framework-edit", args=[row.pk])


def a_practice():
    held, by = draft()
    row = held.practices.first()

    def act(r, said):
        practice.edit_practice(r, code=r.code, name=said, levels={}, by=by)

    return Edit(row, "name", by, act, page="cityshare:practice-edit", args=[held.pk, row.pk])


def an_invented_city():
    held, by = draft()
    row = dossier.add_dossier(held, title="Nowhere", text="Invented.", by=by)

    def act(r, said):
        dossier.edit_dossier(r, title=r.title, text=said, by=by)

    return Edit(row, "text", by, act, page="cityshare:dossier-edit", args=[held.pk, row.pk])


def a_case():
    held, by = draft()
    city = dossier.add_dossier(held, title="Nowhere", text="Invented.", by=by)
    words = {"level": 2, "why": "So it is."}
    about = held.practices.first()
    row = dossier.put_case(city, about, text="A map.", **words, by=by)

    def act(r, said):
        dossier.put_case(city, about, case=r, text=said, **words, by=by)

    page = {"page": "cityshare:case-edit", "args": [held.pk, city.pk, row.pk]}
    return Edit(row, "text", by, act, **page)


def a_cycle():
    example = Example(stage="self", rated=False, moderated=False)
    row, by = example.cycle, example.facilitator

    def act(r, said):
        cycle.edit_cycle(r, dues={}, name=said, by=by)

    return Edit(row, "name", by, act, page="cityshare:cycle-edit", args=[row.pk])


def an_offer():
    example = Market()
    row, by = example.offer("Birch", "P1"), example.people["Birch"]

    def act(r, said):
        market.answer_offer(r.team, r.practice, yes=True, note=said, seen=r, by=by)

    page = {"page": "cityshare:offer-edit", "args": [example.cycle.pk, "P1"]}
    return Edit(row, "note", by, act, **page)


def a_need():
    example = Market()
    row, by = example.need("Alder", "P1"), example.people["Alder"]

    def act(r, said):
        market.answer_need(r.team, r.practice, yes=True, question=said, seen=r, by=by)

    page = {"page": "cityshare:need-edit", "args": [example.cycle.pk, "P1"]}
    return Edit(row, "question", by, act, **page)


def who_took_part():
    city = City()
    row, by = city.fill(), city.focal

    def act(r, said):
        assessment.tell_who(city.team, seen=r, who_took_part=said, by=by)

    return Edit(row, "who_took_part", by, act, page="cityshare:assess-who", args=[city.cycle.pk])


def a_vote():
    ballot = Ballot()
    row, by = ballot.vote, ballot.lead

    def act(r, said):
        vote.prolong(r, until=r.until, words=said, by=by)

    return Edit(row, "words", by, act, page="cityshare:vote-edit", args=[ballot.draft.pk, row.pk])


def a_voice():
    ballot = Ballot()
    ballot.answer("Alder", "remarks", "Shorter.")
    row, by = ballot.voice("Alder"), ballot.people["Alder"]

    def act(r, said):
        facts = {"answer": "remarks", "remarks": {}, "read": ballot.wording}
        vote.answer(r, comment=said, **facts, by=by)

    page = {"page": "cityshare:vote-answer", "args": [ballot.draft.pk, ballot.vote.pk]}
    return Edit(row, "comment", by, act, **page)


def a_call():
    row = make.CallFactory()
    by = make.RoleFactory(workshop=row.workshop).user
    page = {"page": "applications:call-edit", "args": [row.workshop.slug]}
    return Edit(
        row, "currency", by, lambda r, said: calls.edit_call(r, currency=said, by=by), **page
    )


def a_required_document():
    call = make.CallFactory()
    by = make.RoleFactory(workshop=call.workshop).user
    row = call.required_documents.get(slug="cv")

    def act(r, said):
        calls.edit_required_document(r, title=said, by=by)

    page = {"page": "applications:call-document-edit", "args": [call.workshop.slug, row.slug]}
    return Edit(row, "title", by, act, **page)


def a_workshop():
    role = make.RoleFactory()
    row, by = role.workshop, role.user
    parts = {"days": [], "objectives": [], "organisers": [], "partners": []}

    def act(r, said):
        programme.edit_workshop(r, summary=said, **parts, by=by)

    return Edit(row, "summary", by, act, page="curriculum:workshop-edit", args=[row.slug])


def a_module():
    role = make.RoleFactory()
    row, by = make.ModuleFactory(workshop=role.workshop), role.user
    page = {"page": "curriculum:module-edit", "args": [role.workshop.slug, row.pk]}
    return Edit(
        row, "title", by, lambda r, said: programme.edit_module(r, title=said, by=by), **page
    )


def a_speaker():
    role = make.RoleFactory()
    row, by = make.SpeakerFactory(workshop=role.workshop), role.user
    page = {"page": "curriculum:speaker-edit", "args": [role.workshop.slug, row.pk]}
    return Edit(
        row, "name", by, lambda r, said: programme.edit_speaker(r, name=said, by=by), **page
    )


def a_session():
    role = make.RoleFactory()
    TrainingDay.objects.create(workshop=role.workshop, date=date(2030, 9, 1))
    starts = datetime(2030, 9, 1, 1, tzinfo=UTC)
    ends = starts + timedelta(hours=1)
    row = make.SessionFactory(workshop=role.workshop, starts_at=starts, ends_at=ends)
    by = role.user

    def act(r, said):
        programme.edit_session(r, title=said, speakers=[], by=by)

    page = {"page": "curriculum:session-edit", "args": [role.workshop.slug, row.pk]}
    return Edit(row, "title", by, act, **page)


COLUMNS = [
    *(an_asset, a_story, a_principle, a_team, a_plan, notes, a_framework, a_practice),
    *(an_invented_city, a_case, a_cycle, an_offer, a_need, who_took_part, a_vote, a_voice),
    *(a_call, a_required_document, a_workshop, a_module, a_speaker, a_session),
]
