"""What a file is called and how large it is, as people read it."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NAME_LENGTH = 150
KILOBYTE = 1024


def shown_name(name: str) -> str:
    """The file's name as people see it: no path, no invisible or direction-turning marks."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C").strip(" .")
    path = PurePath(seen)
    stem = path.stem[: max(NAME_LENGTH - len(path.suffix), 1)]
    return f"{stem}{path.suffix}"[:NAME_LENGTH]


def size_words(size: int) -> str:
    """A size as people say it, in the units that the limits have: kB and MB of 1024."""
    if size < KILOBYTE:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    if size < KILOBYTE**2:
        return _("%(n)s kB") % {"n": number_format(round(size / KILOBYTE))}
    amount = round(size / KILOBYTE**2, 1)
    return _("%(n)s MB") % {"n": number_format(amount, 0 if amount.is_integer() else 1)}
