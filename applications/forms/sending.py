"""Sending a file, and sending the application."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, RequiredDocument
from workshop_portal.files import Checked, check_upload, size_words

NOT_ARRIVED = gettext_lazy(
    "No file arrived. Choose one; if you had chosen one, its name could not be read: rename it, "
    "for example to “cv.pdf”, and choose it again."
)
STATEMENT = gettext_lazy(
    "What I say in this application and its documents is true and complete, and I may show "
    "these documents to the training centre."
)


class DocumentForm(forms.Form):
    """A file for one line of the checklist; `room` is how many bytes are left for it."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Choose the file"),
        allow_empty_file=True,
        error_messages={
            "required": NOT_ARRIVED,
            "invalid": NOT_ARRIVED,
            "missing": NOT_ARRIVED,
        },
    )

    def __init__(self, *args: Any, requirement: RequiredDocument, room: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds, self.room = requirement.kinds, room
        self.limit = min(requirement.size_limit, settings.UPLOAD_LIMIT)
        accepted = [kind.suffix for kind in self.kinds]
        accepted += [".jpeg"] if ".jpg" in accepted else []
        self.fields["file"].widget.attrs |= {
            "data-max-bytes": self.limit,
            "accept": ",".join(accepted),
        }
        self.fields["file"].help_text = _("%(kinds)s, at most %(size)s.") % {
            "kinds": _(" or ").join(kind.title for kind in self.kinds),
            "size": size_words(self.limit),
        }
        self.helper = FormHelper()
        self.helper.layout = Layout("file")
        self.helper.add_input(Submit("save", _("Send this file")))

    def clean_file(self) -> Checked:
        checked = check_upload(self.cleaned_data["file"], self.kinds, limit=self.limit)
        if checked.size > self.room:
            raise ValidationError(
                _(
                    "All your documents together may have 50 MB, and there are %(room)s left for "
                    "this one. Save it smaller and choose it again."
                )
                % {"room": size_words(max(self.room, 0))},
                code="room",
            )
        return checked

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


class SubmitForm(forms.Form):
    """The statement with which an application is sent, and which version of it was checked."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    statement = forms.BooleanField(
        label=STATEMENT,
        error_messages={
            "required": gettext_lazy("Please confirm this; without it nothing can be sent.")
        },
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": application.version}, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("applications:submit", args=[application.pk])
        self.helper.layout = Layout("version", "statement")
        self.helper.add_input(Submit("save", _("Send the application")))

    @property
    def said(self) -> str:
        """The words that the person confirmed, nothing if they did not."""
        return str(STATEMENT) if self.cleaned_data.get("statement") else ""
