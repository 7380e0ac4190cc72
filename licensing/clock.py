"""The clocks of a case, derived from its dated events (DESIGN §4): nothing here counts, everything is computed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.lifecycle.law import Clause
from core.workdays.clock import ClockView, build_clock
from core.workdays.queries import CalendarBook, calendar_book
from core.workdays.rules import (
    Calendar,
    DayRow,
    OuterLimit,
    Pause,
    days_used,
    due,
    due_date,
    explain,
    extended_due_date,
    outer_limit,
)
from licensing.lifecycle import Status
from licensing.models import Application, Extension
from licensing.profile import PROFILE, Limit
from licensing.terms import Filed

PAUSE_CLAUSES = {
    "testing": Clause("L2", "第二十四条第二款"),
    "hearing": Clause("L1", "第四十五条"),
    "appraisal": Clause("L1", "第四十五条"),
    "expert_review": Clause("L1", "第四十五条"),
}


@dataclass(frozen=True)
class Due:
    """A due date, and whether it stands on a calendar year not announced yet (DOMAIN §4.3)."""

    on: date
    provisional: bool


def compute_due(start: date, limit: Limit, division: str) -> Due:
    """Due date of one limit from a start that is not counted (K1), under the calendar of the division (K20)."""
    found = due(start, limit.days, limit.unit, (), calendar_book().for_division(division))
    assert found.date is not None
    return Due(found.date, found.provisional)


def calendar_of(application: Application) -> Calendar:
    """The calendar that counts for a case (K20)."""
    return calendar_book().for_division(application.filing_division)


@dataclass(frozen=True)
class Running:
    """The clock that runs, as a value: decision once accepted, intake before. `days` includes the extension."""

    start: date
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    closed_on: date | None = None


def running_clock(application: Application) -> Running | None:
    """The running clock from the row alone; None for a draft."""
    if application.accepted_on:
        limit = Limit(application.clock_days, application.rules.limit.unit, application.rules.limit.clause)
        closed_on = application.decided_on or application.closed_on
        return Running(application.accepted_on, limit, kept_pauses(application.clock_pauses), closed_on)
    if application.received_at:
        start = received_on(application.received_at)
        return Running(start, intake_limit(application), closed_on=_intake_ended(application))
    return None


def intake_limit(application: Application) -> Limit:
    """Working days for the answer to a filing, under the rules it was received under (R-5, K13)."""
    return replace(PROFILE.intake, days=application.intake_days)


def kept_pauses(rows: Sequence[dict[str, Any]]) -> tuple[Pause, ...]:
    """Pauses as a case or the register keeps them."""
    return tuple(
        Pause(
            date.fromisoformat(row["from"]), date.fromisoformat(row["to"]) if row["to"] else None, row["ground"],
            PAUSE_CLAUSES[row["ground"]],
        )
        for row in rows
    )  # fmt: skip


def refresh_clock(application: Application, *, just_begun: bool = False) -> None:
    """Compute pauses, extension and due dates anew from their events, and keep them on the row; the caller saves.

    An open pause leaves the dates unknown (§4.4). The extension moves the target alone and never past the earlier
    statutory date (K11, K12). An earlier alarm date belongs to the clock as it was and is dropped with it; only a
    change of the calendar keeps one (`alarm_kept`). A clock that has `just_begun` has no events to be read.
    """
    assert application.accepted_on is not None
    start, calendar = application.accepted_on, calendar_of(application)
    application.clock_pauses = [] if just_begun else _pauses_of(application)
    pauses = kept_pauses(application.clock_pauses)
    target = due_date(start, application.target_days, application.rules.limit.unit, pauses, calendar)
    last, days = target, application.target_days
    if extension := 0 if just_begun else _extension_in_time(application, target):
        last = extended_due_date(start, application.target_days, extension, pauses, calendar)
        days = (
            application.target_days + extension if last is None else days_used(start, pauses, calendar, last)
        )
    application.clock_days = days
    application.paused, application.due_on, application.alarm_on = last is None, last, None
    application.due_provisional = last is not None and any(
        calendar.is_provisional(year) for year in range((start + timedelta(days=1)).year, last.year + 1)
    )
    application.statutory_due_on = outer_limit(start, PROFILE.statutory.days, pauses, calendar).earlier
    known = [day for day in (application.due_on, application.statutory_due_on) if day is not None]
    application.next_due_on = None if application.paused else min(known)


def _pauses_of(application: Application) -> list[dict[str, str]]:
    """What the events take out of the limit, oldest first; a pause over before it could count takes out nothing."""
    rows = application.pauses.order_by("counts_from", "pk") if application.pk else ()
    return [
        {"from": str(row.counts_from), "to": str(row.ended_on or ""), "ground": row.ground}
        for row in rows
        if row.ended_on is None or row.ended_on > row.counts_from
    ]


def _extension_in_time(application: Application, target: date | None) -> int:
    """Days of the extension that was granted before the due date, as today's events give it (K11); 0 for none.

    An event recorded late can show that the limit had already ended when the head signed.
    """
    row = application.extensions.filter(result=Extension.Result.GRANTED).first()
    if row is None or row.decided_at is None:
        return 0
    return row.days if target is None or shanghai_date(row.decided_at) <= target else 0


def statutory_limits(application: Application) -> OuterLimit:
    """60 working days and 60 calendar days: L2's 日 is computed in both units, pauses out of both (K12)."""
    assert application.accepted_on is not None
    pauses = kept_pauses(application.clock_pauses)
    return outer_limit(application.accepted_on, PROFILE.statutory.days, pauses, calendar_of(application))


def midnight_after(day: date) -> datetime:
    """The first moment after a day in Shanghai, when what was due on it is overdue (K4, K19)."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)


def clock_of(application: Application, today: date, book: CalendarBook) -> ClockView | None:
    """The ruler of a case: the decision clock once accepted, the intake clock before, none for a draft."""
    running = running_clock(application)
    if running is None:
        return None
    calendar = book.for_division(application.filing_division)
    return build_clock(
        running.start, running.limit.days, running.pauses, calendar, today,
        closed_on=running.closed_on, unit=running.limit.unit,
    )  # fmt: skip


def days_of(application: Application, today: date, book: CalendarBook) -> tuple[DayRow, ...]:
    """One row per calendar day of the running clock, each with its reason."""
    running = running_clock(application)
    if running is None:
        return ()
    calendar = book.for_division(application.filing_division)
    return explain(
        running.start, running.limit.days, running.limit.unit, running.pauses, calendar,
        running.closed_on or today,
    )  # fmt: skip


def _intake_ended(application: Application) -> date | None:
    """The intake clock rests from the notice on: what comes then is the applicant's time (S4, S6)."""
    if application.status in (Status.CORRECTION_REQUESTED, Status.LAPSED):
        return shanghai_date(application.correction.issued_at)
    return application.closed_on


def received_on(received_at: datetime) -> date:
    """The date of receipt: the day the filing entered the system, working day or not (K15)."""
    return shanghai_date(received_at)


def renewal_facts(application: Application) -> Filed | None:
    """What decides whether the case is deemed granted; None unless it is a filed renewal (K21)."""
    if application.term_ends_on is None or application.received_at is None:
        return None
    assert application.first_received_at is not None
    return Filed(
        application.status, shanghai_date(application.first_received_at), received_on(application.received_at),
        application.term_ends_on,
    )  # fmt: skip
