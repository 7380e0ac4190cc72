from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from register.actions import rebuild


class Command(BaseCommand):
    """Copies every licence and filed case into the public register anew. Safe at any time, and twice."""

    help = "Copy every licence and filed case into the public register anew."

    def handle(self, *args: Any, **options: Any) -> None:
        licences, cases = rebuild(at=timezone.now())
        self.stdout.write(f"{licences} licences, {cases} cases")
