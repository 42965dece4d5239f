"""Under which names a person may sign, and which signatures still carry one of them."""

from __future__ import annotations

from applications.models import Application, Document
from applications.wording import same_name


def names_of(application: Application) -> list[str]:
    """The names under which a person may sign: that of the passport, that of the certificate."""
    return [name for name in (application.name, application.certificate_name) if name]


def is_named(application: Application, typed: str) -> bool:
    """Whether a typed name is one that the person has given in the application."""
    return any(same_name(typed, name) for name in names_of(application))


def must_be_signed_again(application: Application, document: Document) -> bool:
    """Whether a paper of a draft was signed under a name that its applicant has no more.

    `document` was fetched `with_signer`. An application that was sent stays complete: there the
    difference is only told.
    """
    return (
        application.status == Application.Status.DRAFT
        and document.origin == Document.Origin.SIGNED
        and not is_named(application, document.signed_as or "")
    )
