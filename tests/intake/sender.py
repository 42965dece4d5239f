"""The script of the page, as the tests play it: announce, send in pieces, finish."""

import base64
import hashlib
import json
from urllib.parse import urlencode

from django.urls import reverse

from applications.models import Piece
from tests.intake import samples
from workshop_portal import spool

OTHER_PDF = samples.pdf(linearize=True)


def announced(*contents, name="cv.pdf", **other):
    """What the script says of files before it sends them."""
    return [
        {
            "name": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "head": base64.b64encode(content[:1024]).decode(),
        }
        | other
        for content in contents
    ]


class Cut:
    """A body of which only the first bytes come before the line breaks."""

    def __init__(self, content):
        self.content = content

    def read(self, size):
        if not self.content:
            raise OSError("The line is cut.")
        said, self.content = self.content[:size], self.content[size:]
        return said


class Sender:
    """Sends files for one line of an application with one client."""

    def __init__(self, client, application, slug="cv"):
        self.client = client
        self.line = application.call.required_documents.get(slug=slug)
        self.begin_at = reverse("applications:transfer", args=[application.pk, slug])

    def begin(self, *contents, sure=False, **said):
        facts = {"pieces": json.dumps(announced(*contents, **said))} | (
            {"sure": "on"} if sure else {}
        )
        return self.client.post(self.begin_at, facts, headers={"accept": "application/json"})

    def begin_with(self, content, first=None, *, length=None, sure=False, of=None, **said):
        """Announce one file and send its first bytes with it, or all of it."""
        told = announced(*(of or [content]), **said)
        for file in told:
            del file["head"]
        words = {"pieces": json.dumps(told)} | ({"sure": "on"} if sure else {})
        body = content if first is None else first
        return self.client.generic(
            "POST",
            self.begin_at,
            body,
            content_type="application/octet-stream",
            headers={"upload-announcement": urlencode(words), "accept": "application/json"},
            CONTENT_LENGTH=str(len(body)) if length is None else length,
        )

    def piece(self, url, content, offset=0, order=0, **headers):
        return self.client.generic(
            "POST",
            f"{url}{order}/",
            content,
            content_type=headers.pop("content_type", "application/octet-stream"),
            headers={"upload-offset": str(offset), "accept": "application/json", **headers},
        )

    def finish(self, url):
        return self.client.post(f"{url}finish/", headers={"accept": "application/json"})

    def state(self, url):
        return self.client.get(url, headers={"accept": "application/json"}).json()

    def whole(self, *contents, step=300, **said):
        """Begin, send every piece and finish; the answer to the last."""
        url = self.begin(*contents, **said).json()["url"]
        for order, content in enumerate(contents):
            for offset in range(0, len(content), step):
                self.piece(url, content[offset : offset + step], offset, order)
        return self.finish(url)


def spooled():
    folder = spool.path_of("")
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def left_in_store():
    """The files of pieces that lie in the store, where only the worker needs them."""
    stored = [piece.file for piece in Piece.objects.exclude(file="")]
    return [file.name for file in stored if file.storage.exists(file.name)]


def versions(application, slug="cv"):
    found = application.documents.filter(requirement__slug=slug).order_by("version")
    return list(found.values_list("version", "is_current", "name"))
