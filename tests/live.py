"""The portal as a browser meets it in the tests: its real settings, with three exceptions.

The people of the tests have quick hashes, the work of the worker is done at once, and a connection
to the database ends with its request: several portals share one PostgreSQL with its hundred.
"""

from workshop_portal.settings import *  # noqa: F403
from workshop_portal.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
STAFF_NEED_SECOND_FACTOR = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
