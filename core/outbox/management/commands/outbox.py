from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.outbox.actions import unpark
from core.outbox.queries import oldest_due, parked


class Command(BaseCommand):
    help = "Look after the outbox: `outbox status`, `outbox parked`, `outbox unpark ID`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["status", "parked", "unpark"])
        parser.add_argument("delivery", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "status":
            self.stdout.write(f"oldest due: {oldest_due() or '-'}; parked: {parked().count()}")
        elif options["what"] == "parked":
            for row in parked():
                self.stdout.write(f"{row.pk} {row.subscriber} {row.event} {row.last_error}")
        elif options["delivery"] is None or not unpark(delivery_id=options["delivery"], at=timezone.now()):
            raise CommandError("name a parked delivery")
