"""A browser's form as bytes on the wire, sent as slowly as a test likes, and a proxy on the way."""

import http.client
import io
import json
import socket
import threading
import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.intake.sender import announced

BOUNDARY, SIGN, END = "x" * 20, "a" * 32, b"\r\n\r\n"
SLICES = 50


def form(application, content, *, slug="cv", **headers):
    """What a browser of the applicant sends when they send a file by the form of the page."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    body = (
        (part % ("csrfmiddlewaretoken", "") + f"{SIGN}\r\n").encode()
        + (part % ("file", '; filename="cv.pdf"')).encode()
        + content
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    path = reverse("applications:document", args=[application.pk, slug])
    return post(application.applicant, path, body, kind, **headers)


def piece(transfer, content, **headers):
    """What the script of the page sends for the first bytes of an upload that was begun."""
    args = [transfer.application_id, transfer.requirement.slug, transfer.pk]
    path = f"{reverse('applications:transfer-state', args=args)}0/"
    facts = {"Upload-Offset": "0", "X-CSRFToken": SIGN, "Accept": "application/json"}
    return post(transfer.by, path, content, "application/octet-stream", **facts, **headers)


def first(application, content, *, slug="cv", **headers):
    """What the script of the page sends to announce a file, with all of it."""
    pieces = json.dumps(announced(content))
    path = reverse("applications:transfer", args=[application.pk, slug])
    facts = {"X-CSRFToken": SIGN, "Upload-Announcement": urlencode({"pieces": pieces})}
    facts |= {"Accept": "application/json"}
    kind = "application/octet-stream"
    return post(application.applicant, path, content, kind, **facts, **headers)


def post(user, path, body, kind, **headers):
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    said = {
        "Host": "127.0.0.1",
        "Origin": "http://127.0.0.1",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={SIGN}",
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join(lines).encode() + END + body


def line_to(address):
    return socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), 120)


def send(address, said, *, during=0.0):
    """Send it bit by bit in so many seconds; the status of the answer, and what it says."""
    step = -(-len(said) // SLICES)
    with line_to(address) as line:
        for start in range(0, len(said), step):
            line.sendall(said[start : start + step])
            time.sleep(during / SLICES)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read().decode()


class Proxy:
    """Takes a request whole before it passes it on, and says how long that took, as ours does.

    One that `says` nothing is somebody else's.
    """

    def __init__(self, address, *, says=True):
        self.there, self.says = address, says
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                line, _from = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.pass_on, args=(line,), daemon=True).start()

    def pass_on(self, line):
        with line:
            first = line.recv(1)
            began = time.monotonic()
            head, body = whole(first, line)
            with line_to(self.there) as onward:
                onward.sendall(self.told(head, time.monotonic() - began) + body)
                while answered := onward.recv(65536):
                    line.sendall(answered)

    def told(self, head, seconds):
        """The head with our own words in it, whatever the sender had put there."""
        lines = head.decode().removesuffix("\r\n\r\n").split("\r\n")
        kept = [text for text in lines if not text.lower().startswith("connection:")]
        if self.says:
            kept = [text for text in kept if not text.lower().startswith("x-request-elapsed:")]
            kept.append(f"X-Request-Elapsed: {seconds:.3f}")
        return "\r\n".join([*kept, "Connection: close"]).encode() + END

    def close(self):
        self.door.close()


def whole(first, line):
    """Head and body of a request, however slowly they come."""
    said = io.BytesIO()
    said.write(first)
    while END not in said.getvalue():
        said.write(line.recv(65536))
    head, _end, body = said.getvalue().partition(END)
    fields = http.client.parse_headers(io.BytesIO(head.split(b"\r\n", 1)[1] + END))
    while len(body) < int(fields["Content-Length"]):
        body += line.recv(65536)
    return head + END, body
