"""Thin shells: imports are checked and loaded here, a portion at a time, within a budget."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from celery import shared_task

from core.outbox.doorbell import ringing_once
from licensing.imports.actions.check import Checker
from licensing.imports.actions.failing import put_off
from licensing.imports.actions.load import Loader
from licensing.imports.lifecycle import Status
from licensing.imports.queries import at_work
from licensing.tasks import database_clock

log = logging.getLogger(__name__)
BUDGET_SECONDS = 8
"""Of the ten between two rounds: clocks, deliveries and heartbeats share the queue."""


@shared_task(name="licensing.imports.tasks.work")
def work() -> int:
    """Go on with whatever is being checked or loaded, by the database's clock."""
    return go_on(database_clock())


def go_on(now: Callable[[], datetime], *, seconds: float = BUDGET_SECONDS) -> int:
    """Portion after portion of every import at work, the oldest first, until nothing is left or the time is used up.

    The next round begins where the last committed portion ended. One that fails is logged, put
    off and holds up no other. Safe to run twice at the same time. Returns how many rows were done.
    """
    until, done = time.monotonic() + seconds, 0
    for public_id, status in at_work(now()):
        if time.monotonic() > until:
            break
        try:
            done += _go_on_with(public_id, status, now, until)
        except Exception:
            log.exception("import %s could not be gone on with", public_id)
            _put_off(public_id, now())
    return done


def _put_off(public_id: UUID, at: datetime) -> None:
    try:
        put_off(public_id=public_id, at=at)
    except Exception:
        log.exception("import %s could not be put off", public_id)


def _go_on_with(public_id: UUID, status: str, now: Callable[[], datetime], until: float) -> int:
    """Rows done of one import; each portion is told as soon as it is committed."""
    worker = Checker(public_id) if status == Status.CHECKING else Loader(public_id, now())
    done = 0
    while True:
        with ringing_once():
            handled = worker.portion(now())
        done += handled
        if not handled or time.monotonic() > until:
            return done
