"""Thin shells for the signing worker."""

from celery import shared_task
from django.utils import timezone

from certificates.actions import retry_waiting


@shared_task(name="certificates.tasks.retry")
def retry() -> int:
    """Try again what stopped for want of a key, font or glyph, or was lost, and is due."""
    return retry_waiting(at=timezone.now())
