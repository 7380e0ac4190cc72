"""Thin shells: the clock that fires by itself."""

import logging
import time
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from core.lifecycle.memo import remembering
from core.outbox.doorbell import ringing_once
from licensing.actions.clockwork import due_for_check, postpone, tick
from licensing.actions.ending import due_licences, postpone_licence, tick_licence

log = logging.getLogger(__name__)
BATCH = 200
BUDGET_SECONDS = 15
"""Of the twenty between two sweeps: the rest belongs to the other tasks of the queue, heartbeats among them."""


@shared_task(name="licensing.tasks.sweep_clocks")
def sweep_clocks() -> int:
    """Look at every case whose time has come, batch by batch, until none is left or the time is used up.

    The next sweep goes on from there. No case is looked at twice in one sweep; one that fails is logged, put off
    and holds up no other. Safe to run twice at the same time. Returns how many acts were done.
    """
    until, done = time.monotonic() + BUDGET_SECONDS, 0
    seen: set[UUID] = set()
    while due := due_for_check(at=timezone.now(), most=BATCH, leave_out=seen):
        with ringing_once(), remembering():
            for public_id in due:
                if time.monotonic() > until:
                    return done
                acted = _look_at(public_id)
                done += acted
                if not acted:
                    seen.add(public_id)
    return done


@shared_task(name="licensing.tasks.sweep_licences")
def sweep_licences() -> int:
    """Look at every licence whose last day is past, in the same way; returns how many expired."""
    until, done = time.monotonic() + BUDGET_SECONDS, 0
    seen: set[str] = set()
    while due := due_licences(at=timezone.now(), most=BATCH, leave_out=seen):
        with ringing_once(), remembering():
            for number in due:
                if time.monotonic() > until:
                    return done
                done += _let_expire(number)
                seen.add(number)
    return done


def _let_expire(number: str) -> bool:
    """Whether the licence expired now."""
    at = timezone.now()
    try:
        return bool(tick_licence(number=number, at=at))
    except Exception:
        log.exception("the term of licence %s could not be looked at", number)
        postpone_licence(number=number, at=at)
        return False


def _look_at(public_id: UUID) -> bool:
    """Whether something was done on the case."""
    at = timezone.now()
    try:
        return bool(tick(public_id=public_id, at=at))
    except Exception:
        log.exception("the clock of case %s could not be looked at", public_id)
        postpone(public_id=public_id, at=at)
        return False
