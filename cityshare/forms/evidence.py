"""What shows a level: a file, a link or a text."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cityshare.actions.evidence import Given
from cityshare.models import Evidence
from workshop_portal.fields import Line, Link, PlainText
from workshop_portal.files import Welcome

NO_NAME = _(
    "No file arrived. Choose one; if you had chosen one, its name could not be read: rename it, "
    "for example to “plan.pdf”, and choose it again."
)


class EvidenceForm(forms.Form):
    """One piece of evidence. At least one of file, link and text is given."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Evidence.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    title = Line(
        label=_("Title"),
        max_length=200,
        help_text=_("As others will find it in the list, such as “Referral agreement, 2026”."),
        error_messages={"required": _("Give it a title.")},
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": NO_NAME, "missing": NO_NAME},
    )
    url = Link(label=_("Link"), required=False, max_length=500)
    text = PlainText(
        label=_("In words"),
        required=False,
        max_length=3000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "No personal data of victims. Write counts under 5 as “<5”, so that nobody can be "
            "recognised."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.welcome = Welcome(Evidence.FILE_KINDS, settings.UPLOAD_LIMIT)
        self.fields["file"].widget.attrs |= self.welcome.attrs
        self.fields["file"].help_text = self.welcome.words
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.layout = Layout("kind", "title", "file", "url", "text")
        self.helper.add_input(Submit("save", _("Add it")))

    def clean_file(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["file"] or None
        if upload:
            self.welcome.look_at(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors.keys() & {"file", "url", "text"} and not any(
            cleaned.get(name) for name in ("file", "url", "text")
        ):
            raise ValidationError(_("Give a file, a link or a few words: one of them is enough."))
        return cleaned

    @property
    def given(self) -> Given:
        """What was given, ready for the action."""
        words = {name: self.cleaned_data[name] for name in ("kind", "title", "text", "url")}
        return Given(**words, upload=self.cleaned_data["file"])
