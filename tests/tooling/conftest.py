"""What the tests of the tools share: a copy of the tree, and commands run in it for real."""

import os
import shutil
import site
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("workshop_portal", "applications", "cityshare", "curriculum", "templates", "static")
FILES = ("manage.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt")


class Tree:
    """A copy of the portal with an environment of its own, which borrows the packages of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "var"
        for name in PARTS:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)
        self.venv = folder / ".venv"
        packages = (
            self.venv
            / "lib"
            / Path(site.getsitepackages()[0]).relative_to(Path(sys.prefix) / "lib")
        )
        packages.mkdir(parents=True)
        (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()))
        (self.venv / "bin").mkdir()
        (self.venv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
        shutil.copy(Path(sys.prefix) / "pyvenv.cfg", self.venv / "pyvenv.cfg")

    def env(self, **more: str) -> dict[str, str]:
        """A clean environment that reaches no package index."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DATA_DIR": str(self.data),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": "http://127.0.0.1:9",
            "PIP_RETRIES": "0",
            "PIP_NO_CACHE_DIR": "1",
            "UV_DEFAULT_INDEX": "http://127.0.0.1:9",
            "UV_HTTP_RETRIES": "0",
            **more,
        }

    def start(self, *words: str, **more: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys._base_executable, str(self.folder / "manage.py"), *words],
            env=self.env(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str, **more: str) -> tuple[int, str]:
        """The exit code, and all that was said."""
        process = self.start(*words, **more)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said


@pytest.fixture
def tree(tmp_path) -> Tree:
    return Tree(tmp_path / "portal")


@pytest.fixture
def free_port() -> Callable[[], str]:
    def find() -> str:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return str(server.getsockname()[1])

    return find
