"""What staff fill in on the pages of a workshop."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshop_portal.accounts.models import User
from workshop_portal.fields import PlainText
from workshop_portal.outbox.models import Message
from workshop_portal.workshops.models import Role
from workshop_portal.workshops.queries import times_sent_again


def helper(action: str, word: str | Promise) -> FormHelper:
    """A form that is sent to `action` with one button."""
    made = FormHelper()
    made.form_method = "post"
    made.form_action = action
    made.add_input(Submit("", word))
    return made


class LetterFilterForm(forms.Form):
    """Which letters the outbox shows. A value that nobody offered counts as none."""

    q = forms.CharField(label=_("Name, address or subject"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All letters")), *Message.State.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Kind of letter"), required=False)

    def __init__(self, *args, kinds: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All kinds")), *kinds]

    @property
    def asked(self) -> dict[str, str]:
        """What narrows the list."""
        self.is_valid()
        said = self.cleaned_data
        return {
            "state": said.get("state", ""),
            "kind": said.get("kind", ""),
            "words": said.get("q", ""),
        }


class ActForm(forms.Form):
    """A button on the page of a letter; most ask something first."""

    use_required_attribute = False
    word: str | Promise = ""

    def __init__(self, *args, letter: Message, action: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.helper = helper(action, self.word)

    @property
    def facts(self) -> dict[str, object]:
        """What was typed, ready for an action."""
        return self.cleaned_data


class RetryForm(ActForm):
    """Sending again; where nobody knows whether the mail left, only with open eyes."""

    word = _("Send again")
    twice = forms.BooleanField(
        label=_("I know that the person may get this letter twice."),
        error_messages={"required": _("Tick the box to send the letter again.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.letter.state != Message.State.UNKNOWN:
            del self.fields["twice"]

    @property
    def facts(self):
        return {}


class AgainForm(ActForm):
    """Sending a letter once more that has left already."""

    word, prefix = _("Send once more"), "again"
    sure = forms.BooleanField(
        label=_("Yes, send these words once more."),
        error_messages={"required": _("Tick the box to send the letter once more.")},
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=999)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["number"] = times_sent_again(self.letter)

    @property
    def facts(self):
        return {"number": self.cleaned_data["number"]}


class CancelForm(ActForm):
    """Why a held letter is never to leave."""

    word, prefix = _("Cancel the letter"), "cancel"
    reason = PlainText(
        label=_("Why it is not to leave"),
        max_length=300,
        error_messages={"required": _("Say why, for those who look at it later.")},
    )


class BounceForm(ActForm):
    """What came back when a letter did not arrive."""

    word, prefix = _("It came back"), "bounce"
    reason = PlainText(
        label=_("What the mail that came back says"),
        help_text=_("For example: the mailbox does not exist."),
        max_length=300,
        error_messages={"required": _("Say what came back, so that others understand it.")},
    )


class LetterForm(forms.Form):
    """The words of a held letter."""

    use_required_attribute = False
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Letter"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 18})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("", _("Save the letter"))
        self.helper.attrs = {"data-guard": ""}

    def clean_body(self):
        return self.cleaned_data["body"].replace("\r\n", "\n").strip() + "\n"


class RoleForm(forms.Form):
    """A role for somebody who has an account."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The address that the person signs in with on this portal."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.Kind, widget=forms.RadioSelect, initial=None
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("", _("Give the role"))

    def clean_email(self):
        """The account of the address stands in `self.user` when there is one."""
        email = self.cleaned_data["email"]
        self.user = User.objects.filter(email__iexact=email, is_active=True).first()
        if self.user is None:
            raise forms.ValidationError(
                _("No account has this address. Ask the person to sign up first, then come back.")
            )
        return email
