"""The one doorbell (DESIGN §2): tells workers something is due. A broker away costs 0.3 s, never the act."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from prometheus_client import Counter

logger = logging.getLogger(__name__)
RING_FAILURES = Counter("outbox_ring_failures_total", "Doorbell rings the broker did not take")
_held: ContextVar[set[str] | None] = ContextVar("held", default=None)


def ring_on_commit(queues: set[str]) -> None:
    """Ring after the transaction commits; a failing ring is counted and left to the sweep."""
    transaction.on_commit(lambda: _ring_or_hold(queues), robust=True)


@contextmanager
def ringing_once() -> Iterator[None]:
    """Many acts and one ring: what commits inside the block is rung for when it ends, however it ends."""
    held: set[str] = set()
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        ring(held)


def _ring_or_hold(queues: set[str]) -> None:
    held = _held.get()
    if held is None:
        ring(queues)
    else:
        held.update(queues)


def ring(queues: set[str]) -> None:
    """Ask the worker of each queue to deliver what is due. Never raises."""
    for queue in sorted(queues):
        try:
            current_app.send_task(
                "core.outbox.tasks.deliver", args=[queue], queue=settings.QUEUE_PREFIX + queue, retry=False
            )
        except Exception as error:
            RING_FAILURES.inc()
            logger.warning("doorbell not heard: %s", error.__class__.__name__)
            return
