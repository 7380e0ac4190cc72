"""What an operator asks of the outbox."""

from datetime import datetime

from django.db.models import Min, QuerySet

from core.outbox.models import Delivery


def parked() -> QuerySet[Delivery]:
    """Deliveries that failed too often, oldest first, with their events."""
    return Delivery.objects.filter(status=Delivery.Status.PARKED).select_related("event").order_by("id")


def oldest_due() -> datetime | None:
    """When the longest-waiting delivery fell due; None when nothing waits."""
    return Delivery.objects.filter(status=Delivery.Status.DUE).aggregate(first=Min("due_at"))["first"]
