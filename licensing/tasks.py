"""Thin shells: the clock that fires by itself."""

import logging

from celery import shared_task
from django.utils import timezone

from licensing.actions.clockwork import due_for_check, tick

log = logging.getLogger(__name__)
BATCH = 200


@shared_task(name="licensing.tasks.sweep_clocks")
def sweep_clocks() -> int:
    """Once a minute: look at every case whose time has come; one that fails is logged and holds up no other."""
    now = timezone.now()
    done = 0
    for public_id in due_for_check(at=now, most=BATCH):
        try:
            done += bool(tick(public_id=public_id, at=now))
        except Exception:
            log.exception("the clock of case %s could not be looked at", public_id)
    return done
