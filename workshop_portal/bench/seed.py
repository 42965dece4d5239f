"""A call with many applications, made quickly: rows in bulk, one small file for all documents."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from applications import standard
from applications.models import Application, Call, Document, RequiredDocument
from workshop_portal.accounts.actions import city_named
from workshop_portal.accounts.models import User
from workshop_portal.workshops.actions import grant
from workshop_portal.workshops.models import Role, TrainingDay, Workshop

COUNTRIES = ["KH", "TH", "VN", "PH", "ID", "MY", "LA", "MM", "NP", "BD", "LK", "MN", "FJ", "PG"]
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@dataclass(frozen=True)
class Seeded:
    coordinator: User
    applicant: User
    application: Application


def seed(applications: int) -> Seeded:
    """A workshop `bench` with that many submitted applications of six documents each."""
    now = timezone.now()
    workshop = Workshop.objects.create(
        slug="bench",
        title="Enhancing a victim-centred approach",
        summary="Identification, assistance and protection of victims of trafficking.",
        city="Jeju",
        country="KR",
        zone="Asia/Seoul",
        status="published",
        background="Trafficking in persons touches every country of the region.\n\n" * 5,
    )
    TrainingDay.objects.bulk_create(
        TrainingDay(workshop=workshop, date=(now + timedelta(days=90 + n)).date()) for n in range(4)
    )
    call = Call.objects.create(
        workshop=workshop,
        opens_at=now - timedelta(days=20),
        closes_at=now + timedelta(days=10),
        seats=30,
        funded_seats=15,
    )
    RequiredDocument.objects.bulk_create(
        RequiredDocument(call=call, **line) for line in standard.lines()
    )
    coordinator = User(email="coordinator@example.org", given_name="Bench")
    coordinator.set_unusable_password()
    coordinator.save()
    grant(coordinator, workshop, role=Role.Kind.COORDINATOR, by=None)
    made = people_and_applications(call, applications)
    draft = made[0]
    Application.objects.filter(pk=draft.pk).update(status="draft", reference=None)
    return Seeded(coordinator, draft.applicant, made[1])


def people_and_applications(call: Call, count: int) -> list[Application]:
    chance = random.Random(20171121)  # noqa: S311 — the same data each time, nothing secret
    cities = [city_named(f"City {n}", chance.choice(COUNTRIES)) for n in range(60)]
    users = User.objects.bulk_create(
        User(
            email=f"applicant{n}@example.org",
            given_name=f"Given{n}",
            family_name=f"Family{n}",
            password="!",
            city=cities[n % 60],
        )
        for n in range(count)
    )
    applications = Application.objects.bulk_create(
        (filled(call, user, n, chance) for n, user in enumerate(users)), batch_size=500
    )
    name = default_storage.save("document/bench.pdf", ContentFile(PDF))
    uploads = [line for line in call.required_documents.all() if line.given == "upload"]
    Document.objects.bulk_create(
        (
            Document(
                application=application,
                requirement=line,
                version=1,
                file=name,
                name=f"{line.slug}.pdf",
                media_type="application/pdf",
                size=len(PDF),
                sha256="0" * 64,
                arrived_at=application.submitted_at,
                uploaded_by=application.applicant,
                status=chance.choice(["received", "accepted"]),
            )
            for application in applications
            for line in uploads
        ),
        batch_size=1000,
    )
    return applications


def filled(call: Call, user: User, n: int, chance: random.Random) -> Application:
    return Application(
        call=call,
        applicant=user,
        status="submitted",
        reference=f"BENCH-{n:05d}",
        submitted_at=timezone.now() - timedelta(minutes=n),
        given_name=user.given_name,
        family_name=user.family_name,
        certificate_name=user.full_name,
        gender=chance.choice(["female", "male"]),
        birth_date="1985-05-17",
        nationality=user.city.country,
        phone="+82 64 735 6585",
        city_name=user.city.name,
        country=user.city.country,
        organisation=f"Provincial Department {n % 300}",
        sector=chance.choice(["local", "central", "ngo", "victim_service"]),
        department="Protection",
        position="Officer",
        years=n % 20,
        duties="I run the referral desk. " * 8,
        experience="I have worked with returned migrants. " * 8,
        motivation="We want a written referral pathway. " * 8,
        intention="I will draft it with the police. " * 8,
        spoken_english="fluent",
        written_english="fluent",
        all_days="yes",
        first_time=chance.choice(["yes", "no"]),
        airfare=chance.choice(["yes", "no"]),
    )
