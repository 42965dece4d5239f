"""The program that opens files in place of the portal: alone, narrow, and always there."""

import os
import signal
import tempfile
import threading
from pathlib import Path

from tests.conftest import GOOD_PDF
from tests.intake import bad_files, samples
from tests.intake.checks import MEGABYTE, check, verdict
from workshop_portal.files import checking
from workshop_portal.files.examiner import EXAMINER


def test_a_file_whose_check_hangs_is_not_taken_and_the_next_one_is(monkeypatch):
    monkeypatch.setattr(checking, "EXAMINED_WITHIN", 0.0)
    hung = verdict("cv.pdf", samples.pdf())
    monkeypatch.undo()

    assert hung == "unchecked"
    assert verdict("cv.pdf", samples.pdf()) == ""


def test_when_the_examiner_is_killed_a_new_one_takes_its_place():
    check("cv.pdf", GOOD_PDF)
    EXAMINER._process.kill()
    EXAMINER._process.wait()

    assert verdict("cv.pdf", GOOD_PDF) == ""


def test_an_examiner_that_falls_silent_is_replaced(monkeypatch):
    check("cv.pdf", GOOD_PDF)
    monkeypatch.setattr("workshop_portal.files.examiner.GRACE", 0.2)
    monkeypatch.setattr(checking, "EXAMINED_WITHIN", 0.0)
    os.kill(EXAMINER._process.pid, signal.SIGSTOP)
    silent = verdict("cv.pdf", GOOD_PDF)
    monkeypatch.undo()

    assert silent == "unchecked"
    assert verdict("cv.pdf", GOOD_PDF) == ""


def test_the_examiner_sees_nothing_of_the_portals_surroundings():
    check("cv.pdf", GOOD_PDF)

    assert Path(f"/proc/{EXAMINER._process.pid}/environ").read_bytes() == b""


def test_every_file_is_opened_in_a_process_of_its_own_with_narrow_limits(tmp_path):
    endless = tmp_path / "endless.pdf"
    os.mkfifo(endless)
    question = {"paths": [str(endless)], "into": str(tmp_path), "page_limit": 9}
    asking = threading.Thread(
        target=EXAMINER.ask,
        kwargs={"job": "pdf", "within": 9, "names_nobody": False, **question},
    )
    asking.start()

    with endless.open("wb"):
        examiner = EXAMINER._process.pid
        [child] = Path(f"/proc/{examiner}/task/{examiner}/children").read_text().split()
        limits = Path(f"/proc/{child}/limits").read_text().splitlines()
    asking.join()

    told = {line[:26].strip(): line[26:47].strip() for line in limits}
    assert told["Max address space"] == str(512 * MEGABYTE)
    assert (told["Max cpu time"], told["Max core file size"]) == ("10", "0")


def test_many_may_ask_the_examiner_at_once():
    found = []
    asking = [
        threading.Thread(
            target=lambda n=n: found.append(check("a.pdf", samples.pdf(pages=n)).pages)
        )
        for n in range(1, 9)
    ]

    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert sorted(found) == list(range(1, 9))


def test_a_bomb_is_stopped_at_half_a_gigabyte():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bomb.pdf"
        path.write_bytes(bad_files.swollen_stream())
        answer = EXAMINER.ask(
            job="look", paths=[str(path)], into=folder, page_limit=9, names_nobody=True, within=15
        )

    assert answer["peak"] < 512 * MEGABYTE
