"""`export_certificate NUMBER|--any FILE.pdf`: write an issued certificate to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates.models import Certificate


class Command(BaseCommand):
    help = "把已签发的证书写入文件"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", nargs="+", metavar="NUMBER|--any FILE.pdf")
        parser.add_argument("--any", action="store_true", dest="anyone", help="任取一份现行证书")

    def handle(self, *args: Any, target: list[str], anyone: bool, **options: Any) -> None:
        if len(target) != (1 if anyone else 2):
            raise CommandError(
                "用法：export_certificate 证书编号 文件.pdf，或 export_certificate --any 文件.pdf"
            )
        active = Certificate.objects.select_related("pdf__blob").filter(
            status=Certificate.Status.ISSUED, superseded_at__isnull=True
        )
        if not anyone:
            active = active.filter(licence_number=_normal(target[0]))
        certificate = active.order_by("-signed_at").first()
        if certificate is None or certificate.pdf is None:
            raise CommandError("没有已签发的证书")
        content = certificate.pdf.read()
        try:
            Path(target[-1]).write_bytes(content)
        except OSError as error:
            raise CommandError(f"文件写不进去：{error}") from error
        self.stdout.write(f"{certificate.licence_number} v{certificate.version} → {target[-1]}")


def _normal(number: str) -> str:
    """A number as stored: half-width brackets, upper case (DOMAIN §7.2)."""
    return number.strip().replace("（", "(").replace("）", ")").upper()
