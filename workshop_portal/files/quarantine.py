"""Files that a scanner found something in: apart from all others, and unreadable where they lie.

They are encrypted, so that nothing on the way (a backup, a scanner of the store, a careless click)
ever meets what is in them. The keys come from the portal's secret keys and change with them.
"""

from __future__ import annotations

import base64
import hashlib
import uuid

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

PREFIX = "quarantine"


def put_away(content: File) -> str:
    """Lock a file away; gives the name by which it can be read again."""
    content.seek(0)
    sealed = ContentFile(_keys().encrypt(content.read()))
    return default_storage.save(f"{PREFIX}/{uuid.uuid4().hex}", sealed)


def read_back(name: str) -> bytes:
    """What was locked away, as it came."""
    with default_storage.open(name) as kept:
        return _keys().decrypt(kept.read())


def discard(name: str) -> None:
    """Delete one; nothing happens when it is gone already."""
    default_storage.delete(name)


def _keys() -> MultiFernet:
    """The newest key locks; the older ones still open."""
    return MultiFernet(
        [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> Fernet:
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=PREFIX.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
