"""Thin shells for the signing worker."""

from celery import shared_task
from django.utils import timezone

from certificates.actions import retry_waiting
from certificates.documents.actions import retry_documents


@shared_task(name="certificates.tasks.retry")
def retry() -> int:
    """Try again what stopped for want of a key, font or glyph, or was lost, and is due."""
    at = timezone.now()
    return retry_waiting(at=at) + retry_documents(at=at)
