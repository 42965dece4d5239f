"""Sending the application: now, or at the deadline."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application

STATEMENT = gettext_lazy(
    "What I say in this application and its documents is true and complete, and I may show "
    "these documents to the training centre."
)


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


AT_CLOSE = gettext_lazy(
    "Send my application at the deadline if it is complete then. What it says by then and its "
    "documents are true and complete, and I may show these documents to the training centre."
)


class AtCloseForm(forms.Form):
    """The wish that the portal sends a draft at its deadline, with the statement it needs."""

    use_required_attribute = False
    at_close = forms.BooleanField(
        label=AT_CLOSE,
        error_messages={
            "required": gettext_lazy("Please confirm this; without it nothing can be sent.")
        },
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("applications:at-close", args=[application.pk])
        self.helper.add_input(
            Submit("ask", _("Send it for me at the deadline"), css_class="btn-secondary")
        )

    @property
    def said(self) -> str:
        """The words that the person confirmed."""
        return str(AT_CLOSE)
