"""Give somebody a desk: from the command line of the machine, for whoever installs the portal."""

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.forms import ValidationError

from workshop_portal.accounts.actions import (
    forget_second_factor,
    invite,
    make_admin,
    open_account,
)
from workshop_portal.accounts.forms import AddressField
from workshop_portal.accounts.models import User
from workshop_portal.workshops.actions import grant
from workshop_portal.workshops.models import Role, Workshop


class Command(BaseCommand):
    help = (
        "Make somebody an admin, or give them a role in a workshop, by e-mail address. Who has no "
        "account gets one, and a letter with a link to choose a password."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="the e-mail address")
        parser.add_argument("--admin", action="store_true", help="let them look after the portal")
        parser.add_argument("--role", choices=Role.Kind.values, help="what they are in a workshop")
        parser.add_argument("--workshop", help="which workshop: the last part of its address")
        parser.add_argument("--given-name", default="", help="used for a new account")
        parser.add_argument("--family-name", default="", help="used for a new account")
        parser.add_argument(
            "--forget-second-factor",
            action="store_true",
            help="take off app, passkeys and recovery codes of somebody who has lost them",
        )

    @transaction.atomic
    def handle(self, *, address: str, admin: bool, role: str | None, workshop: str | None, **more):
        if not (admin or role or more["forget_second_factor"]):
            raise CommandError("Say what to do: --admin, --role or --forget-second-factor.")
        if bool(role) != bool(workshop):
            raise CommandError("A role is given in a workshop: use --role and --workshop together.")
        names = {"given_name": more["given_name"], "family_name": more["family_name"]}
        user = self.person(address, may_be_new=admin or bool(role), **names)
        if admin:
            make_admin(user, by=None)
            self.stdout.write(f"{user.email} looks after the portal now.")
        if role:
            grant(user, self.workshop(workshop), role=role, by=None)
            self.stdout.write(f"{user.email} is {role} of {workshop} now.")
        if more["forget_second_factor"]:
            forget_second_factor(user, by=None)
            self.stdout.write(f"{user.email} signs in without a second step until they set one up.")

    def person(self, address: str, *, may_be_new: bool, **names: str) -> User:
        """The account of an address; a new one is invited by letter."""
        try:
            address = AddressField().clean(address)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        if user := User.objects.filter(email=address).first():
            return user
        if not may_be_new:
            raise CommandError(f"There is no account with the address {address}.")
        user = open_account(address, **names)
        invite(user, by=None)
        self.stdout.write(f"{address} has a new account; the letter with the link is on its way.")
        return user

    def workshop(self, slug: str) -> Workshop:
        if found := Workshop.objects.filter(slug=slug).first():
            return found
        known = ", ".join(Workshop.objects.values_list("slug", flat=True))
        raise CommandError(f"There is no workshop {slug}. There are: {known or 'none yet'}.")
