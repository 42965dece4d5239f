"""The doctor says a sentence for each fault, and nothing when all is well."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage

from tests.tooling.test_supervisor import wait_for
from workshop_portal import broker, doctor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def running_broker(tmp_path):
    process = subprocess.Popen(broker.command(tmp_path), stdout=subprocess.DEVNULL)
    url = broker.embedded_url(tmp_path)
    wait_for(lambda: broker.answers(url))
    yield url
    process.kill()
    process.wait()


@pytest.fixture
def healthy(db, settings, running_broker, tmp_path):
    settings.CELERY_BROKER_URL = running_broker
    settings.SECRET_KEY = "0123456789" * 5
    settings.DATA_DIR = tmp_path
    return settings


def doctor_on(**env: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "0123456789" * 5, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_healthy_portal_has_no_faults(healthy):
    assert doctor.faults() == {}


def test_every_check_is_asked():
    found = {
        name
        for name, thing in vars(doctor).items()
        if getattr(thing, "__module__", "") == doctor.__name__
        and not name.startswith("_")
        and thing.__annotations__.get("return") == "str"
    }

    assert found == {check.__name__ for check in doctor.CHECKS}


def test_a_broker_that_is_stopped_is_told(healthy, tmp_path):
    healthy.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock"

    assert doctor.faults() == {
        "broker_answers": "The broker does not answer, so letters and papers wait: start the "
        "portal with python3 manage.py up, or check BROKER_URL."
    }


def test_a_storage_that_takes_nothing_is_told(healthy, tmp_path):
    (tmp_path / "files").write_text("a file where a folder should be")
    healthy.STORAGES = {
        **healthy.STORAGES,
        "default": {
            "BACKEND": "workshop_portal.files.PrivateFileStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }

    [(name, sentence)] = doctor.faults().items()

    assert name == "storage"
    assert re.fullmatch(
        r"Documents cannot be stored \(.+\): check the storage and its rights\.", sentence
    )


def test_the_round_trip_leaves_no_file(healthy):
    before = default_storage.listdir("")

    doctor.storage()

    kept = default_storage.listdir("doctor")[1] if default_storage.exists("doctor") else []
    assert kept == []
    assert set(before[1]) == set(default_storage.listdir("")[1])


def test_clocks_that_disagree_are_told(healthy):
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        faults = doctor.faults()

    assert list(faults) == ["clock"]
    assert re.fullmatch(
        r"This machine's clock and the database's differ by (3599|3600|3601) seconds: "
        r"set both by a time server\.",
        faults["clock"],
    )


def test_fonts_that_are_missing_are_told_with_the_command(healthy, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert doctor.faults() == {
        "fonts": "Papers would show empty boxes instead of letters: "
        "sudo apt-get install fonts-noto-core fonts-noto-cjk fonts-nanum"
    }


def test_a_key_that_others_can_read_is_told(healthy, tmp_path):
    (tmp_path / "secret_key").write_text("0123456789" * 5)
    (tmp_path / "secret_key").chmod(0o644)

    assert doctor.faults() == {
        "secret_key": "Others on this machine can read the secret key: "
        f"chmod 600 {tmp_path}/secret_key"
    }


def test_a_short_key_is_told(healthy):
    healthy.SECRET_KEY = "short"

    assert doctor.faults() == {
        "secret_key": "The secret key is short enough to be guessed: set a longer SECRET_KEY."
    }


def test_a_mail_server_that_is_down_is_told(healthy, free_port):
    healthy.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    healthy.EMAIL_HOST, healthy.EMAIL_PORT = "127.0.0.1", int(free_port())

    assert doctor.faults() == {
        "letters": "The mail server 127.0.0.1 does not answer "
        "([Errno 111] Connection refused): check EMAIL_URL."
    }


def test_letters_that_are_thrown_away_are_told(healthy):
    healthy.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert doctor.faults() == {
        "letters": "Letters are thrown away: set EMAIL_URL to your mail server."
    }


def test_a_database_without_its_tables_is_told(tmp_path):
    code, said = doctor_on(DATA_DIR=str(tmp_path))

    assert code == 1
    assert re.search(
        r"^database: The database lacks \d+ migrations, first of all \S+: "
        r"run python3 manage\.py prepare\.$",
        said,
        re.MULTILINE,
    )


def test_a_database_that_does_not_answer_is_told(tmp_path):
    code, said = doctor_on(
        DATA_DIR=str(tmp_path), DATABASE_URL="postgres://nobody@127.0.0.1:1/none"
    )

    assert code == 1
    assert re.search(
        r"^database: The database cannot be reached \(.+\): check DATABASE_URL\.$",
        said,
        re.MULTILINE,
    )
