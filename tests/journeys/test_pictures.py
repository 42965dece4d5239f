"""The pictures of the README are taken by the portal itself, from the demo's own data."""

import os
import re
from pathlib import Path

import pytest

from cityshare.models import Cycle
from workshop_portal import demo
from workshop_portal.accounts.models import User

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "tests" / "journeys" / "pictures"
CALL = "/workshops/safe-referral-jeju/call/"
DESK = "/desk/safe-referral-jeju/applications/"


def test_the_readme_shows_pictures_that_this_test_takes(visit, tmp_path):
    """`TAKE_PICTURES=1` puts them into the repository; otherwise they are taken and thrown away."""
    folder = PICTURES if os.environ.get("TAKE_PICTURES") else tmp_path
    demo.load()
    applicant = User.objects.get(email="applicant@example.org")
    coordinator = User.objects.get(email="coordinator@example.org")
    [mine] = applicant.applications.all()
    participant = User.objects.get(email="participant@example.org")
    joined = Cycle.objects.joined_by(participant)
    compared = next(cycle for cycle in joined if cycle.has_reached(Cycle.Stage.COMPARE))
    shots = {
        "call.png": (visit(zone="Asia/Phnom_Penh"), CALL),
        "application.png": (visit(width=420).sign_in(applicant), f"/applications/{mine.pk}/"),
        "desk.png": (visit().sign_in(coordinator), DESK),
        "river.png": (visit().sign_in(participant), f"/cityshare/{compared.pk}/river/large/"),
    }

    for name, (person, path) in shots.items():
        assert person.go(path).status == 200
        person.page.screenshot(path=folder / name)

    shown = re.findall(r"\(tests/journeys/pictures/([\w.]+)\)", (ROOT / "README.md").read_text())
    assert sorted(shown) == sorted(shots) == sorted(path.name for path in folder.glob("*.png"))
    assert all((PICTURES / name).stat().st_size > 10_000 for name in shown)
