"""Shells for the worker."""

from celery import shared_task
from django.utils import timezone

from core.rest import actions


@shared_task(name="core.rest.tasks.sweep")
def sweep() -> None:
    """Forget kept answers whose time is over."""
    actions.sweep(at=timezone.now())
