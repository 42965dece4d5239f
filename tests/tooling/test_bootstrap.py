"""`manage.py` fetches the packages once, and says one sentence when it cannot."""

import hashlib
import sys

import pytest


@pytest.fixture
def equipped(tree):
    """A tree on which the packages of both locks have been fetched before."""
    locks = [tree.folder / "requirements.txt", tree.folder / "requirements-dev.txt"]
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    (tree.venv / "stamp").write_text(f"run {sys.implementation.cache_tag} {digest}")
    return tree


def test_a_second_start_needs_no_network(equipped):
    code, said = equipped.run("--version")

    assert (code, said.count("\n"), "Fetching" in said) == (0, 1, False)


@pytest.mark.parametrize(
    ("lock", "words"),
    [("requirements.txt", ["--version"]), ("requirements-dev.txt", ["test", "--version"])],
)
def test_what_cannot_be_fetched_is_said_in_one_sentence(equipped, lock, words):
    with (equipped.folder / lock).open("a") as file:
        file.write(f"never-published==1.0 --hash=sha256:{'0' * 64}\n")

    code, said = equipped.run(*words)

    assert (code, said.splitlines()) == (
        1,
        [
            f"Fetching the packages of {lock} into .venv ...",
            "The packages could not be fetched. Please check that this machine reaches the "
            "package index that pip is set to, then start again; "
            f"{equipped.folder}/.tools/log has the details.",
        ],
    )


def test_an_environment_for_running_is_not_enough_for_the_tests(equipped):
    code, said = equipped.run("test", "--version")

    assert (code, said.splitlines()[0]) == (
        1,
        "Fetching the packages of requirements-dev.txt into .venv ...",
    )


def test_an_environment_for_developing_also_serves_for_running(equipped):
    stamp = equipped.venv / "stamp"
    stamp.write_text(stamp.read_text().replace("run", "develop"))

    code, said = equipped.run("--version")

    assert (code, "Fetching" in said) == (0, False)


def test_without_a_key_the_portal_says_how_to_get_one(equipped):
    code, said = equipped.run("doctor")

    assert (code, said) == (
        1,
        "The settings are not complete: Set the SECRET_KEY environment variable. "
        "`python3 manage.py up` needs none.\n",
    )
