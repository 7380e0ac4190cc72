from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.ledger.models import World


class Command(BaseCommand):
    help = "Create this installation's one world (as the owner login). An existing world is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--simulated", action="store_true", help="legal time may differ from real time")

    def handle(self, *args: Any, **options: Any) -> None:
        world, created = World.objects.using("owner").get_or_create(
            id=1, defaults={"simulated": options["simulated"]}
        )
        self.stdout.write(f"{'created' if created else 'exists'}: {world}")
