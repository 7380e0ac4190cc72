from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.accounts.mail import password_link
from core.lifecycle.errors import DomainError
from core.staff.actions.founding import appoint_first_administrator


class Command(BaseCommand):
    help = "Appoint the first administrator of a new installation and print the one-time link to set the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = appoint_first_administrator(
                username=options["username"], name=options["name"], email=options["email"], at=timezone.now()
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(password_link(user))
