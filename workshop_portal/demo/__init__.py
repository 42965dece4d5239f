"""Workshops, people and applications to try the portal with; all but the public facts invented."""

from workshop_portal.demo.cast import Account, accounts
from workshop_portal.demo.loading import load

__all__ = ["Account", "accounts", "load"]
