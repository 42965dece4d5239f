"""The words of a letter, and on whom they are tried out."""

from __future__ import annotations

from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.queries.letters import Text
from workshop_portal.fields import PlainText
from workshop_portal.outbox import proof

SUBJECT_LENGTH, BODY_LENGTH = 200, 20_000


def readers_field(readers: list[Application]) -> forms.ChoiceField:
    """The list of those on whom a letter can be tried out."""
    return forms.ChoiceField(
        label=_("Try it out on"),
        choices=[(str(reader.pk), reader.name) for reader in readers],
        required=False,
        help_text=_("The preview shows the letter as this person would get it. It is not sent."),
    )


class LetterTextForm(forms.Form):
    """Subject and body with placeholders, proofread with what they stand for: `values`.

    What stops a letter is an error of the form; `warnings` tell what may be meant as it is.
    """

    use_required_attribute = False
    subject = PlainText(label=_("Subject"), max_length=SUBJECT_LENGTH)
    body = PlainText(
        label=_("Letter"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=_("The portal adds its name, the address of the inbox and of the contact below."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        *args,
        text: Text,
        readers: list[Application],
        values: Mapping[str, str],
        **kwargs,
    ):
        initial = {"subject": text.subject, "body": text.body, "version": text.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.occasion, self.values = text.occasion, values
        self.warnings: list[str] = []
        if readers:
            self.fields["reader"] = readers_field(readers)
        self.helper = FormHelper()
        self.helper.attrs = {"data-guard": "", "novalidate": ""}
        self.helper.add_input(Submit("save", gettext("Save the letter")))
        look = Submit("look", gettext("Preview first"), css_class="btn-secondary")
        self.helper.add_input(look)

    @property
    def words(self) -> dict[str, object]:
        """What was typed, ready for an action."""
        return {name: self.cleaned_data[name] for name in ("subject", "body", "version")}

    def clean_body(self):
        return self.cleaned_data["body"].strip() + "\n"

    def clean(self):
        said = super().clean()
        if "subject" in said and "body" in said:
            self.check_placeholders(said["subject"], said["body"])
        if not self.errors:
            self.proofread(said["subject"], said["body"])
        return said

    def check_placeholders(self, subject: str, body: str) -> None:
        for fault in proof.unfillable(subject, body, allowed=self.occasion.words):
            self.add_error(fault.where, self.in_place(fault))
        lacking = proof.lacking(subject, body, needed=self.occasion.needs)
        for name in lacking:
            words = _("{%(name)s} is missing: without it the letter does not say what it has to.")
            self.add_error("body", words % {"name": name})

    def proofread(self, subject: str, body: str) -> None:
        found = [
            *proof.typed_dates(subject, body),
            *proof.faults(subject, body, home=settings.PUBLIC_BASE_URL, values=self.values),
        ]
        for fault in found:
            if fault.stops:
                self.add_error(fault.where, self.in_place(fault))
            else:
                self.warnings.append(fault.sentence)

    def in_place(self, fault: proof.Fault) -> str:
        """The fault as it stands beside its field, which needs the line alone."""
        if fault.where == "subject":
            return fault.words
        return gettext("Line %(number)d: %(words)s") % {
            "number": fault.line,
            "words": fault.words,
        }


class ReaderForm(forms.Form):
    """On whom a letter is tried out; the first one unless somebody is chosen."""

    def __init__(self, *args, readers: list[Application], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reader"] = readers_field(readers)
        self.fields["reader"].widget.attrs["class"] = "form-select"
