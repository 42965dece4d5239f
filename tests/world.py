"""A small world in which every kind of person stands in a known relation to one workshop."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from applications.actions import quarantine
from applications.models import Document
from curriculum.models import Programme
from tests import factories as make
from tests.conftest import GOOD_PDF
from workshop_portal.outbox.actions import post


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


def build():
    """The world of the permission table; see `tests.permissions` for who is who."""
    world = World()
    world.workshop = make.WorkshopFactory(slug="here", title="The workshop here")
    world.call = make.CallFactory(workshop=world.workshop)
    gather(world)
    apply(world)
    put_on_page(world)
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
