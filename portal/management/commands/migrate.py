from typing import Any

from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Migrations run as the owner login; the application's login owns nothing (DESIGN §3)."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
