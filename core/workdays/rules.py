"""When a limit ends, how much of it is used, and why each day counts or does not (DOMAIN §4).

Pure: dates of Asia/Shanghai in, values out; no clock, no database. A pause is half-open `(start, end]`: the
day it starts still counts, the day it ends does not (K10).
"""

import calendar as gregorian
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, Protocol

from core.workdays.statutory import statutory_days

Unit = Literal["workday", "calendar"]
UNITS: tuple[Unit, ...] = ("workday", "calendar")

ONE_DAY = timedelta(days=1)
MAX_EXTENSION = 10
STATUTORY_LIMIT = 60
NOTICE_LIMIT = 5
RENEWAL_LEAD_MONTHS = 6


class Reason(StrEnum):
    """Why a day counts or does not."""

    WORKDAY = "workday"
    MAKEUP_WORKDAY = "makeup_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OVERLAY_HOLIDAY = "overlay_holiday"
    CALENDAR_DAY = "calendar_day"
    PAUSE = "pause"
    ACCEPTANCE_DAY = "acceptance_day"
    CARRIED_OVER = "carried_over"


class Ground(StrEnum):
    """What stops the clock: testing (L2 art. 24 ¶2) and the procedures of L1 art. 45 (K5, K6)."""

    TESTING = "testing"
    HEARING = "hearing"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class Cited(Protocol):
    """Anything that can name its provision to people, such as `core.lifecycle.law.Clause`."""

    @property
    def label(self) -> object: ...


@dataclass(frozen=True, slots=True)
class DayStatus:
    """What the calendar says of one day: `name` of the holiday and `source`, the notice it comes from."""

    workday: bool
    reason: Reason
    name: str = ""
    source: str = ""
    provisional: bool = False


_ORDINARY = {
    (workday, provisional): DayStatus(
        workday, Reason.WORKDAY if workday else Reason.WEEKEND, provisional=provisional
    )
    for workday in (True, False)
    for provisional in (True, False)
}


class Calendar(Protocol):
    """What the rules ask of a calendar."""

    def is_workday(self, day: date) -> bool: ...

    def day(self, day: date) -> DayStatus: ...

    def is_provisional(self, year: int) -> bool: ...


@dataclass(frozen=True)
class WorkCalendar:
    """The State Council's notices as a value: exceptional days of known years, the law's days for the rest.

    A year that is not `known` yields provisional days (§4.3), never an exception. An entry of `exceptions`
    wins over both, so that an overlay (K20) also stands in a provisional year.
    """

    exceptions: Mapping[date, DayStatus] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        found = self._exception(day)
        return day.weekday() < 5 if found is None else found.workday

    def day(self, day: date) -> DayStatus:
        found = self._exception(day)
        return _ORDINARY[day.weekday() < 5, day.year not in self.known] if found is None else found

    def is_provisional(self, year: int) -> bool:
        return year not in self.known

    def _exception(self, day: date) -> DayStatus | None:
        found = self.exceptions.get(day)
        if found is None and day.year not in self.known:
            name = statutory_days(day.year).get(day)
            return None if name is None else DayStatus(False, Reason.HOLIDAY, name, provisional=True)
        return found


@dataclass(frozen=True, slots=True)
class Pause:
    """Time outside the limit (K5, K6), with its ground and clause; `end` is None while it runs.

    `notified` says whether the applicant was told in writing of the time needed: without notice a pause does
    not stop the clock (K7). Raises ValueError when it ends before it starts.
    """

    start: date
    end: date | None = None
    ground: str = Ground.TESTING
    clause: Cited | None = None
    notified: bool = True

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause cannot end before it starts")

    def covers(self, day: date) -> bool:
        return self.notified and self.start < day and (self.end is None or day <= self.end)


Span = tuple[date, date | None]


