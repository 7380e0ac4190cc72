"""Thin shells: housekeeping of accounts."""

from celery import shared_task
from django.utils import timezone

from core.accounts import limits
from core.accounts.actions import discard_unfinished


@shared_task(name="core.accounts.tasks.sweep")
def sweep() -> None:
    """Once an hour: counters whose time is over, and sign-ups nobody finished within a day."""
    limits.sweep(at=timezone.now())
    discard_unfinished(at=timezone.now())
