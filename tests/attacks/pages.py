"""Reads the forms of a page as a browser would, so that they can be sent with something else in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_SENT = {"submit", "button", "reset", "image"}
ONLY_IF_CHECKED = {"radio", "checkbox"}


@dataclass
class Form:
    """A form as it stands on its page: where it goes, each field with its kind and what it holds.

    `offers` are the values that a person can choose from, `buttons` those that send the form.
    """

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    offers: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, kind: str, value: str, *, held: bool) -> None:
        """A control called `name` that offers `value`, and holds it or does not."""
        self.kinds.setdefault(name, kind)
        if value:
            self.offers.setdefault(name, []).append(value)
        if held:
            self.fields.setdefault(name, []).append(value)


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, []
        self.form, self.area, self.select = None, "", ""

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(said.get("action") or self.page)
            if said.get("method", "get").lower() == "post":
                self.forms.append(self.form)
        elif self.form and tag == "option" and self.select:
            self.form.note(self.select, "select", said.get("value", ""), held="selected" in said)
        elif self.form and said.get("name"):
            self._control(tag, said["name"], said)

    def _control(self, tag, name, said):
        kind = said.get("type", "text")
        if tag == "textarea":
            self.area = name
            self.form.note(name, "text", "", held=False)
        elif tag == "select":
            self.select = name
            self.form.note(name, "select", "", held=False)
        elif tag == "button" or kind in NOT_SENT:
            self.form.buttons[name] = said.get("value", "")
        elif tag == "input":
            held = kind not in ONLY_IF_CHECKED or "checked" in said
            value = said.get("value", "on" if kind in ONLY_IF_CHECKED else "")
            self.form.note(name, kind, value, held=held)

    def handle_data(self, data):
        if self.area:
            self.form.fields[self.area] = [self.form.fields.get(self.area, [""])[0] + data]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def forms_of(path: str, html: str) -> list[Form]:
    """The forms of a page that send something, in their order."""
    reader = Reader(path)
    reader.feed(html)
    return reader.forms
