"""The system's libraries and fonts that the portal leans on, and how to get what is missing."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import partial


class Missing(Exception):
    """Something is missing; the text says which command brings it."""


def loads(name: str) -> bool:
    """Whether the system's linker finds the library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def families() -> set[str]:
    """The names of the fonts that a PDF can be set in."""
    if not (fc_list := shutil.which("fc-list")):
        return set()
    said = subprocess.run(  # noqa: S603 - a fixed command
        [fc_list, ":", "family"], capture_output=True, text=True, timeout=20, check=False
    )
    return {name.strip() for line in said.stdout.splitlines() for name in line.split(",")}


def has_font(name: str) -> bool:
    return name in families()


def has_command(*names: str) -> bool:
    return any(map(shutil.which, names))


# Debian's package, and the question whether this machine has what it brings.
Needed = Mapping[str, Callable[[], bool]]
LIBRARIES: Needed = {
    "libpango-1.0-0": partial(loads, "libpango-1.0.so.0"),
    "libpangoft2-1.0-0": partial(loads, "libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": partial(loads, "libharfbuzz-subset.so.0"),
}
FONTS: Needed = {
    "fonts-noto-core": partial(has_font, "Noto Sans"),
    "fonts-noto-cjk": partial(has_font, "Noto Sans CJK KR"),
    "fonts-nanum": partial(has_font, "NanumGothic"),
}
RUNNING: Needed = {**LIBRARIES, **FONTS}
GETTEXT = "gettext"
TESTING: Needed = {
    **RUNNING,
    GETTEXT: partial(has_command, "msgfmt"),
    "chromium": partial(has_command, "chromium", "chromium-browser", "google-chrome"),
    "clamav-daemon": partial(has_command, "clamd", "/usr/sbin/clamd"),
    "poppler-utils": partial(has_command, "pdfsig"),
    "libatomic1": partial(loads, "libatomic.so.1"),
    "nginx-light": partial(has_command, "nginx", "/usr/sbin/nginx"),
}


def missing(needed: Needed) -> list[str]:
    return [package for package, is_there in needed.items() if not is_there()]


def provide(needed: Needed, say: Callable[[str], object]) -> None:
    """Install what is missing where we may; raise Missing with the command where we may not."""
    if not (wanted := missing(needed)):
        return
    if os.geteuid() == 0 and has_command("apt-get"):
        say(f"Installing {', '.join(wanted)} ...")
        if not install(wanted):
            apt_get("update")
            install(wanted)
        wanted = missing(needed)
    if wanted:
        raise Missing(
            "Some system libraries are missing. Please run this, then start again: "
            f"sudo apt-get install {' '.join(wanted)}"
        )


def install(packages: list[str]) -> bool:
    return apt_get("install", "-y", "--no-install-recommends", *packages)


def apt_get(*words: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", *words]
    done = subprocess.run(command, env=quiet, capture_output=True, check=False)  # noqa: S603 - names of ours
    return done.returncode == 0
