"""A small world in which every kind of person stands in a known relation to one workshop."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from applications.actions import quarantine
from applications.models import Document
from cityshare.models import Assignment, Framework, SelfAssessment
from cityshare.queries.comments import token_of
from curriculum.models import Programme
from tests import factories as make
from tests.cityshare.example import framework
from tests.conftest import GOOD_PDF
from workshop_portal.outbox.actions import post
from workshop_portal.papers.models import Paper


@dataclass
class World:
    """One workshop with its people, and another that is none of their business."""

    workshop: object = None
    call: object = None
    people: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)


def canary(who, what):
    """A word that stands nowhere but in this person's own data."""
    return f"zq{who}{what}"


def person(who):
    return make.UserFactory(
        email=f"{canary(who, 'mail')}@example.org",
        given_name=canary(who, "given"),
        family_name=canary(who, "family"),
        city__name=canary(who, "city"),
    )


def application_of(user, who, call, factory=make.SubmittedApplicationFactory, **facts):
    words = {
        name: canary(who, name)
        for name in ("certificate_name", "organisation", "department", "motivation", "needs")
    }
    reference = {"reference": canary(who, "ref")[:20]} if "status" not in facts else {}
    return factory(applicant=user, call=call, **words, **reference, **facts)


@contextmanager
def undone():
    """A block whose rows are as before when it ends, around one request or around many tests."""
    block = transaction.atomic()
    block._from_testcase = True  # the reading of a document wants to be the outermost block
    with block:
        yield
        transaction.set_rollback(True)


def build():
    """The world of the permission table; see `tests.relations` for who is who."""
    world = World()
    world.workshop = make.WorkshopFactory(slug="here", title="The workshop here")
    world.call = make.CallFactory(workshop=world.workshop)
    gather(world)
    apply(world)
    put_on_page(world)
    compare(world)
    return world


def gather(world):
    """Everybody, with the roles that some of them have."""
    elsewhere = make.CallFactory(workshop__slug="elsewhere", workshop__title="Another workshop")
    for who in ("owner", "other", "seated", "coordinator", "stranger", "reviewer"):
        world.people[who] = person(who)
    for who in ("facilitator", "observer", "admin"):
        world.people[who] = person(who)
    roles = {
        who: make.RoleFactory(workshop=world.workshop, user=world.people[who], role=who)
        for who in ("coordinator", "reviewer", "facilitator", "observer")
    }
    make.RoleFactory(workshop=elsewhere.workshop, user=world.people["stranger"])
    world.people["admin"].is_admin = True
    world.people["admin"].save()
    world.ids["role"] = roles["observer"]


def apply(world):
    """Three applications to the call: the owner's with all that hangs on it, and a seat."""
    mine = application_of(world.people["owner"], "owner", world.call)
    application_of(world.people["other"], "other", world.call)
    seated = application_of(world.people["seated"], "seated", world.call)
    make.DecisionFactory(
        application=seated,
        outcome="accepted",
        released_at=timezone.now(),
        decided_by=world.people["coordinator"],
    )
    type(seated).objects.filter(pk=seated.pk).update(status="accepted")
    world.workshop.participants.create(
        user=world.people["seated"], city=world.people["seated"].city
    )
    make.DecisionFactory(application=mine, decided_by=world.people["coordinator"])
    receipt = mine.receipts.create(number=1, arrived_at=timezone.now(), documents=[])
    letter = post(
        "applications/received",
        to=world.people["owner"],
        key="world:letter",
        scope=world.workshop.scope,
        about=mine,
        application=mine,
        receipt=receipt,
        call=world.call,
        workshop=world.workshop,
    )
    document = Document.objects.get(application=mine, requirement__slug="cv")
    document.thumbnail.save("small.jpg", ContentFile(b"\xff\xd8\xff"))
    world.ids |= files_on_the_way(mine)
    make.NominationFactory(application=mine)
    world.ids["link"] = Link(make.SECRET)
    world.ids |= {"application": mine, "document": document, "receipt": receipt, "message": letter}


