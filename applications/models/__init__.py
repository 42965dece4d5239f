from applications.models.application import Application, Receipt
from applications.models.call import Call, Extension, RequiredDocument
from applications.models.decision import Decision
from applications.models.document import Document

__all__ = [
    "Application",
    "Call",
    "Decision",
    "Document",
    "Extension",
    "Receipt",
    "RequiredDocument",
]
