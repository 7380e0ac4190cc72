"""The working-day ruler as a value: one cell per day that counts or would count but for a pause.

Built from `rules` alone; every figure can be read off the explanation of the same case. Days are legal dates
of Asia/Shanghai.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lifecycle.dates import long_date
from core.workdays.labels import row_label
from core.workdays.rules import Calendar, DayRow, Pause, Reason, Unit, due, explain

CellKind = Literal["used", "pause", "today", "left", "late"]

_SENTENCES = {
    ("running", "workday"): gettext_lazy("%(limit)s 个工作日已用 %(used)s 个，还剩 %(left)s 个"),
    ("running", "calendar"): gettext_lazy("%(limit)s 日已用 %(used)s 日，还剩 %(left)s 日"),
    ("paused", "workday"): gettext_lazy("停计中，%(limit)s 个工作日已用 %(used)s 个"),
    ("paused", "calendar"): gettext_lazy("停计中，%(limit)s 日已用 %(used)s 日"),
    ("late", "workday"): gettext_lazy("%(limit)s 个工作日已满，超期 %(late)s 个工作日"),
    ("late", "calendar"): gettext_lazy("%(limit)s 日已满，超期 %(late)s 日"),
    ("closed", "workday"): gettext_lazy("已办结，%(limit)s 个工作日用了 %(used)s 个"),
    ("closed", "calendar"): gettext_lazy("已办结，%(limit)s 日用了 %(used)s 日"),
    ("closed_late", "workday"): gettext_lazy("已办结，超过 %(limit)s 个工作日的时限 %(late)s 个工作日"),
    ("closed_late", "calendar"): gettext_lazy("已办结，超过 %(limit)s 日的时限 %(late)s 日"),
}
_EXCLUDED = {
    "workday": gettext_lazy("另有 %(days)s 个工作日不计入时限"),
    "calendar": gettext_lazy("另有 %(days)s 日不计入时限"),
}


@dataclass(frozen=True)
class Cell:
    """One day of the ruler. `date` is None for a day left whose date an open pause keeps unknown."""

    date: date | None
    kind: CellKind
    week_start: bool
    title: str


@dataclass(frozen=True)
class ClockView:
    """A limit as it stands: `used + left == limit`, today being used (§4.4).

    `left` and `due` are None while an open pause keeps the end unknown. `overdue_by` counts working days (or
    calendar days, by `unit`) after the due date and is at least 1 from 00:00 of the day after it (K4).
    `closed_on` is the day the clock stopped for good (K3), after which nothing moves. `summary` is the text
    equivalent of the ruler.
    """

    cells: tuple[Cell, ...]
    limit: int
    unit: Unit
    used: int
    left: int | None
    overdue_by: int
    paused_days: int
    due: date | None
    provisional: bool
    closed_on: date | None

    @property
    def paused(self) -> bool:
        """Whether the clock stands still at an unknown end."""
        return self.due is None

    @cached_property
    def summary(self) -> str:
        parts = [self._standing(), self._excluded(), self._due()]
        return _("，").join(part for part in parts if part)

    @property
    def taken(self) -> int:
        """Days it took, or has taken by now: within the limit and past it."""
        return self.used + self.overdue_by

    def _standing(self) -> str:
        if self.closed_on is not None:
            state = "closed_late" if self.overdue_by else "closed"
        elif self.overdue_by:
            state = "late"
        else:
            state = "paused" if self.paused else "running"
        values = {"limit": self.limit, "used": self.used, "left": self.left, "late": self.overdue_by}
        return str(_SENTENCES[state, self.unit]) % values

    def _excluded(self) -> str:
        if not self.paused_days:
            return ""
        return str(_EXCLUDED[self.unit]) % {"days": self.paused_days}

    def _due(self) -> str:
        if self.due is None or self.closed_on is not None:
            return ""
        template = _("最迟 %(date)s（暂定）") if self.provisional else _("最迟 %(date)s")
        return template % {"date": long_date(self.due)}


def build_clock(
    start: date,
    limit: int,
    pauses: Sequence[Pause],
    calendar: Calendar,
    today: date,
    closed_on: date | None = None,
    unit: Unit = "workday",
) -> ClockView:
    """The clock of a limit that starts after `start`, seen `today`, or as it stopped on `closed_on` (K3)."""
    as_of = today if closed_on is None else min(closed_on, today)
    end = due(start, limit, unit, pauses, calendar)
    rows = [row for row in explain(start, limit, unit, pauses, calendar, as_of) if _has_cell(row)]
    past = [row for row in rows if row.date <= as_of]
    used = sum(row.counted and not row.late for row in past)
    late = sum(row.counted and row.late for row in past)
    return ClockView(
        cells=_cells(rows, as_of, closed_on is None, limit - used if end.date is None else 0),
        limit=limit,
        unit=unit,
        used=used,
        left=None if end.date is None else limit - used,
        overdue_by=late or int(end.date is not None and as_of > end.date),
        paused_days=sum(row.reason == Reason.PAUSE for row in past),
        due=end.date,
        provisional=end.provisional,
        closed_on=closed_on,
    )


def _has_cell(row: DayRow) -> bool:
    return row.counted or row.reason == Reason.PAUSE


def _cells(rows: Sequence[DayRow], as_of: date, running: bool, undated: int) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    previous: date | None = None
    for row in rows:
        new_week = previous is not None and previous.isocalendar()[:2] != row.date.isocalendar()[:2]
        cells.append(
            Cell(row.date, _kind(row, as_of, running), new_week, f"{long_date(row.date)} · {row_label(row)}")
        )
        previous = row.date
    return (*cells, *(Cell(None, "left", False, _("日期待恢复计时后确定")) for _n in range(undated)))


def _kind(row: DayRow, as_of: date, running: bool) -> CellKind:
    if row.reason == Reason.PAUSE:
        return "pause"
    if row.late:
        return "late"
    if row.date == as_of and running:
        return "today"
    return "used" if row.date <= as_of else "left"
