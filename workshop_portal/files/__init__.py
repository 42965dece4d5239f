"""Private uploads: what they are, how they come in, where they lie, how they go out."""

from workshop_portal.files.checking import HEAD, Checked, check, glance
from workshop_portal.files.kinds import DOCX, JPEG, KINDS, PDF, PNG, Kind
from workshop_portal.files.names import NAME_LENGTH, shown_name, size_words
from workshop_portal.files.receiving import MeasuringUploadHandler
from workshop_portal.files.scanning import scan
from workshop_portal.files.sentences import NotTaken, caution_words, sentence
from workshop_portal.files.serving import serve
from workshop_portal.files.storing import PrivateFileStorage, private_path

__all__ = [
    "DOCX",
    "HEAD",
    "JPEG",
    "KINDS",
    "NAME_LENGTH",
    "PDF",
    "PNG",
    "Checked",
    "Kind",
    "MeasuringUploadHandler",
    "NotTaken",
    "PrivateFileStorage",
    "caution_words",
    "check",
    "glance",
    "private_path",
    "scan",
    "sentence",
    "serve",
    "shown_name",
    "size_words",
]
