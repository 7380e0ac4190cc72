from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.ledger.queries import verify


class Command(BaseCommand):
    help = (
        "Check the ledger: `ledger verify` recomputes every chain and every personal digest; exit 0 = whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        result = verify()
        self.stdout.write(
            f"{result.entries} entries, {result.personal_present} personal values present, "
            f"{result.personal_erased} erased"
        )
        if not result.ok:
            raise CommandError(
                f"broken chain at {result.broken_chain}, broken digests at {result.broken_personal}"
            )
        self.stdout.write("whole")
