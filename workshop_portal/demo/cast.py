"""The people of the demo: those whom a visitor may be, and those who only applied."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from workshop_portal.accounts.actions import city_named, open_account
from workshop_portal.accounts.models import User

PASSWORD = "jeju demo 2027!"  # noqa: S105 — everybody is meant to know it
PEOPLE = Path(__file__).with_name("people.csv")
STAFF_CITY = ("Jeju-do", "KR")


class Account(NamedTuple):
    """An account to look at the portal with."""

    who: str
    email: str
    password: str


def accounts() -> list[Account]:
    """One account for every kind of person; a visitor needs none."""
    return [Account(who, email, PASSWORD) for who, email in WHO]


WHO = [
    ("Applicant with a draft half done", "applicant@example.org"),
    ("Applicant with a returned document", "returned@example.org"),
    ("Accepted participant", "participant@example.org"),
    ("Coordinator", "coordinator@example.org"),
    ("Second coordinator", "coordinator2@example.org"),
    ("Reviewer", "reviewer@example.org"),
    ("Facilitator", "facilitator@example.org"),
    ("Observer", "observer@example.org"),
    ("Administrator", "admin@example.org"),
]

STAFF = {
    "coordinator": ("coordinator@example.org", "Hyejin", "Kang"),
    "second": ("coordinator2@example.org", "Daniel", "Ferreira"),
    "reviewer": ("reviewer@example.org", "Meenakshi", "Pillai"),
    "facilitator": ("facilitator@example.org", "Eunseo", "Paik"),
    "observer": ("observer@example.org", "Tomasz", "Wilk"),
    "admin": ("admin@example.org", "Jiwoo", "Moon"),
}


@dataclass(frozen=True)
class Person:
    """Somebody who applied: a line of people.csv. `story` says how far the application went."""

    number: int
    call: str
    story: str
    email: str
    given: str
    family: str
    gender: str
    birth: date
    country: str
    city: str
    organisation: str
    sector: str
    department: str
    position: str
    years: int
    user: User = field(compare=False)

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


def staff() -> dict[str, User]:
    """Accounts for those who work for the centre."""
    city = city_named(*STAFF_CITY)
    return {
        who: open_account(
            email, given_name=given, family_name=family, city=city, is_admin=who == "admin"
        )
        for who, (email, given, family) in STAFF.items()
    }


def applicants() -> list[Person]:
    """Accounts for those who applied, with all that is known about them."""
    with PEOPLE.open(encoding="utf-8", newline="") as table:
        return [_person(number, line) for number, line in enumerate(csv.DictReader(table))]


def _person(number: int, line: dict[str, str]) -> Person:
    user = open_account(
        line["email"],
        given_name=line["given"],
        family_name=line["family"],
        city=city_named(line["city"], line["country"]),
    )
    known = {**line, "birth": date.fromisoformat(line["birth"]), "years": int(line["years"])}
    return Person(number=number, user=user, **known)


def give_the_password(people: Iterable[User]) -> None:
    """Hash the one password once: a hash is slow on purpose, and there are many people."""
    User.objects.filter(pk__in=[person.pk for person in people]).update(
        password=make_password(PASSWORD)
    )
