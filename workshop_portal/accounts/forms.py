"""What people type about themselves and to sign in, in the portal's words."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import available_timezones

from allauth.account import fields as allauth_fields
from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import lazy
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from workshop_portal import places
from workshop_portal.fields import Line, country_choices

ADDRESS_LENGTH = 254
MANY_PASSWORD_SIGNS = 1000


class AddressField(forms.EmailField):
    """One e-mail address, in small letters; of two that look alike, only the plain one passes."""

    def __init__(self, **kwargs):
        kwargs = {"label": _("E-mail address"), "max_length": ADDRESS_LENGTH, **kwargs}
        super().__init__(**kwargs)
        self.widget.attrs["autocomplete"] = "email"
        self.error_messages |= {
            "required": _("Give your e-mail address."),
            "invalid": _("Give one e-mail address, such as name@example.org."),
            "max_length": _("An e-mail address has at most %(limit_value)d signs."),
        }

    def clean(self, value):
        if value and not value.isascii():
            raise ValidationError(
                _("Write the address in plain letters from a to z, without accents.")
            )
        return super().clean(value).lower()


def new_password(label) -> allauth_fields.SetPasswordField:
    hint = _("At least 12 characters; three or four words in a row are easy to remember.")
    return allauth_fields.SetPasswordField(
        label=label, help_text=hint, max_length=MANY_PASSWORD_SIGNS
    )


def known_password(label) -> allauth_fields.PasswordField:
    return allauth_fields.PasswordField(
        label=label, autocomplete="current-password", max_length=MANY_PASSWORD_SIGNS
    )


CODE_HINT = _("Six digits, such as 123456.")
FACTOR_HINT = _("The six digits that your app shows, or one of your recovery codes.")


def speak_plainly(form: forms.Form) -> None:
    """Labels say what is asked; nothing is said a second time inside the field."""
    form.use_required_attribute = False
    for name, field in form.fields.items():
        for attribute in ("placeholder", "maxlength", "minlength"):
            field.widget.attrs.pop(attribute, None)
        if isinstance(field, allauth_fields.PasswordField):
            field.error_messages["required"] = _("Type your password.")
        if name == "code":
            field.widget.attrs |= {"inputmode": "numeric", "class": "code"}
            field.error_messages["required"] = _("Type the code.")


class Plain:
    """Every form of allauth, once it has its fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dress()
        speak_plainly(self)

    def dress(self) -> None:
        """What one form says in other words than allauth."""


class SignupForm(Plain, account.SignupForm):
    """Opens an account; an address that has one already gets the same answer."""

    given_name = Line(
        label=_("Given name"),
        max_length=120,
        help_text=_("As in your passport. If you have one name only, write it here."),
        error_messages={"required": _("Give your name.")},
    )
    family_name = Line(label=_("Family name"), max_length=120, required=False)
    field_order = ["given_name", "family_name", "email", "password1"]

    def dress(self) -> None:
        self.fields["given_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["family_name"].widget.attrs["autocomplete"] = "family-name"
        self.fields["email"] = AddressField(help_text=_("We send a code there to confirm it."))
        self.fields["password1"] = new_password(_("Password"))

    def try_save(self, request):
        """Open the account, unless the address has one; of two at the same moment one wins."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # both answers take the same time
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class LoginForm(Plain, account.LoginForm):
    def dress(self) -> None:
        self.fields["login"] = AddressField()
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"] = known_password(_("Password"))


class RequestLoginCodeForm(Plain, account.RequestLoginCodeForm):
    def dress(self) -> None:
        self.fields["email"] = AddressField()


class ConfirmLoginCodeForm(Plain, account.ConfirmLoginCodeForm):
    def dress(self) -> None:
        self.fields["code"].label = _("Code from our letter")
        self.fields["code"].help_text = CODE_HINT


class ConfirmAddressForm(Plain, account.ConfirmEmailVerificationCodeForm):
    def dress(self) -> None:
        self.fields["code"].label = _("Code from our letter")
        self.fields["code"].help_text = CODE_HINT


class ChangeAddressForm(Plain, account.AddEmailForm):
    def dress(self) -> None:
        self.fields["email"] = AddressField(
            label=_("New e-mail address"), help_text=_("We send a code there to confirm it.")
        )


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    def dress(self) -> None:
        self.fields["email"] = AddressField()


class OneNewPassword(Plain):
    """A new password is typed once: it can be shown, and a code by mail helps when it is wrong."""

    def dress(self) -> None:
        del self.fields["password2"]
        user = self.fields["password1"].user
        self.fields["password1"] = new_password(_("New password"))
        self.fields["password1"].user = user


class NewPasswordForm(OneNewPassword, account.ResetPasswordKeyForm):
    pass


class SetPasswordForm(OneNewPassword, account.SetPasswordForm):
    pass


class ChangePasswordForm(OneNewPassword, account.ChangePasswordForm):
    def dress(self) -> None:
        super().dress()
        self.fields["oldpassword"] = known_password(_("Password you use now"))
        self.order_fields(["oldpassword", "password1"])


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    def dress(self) -> None:
        self.fields["password"] = known_password(_("Password"))


# --- Second factor ---------------------------------------------------------------------


class SecondFactorForm(Plain, factor.AuthenticateForm):
    def dress(self) -> None:
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = FACTOR_HINT


class SecondFactorAgainForm(Plain, factor.ReauthenticateForm):
    def dress(self) -> None:
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = FACTOR_HINT


class ActivateAppForm(Plain, totp.ActivateTOTPForm):
    def dress(self) -> None:
        self.fields["code"].label = _("Code that the app shows now")
        self.fields["code"].help_text = CODE_HINT


UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, struct.error)


@contextmanager
def readable() -> Iterator[None]:
    """Turn whatever a library trips over in a stranger's bytes into a sentence."""
    try:
        yield
    except UNREADABLE as problem:
        raise get_second_factor_adapter().validation_error("incorrect_code") from problem


class CredentialField(forms.JSONField):
    """JSON as a browser writes it; a number without end and a tower of brackets are none."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as problem:
            raise get_second_factor_adapter().validation_error("incorrect_code") from problem

    def bound_data(self, data, initial):
        return forms.Field.bound_data(self, data, initial)

    def prepare_value(self, value):
        return value if isinstance(value, str) else super().prepare_value(value)


class Credential:
    """What a browser sends of a passkey; what is not of that shape is refused in words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self):
        said = self.cleaned_data["credential"]
        if not isinstance(said, dict) or not isinstance(said.get("response"), dict):
            raise get_second_factor_adapter().validation_error("incorrect_code")
        check = getattr(super(), "clean_credential", None)
        with readable():
            return check() if check else said

    def clean(self):
        with readable():
            return super().clean()


