"""`issue_certificates`: try again, now, every certificate that waits (needs KEY_DIR)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from certificates.actions import retry_waiting
from certificates.queries import stuck


class Command(BaseCommand):
    help = "立即重试所有等待签发的证书，并列出仍被阻止的"

    def handle(self, *args: Any, **options: Any) -> None:
        issued = retry_waiting(at=timezone.now(), everything=True)
        self.stdout.write(f"已签发 {issued} 份")
        for row in stuck():
            self.stdout.write(f"{row.licence_number} v{row.version}: {row.last_error}")
