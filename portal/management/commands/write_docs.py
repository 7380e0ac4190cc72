from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.generated import authority, errors, lifecycles, openapi, requirements
from portal.generated import settings as written_settings


class Command(BaseCommand):
    help = "Write the documents that come from the code; --check only tells which would change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        docs = settings.BASE_DIR / "docs"
        wanted = {
            **openapi.documents(),
            docs / "authority.md": authority.document(),
            docs / "errors.md": errors.document(),
            docs / "life-cycles.md": lifecycles.document(),
            docs / "requirements.md": requirements.document(),
            docs / "settings.md": written_settings.document(),
        }
        stale = [
            path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text
        ]
        if options["check"]:
            if stale:
                names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in stale)
                raise CommandError(f"out of date, run ./dev manage write_docs: {names}")
            return
        for path in stale:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path], "utf-8")
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
