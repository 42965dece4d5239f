"""Spoilt files on their whole way to the store: nothing stays of what was refused."""

import random
from collections import Counter
from pathlib import Path

import pytest

from applications.models import RequiredDocument, Transfer
from tests import factories as make
from tests.intake.sender import Sender, spooled
from tests.intake.test_documents import lying_here
from tests.intake.test_fuzz import WAYS, seeds
from workshop_portal.files import KINDS, scratch

pytestmark = pytest.mark.usefixtures("spool_dir")
PEOPLE, FILES = 6, 20


@pytest.fixture
def senders(client, db):
    """People one after another, each at a line that takes every kind of file."""

    def all_of_them():
        for _person in range(PEOPLE):
            blank = make.ApplicationFactory()
            RequiredDocument.objects.update(suffixes=sorted(KINDS))
            client.force_login(blank.applicant)
            yield Sender(client, blank)

    return all_of_them


def test_of_spoilt_files_nothing_lies_about_but_what_was_taken(
    senders, checked, settings, tmp_path
):
    settings.SCRATCH_DIR = str(tmp_path / "scratch")
    chance, before, answers, ours = random.Random(9), lying_here(), Counter(), set()

    for sender in senders():
        for _time in range(FILES):
            name, content = chance.choice(seeds())
            with checked():
                sender.begin_with(
                    chance.choice(WAYS)(chance, content), name=f"a{Path(name).suffix}"
                )
    for transfer in Transfer.objects.select_related("document"):
        answers[transfer.status, transfer.verdict == "unchecked"] += 1
        if document := transfer.document:
            ours |= {file.path for file in (document.file, document.thumbnail) if file}

    assert set(answers) == {("taken", False), ("refused", False)}
    assert {str(path) for path in lying_here() - before} == ours
    assert spooled() == []
    assert list(scratch.scratch_room().iterdir()) == []
