"""Papers filled with what was typed once, and signed in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions import transfer as transfers
from applications.actions.guard import check_answered, hold, witnessed
from applications.models import Document, Signature
from applications.queries import paper as papers
from applications.queries import signing as queries
from applications.queries.names import is_named
from applications.wording import sha256_of, text_of
from workshop_portal.audit.actions import record
from workshop_portal.errors import Refused
from workshop_portal.handoff import hand_off
from workshop_portal.papers.actions import discard, order
from workshop_portal.papers.models import Paper
from workshop_portal.papers.tasks import printed

if TYPE_CHECKING:
    from applications.models import Application, Nomination, RequiredDocument, Transfer
    from workshop_portal.accounts.models import User


# --- Filled once ---------------------------------------------------------------------------


@transaction.atomic
def order_paper(application: Application, requirement: RequiredDocument) -> Paper:
    """Have a paper printed with the person's data, to be signed by hand.

    The same answers give the paper there is; other answers give a new one, and the paper with
    the old ones is gone. Refused while an answer that it needs is missing.
    """
    check_answered(application)
    facts = queries.printed_facts(application, requirement)
    return _order(application, requirement.slug, "papers/filled.html", requirement.title, facts)


@transaction.atomic
def order_form(
    application: Application, requirement: RequiredDocument, form: Sequence[papers.Facts]
) -> Paper:
    """Have the application form printed as it is filled in; `form` is its sections in words."""
    facts = papers.form_facts(application, form)
    template = "papers/application_filled.html"
    return _order(application, requirement.slug, template, requirement.title, facts)


def _order(
    application: Application, slug: str, template: str, title: str, facts: papers.Facts
) -> Paper:
    paper = order(papers.paper_key(application, slug, facts), template, title=title, facts=facts)
    discard(papers.paper_keys(application, slug), but=paper)
    return paper


# --- Signed in the browser -----------------------------------------------------------------


def sign(
    application: Application,
    requirement: RequiredDocument,
    *,
    name: str,
    statement: str,
    seen: str,
    arrived_at: datetime,
    by: User,
) -> Signature:
    """Sign a paper as the applicant, with the name and the statement that were typed.

    `seen` is the fingerprint of the text that the person read: another text is not signed. The
    paper becomes a document when the worker has printed it; signing what is signed changes
    nothing.
    """
    with (
        witnessed("document.sign", application, by=by, arrived_at=arrived_at),
        transaction.atomic(),
    ):
        held = hold(application)
        facts, sha256 = queries.to_sign(held, requirement)
        _check_text(held, facts, sha256, name=name, seen=seen)
        if standing := queries.standing_signature(held, requirement, facts):
            return standing
        transfer = transfers.hand_in(
            held, requirement, origin=Document.Origin.SIGNED, arrived_at=arrived_at, by=by
        )
        return keep(transfer, facts, name=name, statement=statement, by=by)


def _check_text(
    application: Application, facts: papers.Facts, sha256: str, *, name: str, seen: str
) -> None:
    check_answered(application)
    back = application.get_absolute_url()
    if seen != sha256:
        raise Refused(
            _(
                "The text has changed since you opened the page, because an answer or the call "
                "was changed. Please read it again and sign it then."
            ),
            back=back,
        )
    if not is_named(application, name):
        raise Refused(
            _("Please sign with the name in your application: %s.") % facts["name"], back=back
        )


def keep(
    transfer: Transfer,
    facts: papers.Facts,
    *,
    name: str,
    statement: str,
    by: User | None = None,
    nomination: Nomination | None = None,
) -> Signature:
    """Put a signature on record, with the text that was signed and its fingerprint.

    Belongs into the transaction that handed in its transfer.
    """
    text = text_of(facts)
    signature = Signature.objects.create(
        application=transfer.application,
        requirement=transfer.requirement,
        transfer=transfer,
        user=by,
        nomination=nomination,
        name=name,
        statement=statement,
        text=text,
        sha256=sha256_of(text),
        facts=facts,
        signed_at=transfer.begun_at,
    )
    record(
        "signature.made",
        signature,
        about=transfer.application,
        by=by,
        document=transfer.requirement.slug,
        name=name,
        sha256=signature.sha256,
        signed_at=signature.signed_at.isoformat(),
    )
    hand_off(transfers.CHECK, str(transfer.pk))
    return signature


# --- Printed by the worker -------------------------------------------------------------------


def printed_paper(signature: Signature) -> bytes:
    """The signed paper as a PDF, with the record of its signature at the end; the worker asks."""
    paper = Paper(
        title=signature.facts["title"],
        template="papers/signed.html",
        facts={**signature.facts, "signature": _told(signature)},
    )
    return printed(paper)


def _told(signature: Signature) -> papers.Facts:
    """What the printed paper says of its signature."""
    signer = signature.user or signature.nomination
    workshop = signature.application.call.workshop
    return {
        "name": signature.name,
        "statement": signature.statement,
        "signed_at": signature.signed_at.isoformat(timespec="seconds"),
        "zone": workshop.zone,
        "account": signer.email if signer else "",
        "has_account": signature.user is not None,
        "sha256": signature.sha256,
        "record": str(signature.pk),
        "address": settings.PUBLIC_BASE_URL,
    }
