"""What had been received, frozen: on the portal, as a paper and in a letter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from applications.actions.posting import post_about
from applications.models import Application, Receipt, RequiredDocument
from workshop_portal.audit.actions import record
from workshop_portal.outbox.actions import language_of
from workshop_portal.papers.actions import order

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


def issue(
    application: Application, *, arrived_at: datetime, letter: str = "", by: User | None
) -> Receipt:
    """Write the next receipt of an application, order its paper and write the letter.

    `letter` takes the place of the usual one. Belongs into the transaction that stored what the
    receipt confirms.
    """
    last = application.receipts.aggregate(last=Max("number"))["last"] or 0
    receipt = Receipt.objects.create(
        application=application,
        number=last + 1,
        arrived_at=arrived_at,
        documents=received_documents(application),
    )
    record("receipt.issued", receipt, about=application, by=by, number=receipt.number)
    order(
        receipt.paper_key,
        "papers/receipt.html",
        title=_("Receipt %(reference)s") % {"reference": application.reference},
        facts=facts_of(receipt),
        language=language_of(application.applicant),
    )
    usual = "applications/received" if receipt.number == 1 else "applications/replaced"
    post_about(
        letter or usual,
        application,
        key=receipt.paper_key,
        receipt=receipt,
        call=application.call,
    )
    return receipt


def received_documents(application: Application) -> list[dict[str, Any]]:
    """The documents as they lie here now, in the order of the checklist."""
    current = {document.requirement_id: document for document in application.documents.current()}
    return [_line(line, current) for line in application.call.required_documents.all()]


def _line(line: RequiredDocument, current: dict[int, Any]) -> dict[str, Any]:
    file = current.get(line.pk)
    if file is None:
        online = line.given == RequiredDocument.Given.ONLINE
        said = str(RequiredDocument.Given.ONLINE.label) if online else ""
        return {"title": line.title, "name": said, "size": None, "sha256": "", "arrived_at": None}
    return {
        "title": line.title,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "arrived_at": file.arrived_at.isoformat(),
    }


def facts_of(receipt: Receipt) -> dict[str, Any]:
    """What the printed receipt says."""
    application = receipt.application
    call, workshop = application.call, application.call.workshop
    return {
        "reference": application.reference,
        "number": receipt.number,
        "workshop": workshop.title,
        "name": application.name,
        "email": application.applicant.email,
        "organisation": application.organisation,
        "arrived_at": receipt.arrived_at.isoformat(),
        "closes_at": application.closes_at.isoformat(),
        "decide_by": call.decide_by.isoformat() if call.decide_by else "",
        "zone": workshop.zone,
        "own_zone": application.applicant.zone,
        "documents": receipt.documents,
        "address": settings.PUBLIC_BASE_URL + application.get_absolute_url(),
    }
