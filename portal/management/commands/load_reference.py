from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from catalog.loaders import load_catalogue
from core.parties.reference.loaders import load_authorities, load_divisions


class Command(BaseCommand):
    help = "Load divisions, authorities, the calendar of record and the reform catalogue. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"divisions: {load_divisions()}")
        self.stdout.write(f"authorities: {load_authorities()}")
        call_command("load_calendar", stdout=self.stdout)
        self.stdout.write(f"catalogue: {load_catalogue()}")
