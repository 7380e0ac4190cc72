"""The one doorbell (DESIGN §2): tells workers something is due. A broker away costs 0.3 s, never the act."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from prometheus_client import Counter

logger = logging.getLogger(__name__)
RING_FAILURES = Counter("outbox_ring_failures_total", "Doorbell rings the broker did not take")


def ring_on_commit(queues: set[str]) -> None:
    """Ring after the transaction commits; a failing ring is counted and left to the sweep."""
    transaction.on_commit(lambda: ring(queues), robust=True)


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
