import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.demo.population import populate, take_delivery
from portal.demo.world import NotADemoWorld

PAUSE = 2.0


class Command(BaseCommand):
    help = "Add the rest of the demo nation; safe to run again. Refused outside a simulated demo world."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=0, help="seconds to wait for certificates to be signed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = populate(timezone.now())
            delivered = self._deliver(options["wait"]) if told else 0
        except NotADemoWorld as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"demo nation: {told} producers, {delivered} certificates delivered")

    def _deliver(self, wait: float) -> int:
        """Holders take delivery as certificates get signed, until nothing new came for a while."""
        done, until = take_delivery(timezone.now()), time.monotonic() + wait
        while time.monotonic() < until:
            time.sleep(PAUSE)
            done += take_delivery(timezone.now())
        return done