@dataclass
class Link:
    """What a nominator was sent."""

    secret: str


def files_on_the_way(application):
    """A broken upload of the waiver, and a consent that the virus check held back."""
    waiver = application.call.required_documents.get(slug="waiver")
    transfer = application.transfers.create(requirement=waiver, begun_at=timezone.now())
    piece = transfer.pieces.create(name=f"{canary('owner', 'piece')}.pdf", size=100)
    held = application.documents.get(requirement__slug="consent")
    held.file.save("consent.pdf", ContentFile(GOOD_PDF), save=False)
    held.scan = Document.Scan.WAITING
    held.save(update_fields=["file", "scan"])
    quarantine.note_scan(held, verdict=Document.Scan.HELD)
    return {"transfer": transfer, "piece": piece, "held": held}


def put_on_page(world):
    """A released programme with one part of each kind."""
    Programme.objects.create(workshop=world.workshop, status=Programme.Status.RELEASED)
    module = make.ModuleFactory(workshop=world.workshop)
    speaker = make.SpeakerFactory(workshop=world.workshop)
    session = make.SessionFactory(workshop=world.workshop, module=module)
    world.workshop.days.create(date=(timezone.now() + timedelta(days=30)).date())
    world.ids |= {"module": module, "speaker": speaker, "session": session}


def compare(world):
    """A cycle in which the seated person speaks for one of two cities, and a draft framework."""
    frozen = framework("The framework here")
    cycle = world.workshop.cycles.create(framework=frozen, name="The cycle here", status="compare")
    mine = cycle.teams.create(city=world.people["seated"].city)
    world.ids["member"] = mine.members.create(user=world.people["seated"], is_focal_point=True)
    theirs = cycle.teams.create(city=make.CityFactory(name="Elsewhere", country="VN"))
    draft = type(frozen).objects.create(name="The draft here", version="0.1")
    drafted = draft.practices.create(order=1, code="D1", pillar="Prevention", name="Drafted")
    invented = draft.dossiers.create(order=1, title="Invented Hills", text="Hills.")
    case = invented.cases.create(practice=drafted, text="A list.", level=2, why="One person.")
    world.ids |= {"draft_practice": drafted, "invented": invented, "case": case}
    world.ids |= {"framework": frozen, "draft": draft, "cycle": cycle}
    world.ids |= {"team": mine, "other_team": theirs}
    world.ids["pair"] = Assignment.objects.create(
        rater=mine, rated=theirs, person=world.people["seated"], status="active"
    )
    dossier = frozen.dossiers.create(order=1, title="Invented Port", text="A port.")
    first = frozen.practices.first()
    agreed = dossier.cases.create(
        practice=first, text="A list is kept.", level=2, why="One person."
    )
    mine.statements.create(person=world.people["seated"], declared_at=timezone.now())
    cycle.calibrations.create(person=world.people["seated"], case=agreed, level=3)
    world.ids["evidence"] = shown(mine, first)
    world.ids |= drawn(cycle, mine, theirs)
    world.ids |= written_down(cycle, mine, first)
    world.ids |= from_elsewhere(cycle, theirs, first)
    world.ids["invited"].invitations.create(team=mine)
    world.ids["invitation"] = world.ids["asset"].invitations.create(team=theirs)
    world.ids |= proposed(cycle, mine, theirs, first)
    world.ids |= talked_about(mine, theirs, first)
    world.ids |= asked_about(cycle, mine, by=world.people["facilitator"])
    world.ids["picture"] = Paper.objects.create(
        key=f"picture:{cycle.pk}:{world.people['seated'].pk}:pdf:river:en-0",
        template="papers/picture.html",
        title="The river here",
    )


