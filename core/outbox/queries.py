"""What an operator asks of the outbox."""

from datetime import datetime

from django.db.models import Min, QuerySet

from core.outbox.models import Delivery


def parked() -> QuerySet[Delivery]:
    """Deliveries that failed too often, oldest first, with their events."""
    return Delivery.objects.filter(status=Delivery.Status.PARKED).select_related("event").order_by("id")


def oldest_due(queue: str | None = None) -> datetime | None:
    """When the longest-waiting delivery (of one queue) fell due; None when nothing waits."""
    due = Delivery.objects.filter(status=Delivery.Status.DUE)
    if queue is not None:
        due = due.filter(queue=queue)
    return due.aggregate(first=Min("due_at"))["first"]
