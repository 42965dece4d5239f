"""Checking a file as the worker does, told in the words of a test."""

import tempfile
from pathlib import Path

from workshop_portal import files
from workshop_portal.files import KINDS, NotTaken, sentence

MEGABYTE = 1024 * 1024
LIMIT = 10 * MEGABYTE
ALL = list(KINDS.values())


def check(name, *contents, kinds=ALL, limit=LIMIT, **how):
    """Check a file, or photos of its pages, as the worker does."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        return files.check(paths, name, kinds, limit=limit, **how)


def verdict(name, *contents, **how):
    """The code of the sentence with which a file is refused; nothing for one that is taken.

    A verdict must be complete: the sentence can be told again from its code and its facts.
    """
    try:
        check(name, *contents, **how)
    except NotTaken as refused:
        [said] = refused.messages
        again = sentence(refused.code, refused.name, **refused.params)
        return refused.code if said == again else f"{said} ≠ {again}"
    return ""
