"""Files on their way, and letters that were written, as several tests put and find them."""

from django.utils import timezone

from applications.models import Transfer
from tests import factories as make
from workshop_portal.outbox.models import Message


def letters():
    return list(Message.objects.order_by("written_at").values_list("letter", flat=True))


def on_its_way(draft, slug="cv", status="checking"):
    """A file of this line that nobody has concluded on."""
    return Transfer.objects.create(
        application=draft,
        requirement=draft.call.required_documents.get(slug=slug),
        status=status,
        begun_at=timezone.now(),
        by=draft.applicant,
    )


def take(transfer):
    """The check found the file in order."""
    make.DocumentFactory(application=transfer.application, requirement=transfer.requirement)
    Transfer.objects.filter(pk=transfer.pk).update(status="taken")


def refuse(transfer):
    Transfer.objects.filter(pk=transfer.pk).update(
        status="refused", verdict="damaged", facts={"name": "cv.pdf"}
    )
