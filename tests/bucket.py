"""A real S3 server with one bucket: it checks every signature, and answers nobody without one."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.server import free_port

PROGRAM = Path(sys.executable).parent / "juicefs"
NAME = "documents"
KEYS = {"AWS_ACCESS_KEY_ID": "only-for-tests", "AWS_SECRET_ACCESS_KEY": "only-for-tests"}
STARTED_WITHIN = 30


class Bucket:
    """Answers at `address` until it is ended; may be put to sleep."""

    def __init__(self, folder: Path) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self.known = f"sqlite3://{folder}/known.db"
        kept = ["--storage", "file", "--bucket", f"{folder}/kept/", "--trash-days", "0"]
        made = subprocess.run(
            [PROGRAM, "format", *kept, self.known, NAME], capture_output=True, check=False
        )
        assert made.returncode == 0, made.stderr.decode()[-2000:]
        self.start()

    def start(self) -> None:
        serve = ["gateway", self.known, self.address.removeprefix("http://")]
        quietly = ["--no-usage-report", "--no-banner", "--no-bgjob", "--cache-size", "0"]
        quietly += ["--object-meta"]
        self.process = subprocess.Popen(
            [PROGRAM, *serve, *quietly, "--metrics", f"127.0.0.1:{free_port()}"],
            env={
                **os.environ,
                "MINIO_ROOT_USER": KEYS["AWS_ACCESS_KEY_ID"],
                "MINIO_ROOT_PASSWORD": KEYS["AWS_SECRET_ACCESS_KEY"],
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + STARTED_WITHIN
        while self.answer() != 403:
            assert self.process.poll() is None, "the S3 server ended at once"
            assert time.monotonic() < until, "the S3 server did not start"
            time.sleep(0.1)

    def answer(self, path: str = "") -> int:
        """The status with which somebody without a signature is answered; 0 for no answer."""
        try:
            with urllib.request.urlopen(f"{self.address}/{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def sleep(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