def merge(pauses: Iterable[Pause]) -> tuple[Span, ...]:
    """The union of the pauses that count, in order (K7, K10); an open one swallows what follows."""
    merged: list[Span] = []
    for pause in sorted((p for p in pauses if p.notified), key=lambda p: p.start):
        if pause.start == pause.end:
            continue
        if not merged or (merged[-1][1] is not None and merged[-1][1] < pause.start):
            merged.append((pause.start, pause.end))
            continue
        start, end = merged[-1]
        merged[-1] = (start, None if end is None or pause.end is None else max(end, pause.end))
    return tuple(merged)


def carry_over(day: date, calendar: Calendar) -> date:
    """`day`, or the first working day after it: where a limit not counted in working days ends (K16)."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def due_date(start: date, limit: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar) -> date | None:
    """Last day of a limit of `limit` units that starts after `start` (K1, §4.4).

    None while an open pause keeps the end unknown; a pause opened only on or after the last day changes
    nothing. Raises ValueError for a limit below one or an unknown unit.
    """
    last = _last_counted(start, limit, unit, pauses, calendar)
    return None if last is None else carry_over(last, calendar)


def _last_counted(
    start: date, limit: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar
) -> date | None:
    if limit < 1:
        raise ValueError("a limit is at least one day")
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    spans = list(reversed(merge(pauses)))
    is_workday, every_day = calendar.is_workday, unit == "calendar"
    day, counted = start, 0
    while counted < limit:
        day += ONE_DAY
        while spans and spans[-1][1] is not None and spans[-1][1] < day:
            spans.pop()
        if spans and spans[-1][0] < day:
            end = spans[-1][1]
            if end is None:
                return None
            day = end
        elif every_day or is_workday(day):
            counted += 1
    return day


def days_used(
    start: date, pauses: Sequence[Pause], calendar: Calendar, today: date, unit: Unit = "workday"
) -> int:
    """Counting days in `(start, today]` outside every pause; `today` itself is used."""
    spans = merge(pauses)
    used, day = 0, start
    while day < today:
        day += ONE_DAY
        if any(s < day and (e is None or day <= e) for s, e in spans):
            continue
        used += unit == "calendar" or calendar.is_workday(day)
    return used


@dataclass(frozen=True, slots=True)
class Due:
    """A due date, None under an open pause, and whether a year without a notice went into it."""

    date: date | None
    provisional: bool = False


def due(start: date, limit: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar) -> Due:
    """`due_date` with its provisional mark (§4.3)."""
    last = due_date(start, limit, unit, pauses, calendar)
    if last is None:
        return Due(None)
    years = range((start + ONE_DAY).year, last.year + 1)
    return Due(last, any(calendar.is_provisional(year) for year in years))


@dataclass(frozen=True, slots=True)
class DueChange:
    """A due date computed again; `alarm`, for the house alone, is the earlier of provisional and new date."""

    due: Due
    alarm: date | None
    moved: bool


def after_calendar_change(before: Due, now: Due) -> DueChange:
    """What a changed calendar does to a stored due date (§4.3 (3)); the applicant is told when it `moved`."""
    alarm = now.date
    if before.provisional and before.date is not None and now.date is not None:
        alarm = min(before.date, now.date)
    return DueChange(now, alarm, before.date != now.date)


@dataclass(frozen=True, slots=True)
class OuterLimit:
    """A limit of the Regulation, whose 日 is read both ways (K12); both are shown, `earlier` escalates."""

    workday: date | None
    calendar: date | None
    workday_provisional: bool = False
    calendar_provisional: bool = False

    @property
    def earlier(self) -> date | None:
        known = [day for day in (self.workday, self.calendar) if day is not None]
        return min(known, default=None)


def outer_limit(start: date, limit: int, pauses: Sequence[Pause], calendar: Calendar) -> OuterLimit:
    """A limit of L2 in both units, with the same pauses (K12), each with its provisional mark (§4.3)."""
    by_workday = due(start, limit, "workday", pauses, calendar)
    by_calendar = due(start, limit, "calendar", pauses, calendar)
    return OuterLimit(by_workday.date, by_calendar.date, by_workday.provisional, by_calendar.provisional)


def extended_due_date(
    start: date, limit: int, extension: int, pauses: Sequence[Pause], calendar: Calendar
) -> date | None:
    """The target in working days after an extension, capped at the earlier statutory date (K11; L1 art. 42).

    Raises ValueError unless the extension is 1 to 10 working days.
    """
    if not 1 <= extension <= MAX_EXTENSION:
        raise ValueError(f"an extension is 1 to {MAX_EXTENSION} working days")
    target = due_date(start, limit + extension, "workday", pauses, calendar)
    cap = outer_limit(start, STATUTORY_LIMIT, pauses, calendar).earlier
    return target if target is None or cap is None else min(target, cap)


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later (or earlier, if negative), or the end of that month (K17)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def last_timely_renewal_day(valid_until: date) -> date:
    """Last day on which a first receipt makes a renewal timely; never moved (L2 art. 25, K16, K17)."""
    return add_months(valid_until, -RENEWAL_LEAD_MONTHS)


@dataclass(frozen=True, slots=True)
class DeemedAcceptance:
    """A filing without a notice: `notice_by` is the authority's last day; from `effective_on` the filing
    counts as accepted as of `accepted_on`."""

    notice_by: date
    effective_on: date
    accepted_on: date


def deemed_acceptance(received_on: date, calendar: Calendar, limit: int = NOTICE_LIMIT) -> DeemedAcceptance:
    """When silence accepts a filing, or a resubmission, received on `received_on` (K13, K14; L1 art. 32)."""
    notice_by = due_date(received_on, limit, "workday", (), calendar)
    assert notice_by is not None
    return DeemedAcceptance(notice_by, notice_by + ONE_DAY, received_on)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One calendar day of the explanation; `number` is its place in the count, if it counts.

    `status` is the calendar's own word, `pauses` the pauses it lies in (also on a day that would not have
    counted), `is_due` the last day of the limit, `late` a day after it.
    """

    date: date
    counted: bool
    number: int | None
    reason: Reason
    status: DayStatus
    pauses: tuple[Pause, ...] = ()
    is_due: bool = False
    is_today: bool = False
    late: bool = False

    @property
    def provisional(self) -> bool:
        return self.status.provisional


