"""Thin shells: the clock that fires by itself."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.db import connection
from django.utils import timezone

from core.lifecycle.memo import remembering
from core.outbox.doorbell import ringing_once
from licensing.actions.clockwork import due_for_check, postpone, tick
from licensing.actions.ending import due_licences, postpone_licence, tick_licence
from licensing.actions.holding import due_decisions, take_effect
from licensing.actions.straight_through import carried, go_through

log = logging.getLogger(__name__)
BATCH = 200
BUDGET_SECONDS = 15
"""Of the twenty between two sweeps: the rest belongs to the other tasks of the queue, heartbeats among them."""


@shared_task(name="licensing.tasks.sweep_clocks")
def sweep_clocks() -> int:
    """Look at every case whose time has come, by the database's clock."""
    return sweep(database_clock())


def database_clock() -> Callable[[], datetime]:
    """One clock for all workers; one query. A worker whose own is ahead would end a limit before it is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        ahead = timezone.now() - cursor.fetchone()[0]
    return lambda: timezone.now() - ahead


def sweep(now: Callable[[], datetime]) -> int:
    """Look at what is due by this clock, batch by batch, until none is left or the time is used up.

    The next sweep goes on from there. No case is looked at twice in one sweep; one that fails is logged, put off
    and holds up no other. Safe to run twice at the same time. Returns how many acts were done.
    """
    until, done = time.monotonic() + BUDGET_SECONDS, 0
    seen: set[UUID] = set()
    while due := due_for_check(at=now(), most=BATCH, leave_out=seen):
        with ringing_once(), remembering():
            for public_id in due:
                if time.monotonic() > until:
                    return done
                acted = _look_at(public_id, now())
                done += acted
                if not acted:
                    seen.add(public_id)
    return done


@shared_task(name="licensing.tasks.sweep_licences")
def sweep_licences() -> int:
    """Look at every licence whose last day is past, in the same way; returns how many expired."""
    return sweep_terms(database_clock())


def sweep_terms(now: Callable[[], datetime]) -> int:
    """The sweep of licences by a given clock."""
    until, done = time.monotonic() + BUDGET_SECONDS, 0
    seen: set[str] = set()
    while due := due_licences(at=now(), most=BATCH, leave_out=seen):
        with ringing_once(), remembering():
            for number in due:
                if time.monotonic() > until:
                    return done
                done += _let_expire(number, now())
                seen.add(number)
    return done


@shared_task(name="licensing.tasks.release_decisions")
def release_decisions() -> int:
    """Let decisions take effect whose hold is over; returns how many did."""
    return release(database_clock())


def release(now: Callable[[], datetime]) -> int:
    """The release by a given clock: each on its own, so that one that fails holds up no other."""
    done = 0
    for public_id in due_decisions(at=now(), most=BATCH):
        try:
            done += take_effect(public_id=public_id, at=now())
        except Exception:
            log.exception("the decision of case %s could not take effect", public_id)
    return done


@shared_task(name="licensing.tasks.offer_to_orders")
def offer_to_orders() -> int:
    """Cases that waited for something no act announces: an order that came into force today, a bar that ran out."""
    return offer_waiting(database_clock())


def offer_waiting(now: Callable[[], datetime]) -> int:
    """The same by a given clock, within the time of a sweep; returns how many were granted."""
    until, done = time.monotonic() + BUDGET_SECONDS, 0
    for public_id in carried(now()):
        if time.monotonic() > until:
            break
        try:
            done += go_through(public_id=public_id, at=now())
        except Exception:
            log.exception("case %s could not go through under an order", public_id)
    return done


def _let_expire(number: str, at: datetime) -> bool:
    """Whether the licence expired now."""
    try:
        return bool(tick_licence(number=number, at=at))
    except Exception:
        log.exception("the term of licence %s could not be looked at", number)
        postpone_licence(number=number, at=at)
        return False


def _look_at(public_id: UUID, at: datetime) -> bool:
    """Whether something was done on the case."""
    try:
        return bool(tick(public_id=public_id, at=at))
    except Exception:
        log.exception("the clock of case %s could not be looked at", public_id)
        postpone(public_id=public_id, at=at)
        return False
