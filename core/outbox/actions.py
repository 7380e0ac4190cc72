"""Writing events, delivering them, numbering them for readers outside."""

import logging
import time
import traceback
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from core.lifecycle.correlation import correlated, current
from core.lifecycle.subjects import Subject
from core.outbox.doorbell import ring_on_commit
from core.outbox.models import Delivery, Event
from core.outbox.subscriptions import Heard, subscribers_of, subscription

logger = logging.getLogger(__name__)

PARK_AFTER = 8
SEQUENCER_LOCK = 7_201_509


def emit(*, type: str, subject: Subject) -> Event:
    """Write a thin event and what it owes to each subscriber, in the act's transaction; ring on commit."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event belongs to the transaction of its act")
    event = Event.objects.create(
        type=type, subject_kind=subject.kind, subject_id=subject.id, subject_version=subject.version,
        correlation=current(),
    )  # fmt: skip
    owed = [
        Delivery(event=event, subscriber=s.name, queue=s.queue, due_at=event.recorded_at)
        for s in subscribers_of(type)
    ]
    Delivery.objects.bulk_create(owed)
    if owed:
        ring_on_commit({delivery.queue for delivery in owed})
    return event


def deliver_due(*, queue: str, at: datetime, limit: int = 500, seconds: float = float("inf")) -> int:
    """Deliver what is due on one queue at `at`, one transaction per delivery; returns how many were handled.

    No new one is begun after `seconds`: the rest is the next call's.

    Several workers may run this at once: a row is claimed with SKIP LOCKED. A failing subscriber is tried
    again with growing pauses and parked after `PARK_AFTER` attempts; it blocks nobody.
    """
    handled, until = 0, time.monotonic() + seconds
    while handled < limit and time.monotonic() < until and _deliver_one(queue, at):
        handled += 1
    return handled


def _deliver_one(queue: str, at: datetime) -> bool:
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(queue=queue, status=Delivery.Status.DUE, due_at__lte=at)
            .order_by("due_at", "id")
            .first()
        )
        if delivery is None:
            return False
        with correlated(delivery.event.correlation):
            _attempt(delivery, at)
        delivery.attempts += 1
        delivery.save(update_fields=["status", "done_at", "attempts", "due_at", "last_error"])
    return True


def _attempt(delivery: Delivery, at: datetime) -> None:
    try:
        with transaction.atomic():
            _hand_over(delivery)
    except Exception as error:
        _note_failure(delivery, error, at)
    else:
        delivery.status, delivery.done_at = Delivery.Status.DONE, timezone.now()


def _hand_over(delivery: Delivery) -> None:
    found = subscription(delivery.subscriber)
    if found is None:
        raise LookupError(f"no subscriber is named {delivery.subscriber}")
    event = delivery.event
    subject = Subject(event.subject_kind, event.subject_id, event.subject_version)
    logger.info("delivering %s to %s", event.type, delivery.subscriber)
    found.handler(Heard(event.id, event.type, subject, event.recorded_at))


def _note_failure(delivery: Delivery, error: Exception, at: datetime) -> None:
    reason = _reason(error)
    logger.error("delivery %s to %s failed: %s", delivery.pk, delivery.subscriber, reason)
    delivery.last_error = reason
    delivery.due_at = at + timedelta(seconds=min(2 ** (delivery.attempts + 1), 600))
    if delivery.attempts + 1 >= PARK_AFTER:
        delivery.status = Delivery.Status.PARKED


def _reason(error: Exception) -> str:
    """What went wrong and where, without what a message may carry of a row: class, place, constraint."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    code = getattr(error, "code", None)
    parts = [type(error).__name__, f"{Path(place.filename).name}:{place.lineno}", constraint, code]
    return " ".join(str(part) for part in parts if part)


def unpark(*, delivery_id: int, at: datetime) -> bool:
    """Give a parked delivery a fresh start (operator); False when it is not parked."""
    with transaction.atomic():
        changed = Delivery.objects.filter(pk=delivery_id, status=Delivery.Status.PARKED).update(
            status=Delivery.Status.DUE, attempts=0, due_at=at
        )
        if changed:
            ring_on_commit(set(Delivery.objects.filter(pk=delivery_id).values_list("queue", flat=True)))
    return bool(changed)


@transaction.atomic
def assign_positions() -> int:
    """Number committed events in order, by one sequencer at a time; returns how many were numbered.

    Numbers are given after commit, so that a reader who has seen position n never misses an event that
    commits later with a smaller id. Returns 0 at once while another sequencer is at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "WITH base AS (SELECT coalesce(max(position), 0) AS n FROM outbox_event),"
            " fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS k FROM outbox_event WHERE position IS NULL)"
            " UPDATE outbox_event e SET position = base.n + fresh.k FROM base, fresh WHERE e.id = fresh.id"
        )
        return cursor.rowcount
