"""What a receipt confirms, and what its paper says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from applications.models import RequiredDocument

if TYPE_CHECKING:
    from applications.models import Application, Receipt


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
