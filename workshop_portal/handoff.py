"""Work leaves the request here: after the commit, and without waiting for the broker.

A broker that is down costs a second to find out, a frozen one hangs for minutes. So the request
only leaves a note in memory, and a thread of this process carries it to the broker. A note that
is lost (the process died, the broker refused) is no loss: every hand-off has a row that says what
is to be done, and a sweep by beat that finds rows left behind.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from celery import Task, current_app, signature
from celery.canvas import Signature
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)
Work = Task | Signature

# Seconds after which a worker drops a task that nobody has taken: the sweep has found its row by
# then, so a worker that was away does not come back to the same letter in a hundred copies.
EXPIRES = 60
# Seconds before notes are carried on: whoever left the first answers before, and is not held up.
LATER = 0.02


class Carrier:
    """A daemon thread, started at the first note, that publishes tasks one after another."""

    def __init__(self) -> None:
        self.notes: queue.Queue[tuple[Work, tuple[Any, ...]]] = queue.Queue(maxsize=10_000)
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def take(self, task: Work, args: tuple[Any, ...]) -> None:
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="handoff", daemon=True)
                self.thread.start()
        try:
            self.notes.put_nowait((task, args))
        except queue.Full:
            logger.warning("hand-off: too many notes, the sweep will find %s", task.name)

    def run(self) -> None:
        while True:
            waiting = [self.notes.get()]
            time.sleep(LATER)
            with suppress(queue.Empty):
                while True:
                    waiting.append(self.notes.get_nowait())
            for task, args in waiting:
                self.carry(task, args)

    def carry(self, task: Work, args: tuple[Any, ...]) -> None:
        try:
            task.apply_async(args=args, retry=False, expires=EXPIRES)
        except Exception:
            # Whatever kept the broker from answering, the row is there and beat will sweep.
            logger.warning("hand-off: the broker did not take %s", task.name)


carrier = Carrier()
sweep_will_do = ContextVar("sweep_will_do", default=False)


@contextmanager
def left_to_the_sweep() -> Iterator[None]:
    """Publish nothing of what is handed off in here: the rows are there and beat finds them."""
    token = sweep_will_do.set(True)
    try:
        yield
    finally:
        sweep_will_do.reset(token)


def hand_off(task: Task | str, *args: Any) -> None:
    """Give `task` to the worker once the open transaction has committed.

    `args` are ids; the task is safe to run twice, and a sweep repairs what gets lost. A task
    that acts lies above the action that hands it off, so it is given by its name:
    `"applications.worker.check_transfer"`.
    """
    if sweep_will_do.get():
        return
    work = signature(task) if isinstance(task, str) else task

    def carry() -> None:
        if settings.CELERY_TASK_ALWAYS_EAGER:
            current_app.loader.import_default_modules()
            work.apply(args=args)
        else:
            carrier.take(work, args)

    transaction.on_commit(carry, robust=True)
