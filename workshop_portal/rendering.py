"""Parts of public pages that are the same for everybody are rendered once and remembered.

Most of what a public page costs is its templates, and its words change a few times a year. A
part whose template is given nothing but frozen facts is a pure function of them, so remembering
it needs no expiry: other facts are another part.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def remembered(template: str, facts: Hashable) -> SafeString:
    """`template` rendered with `facts` alone: no request, no person, no clock."""
    return _rendered(template, facts, get_language())


@lru_cache(maxsize=128)
def _rendered(template: str, facts: Hashable, language: str) -> SafeString:
    return render_to_string(template, {"facts": facts})
