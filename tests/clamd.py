"""A real virus scanner that knows one virus: the harmless one that every scanner must find."""

import hashlib
import os
import signal
import subprocess
import time
from pathlib import Path

# In two halves, so that no other scanner finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PROGRAM = "/usr/sbin/clamd"
STARTED_WITHIN = 20


class Clamd:
    """Answers at `address` until it is ended; may be put to sleep."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "clamd.sock"
        self.address = f"unix:{self.socket}"
        signatures = folder / "signatures"
        signatures.mkdir()
        line = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar\n"
        (signatures / "eicar.hdb").write_text(line)
        config = folder / "clamd.conf"
        config.write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {signatures}\nForeground yes\n"
            f"TemporaryDirectory {folder}\nMaxThreads 2\nSelfCheck 0\n"
        )
        self.process = subprocess.Popen(
            [PROGRAM, "--config-file", config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + STARTED_WITHIN
        while not self.socket.exists():
            assert self.process.poll() is None, "clamd ended at once"
            assert time.monotonic() < until, "clamd did not start"
            time.sleep(0.05)

    def sleep(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
