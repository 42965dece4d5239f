"""What had been received, frozen: on the portal, as a paper and in a letter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from applications.actions.posting import post_about
from applications.models import Application, Receipt
from applications.queries.receipts import facts_of, received_documents
from workshop_portal.audit.actions import record
from workshop_portal.outbox.queries import language_of
from workshop_portal.papers.actions import order

if TYPE_CHECKING:
    from workshop_portal.accounts.models import User


# What is replaced within this time is told in one letter.
GATHERED = timedelta(minutes=15)


def issue(
    application: Application, *, arrived_at: datetime, letter: str = "", by: User | None
) -> Receipt:
    """Write the next receipt of an application, order its paper and write the letter.

    `letter` takes the place of the usual one. Who replaces one file after another gets one letter
    for what came in a quarter of an hour. Belongs into the transaction that stored what the
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
    is_first = receipt.number == 1
    post_about(
        letter or ("applications/received" if is_first else "applications/replaced"),
        application,
        key=receipt.paper_key,
        wait=None if is_first or letter else GATHERED,
        receipt=receipt,
        call=application.call,
    )
    return receipt
