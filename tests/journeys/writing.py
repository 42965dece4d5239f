"""Hands and eyes for pages that save what is typed while it is typed."""

import re
import time

LINE = "#autosave [data-line]"
KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("words", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("words");
  asked.onsuccess = () => {
    const all = asked.result.transaction("words").objectStore("words").getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result); };
  };
})"""


def write(page, name, words):
    """Type like a person: the words appear, and the field has been left or not."""
    page.locator(f"[name={name}]").fill(words)


def wait_for(page, words):
    page.locator(LINE, has_text=re.compile(words)).wait_for()


def copy_on(page):
    """What the device keeps of our words."""
    return [copy["words"] for copy in page.evaluate(KEPT)]


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
