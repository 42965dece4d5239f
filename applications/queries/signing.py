"""Papers signed on the portal: what lies behind a document, and whether it still fits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Document, RequiredDocument, Signature, Transfer
from applications.queries.names import is_named, must_be_signed_again
from applications.queries.paper import Facts, Lack, filled_facts, filled_paper, lacking, text_facts
from applications.wording import sha256_of, text_of

if TYPE_CHECKING:
    from workshop_portal.papers.models import Paper


# --- Behind one document -----------------------------------------------------------------


def signature_of(document: Document | None) -> Signature | None:
    """The signature that a document was printed from; None for what came in as a file."""
    if document is None or document.origin == Document.Origin.FILE:
        return None
    return Signature.objects.filter(transfer__document=document).first()


def is_signed_by_another(application: Application, signature: Signature | None) -> bool:
    """Whether the applicant signed under a name that the application has no more."""
    return (
        signature is not None
        and signature.user_id is not None
        and not is_named(application, signature.name)
    )


@dataclass(frozen=True)
class Proof:
    """What staff can rely on: who signed which text when, and that nothing of it has changed."""

    signature: Signature
    document: Document
    caution: str

    @cached_property
    def is_whole(self) -> bool:
        """Whether record and file belong together and are as they were at that moment.

        The text has the fingerprint that the PDF shows, it is the text of the facts from which
        the PDF was printed, and the file is that PDF to the last byte.
        """
        record = self.signature
        return (
            sha256_of(record.text) == record.sha256
            and text_of(record.facts) == record.text
            and self._file_hash() == self.document.sha256
        )

    def _file_hash(self) -> str:
        try:
            with self.document.file.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""


def proof_of(document: Document) -> Proof | None:
    """The proof behind a document that was signed on the portal; None for other documents."""
    signature = signature_of(document)
    if signature is None:
        return None
    return Proof(signature, document, caution(document.application, signature))


def caution(application: Application, signature: Signature | None) -> str:
    """What does not fit any more between a signature and the application; nothing when all fits."""
    if signature is None or signature.user_id is None:
        return ""
    if is_signed_by_another(application, signature):
        return _("This was signed under another name than the application has now.")
    if signature.facts["position"] != application.position:
        return _("This was signed with another position than the application has now.")
    return ""


# --- The page of one line ------------------------------------------------------------------


@dataclass(frozen=True)
class Ways:
    """How a paper can be given: signed in the browser, or printed with the person's data."""

    sign_url: str
    order_url: str
    paper_url: str
    lacks: list[Lack]
    paper: Paper | None
    signature: Signature | None
    is_on_its_way: bool
    caution: str
    must_sign_again: bool


def ways(
    application: Application, requirement: RequiredDocument, document: Document | None
) -> Ways | None:
    """What the page of a line offers beside the upload; None where nothing is to be signed."""
    if not requirement.signer:
        return None
    lacks = lacking(application)
    facts = printed_facts(application, requirement)
    args = [application.pk, requirement.slug]
    own = requirement.signer == RequiredDocument.Signer.APPLICANT
    signature = signature_of(document)
    return Ways(
        sign_url=reverse("applications:sign", args=args) if own else "",
        order_url=reverse("applications:paper-order", args=args),
        paper_url=reverse("applications:paper", args=args),
        lacks=lacks,
        paper=None if lacks else filled_paper(application, requirement.slug, facts),
        signature=signature,
        is_on_its_way=signed_under_way(application, requirement).exists(),
        caution=caution(application, signature),
        must_sign_again=document is not None and must_be_signed_again(application, document),
    )


def printed_facts(application: Application, requirement: RequiredDocument) -> Facts:
    """What is printed for a line, with the nominator where one is asked."""
    nomination = getattr(application, "nomination", None)
    by_nominator = requirement.signer == RequiredDocument.Signer.NOMINATOR
    return filled_facts(application, requirement, nomination if by_nominator else None)


def signed_under_way(
    application: Application, requirement: RequiredDocument
) -> QuerySet[Signature]:
    """The signatures under a line that are being printed."""
    return Signature.objects.filter(
        application=application,
        requirement=requirement,
        transfer__status=Transfer.Status.CHECKING,
    )


def standing_signature(
    application: Application, requirement: RequiredDocument, facts: Facts
) -> Signature | None:
    """A signature under the text of these facts that counts now, or will when it is printed."""
    sha256 = sha256_of(text_of(facts))
    same = Signature.objects.filter(application=application, requirement=requirement, sha256=sha256)
    printing = same.filter(transfer__status=Transfer.Status.CHECKING)
    counting = same.filter(transfer__document__is_current=True).exclude(
        transfer__document__status=Document.Status.RETURNED
    )
    return (printing | counting).first()


def to_sign(application: Application, requirement: RequiredDocument) -> tuple[Facts, str]:
    """The facts that an applicant signs now, and the fingerprint of their text."""
    facts = text_facts(application, requirement)
    return facts, sha256_of(text_of(facts))
