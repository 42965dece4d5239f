"""The people of a cycle's cities: who could belong to a team, and who belongs to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cityshare.models import Cycle, Member, Team
from cityshare.models.cycle import LEADS
from workshop_portal.places import plain
from workshop_portal.workshops.models import Participant, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workshop_portal.accounts.models import User

# The working languages that cities choose among; each is named in itself.
LANGUAGES = {
    "en": "English",
    "ar": "العربية",
    "bn": "বাংলা",
    "zh": "中文",
    "fil": "Filipino",
    "fr": "Français",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "ja": "日本語",
    "km": "ខ្មែរ",
    "ko": "한국어",
    "lo": "ລາວ",
    "ms": "Bahasa Melayu",
    "mn": "Монгол",
    "my": "မြန်မာ",
    "ne": "नेपाली",
    "pt": "Português",
    "ru": "Русский",
    "si": "සිංහල",
    "es": "Español",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "tet": "Tetun",
    "th": "ไทย",
    "tpi": "Tok Pisin",
    "ur": "اردو",
    "uz": "Ўзбек",
    "vi": "Tiếng Việt",
}


@dataclass(frozen=True, slots=True)
class Country:
    """The cities of one country that take part, each with its people fetched."""

    name: str
    teams: list[Team]


def by_country(cycle: Cycle) -> list[Country]:
    """The cities of a cycle, those of one country together, all by name; in two queries."""
    people = Member.objects.select_related("user").order_by(
        "-is_focal_point", "user__family_name", "user__given_name"
    )
    found: dict[str, list[Team]] = {}
    for team in cycle.teams.by_country().prefetch_related(Prefetch("members", people)):
        found.setdefault(str(team.city.country.name), []).append(team)
    return [Country(name, found[name]) for name in sorted(found, key=plain)]


def unplaced(cycle: Cycle) -> QuerySet[Participant]:
    """The workshop's participants who belong to no team of the cycle and do not lead it."""
    placed = Member.objects.filter(team__cycle=cycle).values("user")
    lead = Role.objects.filter(workshop=cycle.workshop_id, role__in=LEADS).values("user")
    seats = Participant.objects.filter(workshop=cycle.workshop_id)
    free = seats.exclude(user__in=placed).exclude(user__in=lead)
    return free.select_related("user", "city").order_by(
        "city__country", "city__name", "seated_at", "pk"
    )


def leading_participants(cycle: Cycle) -> list[User]:
    """Participants whom a role of theirs keeps out of every team, by name."""
    lead = Role.objects.filter(workshop=cycle.workshop_id, role__in=LEADS).values("user")
    seats = Participant.objects.filter(workshop=cycle.workshop_id, user__in=lead)
    return [seat.user for seat in seats.select_related("user").order_by("user__family_name")]


def language_words(codes: list[str]) -> str:
    """Working languages in a row, each named in itself."""
    return ", ".join(LANGUAGES.get(code, code) for code in codes)


def facts_of(team: Team) -> list[tuple[str, str]]:
    """What others should know of a city, as term and words; what nobody has said is left out."""
    said = [
        (_("Working languages"), language_words(team.languages)),
        (pgettext("city", "Size"), team.get_size_display() if team.size else ""),
        (_("Place on the route"), team.get_route_display() if team.route else ""),
        (_("Income group"), team.get_income_display() if team.income else ""),
        (_("Time zone"), team.zone),
    ]
    return [(term, str(words)) for term, words in said if words]
