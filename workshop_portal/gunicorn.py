"""How the web server runs: two processes with many threads each.

Slow uploads decide the last hour before a deadline, not processors: somebody on a slow line
holds a thread for minutes, so there are many threads and the time-outs are long.
"""

import gc
import os
from pathlib import Path

from workshop_portal.logs import WithoutSecrets

wsgi_app = "workshop_portal.wsgi:application"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 64
preload_app = True
timeout = 900
graceful_timeout = 6
keepalive = 5
control_socket_disable = True
# No client says in a header at which path the portal lies.
forwarder_headers = ""
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
loglevel = "warning"


def on_starting(server):
    """Keep secrets out of the server's own log, which knows nothing of the portal's settings."""
    server.log.error_log.addFilter(WithoutSecrets())


def post_fork(server, worker):
    """Leave alone what all processes share, and look for garbage less often.

    Both take a third to a half off the slowest pages.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
