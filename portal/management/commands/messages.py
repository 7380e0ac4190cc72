"""`./dev manage messages` brings the catalogues up to the source; `--check` only fails on a gap."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import i18n


class Command(BaseCommand):
    """Extract messages, keep translations, compile, and name every message English lacks."""

    help = "Extract messages into locale/*/LC_MESSAGES/django.po and report missing English."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when stale or incomplete"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for locale in i18n.LOCALES:
            catalogue = i18n.updated(locale)
            content = i18n.written(catalogue)
            path = i18n.catalogue_path(locale)
            if path.exists() and path.read_bytes() == content:
                continue
            stale.append(locale)
            if not options["check"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if not options["check"]:
            i18n.compile_all()
        self._report(stale, check=options["check"])

    def _report(self, stale: list[str], *, check: bool) -> None:
        gaps = i18n.missing(i18n.updated("en"))
        for message in gaps:
            self.stdout.write(message)
        self.stdout.write(f"English missing: {len(gaps)}")
        if check and (gaps or stale):
            raise CommandError(f"catalogues are not up to date ({', '.join(stale) or 'missing English'})")
