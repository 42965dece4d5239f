"""Everything that a machine can say about the code before a person reads it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand
from packaging.requirements import Requirement

ROOT, PYTHON = settings.BASE_DIR, sys.executable
PACKAGES = ("workshop_portal", "applications", "cityshare", "curriculum")
# Package registries and the folders of somebody's machine; the brackets keep this line from
# finding itself.
ADDRESSES = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(org|com)|docker[.]io|(?<![\w.])/(home|Users)/\w+/"
    rf"|(?<![\w.])/roo[t]/|{re.escape(str(ROOT))}\b"
)
# What a portal in earnest is told; the checks for deployment then have nothing left to warn of.
IN_EARNEST = {
    "SECRET_KEY": "a-key-of-many-different-signs-0123456789-abcdefghijklmnop-QRSTUVW",
    "PUBLIC_BASE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DEBUG": "0",
    "DEMO": "0",
}


class Command(BaseCommand):
    help = "Check style, imports, types, templates, migrations, settings, packages and addresses."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("only", nargs="*", help=f"some of: {', '.join(CHECKS)}")

    def handle(self, *, only: list[str], **options):
        failed = []
        for name in only or CHECKS:
            said = CHECKS[name]()
            self.stdout.write(f"{name}: {'not yet' if said else 'ok'}\n{said}".rstrip())
            self.stdout.flush()
            if said:
                failed.append(name)
        if failed:
            sys.exit(f"To be mended: {', '.join(failed)}")


def run(*words: str, env: dict[str, str] | None = None) -> str:
    """What the tool says when it is not content; nothing when it is."""
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else ""


def beside(name: str) -> str:
    """The path of a tool that lies in the same environment as this Python."""
    return str(Path(PYTHON).with_name(name))


def templates() -> str:
    pages = [str(path) for path in (ROOT / "templates").rglob("*.html")]
    return run(beside("djade"), "--check", "--target-version", "5.2", *sorted(pages))


def settings_in_earnest() -> str:
    return run(PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=IN_EARNEST)


def packages() -> str:
    """Every package has what it requires, in a version that it can use."""
    lines = []
    for package in distributions():
        for requirement in map(Requirement, package.requires or ()):
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            try:
                found = version(requirement.name)
            except PackageNotFoundError:
                found = ""
            if not found or not requirement.specifier.contains(found, prereleases=True):
                name = package.metadata["Name"]
                lines.append(f"{name} requires {requirement}, found: {found or 'none'}")
    return "\n".join(lines)


def addresses() -> str:
    """No file of ours names a package registry or a folder of somebody's machine."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
                if found := ADDRESSES.search(line):
                    lines.append(f"{name}:{number} names {found.group()}")
    return "\n".join(lines)


CHECKS: dict[str, Callable[[], str]] = {
    "style": lambda: run(beside("ruff"), "check"),
    "format": lambda: run(beside("ruff"), "format", "--check"),
    "templates": templates,
    "imports": lambda: run(
        PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"
    ),
    "types": lambda: run(PYTHON, "-m", "mypy", *PACKAGES),
    "migrations": lambda: run(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"),
    "settings": settings_in_earnest,
    "packages": packages,
    "addresses": addresses,
}
