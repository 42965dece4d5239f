"""Many hands at once, each with a database connection of its own."""

import threading

from django.db import connection


def at_once(number, act):
    """Act with so many hands in one moment: what each was given, and what went wrong."""
    start, found, faults = threading.Barrier(number), [], []

    def hand():
        start.wait()
        try:
            found.append(act())
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    hands = [threading.Thread(target=hand) for _ in range(number)]
    for each in hands:
        each.start()
    for each in hands:
        each.join()
    return found, faults
