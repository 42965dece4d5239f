"""The press belongs to the worker: a web server never carries it."""

import subprocess
import sys

import pytest

from tests.server import surroundings


@pytest.mark.django_db
def test_a_web_server_does_not_load_the_press():
    program = (
        "import sys, django; django.setup();"
        "import workshop_portal.urls, workshop_portal.papers.actions;"
        "print('weasyprint' in sys.modules)"
    )
    env = surroundings(0, DJANGO_SETTINGS_MODULE="workshop_portal.settings")

    said = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )

    assert said.stdout == "False\n"
