"""Sending a file: chosen on the page, or announced by its script before it travels."""

from __future__ import annotations

import base64
import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions.upload import Announced
from applications.models import RequiredDocument
from workshop_portal.errors import unstorable
from workshop_portal.files import JPEG, PDF, Welcome, shown_name, size_words

SHA256 = re.compile(r"(?:[0-9a-f]{64})?")
NOT_ARRIVED = gettext_lazy(
    "No file arrived. Choose one; if you had chosen one, its name could not be read: rename it, "
    "for example to “cv.pdf”, and choose it again."
)
MOST_PAGES = 30
# No file has more bytes; a larger number is not worth repeating.
LARGEST_SIZE = 2**53


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file, or photos of several pages in the order in which they were chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(file, initial) for file in chosen or [None]]


def welcome_at(requirement: RequiredDocument) -> Welcome:
    """What a line of the checklist takes."""
    return Welcome(
        kinds=requirement.kinds,
        limit=min(requirement.size_limit, settings.UPLOAD_LIMIT),
        takes_pages=PDF in requirement.kinds and JPEG in requirement.kinds,
    )


class DocumentForm(forms.Form):
    """A file for one line of the checklist, or photos of its pages; `room` is what is left."""

    use_required_attribute = False
    file = FilesField(
        label=gettext_lazy("Choose the file"),
        allow_empty_file=True,
        error_messages={
            "required": NOT_ARRIVED,
            "invalid": NOT_ARRIVED,
            "missing": NOT_ARRIVED,
        },
    )

    def __init__(
        self, *args: Any, requirement: RequiredDocument, room: int, begin: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.room = welcome_at(requirement), room
        self.fields["file"].widget.attrs |= self.line.attrs
        self.fields["file"].help_text = self.line.words
        self.helper = FormHelper()
        self.helper.attrs = {"data-upload": begin} if begin else {}
        self.helper.layout = Layout("file")
        self.helper.add_input(Submit("save", _("Send this file")))

    def clean_file(self) -> list[UploadedFile]:
        chosen: list[UploadedFile] = self.cleaned_data["file"]
        for upload in chosen:
            self.line.look_at(upload)
        if sum(upload.size for upload in chosen) > self.room:
            raise ValidationError(
                _(
                    "All your documents together may have 50 MB, and there are %(room)s left for "
                    "this one. Save it smaller and choose it again."
                )
                % {"room": size_words(max(self.room, 0))},
                code="room",
            )
        return chosen

    @property
    def refusal(self) -> dict[str, object]:
        """What the trail keeps of a file that was not taken: never its name or its content."""
        sent = self.files.get("file")
        codes = [error.code for error in self.errors.as_data().get("file", [])]
        return {
            "code": codes[0] if codes else "",
            "size": getattr(sent, "size", None),
            "sha256": getattr(sent, "sha256", ""),
        }


class Announcement(forms.JSONField):
    """JSON of any kind: what is too deep or has numbers without end is refused as well."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as problem:
            raise ValidationError(NOT_ARRIVED, code="shape") from problem


class AnnouncementForm(forms.Form):
    """What a script says of a file before it sends it: name, size, hash and its first bytes.

    `pieces` is a list of these, one for each photo when there are several. `sure` says that the
    same file shall indeed answer another line too. When a file's first bytes came with the words,
    as `head`, these are about one file and tell no bytes.
    """

    pieces = Announcement()
    sure = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        requirement: RequiredDocument,
        head: bytes | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.head = welcome_at(requirement), head

    def clean_pieces(self) -> list[Announced]:
        said = self.cleaned_data["pieces"]
        most = MOST_PAGES if self.line.takes_pages and self.head is None else 1
        if not isinstance(said, list) or not 1 <= len(said) <= most:
            raise ValidationError(NOT_ARRIVED, code="shape")
        return [self._announced(piece) for piece in said]

    def _announced(self, piece: Any) -> Announced:
        try:
            name, sha256 = str(piece["name"]), str(piece["sha256"])
            size = min(int(piece["size"]), LARGEST_SIZE)
            head = self.head
            if head is None:
                head = base64.b64decode(piece["head"], validate=True)
        except (KeyError, TypeError, ValueError, OverflowError) as problem:
            raise ValidationError(NOT_ARRIVED, code="shape") from problem
        if unstorable(name) or not SHA256.fullmatch(sha256):
            raise ValidationError(NOT_ARRIVED, code="shape")
        self.line.glance(name, max(size, 0), head)
        return Announced(shown_name(name), size, sha256)

    @property
    def refusal(self) -> dict[str, Any]:
        """What the trail keeps of an announcement that was not taken."""
        codes = [error.code for errors in self.errors.as_data().values() for error in errors]
        return {"code": codes[0] or "", "size": None, "sha256": ""}

    @property
    def status(self) -> int:
        """What the answer is: too large, or of a kind that is not taken."""
        return 413 if self.refusal["code"] == "large" else 422

    @property
    def sentence(self) -> str:
        return next(str(errors[0]) for errors in self.errors.values())
