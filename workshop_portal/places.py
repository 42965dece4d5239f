"""The names of countries, and of the cities that time zones are named after, for the reader.

In English they are what the United Nations and the zones' own keys say; in any other language
what the Unicode consortium says (CLDR).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

ENGLISH = "en"
# By this name the United Nations, and so our letters, call the host country.
IN_ENGLISH = {**COUNTRIES, **CountriesBase.COMMON_NAMES, "KR": _("Republic of Korea")}
# Where CLDR still has the name of former days.
CITIES = {"Asia/Ho_Chi_Minh": _("Ho Chi Minh City")}
# CLDR knows some zones by an older key: Asia/Saigon for Asia/Ho_Chi_Minh.
OLDER_KEYS = {newer: older for older, newer in get_global("zone_aliases").items()}


class CountryName:
    """The name of one country, said anew for every reader."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __str__(self) -> str:
        language = get_language() or ENGLISH
        if language == ENGLISH:
            return str(IN_ENGLISH[self.code])
        return Locale.parse(language, sep="-").territories[self.code]


# For the setting COUNTRIES_OVERRIDE.
COUNTRY_NAMES = {code: lazystr(CountryName(code)) for code in COUNTRIES}


def in_order(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Codes and names, sorted by name: in the order of the alphabet, accents put aside."""
    return sorted(named, key=lambda pair: plain(pair[1]))


def plain(name: str) -> str:
    """The letters of a name without their accents; the syllables of Korean keep their order."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if sign.isalnum()).lower()


def zone_city(key: str) -> str:
    """The city that names a time zone: "Seoul" for Asia/Seoul, 서울 for a Korean reader."""
    if key in CITIES:
        return str(CITIES[key])
    return _zone_city(key, get_language() or ENGLISH)


@cache
def _zone_city(key: str, language: str) -> str:
    english = key.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    if language == ENGLISH:
        return english
    known = Locale.parse(language, sep="-").time_zones
    told = known.get(key) or known.get(OLDER_KEYS.get(key, "")) or {}
    return told.get("city", english)
