from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo.world import Builder, NotADemoWorld, exists


class Command(BaseCommand):
    help = "Build the demo world where it does not exist yet. Refused outside a simulated demo world."

    def handle(self, *args: Any, **options: Any) -> None:
        if exists():
            self.stdout.write("demo world: there already")
            return
        try:
            Builder(timezone.now()).build()
        except NotADemoWorld as error:
            raise CommandError(str(error)) from error
        self.stdout.write("demo world: built")
