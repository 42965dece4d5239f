"""The portal as the tests run it: quick hashes, work done at once, letters kept in memory."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests")
# One folder a run, and in it one for each of its processes: two runs at once never meet.
if "TEST_SCRATCH" not in os.environ:
    os.environ["TEST_SCRATCH"] = tempfile.mkdtemp(prefix="workshop-portal-tests-")
RUN = Path(os.environ["TEST_SCRATCH"])
SCRATCH = RUN / os.environ.get("PYTEST_XDIST_WORKER", "main")
for folder in ("files", "static"):
    (SCRATCH / folder).mkdir(parents=True, exist_ok=True)
os.environ["DATA_DIR"] = str(SCRATCH)
os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{SCRATCH}/portal.sqlite3"
)

from workshop_portal.settings import *  # noqa: E402, F403
from workshop_portal.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, as in the real portal: threads and processes then meet as they do there.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{RUN.name[-8:]}"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO = False
STAFF_NEED_SECOND_FACTOR = False
