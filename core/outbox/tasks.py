"""Thin shells: deliver when the bell rings, sweep for what a lost bell left behind."""

from celery import shared_task
from django.utils import timezone

from core.outbox.actions import assign_positions, deliver_due


@shared_task(name="core.outbox.tasks.deliver")
def deliver(queue: str) -> int:
    """Deliver everything due on `queue`. Safe to run twice or at the same time."""
    return deliver_due(queue=queue, at=timezone.now())


@shared_task(name="core.outbox.tasks.sweep")
def sweep(queue: str) -> int:
    """What `deliver` does, on the clock, and number new events for readers outside."""
    assign_positions()
    return deliver_due(queue=queue, at=timezone.now())
