from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.parties.models import User
from portal.demo.accounts import login_link
from portal.demo.world import NotADemoWorld


class Command(BaseCommand):
    help = "Print a link that signs a demo user in, once, within ten minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(login_link(options["user"]))
        except User.DoesNotExist as error:
            raise CommandError(f"no demo user is named {options['user']}") from error
        except NotADemoWorld as error:
            raise CommandError(str(error)) from error
