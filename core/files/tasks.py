"""Thin shells: housekeeping of the store."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.files.actions import sweep_orphans
from core.files.scans import rescan as rescan_waiting

ORPHAN_AGE = timedelta(hours=24)


@shared_task(name="core.files.tasks.sweep")
def sweep() -> int:
    """Once an hour: remove what rolled back acts left on disk, once it is a day old."""
    return sweep_orphans(before=timezone.now() - ORPHAN_AGE)


@shared_task(name="core.files.tasks.rescan")
def rescan() -> int:
    """Once a minute: scan what waits in quarantine, now that the scanner may answer again."""
    return rescan_waiting(at=timezone.now())
