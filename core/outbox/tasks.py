"""Thin shells: deliver when the bell rings, sweep for what a lost bell left behind."""

from celery import shared_task
from django.utils import timezone

from core.outbox.actions import assign_positions, deliver_due

BUDGET_SECONDS = 25
"""Well below what a task may take: signing takes time, and what is left comes with the next bell or sweep."""


@shared_task(name="core.outbox.tasks.deliver")
def deliver(queue: str) -> int:
    """Deliver everything due on `queue`. Safe to run twice or at the same time."""
    return deliver_due(queue=queue, at=timezone.now(), seconds=BUDGET_SECONDS)


@shared_task(name="core.outbox.tasks.sweep")
def sweep(queue: str) -> int:
    """What `deliver` does, on the clock, and number new events for readers outside."""
    assign_positions()
    return deliver_due(queue=queue, at=timezone.now(), seconds=BUDGET_SECONDS)
