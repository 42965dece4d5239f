#!/usr/bin/env python3
"""The one command of the portal: `python3 manage.py up`, `test`, `lint`, `doctor` and Django's own.

It needs a Python with pip and nothing else: it fetches the locked packages into `.venv` and runs
itself again in there. A stamp remembers what was fetched, so that the next start needs no network.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS, VENV = HERE / ".tools", HERE / ".venv"
PYTHON, STAMP = VENV / "bin" / "python", VENV / "stamp"
LOCKS = {"run": HERE / "requirements.txt", "develop": HERE / "requirements-dev.txt"}
DEVELOPING = {"test", "lint", "bench"}
KEYLESS = DEVELOPING | {"help", "--help", "--version", "makemigrations", "words"}
OLDEST_PYTHON = (3, 11)


def main(arguments: list[str]) -> None:
    command = arguments[0] if arguments else "help"
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("The portal needs Python {}.{} or newer.".format(*OLDEST_PYTHON))
    if Path(sys.prefix).resolve() != VENV.resolve():
        equip("develop" if command in DEVELOPING else "run")
        os.execv(PYTHON, [str(PYTHON), str(HERE / "manage.py"), *arguments])  # noqa: S606
    provide_key(command)
    django(arguments)


# --- Packages --------------------------------------------------------------------------


def equip(purpose: str) -> None:
    """Bring `.venv` to the lock of this purpose; returns at once when it is there already.

    An environment made for developing also serves for running, and is never taken back.
    """
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else ["", "", ""]
        if kept[0] == "develop":
            purpose = "develop"
        locks = hashlib.sha256(b"".join(lock.read_bytes() for lock in LOCKS.values())).hexdigest()
        wanted = [purpose, str(sys.implementation.cache_tag), locks]
        if kept == wanted:
            return
        print(f"Fetching the packages of {LOCKS[purpose].name} into .venv ...", flush=True)
        uv, surroundings = TOOLS / "bin" / "uv", {**os.environ, **index_of_pip()}
        if not uv.exists():
            call([sys._base_executable, "-m", "pip", "install", "-q", "--target", TOOLS, "uv"])
        if kept[1] != wanted[1]:
            call([uv, "venv", "--clear", "--python", sys._base_executable, VENV], env=surroundings)
        install = [uv, "pip", "install", "--require-hashes", "--python", PYTHON]
        call([*install, "-r", LOCKS[purpose]], env=surroundings)
        STAMP.write_text(" ".join(wanted))


def index_of_pip() -> dict[str, str]:
    """Tell uv where packages come from on this machine: wherever pip was told to look."""
    asked = [sys._base_executable, "-m", "pip", "config", "list"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    said = {
        name.rpartition(".")[2]: " ".join(shlex.split(value))
        for name, _, value in (line.partition("=") for line in lines)
    }
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    told = {variable: said[name] for name, variable in names.items() if name in said}
    settled = {
        "UV_NO_CONFIG": "1",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip does; the lock's hashes make it safe
    }
    return {name: value for name, value in {**settled, **told}.items() if name not in os.environ}


def call(words: list[object], env: dict[str, str] | None = None) -> None:
    """Run a tool in silence; when it fails, keep what it said and end with one sentence."""
    done = subprocess.run(
        [str(word) for word in words], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        (TOOLS / "log").write_text(done.stdout + done.stderr)
        sys.exit(
            "The packages could not be fetched. Please check that this machine reaches the package "
            f"index that pip is set to, then start again; {TOOLS / 'log'} has the details."
        )


# --- Django ----------------------------------------------------------------------------


def provide_key(command: str) -> None:
    """`up` keeps a secret key beside the data; tests and checks take one that is forgotten."""
    if os.environ.get("SECRET_KEY"):
        return
    if command in KEYLESS:
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
    if command == "up":
        data = Path(os.environ.get("DATA_DIR") or HERE / "var")
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (data / "secret_key").exists():
            with open(data / "secret_key", "w", opener=privately) as kept:
                kept.write(secrets.token_urlsafe(48))


def privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def django(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop_portal.settings")
    from django.conf import settings  # noqa: PLC0415 - Django exists only inside .venv
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        _ = settings.SECRET_KEY
    except ImproperlyConfigured as fault:
        sys.exit(f"The settings are not complete: {fault}. `python3 manage.py up` needs none.")
    execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
