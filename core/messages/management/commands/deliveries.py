from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.messages.actions.sending import retry
from core.messages.queries import parked


class Command(BaseCommand):
    help = "Look after mails, SMS and webhooks that could not be sent: `deliveries parked`, `deliveries retry ID`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["parked", "retry"])
        parser.add_argument("delivery", nargs="?", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "parked":
            for row in parked():
                self.stdout.write(f"{row.public_id} {row.channel} {row.attempts} {row.error}")
        elif options["delivery"] is None or not retry(public_id=options["delivery"], at=timezone.now()):
            raise CommandError("name a parked delivery")
