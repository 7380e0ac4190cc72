"""`trust_issuer ROOT.pem`: let signatures under this root count as ours (outside the demo world)."""

from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates.actions import trust_issuer


class Command(BaseCommand):
    help = "登记可信的根证书（PEM）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            root = x509.load_pem_x509_certificate(file.read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"不是可读的 PEM 证书：{error}") from error
        issuer = trust_issuer(root=root, demo=False, at=timezone.now())
        self.stdout.write(f"{issuer.fingerprint} {issuer.subject}")
