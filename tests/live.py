"""The portal as a browser meets it in the tests: its real settings, with two exceptions.

The people of the tests have quick hashes, and the work of the worker is done at once.
"""

from workshop_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
STAFF_NEED_SECOND_FACTOR = False
