"""Who may do what with an application. A person and a thing in, yes or no out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop_portal.workshops.access import can_coordinate

if TYPE_CHECKING:
    from applications.models import Application, Call, Document
    from workshop_portal.accounts.models import User


def can_follow(user: User, application: Application) -> bool:
    """Whether this is the person's own application: its pages, receipts and files are theirs."""
    return application.applicant_id == user.pk


def can_edit(user: User, application: Application) -> bool:
    """Whether this person writes the application; the moment decides whether they still may."""
    return application.applicant_id == user.pk


def can_withdraw(user: User, application: Application) -> bool:
    """Whether this person may take the application back, and take it up again."""
    return application.applicant_id == user.pk


# --- Those who run the call -------------------------------------------------------------


def can_run(user: User, call: Call) -> bool:
    """Whether this person sees the list of a call, takes it out, extends and releases it."""
    return can_coordinate(user, call.workshop)


def can_check(user: User, application: Application) -> bool:
    """Whether this person reads, accepts and returns its documents; never those of their own."""
    return application.applicant_id != user.pk and can_run(user, application.call)


def can_decide(user: User, application: Application) -> bool:
    """Whether this person decides about it; nobody decides about themselves."""
    return can_check(user, application)


# --- Those who look after the portal ------------------------------------------------------


def can_let_go(user: User) -> bool:
    """Whether this person decides about files that the virus check held back, unseen."""
    return user.is_admin


def can_judge(user: User, document: Document) -> bool:
    """Whether this person lets that held file go, or deletes it; nobody judges their own."""
    return can_let_go(user) and document.application.applicant_id != user.pk
