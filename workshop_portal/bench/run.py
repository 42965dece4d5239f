"""Seed the database, measure the pages, print the figures. Run by `manage.py bench`."""

import sys
from itertools import count
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402 — Django has to be set up first
from django.test import Client  # noqa: E402

from workshop_portal.bench import cities  # noqa: E402 — Django has to be set up first
from workshop_portal.bench.measure import Page, measure, table  # noqa: E402
from workshop_portal.bench.seed import seed  # noqa: E402
from workshop_portal.bench.uploads import (  # noqa: E402
    beside_the_reference,
    everybody_at_once,
    people_of,
)
from workshop_portal.merging import Held  # noqa: E402


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return f"sid={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def form_of(cookie):
    """The headers with which a form is posted by whoever has this cookie."""
    token = "a" * 32
    return {
        "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
        "Origin": settings.PUBLIC_BASE_URL,
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def typing(draft):
    """Somebody at work on one question: each time some words more, based on those before."""
    words = draft.duties
    for turn in count():
        seen = ".".join([Held(words).mark, "", "", ""])
        words = f"I run the referral desk. {turn}"
        yield urlencode({"seen": seen, "changed": "duties", "duties": words}).encode()


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
        Page(
            "autosave",
            f"/applications/{draft.pk}/form/work/autosave/",
            against="one, signed in",
            goal=5,
            body=typing(draft),
            headers=form_of(applicant),
        ),
        Page("my tasks", "/tasks/", applicant, "one, signed in", 12),
    ]


def pages_of_cities(seeded, cycle):
    """What those who lead a cycle of sixty cities see of it, and what one of the cities sees."""
    staff, city = cookie_of(seeded.coordinator), cookie_of(cycle.teams.first().members.get().user)
    at = f"/cityshare/{cycle.pk}"
    return [
        Page("table(60)", "/bench/table/?rows=60", staff),
        Page("cohort of 60 cities", f"{at}/cohort/", staff, "table(60)", 3),
        Page("river of 60 cities", f"{at}/river/", city, "table(60)", 3),
        Page("river, who leads", f"{at}/river/", staff, "table(60)", 3),
        Page("stairs of one practice", f"{at}/stairs/PT2/", city, "table(60)", 3),
    ]


def main(address, applications, rounds, server, worker):
    print(f"Seeding {applications} applications …", flush=True)
    seeded = seed(int(applications))
    cycle = cities.cycle_of(seeded.application.call.workshop, seeded.coordinator)
    found = pages(seeded) + pages_of_cities(seeded, cycle)
    print(f"Measuring {len(found)} pages, {rounds} rounds …", flush=True)
    measure(address, found, rounds=int(rounds))
    print("\n".join(table(found)))
    print(*cities.solvers(cycle, seeded.coordinator), sep="\n", flush=True)
    people = people_of(address, lambda draft: form_of(cookie_of(draft.applicant)))
    print(*beside_the_reference([people.pop(), people.pop()]), sep="\n", flush=True)
    processes = {"web server": int(server), "worker": int(worker)}
    print(*everybody_at_once(people, processes), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
