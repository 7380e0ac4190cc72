"""Thin shells: housekeeping of the store."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.files.actions import sweep_orphans

ORPHAN_AGE = timedelta(hours=24)


@shared_task(name="core.files.tasks.sweep")
def sweep() -> int:
    """Once an hour: remove what rolled back acts left on disk, once it is a day old."""
    return sweep_orphans(before=timezone.now() - ORPHAN_AGE)
