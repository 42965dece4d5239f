"""What can be wrong with an installation: each check gives "" or a sentence that says what to do.

The checks are quick and have short time-outs, so that a health page may ask them too.
"""

from __future__ import annotations

import shutil
import socket
import stat
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from applications.queries.transfer import held_up
from workshop_portal import broker, libraries
from workshop_portal.arrival import database_now
from workshop_portal.files.scanning import scanner_answers

GIGABYTE = 1_000_000_000
LONGEST_SCAN = timedelta(minutes=15)
LARGEST_DRIFT = timedelta(seconds=2)
SHORTEST_KEY = 40
PATIENCE = 3.0


def system_libraries() -> str:
    """What prints papers is there."""
    lacking = libraries.missing(libraries.LIBRARIES)
    if "libharfbuzz-subset0" in lacking:
        return _(
            "Without HarfBuzz's subsetter every paper with a Korean line takes seconds: "
            "sudo apt-get install %s"
        ) % " ".join(lacking)
    return _install(_("Papers cannot be printed: sudo apt-get install %s"), lacking)


def fonts() -> str:
    """Every script that people write their names in has its letters."""
    sentence = _("Papers would show empty boxes instead of letters: sudo apt-get install %s")
    return _install(sentence, libraries.missing(libraries.FONTS))


def _install(sentence: str, lacking: list[str]) -> str:
    return sentence % " ".join(lacking) if lacking else ""


def database() -> str:
    """It answers, and has every table that this version needs."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        return _("The database cannot be reached (%s): check DATABASE_URL.") % _first_line(fault)
    if waiting:
        return _(
            "The database lacks %(count)d migrations, first of all %(first)s: "
            "run python3 manage.py prepare."
        ) % {"count": len(waiting), "first": waiting[0][0]}
    return ""


def clock() -> str:
    """Deadlines are read on the database's clock; this machine must not disagree with it."""
    try:
        drift = abs(database_now() - datetime.now(UTC))
    except DatabaseError:
        return _("The database's clock cannot be read: see the database.")
    if drift > LARGEST_DRIFT:
        return _(
            "This machine's clock and the database's differ by %d seconds: "
            "set both by a time server."
        ) % round(drift.total_seconds())
    return ""


def broker_answers() -> str:
    """Only then does the worker hear of letters and papers."""
    if broker.answers(settings.CELERY_BROKER_URL):
        return ""
    return _(
        "The broker does not answer, so letters and papers wait: start the portal with "
        "python3 manage.py up, or check BROKER_URL."
    )


def storage() -> str:
    """Write a small file, read it again and delete it."""
    said = uuid.uuid4().hex.encode()
    try:
        name = default_storage.save("doctor/round-trip", ContentFile(said))
        try:
            with default_storage.open(name) as kept:
                returned = kept.read()
        finally:
            default_storage.delete(name)
    except Exception as fault:  # every storage fails in words of its own
        return _("Documents cannot be stored (%s): check the storage and its rights.") % (
            _first_line(fault)
        )
    if returned != said:
        return _("The storage gives back something else than it was given: do not use it.")
    return ""


def disk() -> str:
    """There is room for the uploads of a last evening."""
    free = shutil.disk_usage(_existing(Path(settings.DATA_DIR))).free
    if free < GIGABYTE:
        return _("Less than one gigabyte is free in %s: make room.") % settings.DATA_DIR
    return ""


def unscanned() -> str:
    """No document waits long for its virus check, for staff cannot read it before."""
    try:
        waiting = held_up(since=database_now() - LONGEST_SCAN)
    except DatabaseError:
        return _("Whether documents wait for their virus check cannot be read: see the database.")
    if not waiting:
        return ""
    return (
        _(
            "%d documents have waited longer than 15 minutes for their virus check: start the "
            "scanner, or check CLAMD."
        )
        % waiting
    )


def virus_scanner() -> str:
    """It answers, where there is one; without it every file waits and cannot be read."""
    if not settings.CLAMD or scanner_answers():
        return ""
    return _(
        "The virus scanner does not answer, so new documents cannot be read by anybody: start "
        "clamd, or check CLAMD."
    )


def secret_key() -> str:
    """Nobody can guess or read it."""
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        return _("The secret key is short enough to be guessed: set a longer SECRET_KEY.")
    kept = Path(settings.DATA_DIR) / "secret_key"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return _("Others on this machine can read the secret key: chmod 600 %s") % kept
    return ""


def letters() -> str:
    """They lead somewhere; whether the server takes them, the outbox says."""
    kind = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if kind == "smtp":
        return _mail_server()
    if kind in ("dummy", "console") and not settings.DEMO:
        return _("Letters are thrown away: set EMAIL_URL to your mail server.")
    return ""


def _mail_server() -> str:
    address = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    try:
        socket.create_connection(address, PATIENCE).close()
    except OSError as fault:
        return _("The mail server %(host)s does not answer (%(fault)s): check EMAIL_URL.") % {
            "host": settings.EMAIL_HOST,
            "fault": _first_line(fault),
        }
    return ""


def _first_line(fault: Exception) -> str:
    return (str(fault) or type(fault).__name__).strip().splitlines()[0]


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


CHECKS: tuple[Callable[[], str], ...] = (
    system_libraries,
    fonts,
    database,
    clock,
    broker_answers,
    storage,
    disk,
    unscanned,
    virus_scanner,
    secret_key,
    letters,
)
# Without these no request can be answered; what else is lacking can be waited for.
VITAL = (database, storage)


def faults(checks: Iterable[Callable[[], str]] = CHECKS) -> dict[str, str]:
    """The sentence of every check that found something, by the check's name."""
    found = {check.__name__: check() for check in checks}
    return {name: sentence for name, sentence in found.items() if sentence}
