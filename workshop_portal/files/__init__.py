"""Private uploads: what they are, how they come in, where they lie, how they go out."""

from workshop_portal.files.checking import HEAD, Checked, check, glance
from workshop_portal.files.kinds import DOCX, JPEG, KINDS, PDF, PNG, Kind
from workshop_portal.files.names import NAME_LENGTH, shown_name, size_words
from workshop_portal.files.receiving import MeasuringUploadHandler
from workshop_portal.files.scanning import scan
from workshop_portal.files.scratch import FORGOTTEN, scratch_folder, sweep_scratch
from workshop_portal.files.sentences import NotTaken, caution_words, sentence
from workshop_portal.files.serving import serve
from workshop_portal.files.storing import PrivateFileStorage, on_disk, private_path
from workshop_portal.files.welcome import Welcome

__all__ = [
    "DOCX",
    "FORGOTTEN",
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
    "Welcome",
    "caution_words",
    "check",
    "glance",
    "on_disk",
    "private_path",
    "scan",
    "scratch_folder",
    "sentence",
    "serve",
    "shown_name",
    "size_words",
    "sweep_scratch",
]
