"""What people are told of a file that is not taken, or is taken with a question.

A verdict is kept as a code with facts and becomes words when somebody reads it, in their language.
Each sentence says what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workshop_portal.files.kinds import KINDS
from workshop_portal.files.names import size_words

SENTENCES = {
    # The name and the size
    "nameless": gettext_lazy(
        "The name of the file could not be read. Rename it, for example to “cv.pdf”, "
        "and choose it again."
    ),
    "empty": gettext_lazy(
        "“%(name)s” is empty: it holds nothing at all. Open it on your device, save it again and "
        "choose it once more."
    ),
    "large": gettext_lazy(
        "“%(name)s” has %(size)s; this document may have at most %(limit)s. Save it smaller, for "
        "example by scanning with 150 dots per inch, and choose it again."
    ),
    "misnamed": gettext_lazy(
        "“%(name)s” says %(said)s in its name, but it is a %(kind)s file. Rename it so that it "
        "ends in %(suffix)s and choose it again."
    ),
    # Other kinds
    "other_kind": gettext_lazy(
        "“%(name)s” is a %(kind)s file. Here you can give: %(welcome)s. Save it as PDF and choose "
        "it again."
    ),
    "unknown": gettext_lazy(
        "“%(name)s” holds none of the kinds of file that can be taken here: %(welcome)s. "
        "Open it on your device, save it as PDF and choose it again."
    ),
    "office": gettext_lazy(
        "“%(name)s” is a file of the kind %(office)s, which not everybody can open. Here you can "
        "give: %(welcome)s. Open it in the program that made it, save it as PDF and choose that "
        "file."
    ),
    "program": gettext_lazy(
        "“%(name)s” looks like a program and not like a document. Here you can give: %(welcome)s."
    ),
    "archive": gettext_lazy(
        "“%(name)s” is an archive with other files in it. Take the document out of it and choose "
        "the document itself: %(welcome)s."
    ),
    "shortcut": gettext_lazy(
        "“%(name)s” only points to a file or a page and does not hold it. Choose the file itself: "
        "%(welcome)s."
    ),
    "web_page": gettext_lazy(
        "“%(name)s” is a web page. Open it in your browser, print it as PDF and choose that file."
    ),
    "drawing": gettext_lazy(
        "“%(name)s” is a drawing of the kind SVG, which can hold more than a picture. Here you "
        "can give: %(welcome)s. Export it as PDF and choose that file."
    ),
    "other_picture": gettext_lazy(
        "“%(name)s” is a picture of a kind that is not taken, such as GIF, TIFF or WebP. Save it "
        "as PDF and choose that file."
    ),
    "iphone": gettext_lazy(
        "“%(name)s” is a photo in the HEIC format of an iPhone, which others often cannot open. "
        "In Settings, Camera, Formats choose “Most Compatible” and take it again, or scan the "
        "page in the Notes app, which makes a PDF."
    ),
    "old_word": gettext_lazy(
        "“%(name)s” was made by an old version of an Office program. Open it in Word, save it as "
        ".docx or PDF and choose that file."
    ),
    "locked_word": gettext_lazy(
        "“%(name)s” is a Word file with a password, so nobody could read it. Open it in Word, take "
        "the password off under File, Info, Protect Document, and choose it again."
    ),
    # PDF
    "pdf_inside": gettext_lazy(
        "“%(name)s” has other data in front of the PDF. Open it, print or save it as PDF and "
        "choose that file."
    ),
    "tail": gettext_lazy(
        "“%(name)s” has other data after the end of the PDF. Open it, print or save it as PDF and "
        "choose that file."
    ),
    "damaged": gettext_lazy(
        "“%(name)s” is damaged or incomplete. Open it on your device to see whether it is whole, "
        "save it again and choose it once more."
    ),
    "locked": gettext_lazy(
        "“%(name)s” is protected by a password, so nobody could read it. Remove the password and "
        "choose it again."
    ),
    "script": gettext_lazy(
        "“%(name)s” contains a script, a small program that runs when it is read. Open it, print "
        "it as PDF and choose that file."
    ),
    "action": gettext_lazy(
        "“%(name)s” contains a button or a link that starts a program, opens another file or sends "
        "data away. Open it, print it as PDF and choose that file."
    ),
    "attachment": gettext_lazy(
        "“%(name)s” has another file attached inside. Open it, print it as PDF, which leaves the "
        "attachment out, and choose that file."
    ),
    "xfa": gettext_lazy(
        "“%(name)s” is a form of a kind that only the programs of Adobe can show. Open it there, "
        "print it as PDF and choose that file."
    ),
    "media": gettext_lazy(
        "“%(name)s” contains a film, a sound or a model in three dimensions. Print it as PDF, "
        "which leaves only the pages, and choose that file."
    ),
    "many_pages": gettext_lazy(
        "“%(name)s” has %(pages)s pages; this document may have at most %(most)s. Shorten it, or "
        "print only the pages that matter as PDF, and choose it again."
    ),
    "no_pages": gettext_lazy(
        "“%(name)s” is a PDF without a single page. Save or print your document as PDF again and "
        "choose that file."
    ),
    "page_size": gettext_lazy(
        "Page %(page)s of “%(name)s” has a size that no printer or screen can show. Print it as "
        "PDF on A4 paper and choose that file."
    ),
    # Word
    "torn_word": gettext_lazy(
        "“%(name)s” is damaged: Word could not open it either, or not all of it. Open it on your "
        "device, save it once more as .docx or PDF and choose it again."
    ),
    "not_word": gettext_lazy(
        "“%(name)s” ends in .docx, but it is not a Word document. Open it, save it as .docx or PDF "
        "and choose that file."
    ),
    "strange_word": gettext_lazy(
        "“%(name)s” is not a normal Word file: it holds definitions that Word itself never writes. "
        "Open it in Word, save it as PDF and choose that file."
    ),
    "swollen": gettext_lazy(
        "“%(name)s” becomes far too large when it is opened. Save it as PDF and choose it again."
    ),
    "crowded": gettext_lazy(
        "“%(name)s” consists of more parts than a Word document has. Open it in Word, save it as "
        "PDF and choose that file."
    ),
    "nested": gettext_lazy(
        "“%(name)s” has an archive with other files packed inside. Take it out, or save the "
        "document as PDF, and choose that file."
    ),
    "overlapping": gettext_lazy(
        "“%(name)s” is packed in a way that Word never does: its parts lie over one another. Open "
        "it in Word, save it as PDF and choose that file."
    ),
    "escaping": gettext_lazy(
        "“%(name)s” has a part whose name leads out of the document. Open it in Word, save it as "
        "PDF and choose that file."
    ),
    "outside": gettext_lazy(
        "“%(name)s” loads a template, a picture or another part from elsewhere when it is opened. "
        "Open it in Word, save it as PDF and choose that file."
    ),
    "macros": gettext_lazy(
        "“%(name)s” contains macros or controls, small programs that run when it is opened. Save "
        "it as PDF and choose that file."
    ),
    "embedded": gettext_lazy(
        "“%(name)s” has another file embedded, for example an Excel table behind a chart. Save it "
        "as PDF, which keeps what one sees, and choose that file."
    ),
    "dde": gettext_lazy(
        "“%(name)s” contains a field that fetches data from another program when it is opened. "
        "Save it as PDF and choose that file."
    ),
    # Pictures
    "pixels": gettext_lazy(
        "“%(name)s” is too large a picture: it has more than 40 million pixels. Save it smaller, "
        "or scan the page as PDF, and choose it again."
    ),
    "torn_picture": gettext_lazy(
        "The picture “%(name)s” is damaged or incomplete. Look whether you can see all of it on "
        "your device, take or save it again and choose it once more."
    ),
    "not_a_photo": gettext_lazy(
        "“%(name)s” cannot be put together with other pages: only photos in JPEG or PNG can. Take "
        "a photo of each page, or choose one PDF with all pages."
    ),
    "many_photos": gettext_lazy(
        "These are %(pages)s photos; at most %(most)s can be put together. Scan the pages into "
        "one PDF and choose that file."
    ),
    # Whatever else
    "unchecked": gettext_lazy(
        "“%(name)s” could not be checked. Open it, print or save it as PDF and choose that file."
    ),
}

CAUTIONS = {
    "empty_page": gettext_lazy(
        "The first page looks empty. Please look whether this is the right file."
    ),
    "changes": gettext_lazy(
        "Deleted or changed text can still be read in this Word file. Accept all changes, or save "
        "it as PDF without them, unless that is meant."
    ),
    "comments": gettext_lazy(
        "This Word file holds comments, which everybody who reads it will see. Delete them unless "
        "they are meant."
    ),
    "hidden": gettext_lazy(
        "This Word file holds hidden text, which those who read it can make visible. Delete it "
        "unless it is meant."
    ),
    "same_file": gettext_lazy(
        "This is the very file that you gave for another document. Please look whether it is the "
        "right one."
    ),
    "email": gettext_lazy("There seems to be an e-mail address."),
    "phone": gettext_lazy("There seems to be a phone number."),
    "passport": gettext_lazy("There seems to be a number of a passport or an identity card."),
    "date": gettext_lazy("There seems to be an exact date."),
    "case_number": gettext_lazy("There seems to be the number of a case or a court file."),
    "photo": gettext_lazy(
        "There seems to be a photo. Please make sure that no face and no place in it can be "
        "recognised."
    ),
    "scan": gettext_lazy(
        "The pages are pictures, so their words could not be looked through. Please make sure "
        "that nobody is named in them and nobody can be recognised."
    ),
    "pictures": gettext_lazy(
        "Not all pictures in this file could be looked at. Please make sure that no face and no "
        "place in them can be recognised."
    ),
}
ON_PAGE = {
    "email": gettext_lazy("There seems to be an e-mail address on page %(page)s."),
    "phone": gettext_lazy("There seems to be a phone number on page %(page)s."),
    "passport": gettext_lazy(
        "There seems to be a number of a passport or an identity card on page %(page)s."
    ),
    "date": gettext_lazy("There seems to be an exact date on page %(page)s."),
    "case_number": gettext_lazy(
        "There seems to be the number of a case or a court file on page %(page)s."
    ),
    "photo": gettext_lazy(
        "There seems to be a photo on page %(page)s. Please make sure that no face and no place "
        "in it can be recognised."
    ),
    "scan": gettext_lazy(
        "Page %(page)s is a picture, so its words could not be looked through. Please make sure "
        "that nobody is named in them and nobody can be recognised."
    ),
}


class NotTaken(ValidationError):
    """A file is not taken: `code` names the sentence, `params` are the facts that it needs.

    The facts are numbers and suffixes, so they can be kept and told again in another language.
    """

    def __init__(self, code: str, name: str = "", **facts: Any) -> None:
        super().__init__(SENTENCES[code], code=code, params=facts)
        self.code: str = code
        self.params: dict[str, Any] = facts
        self.name = name

    def __iter__(self) -> Iterator[str]:
        yield sentence(self.code, self.name, **self.params)


def sentence(code: str, name: str = "", **facts: Any) -> str:
    """The words for a verdict on the file called `name`, in the language of the moment."""
    return str(SENTENCES[code]) % {"name": name, **_words(facts)}


def caution_words(caution: Mapping[str, Any]) -> str:
    """The words for something that a check noticed without refusing the file."""
    code, page = caution["code"], caution.get("page")
    if page and code in ON_PAGE:
        return str(ON_PAGE[code]) % {"page": page}
    return str(CAUTIONS[code])


def _words(facts: Mapping[str, Any]) -> dict[str, str]:
    words = {key: WORDS.get(key, str)(fact) for key, fact in facts.items()}
    if words.get("size") and words["size"] == words.get("limit"):
        # Rounded they are the same; so the size is told to the byte.
        words["size"] = _("%(n)s bytes") % {"n": f"{facts['size']:,}"}
    return words


WORDS: dict[str, Callable[[Any], str]] = {
    "size": size_words,
    "limit": size_words,
    "kind": lambda suffix: KINDS[suffix].title,
    "welcome": lambda suffixes: ", ".join(KINDS[suffix].title for suffix in suffixes),
}
