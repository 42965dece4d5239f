"""What files are welcome at one place of a page, told before and looked at in the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from workshop_portal.files.checking import HEAD, glance
from workshop_portal.files.kinds import JPEG, Kind
from workshop_portal.files.names import size_words


@dataclass(frozen=True)
class Welcome:
    """The kinds that are taken, up to how many bytes, and whether photos of pages are."""

    kinds: Sequence[Kind]
    limit: int
    takes_pages: bool = False

    def glance(self, name: str, size: int, head: bytes) -> None:
        """Raise ValidationError for what can be seen to be wrong before it travels."""
        glance(name, size, head, list(self.kinds), limit=self.limit)

    def look_at(self, upload: UploadedFile) -> None:
        """Raise ValidationError for what can be seen to be wrong with a file that has come."""
        upload.seek(0)
        size = upload.size or 0
        cut = getattr(upload, "too_large", False)
        self.glance(
            upload.name or "", max(size, self.limit + 1) if cut else size, upload.read(HEAD)
        )

    @property
    def attrs(self) -> dict[str, Any]:
        """For the input: what the browser offers, and what the page refuses before it travels."""
        return {"data-max-bytes": self.limit, "accept": self.accepted, "multiple": self.takes_pages}

    @property
    def accepted(self) -> str:
        """For the `accept` of an input; a phone offers its camera when it reads a media type."""
        suffixes = [kind.suffix for kind in self.kinds]
        if JPEG in self.kinds:
            suffixes += [".jpeg", JPEG.media_type]
        return ",".join(suffixes)

    @property
    def words(self) -> str:
        """What is taken, in a sentence."""
        facts = {
            "kinds": get_text_list([kind.title for kind in self.kinds], _("or")),
            "size": size_words(self.limit),
        }
        if self.takes_pages:
            return _("%(kinds)s, at most %(size)s; or a photo of each page.") % facts
        return _("%(kinds)s, at most %(size)s.") % facts
