"""Hands and eyes for pages that save what is typed while it is typed."""

import json
import re
import time

LINE = "#autosave [data-line]"


def write(page, name, words):
    """Type like a person: the words appear, and the field has been left or not."""
    page.locator(f"[name={name}]").fill(words)


def wait_for(page, words):
    page.locator(LINE, has_text=re.compile(words)).wait_for()


def copy_on(page):
    """What the device keeps of our words."""
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('words:'))")
    return [json.loads(value)["words"] for _key, value in kept]


def stored(draft, name):
    draft.refresh_from_db()
    return getattr(draft, name)


def wait_until(is_so):
    """Look again until it is so; what cannot be seen on the page has no other sign."""
    until = time.monotonic() + 15
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)
    assert is_so()


def dialogs(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    return asked


def expected(person, *lines):
    """A browser notes answers that are not 200 and requests that fail; these we have asked for."""
    person.noticed[:] = [said for said in person.noticed if not any(line in said for line in lines)]
