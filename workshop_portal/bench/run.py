"""Seed the database, measure the pages, print the figures. Run by `manage.py bench`."""

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 — Django has to be set up first
from django.test import Client  # noqa: E402

from workshop_portal.bench.measure import Page, measure, table  # noqa: E402
from workshop_portal.bench.seed import seed  # noqa: E402


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return f"sid={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def pages(seeded):
    staff, applicant = cookie_of(seeded.coordinator), cookie_of(seeded.applicant)
    draft = seeded.applicant.applications.get()
    return [
        Page("one", "/bench/one/"),
        Page("one, signed in", "/bench/one/", staff),
        Page("table(50)", "/bench/table/", staff),
        Page("home", "/", against="one", goal=4),
        Page("workshop page", "/workshops/bench/", against="one", goal=4),
        Page("call page", "/workshops/bench/call/", against="one", goal=4),
        Page("staff list of 50", "/desk/bench/applications/", staff, "table(50)", 3),
        Page(
            "one application, staff",
            f"/desk/applications/{seeded.application.pk}/",
            staff,
            "one, signed in",
            12,
        ),
        Page(
            "one application, applicant",
            f"/applications/{draft.pk}/",
            applicant,
            "one, signed in",
            12,
        ),
        Page("my tasks", "/tasks/", applicant, "one, signed in", 12),
    ]


def main(address, applications, rounds):
    print(f"Seeding {applications} applications …", flush=True)
    found = pages(seed(int(applications)))
    print(f"Measuring {len(found)} pages, {rounds} rounds …", flush=True)
    measure(address, found, rounds=int(rounds))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main(*sys.argv[1:])
