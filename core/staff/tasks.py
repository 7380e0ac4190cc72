"""Thin shells: what falls on a day."""

from celery import shared_task
from django.utils import timezone

from core.staff.actions.departures import carry_out_due


@shared_task(name="core.staff.tasks.sweep")
def sweep() -> int:
    """Every few minutes: carry out the departures whose day has come."""
    return carry_out_due(at=timezone.now())