class AddPasskeyForm(Credential, Plain, passkey.AddWebAuthnForm):
    name = Line(
        label=_("Name of this passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you know it again, for example “My phone”."),
    )

    def dress(self) -> None:
        self.fields["passwordless"].label = _("Let me sign in with this passkey alone")
        self.fields["passwordless"].help_text = _(
            "Your device then asks for your fingerprint, face or PIN."
        )
        self.fields["passwordless"].initial = True

    def clean_name(self):
        return self.cleaned_data["name"] or gettext("Passkey")


class NamePasskeyForm(Plain, passkey.EditWebAuthnForm):
    name = Line(
        label=_("Name of this passkey"),
        max_length=60,
        error_messages={"required": _("Give the passkey a name.")},
    )


class LoginPasskeyForm(Credential, passkey.LoginWebAuthnForm):
    pass


class AuthenticatePasskeyForm(Credential, passkey.AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(Credential, passkey.ReauthenticateWebAuthnForm):
    pass


# --- Details ---------------------------------------------------------------------------


REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


def zone_choices() -> list:
    """Every city with a clock, by region; the empty one leaves it to the device."""
    named: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in available_timezones():
        region = zone.partition("/")[0]
        if region in named and region != zone:
            named[region].append((zone, places.zone_city(zone)))
    cities = [(REGIONS[region], places.in_order(zones)) for region, zones in named.items()]
    return [("", _("As on my device")), ("UTC", "UTC"), *cities]


LANGUAGE_CHOICES = [
    (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
]


class LanguageForm(forms.Form):
    """The language that somebody chose on a page, and the page to go back to."""

    language = forms.ChoiceField(choices=LANGUAGE_CHOICES)
    next = forms.CharField(required=False, strip=False)

    def clean_next(self):
        said = self.cleaned_data["next"]
        return said if get_adapter().is_safe_url(said) else ""


class DetailsForm(forms.Form):
    """Name, clock, language and city of the person who is signed in."""

    use_required_attribute = False

    given_name = Line(
        label=_("Given name"),
        max_length=120,
        help_text=_("As in your passport. If you have one name only, write it here."),
        error_messages={"required": _("Give your name.")},
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    family_name = Line(
        label=_("Family name"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    city_name = Line(
        label=_("City"),
        max_length=120,
        required=False,
        help_text=_("The city or region that you work for."),
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(zone_choices, list)(),
        required=False,
        help_text=_("Times are shown on the workshop's clock and, beside it, on this one."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGE_CHOICES,
        help_text=_("The portal and its letters speak to you in this language."),
        error_messages={"required": _("Choose a language.")},
    )

    @classmethod
    def of(cls, user, data=None) -> DetailsForm:
        """The form with what the portal knows of a person."""
        city = user.city
        known = {"city_name": city.name, "country": city.country.code} if city else {}
        known |= {name: getattr(user, name) for name in ("given_name", "family_name", "zone")}
        known["language"] = user.language or get_language()
        return cls(data, initial=known)

    def clean(self):
        said = super().clean()
        if said.get("city_name") and not said.get("country") and "country" not in self.errors:
            self.add_error("country", _("Choose the country of your city."))
        if said.get("country") and not said.get("city_name") and "city_name" not in self.errors:
            self.add_error("city_name", _("Give the city, or leave the country empty as well."))
        return said
