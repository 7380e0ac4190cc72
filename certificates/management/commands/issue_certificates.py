"""`issue_certificates`: try again, now, every certificate and document that waits (needs KEY_DIR)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from certificates.actions import retry_waiting
from certificates.documents.actions import retry_documents
from certificates.queries import stuck


class Command(BaseCommand):
    help = "立即重试所有等待签发的证书和文书，并列出仍被阻止的"

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        issued = retry_waiting(at=at, everything=True) + retry_documents(at=at, everything=True)
        self.stdout.write(f"已签发 {issued} 份")
        for row in stuck():
            name = (
                f"{row.title} {row.licence_number}" if row.title else f"{row.licence_number} v{row.version}"
            )
            self.stdout.write(f"{name}: {row.last_error}")