def shown(team, practice):
    """A file with which the seated person's city shows what it does."""
    assessment = SelfAssessment.objects.create(team=team)
    score = assessment.scores.create(practice=practice, current=3, target=4)
    evidence = score.evidence.create(
        kind="document", title="Our plan", text="-", name="plan.pdf", media_type="application/pdf"
    )
    evidence.file.save("plan.pdf", ContentFile(GOOD_PDF))
    return evidence


def from_elsewhere(cycle, team, practice):
    """What another city wrote: one asset in the library, and one that waits for a word."""
    facts = {"practice": practice, "from_level": 1, "to_level": 2}
    shelved = cycle.assets.create(title="Used elsewhere", status="published", **facts)
    waiting = cycle.assets.create(title="Asked about", status="review", **facts)
    for asset in (shelved, waiting):
        asset.teams.add(team)
    invited = cycle.assets.create(title="Written together", **facts)
    invited.teams.add(team)
    return {"shelved": shelved, "waiting": waiting, "invited": invited}


def written_down(cycle, team, practice):
    """An asset that the seated person's city writes, with a part of each kind."""
    facts = {"title": "What works here", "from_level": 1, "to_level": 2}
    asset = cycle.assets.create(practice=practice, **facts)
    asset.teams.add(team)
    story = asset.stories.create(city=team.city, happened="It was tried.", learned="It works.")
    principle = asset.principles.create(when="asked", do="answer", because="it helps")
    return {"asset": asset, "story": story, "principle": principle}


def proposed(cycle, host, helper, practice):
    """A solving, a proposal of the two cities, and the meeting that was planned from it."""
    capacities = {"helper_capacity": 2, "learner_capacity": 2}
    matching = cycle.matchings.create(asked_at=timezone.now(), status="ready", **capacities)
    between = {"helper": helper, "learner": host, "practice": practice}
    proposal = matching.proposals.create(**between, status="accepted")
    assist = host.assists_hosted.create(
        practice=practice, question="How?", starts_at=timezone.now(), zone="Asia/Seoul"
    )
    assist.helpers.add(helper)
    return {"matching": matching, "proposal": proposal, "assist": assist}


def talked_about(team, other, practice):
    """What one of three cities wrote about the seated person's, and what came of the talk."""
    further = [
        team.cycle.teams.create(city=make.CityFactory(name=f"Further {country}", country=country))
        for country in ("LA", "NP")
    ]
    pair, *_rest = [
        Assignment.objects.create(rater=rater, rated=team, person=make.UserFactory(), status="done")
        for rater in (other, *further)
    ]
    heard = pair.ratings.create(practice=practice, initial=2, final=2, strength="A good plan.")
    moderation = team.moderations.create(
        practice=practice, status="agreed", agreed=2, note="All agree.", opened_at=timezone.now()
    )
    return {"heard": heard, "comment": Link(token_of(heard)), "moderation": moderation}


def asked_about(cycle, team, by):
    """Another draft, about which the seated person's city is asked and has answered."""
    draft = Framework.objects.create(name="The draft asked about", version="0.1")
    now = timezone.now()
    vote = draft.votes.create(
        cycle=cycle, until=now + timedelta(days=5), asked_by=by, asked_at=now - timedelta(days=1)
    )
    person = team.members.get().user
    given = {"answer": "remarks", "comment": "Shorter.", "given_by": person, "given_at": now}
    vote.voices.create(team=team, **given)
    return {"asked": draft, "vote": vote}


def drawn(cycle, mine, theirs):
    """A released draw, and a conflict that the seated person has declared."""
    rules = {"seed": 1, "raters_per_city": 3, "bars_own_country": True, "bars_mutual_rating": False}
    draw = cycle.draws.create(status="released", asked_at=timezone.now(), **rules)
    conflict = mine.conflicts_declared.create(
        other=theirs,
        kind="grant",
        declared_by=mine.members.get().user,
        declared_at=timezone.now(),
    )
    return {"draw": draw, "conflict": conflict}
