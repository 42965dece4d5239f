"""Notes for the worker are carried on by a thread, all of them and in their order."""

import threading
from types import SimpleNamespace

from workshop_portal.handoff import EXPIRES, Carrier


class Broker:
    """Takes every task but those with `refused` in their arguments."""

    def __init__(self, expected):
        self.taken, self.expected, self.done = [], expected, threading.Event()

    def apply_async(self, *, args, retry, expires):
        self.taken.append((args, retry, expires))
        if len(self.taken) == self.expected:
            self.done.set()
        if args == ("refused",):
            raise ConnectionError("The broker is away.")


def test_notes_left_at_once_are_all_carried_in_order_although_one_is_refused():
    broker, carrier = Broker(expected=5), Carrier()
    task = SimpleNamespace(name="a task", apply_async=broker.apply_async)
    names = ["1", "refused", "2", "3"]
    for name in names:
        carrier.take(task, (name,))
    carrier.take(task, ("last",))

    assert broker.done.wait(10)
    assert broker.taken == [((name,), False, EXPIRES) for name in [*names, "last"]]
