"""Time in a machine: the sweep as the worker runs it, and the moments worth arriving at."""

from datetime import datetime, timedelta

from licensing.actions.clockwork import due_for_check, tick
from licensing.actions.ending import due_licences, tick_licence
from licensing.actions.holding import due_decisions, take_effect
from licensing.models import Application, HeldDecision, ProductionLicence

MOST = 200
ROUNDS = 10
LOOKS = 12
"""Looks in one stretch of time; a longer stretch is seen at its end."""


def sweep(at: datetime) -> int:
    """Look at everything due until nothing is; how many acts were done. What stays due for ever would be a fault."""
    done = 0
    for _round in range(ROUNDS):
        cases, licences = due_for_check(at=at, most=MOST), due_licences(at=at, most=MOST)
        decisions = due_decisions(at=at, most=MOST)
        if not cases and not licences and not decisions:
            return done
        done += sum(take_effect(public_id=case, at=at) for case in decisions)
        done += sum(bool(tick(public_id=case, at=at)) for case in cases)
        done += sum(bool(tick_licence(number=number, at=at)) for number in licences)
    raise AssertionError(f"still due after {ROUNDS} rounds: {cases} {licences}")


def next_look(after: datetime, until: datetime) -> datetime | None:
    """The first moment in a stretch of time at which the sweep would find something."""
    found = [
        rows.filter(next_check_at__lte=until)
        .order_by("next_check_at")
        .values_list("next_check_at", flat=True)
        .first()
        for rows in (Application.objects.all(), ProductionLicence.objects.all())
    ]
    found.append(HeldDecision.objects.order_by("effective_at").values_list("effective_at", flat=True).first())
    found = [moment for moment in found if moment is not None and moment <= until]
    moments = [moment for moment in found if moment is not None]
    return max(min(moments), after) if moments else None


def live_through(start: datetime, end: datetime) -> None:
    """A stretch of time with the sweep at work."""
    now = start
    for _look in range(LOOKS):
        moment = next_look(now, end)
        if moment is None:
            break
        now = moment + timedelta(seconds=1) if moment > now else moment
        sweep(min(now, end))
    sweep(end)