def explain(
    start: date, limit: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar, today: date
) -> tuple[DayRow, ...]:
    """One row per calendar day from the acceptance day to the due date, or to `today` if that is later.

    Under an open pause the rows end today. For a closed case pass its closing date as `today` (K3).
    """
    last = _last_counted(start, limit, unit, pauses, calendar)
    due_on = None if last is None else carry_over(last, calendar)
    end = max(today, start) if due_on is None else max(due_on, today)
    rows, number, day = [], 0, start
    while day <= end:
        status = calendar.day(day)
        within = tuple(pause for pause in pauses if pause.covers(day))
        carried = last is not None and due_on is not None and last < day <= due_on
        reason = _reason(day == start, carried, status, unit, bool(within))
        counted = reason in _COUNTING
        number += counted
        rows.append(
            DayRow(
                day, counted, number if counted else None, reason, status, within,
                day == due_on, day == today, due_on is not None and day > due_on,
            )
        )  # fmt: skip
        day += ONE_DAY
    return tuple(rows)


_COUNTING = frozenset({Reason.WORKDAY, Reason.MAKEUP_WORKDAY, Reason.CALENDAR_DAY})


def _reason(first: bool, carried: bool, status: DayStatus, unit: Unit, paused: bool) -> Reason:
    if first:
        return Reason.ACCEPTANCE_DAY
    if carried:
        return Reason.CARRIED_OVER
    if unit == "workday" and not status.workday:
        return status.reason
    if paused:
        return Reason.PAUSE
    return status.reason if status.workday else Reason.CALENDAR_DAY
