"""What a mail server sends back: a delivery status notification, RFC 3464, read with care. Pure.

Anybody can write such a mail, and most that comes back is none: an answer, a holiday note, spam.
Only a well-formed notice of a final failure means anything; of all else nothing is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

# More of a mail is never read; a notice is far shorter, and the letter in it comes last.
LONGEST = 1_000_000
MESSAGE_ID = re.compile(r"<[^<>\s]{1,190}>")
FINAL = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class Returned:
    """A letter that came back: what it may be known by, whom it did not reach, and why."""

    message_ids: frozenset[str]
    addresses: frozenset[str]
    said: str


def read(mail: bytes) -> Returned | None:
    """What a notice tells, or None for everything that is no notice of a final failure."""
    try:
        return _read(message_from_bytes(mail[:LONGEST]))
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return None  # the parser of the standard library meets its limits in malformed mail


def _read(notice: Message) -> Returned | None:
    if notice.get_content_type() != "multipart/report":
        return None
    failed = [block for block in _blocks(notice) if _is_final(block)]
    if not failed:
        return None
    addresses = {_address(block[name]) for block in failed for name in _RECIPIENTS if block[name]}
    said = next((str(block["Diagnostic-Code"]) for block in failed if block["Diagnostic-Code"]), "")
    status = " ".join(str(failed[0]["Status"]).split())
    return Returned(
        message_ids=frozenset(_message_ids(notice)),
        addresses=frozenset(addresses),
        said=" ".join(said.split()) or status,
    )


_RECIPIENTS = ("Original-Recipient", "Final-Recipient")


def _blocks(notice: Message) -> list[Message]:
    """The blocks of fields of the part that tells, one for the mail and one a recipient."""
    parts = [p for p in notice.walk() if p.get_content_type() == "message/delivery-status"]
    inside = [block for part in parts[:1] for block in part.get_payload()]
    return [block for block in inside if isinstance(block, Message)]


def _is_final(block: Message) -> bool:
    """Whether the block says that the mail will never arrive; a delay says it may."""
    action = str(block["Action"] or "").strip().lower()
    return action == "failed" and FINAL.match(str(block["Status"] or "")) is not None


def _address(field: str) -> str:
    """The address of “rfc822; jane@example.org”."""
    return str(field).rpartition(";")[2].strip().strip("<>").lower()


def _message_ids(notice: Message) -> set[str]:
    """The Message-ID of the letter that is sent along, and of what the notice answers."""
    found = set()
    for part in notice.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = str(part.get_payload())
            found |= {*re.findall(r"^message-id:\s*(<[^<>\s]{1,190}>)", headers, re.I | re.M)}
        elif part is not notice and part["Message-ID"]:
            found |= {*MESSAGE_ID.findall(str(part["Message-ID"]))}
    found |= {*MESSAGE_ID.findall(f"{notice['In-Reply-To']} {notice['References']}")}
    return found
