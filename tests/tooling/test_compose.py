"""What can be set in a centre reaches every part of the portal that runs there."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "workshop_portal" / "settings.py").read_text()
# What the container decides by itself: the volume, and ways to run it that are none for a centre.
INSIDE = {"DATA_DIR", "SCRATCH_DIR", "SPOOL_DIR", "CELERY_EAGER", "DEBUG", "DEMO"}


def test_every_setting_can_be_given_to_the_containers():
    asked = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z0-9_]+)"', SETTINGS)) | {"EMAIL_URL"}
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    given = {name: set(services[name]["environment"]) for name in ("web", "worker", "clock")}

    keys = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "FORWARDED_ALLOW_IPS"}
    assert given == dict.fromkeys(given, (asked - INSIDE) | keys)
