"""The markup inside a Word document: where it leads, and what can be read in it."""

from __future__ import annotations

import io
import re
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from workshop_portal.examine import hints
from workshop_portal.examine.verdict import Findings, NotTaken, Question

TYPES = "[Content_Types].xml"
MAIN = "wordprocessingml.document.main+xml"
MACROS = re.compile(r"macroenabled|vbaproject|activex", re.IGNORECASE)
# What a document may point to outside of itself: what waits for a click.
CLICKED = "/hyperlink"
# Whoever writes on the letter paper of their office leaves the path of it in the file.
OWN_TEMPLATE = re.compile(r"(file:///)?(?![/\\])([a-z]:[/\\]|[^:]*$)", re.IGNORECASE)
EMBEDDED = ("/oleObject", "/package", "/aFChunk", "/attachedToolbars")
DDE = re.compile(r"(^|\s)DDE(AUTO)?\s", re.IGNORECASE)
WORD = "wordprocessingml"
CHANGES = {"ins", "del", "moveFrom", "moveTo"}
OFF = {"0", "false", "off", "none"}
SPACES = {"tab", "br", "cr", "noBreakHyphen"}
TEXTS = {"t", "delText"}
# Where a new page began when Word last laid the document out.
PAGE_TURN = "lastRenderedPageBreak"
Name = tuple[str | None, str]


def examine(parts: dict[str, bytes], question: Question) -> Findings:
    """Read every part; `parts` are the markup of the document by name."""
    types, findings = Types(), Findings()
    read(parts.get(TYPES, b"<none/>"), types)
    if not types.has_text:
        raise NotTaken("not_word")
    for name, content in parts.items():
        if name.endswith(".rels"):
            read(content, Links())
        elif name != TYPES:
            text = Text(findings, names_nobody=question.names_nobody)
            text.page = 1 if PAGE_TURN.encode() in content else None
            read(content, text)
    if findings.pages and findings.pages > question.page_limit:
        raise NotTaken("many_pages", pages=findings.pages, most=question.page_limit)
    return findings


def read(content: bytes, handler: ContentHandler) -> None:
    """Read a part with `handler`. Raises NotTaken for what is no markup of Word's."""
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(content))
    except DefusedXmlException as fault:
        raise NotTaken("strange_word") from fault
    except SAXParseException as fault:
        raise NotTaken("torn_word") from fault


def of(attributes: AttributesNSImpl, name: str) -> str:
    """An attribute by its local name; Word knows no two of the same."""
    return next((value for (_space, key), value in attributes.items() if key == name), "")


class Types(ContentHandler):
    """The list of what the parts are: one of them has to be the text of a document."""

    has_text = False

    def startElementNS(  # noqa: N802
        self, name: Name, qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        kind = of(attrs, "ContentType")
        if MACROS.search(kind):
            raise NotTaken("macros")
        self.has_text |= kind.endswith(MAIN)


class Links(ContentHandler):
    """Where a part leads: to the outside only by what waits for a click."""

    def startElementNS(  # noqa: N802
        self, name: Name, qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        kind = of(attrs, "Type")
        outside = of(attrs, "TargetMode") == "External" and not kind.endswith(CLICKED)
        if outside and not _is_own_template(kind, of(attrs, "Target")):
            raise NotTaken("outside")
        if kind.endswith(EMBEDDED):
            raise NotTaken("embedded")


def _is_own_template(kind: str, target: str) -> bool:
    return kind.endswith("/attachedTemplate") and bool(OWN_TEMPLATE.match(target))


class Text(ContentHandler):
    """What may surprise the writer of a part: changes, comments, hidden words, hints of persons."""

    def __init__(self, findings: Findings, *, names_nobody: bool) -> None:
        super().__init__()
        self.findings, self.names_nobody = findings, names_nobody
        self.inside = ""
        self.paragraph = self.field = self.run = ""
        self.in_run = self.vanished = False
        # The page that is being read, where that is known, and where pages began in a paragraph.
        self.page: int | None = None
        self.turns: list[tuple[int, int]] = []

    def startElementNS(  # noqa: N802
        self, name: Name, qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        space, self.inside = name
        if WORD not in (space or ""):
            return
        if self.inside in CHANGES:
            self.findings.caution("changes")
        elif self.inside == "comment":
            self.findings.caution("comments")
        elif self.inside == "r":
            self.in_run, self.vanished, self.run = True, False, ""
        elif self.inside == "vanish":
            self.vanished = self.in_run and of(attrs, "val") not in OFF
        elif self.inside == "fldSimple":
            self._look_at_field(of(attrs, "instr"))
        elif self.inside == PAGE_TURN and self.page:
            self.page += 1
            self.turns.append((len(self.paragraph), self.page))
        elif self.inside in SPACES:
            self.paragraph += " "

    def characters(self, content: str) -> None:
        if self.inside in TEXTS:
            self.paragraph += content
            self.run += content
        elif self.inside == "instrText":
            self.field += content
        elif self.inside == "Pages" and content.isdecimal():
            self.findings.pages = int(content)

    def endElementNS(self, name: Name, qname: str | None) -> None:  # noqa: N802
        self.inside = ""
        if name[1] == "r":
            if self.vanished and self.run.strip():
                self.findings.caution("hidden")
            self.in_run = False
        elif name[1] == "p":
            self._look_at_field(self.field)
            if self.names_nobody:
                hints.note(self.paragraph, self.findings, self._page_at)
            self.paragraph = self.field = ""
            self.turns = []

    def _page_at(self, place: int) -> int | None:
        """The page on which this place of the paragraph stands."""
        since = [page for start, page in self.turns if start > place]
        return since[0] - 1 if since else self.page

    def _look_at_field(self, instruction: str) -> None:
        if DDE.search(instruction):
            raise NotTaken("dde")
