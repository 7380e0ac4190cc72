"""A year as twelve sheets of weeks for the calendar page."""

import calendar as gregorian
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext_lazy

from core.workdays.rules import DayStatus, WorkCalendar

# column heads with any date of that weekday
WEEKDAYS = tuple(
    zip(
        (
            pgettext_lazy("weekday", "一"),
            pgettext_lazy("weekday", "二"),
            pgettext_lazy("weekday", "三"),
            pgettext_lazy("weekday", "四"),
            pgettext_lazy("weekday", "五"),
            pgettext_lazy("weekday", "六"),
            pgettext_lazy("weekday", "日"),
        ),
        (date(2024, 1, number) for number in range(1, 8)),
        strict=True,
    )
)


@dataclass(frozen=True)
class DayCell:
    date: date
    status: DayStatus

    @property
    def mark(self) -> str:
        """`off` and `on` where the day differs from its weekday, else nothing."""
        if self.status.workday == (self.date.weekday() < 5):
            return ""
        return "on" if self.status.workday else "off"


@dataclass(frozen=True)
class Month:
    """One month: `weeks` run Monday to Sunday, None outside the month; `workdays` is their number."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]
    workdays: int


def months_of(year: int, calendar: WorkCalendar) -> tuple[Month, ...]:
    """The twelve months of a year."""
    return tuple(_month(year, number, calendar) for number in range(1, 13))


def _month(year: int, number: int, calendar: WorkCalendar) -> Month:
    weeks = tuple(
        tuple(DayCell(day, calendar.day(day)) if day.month == number else None for day in week)
        for week in gregorian.Calendar().monthdatescalendar(year, number)
    )
    workdays = sum(cell.status.workday for week in weeks for cell in week if cell)
    return Month(date(year, number, 1), weeks, workdays)
