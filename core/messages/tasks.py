"""Thin shells around finding what is due."""

from celery import shared_task
from django.utils import timezone

from core.messages.actions.digest import prepare_digests
from core.messages.actions.sending import send_due as send


@shared_task(name="core.messages.tasks.send_due")
def send_due() -> int:
    """Send what is due, what failed before included. Safe to run twice or at the same time."""
    return send(at=timezone.now())


@shared_task(name="core.messages.tasks.digest")
def digest() -> int:
    """Make today's digests once it is 08:30 in Shanghai; a run missed is made good by the next."""
    return prepare_digests(at=timezone.now())
