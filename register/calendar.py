"""The calendar of record as the public connection sees it: the same value, built from the published view."""

from collections import defaultdict
from datetime import date

from core.workdays.models import NATIONAL
from core.workdays.models import CalendarDay as Source
from core.workdays.queries import CalendarBook, scopes_of
from core.workdays.rules import DayStatus, Reason, WorkCalendar
from register.models import CalendarDay


def public_calendar(division: str, first: date, last: date) -> WorkCalendar:
    """The calendar of a division for the years around `first` … `last`; one query."""
    rows = CalendarDay.public.filter(scope__in=scopes_of(division), year__range=(first.year, last.year + 1))
    known: set[int] = set()
    days: dict[str, dict[date, DayStatus]] = defaultdict(dict)
    for row in rows:
        if row.scope == NATIONAL:
            known.add(row.year)
        if row.date is not None:
            days[row.scope][row.date] = _status(row)
    return CalendarBook(dict(days), frozenset(known)).for_division(division)


def _status(row: CalendarDay) -> DayStatus:
    if row.kind == Source.Kind.MAKEUP_WORKDAY:
        return DayStatus(True, Reason.MAKEUP_WORKDAY, row.name, row.source)
    reason = Reason.HOLIDAY if row.scope == NATIONAL else Reason.OVERLAY_HOLIDAY
    return DayStatus(False, reason, row.name, row.source)
