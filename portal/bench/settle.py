"""Deliver every event that waits, certificates included, as workers would: `python -m portal.bench.settle`."""

import os

QUEUES = ("default", "certificates")


def settle() -> int:
    """Until nothing is due on either queue; returns how many deliveries were made."""
    from django.utils import timezone

    from core.outbox.actions import deliver_due

    total, handled = 0, 1
    while handled:
        handled = sum(deliver_due(queue=queue, at=timezone.now()) for queue in QUEUES)
        total += handled
    return total


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401

    print(settle())
