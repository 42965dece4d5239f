from applications.models.application import Application, Receipt
from applications.models.call import Call, Extension, RequiredDocument
from applications.models.decision import Decision
from applications.models.document import Document
from applications.models.eligibility import EligibilityCount
from applications.models.signature import Nomination, Signature
from applications.models.transfer import Piece, Transfer

__all__ = [
    "Application",
    "Call",
    "Decision",
    "Document",
    "EligibilityCount",
    "Extension",
    "Nomination",
    "Piece",
    "Receipt",
    "RequiredDocument",
    "Signature",
    "Transfer",
]
