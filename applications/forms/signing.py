"""Signing in the browser: a name typed under a statement. And who is asked to nominate."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.document import DocumentForm
from applications.models import Application, Nomination
from applications.queries.names import is_named
from applications.queries.nomination import is_own
from applications.wording import same_name
from workshop_portal.fields import Line, PlainText

LONGEST_ADDITION = 1000
STATEMENT = gettext_lazy(
    "I have read this text to its end. My name typed here is my signature under it."
)
UNCONFIRMED = gettext_lazy("Please confirm this; without it nothing is signed.")


class SignForm(forms.Form):
    """The statement, the typed name, and the fingerprint of the text that was on the page."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput)
    statement = forms.BooleanField(label=STATEMENT, error_messages={"required": UNCONFIRMED})
    name = Line(
        max_length=150,
        label=gettext_lazy("Your name, as your signature"),
        widget=forms.TextInput({"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": gettext_lazy("Type your name to sign.")},
    )

    def __init__(self, *args: Any, sha256: str, known: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": sha256}, **kwargs)
        self.known = known
        self.fields["name"].help_text = _("As in the text above: %s.") % known
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(*self.fields)
        self.helper.add_input(Submit("save", _("Sign")))

    def is_known(self, name: str) -> bool:
        """Whether this is the name of the person who is to sign."""
        return same_name(name, self.known)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not self.is_known(name):
            raise ValidationError(
                _(
                    "This is not the name in the text above. Type %(name)s; capitals, accents and "
                    "the order of the names do not matter."
                ),
                code="other_name",
                params={"name": self.known},
            )
        return name

    @property
    def signed(self) -> dict[str, str]:
        """What the action takes."""
        return {
            "name": self.cleaned_data["name"],
            "statement": str(STATEMENT),
            "seen": self.cleaned_data["seen"],
        }


class OwnSignForm(SignForm):
    """An applicant signs, under the name of the passport or that of the certificate."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.application = application
        super().__init__(*args, known=application.name, **kwargs)

    def is_known(self, name: str) -> bool:
        return is_named(self.application, name)


class LetterSignForm(SignForm):
    """A nominator signs, and may add what their office expects."""

    words = PlainText(
        max_length=LONGEST_ADDITION,
        required=False,
        label=gettext_lazy("What you want to add to the letter"),
        help_text=gettext_lazy(
            "For example what your office expects to gain. Up to 1,000 characters; you may leave "
            "it empty."
        ),
        widget=forms.Textarea({"rows": 4}),
    )
    field_order = ("seen", "words", "statement", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].label = _(
            "I have read this letter to its end, and I may sign it for my authority. My name typed "
            "here is my signature under it."
        )

    @property
    def signed(self) -> dict[str, str]:
        return {
            **super().signed,
            "statement": str(self.fields["statement"].label),
            "words": self.cleaned_data["words"],
        }


class LetterFileForm(DocumentForm):
    """A nominator's own letter as a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Choose your letter")


class DeclineForm(forms.Form):
    """A nominator says no."""

    use_required_attribute = False
    reason = PlainText(
        max_length=Nomination._meta.get_field("words").max_length,
        required=False,
        label=gettext_lazy("A few words to the applicant"),
        help_text=gettext_lazy("They are sent to the applicant. You may leave this empty."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("reason")
        self.helper.add_input(Submit("save", _("Decline"), css_class="btn btn-secondary"))


class NominatorForm(forms.Form):
    """The person of an authority who is asked to nominate the applicant."""

    use_required_attribute = False
    name = Line(
        max_length=150,
        label=gettext_lazy("Their full name"),
        help_text=gettext_lazy("The person who signs, not their office."),
        error_messages={"required": gettext_lazy("Write the name of the person.")},
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto"}),
    )
    position = Line(
        max_length=200,
        label=gettext_lazy("Their position"),
        help_text=gettext_lazy("For example: director of social welfare."),
        error_messages={"required": gettext_lazy("Write their position.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    organisation = Line(
        max_length=200,
        label=gettext_lazy("Their authority or organisation"),
        error_messages={"required": gettext_lazy("Write where they work.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy(
            "The personal link goes to this address. It has to be theirs, not yours."
        ),
        error_messages={
            "required": gettext_lazy("Write their e-mail address."),
            "invalid": gettext_lazy(
                "This is not a whole e-mail address. It looks like name@example.org."
            ),
        },
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letters to them"), choices=settings.LANGUAGES
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("name", "position", "organisation", "email", "language")
        self.helper.add_input(Submit("save", _("Send the personal link")))

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if is_own(self.application, email=email):
            raise ValidationError(
                _(
                    "This is your own address. Nobody can nominate themselves: write the address "
                    "of the person who signs for your authority."
                ),
                code="own",
            )
        return email

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if is_own(self.application, name=name):
            raise ValidationError(
                _("This is your own name. Somebody of your authority has to nominate you."),
                code="own",
            )
        return name
