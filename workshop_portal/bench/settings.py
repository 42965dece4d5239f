"""The portal as it runs, with the reference views beside it."""

from workshop_portal.settings import *  # noqa: F403
from workshop_portal.settings import MIDDLEWARE

ROOT_URLCONF = "workshop_portal.bench.urls"
MIDDLEWARE = ["workshop_portal.bench.references.CountingMiddleware", *MIDDLEWARE]
STAFF_NEED_SECOND_FACTOR = False
