"""A case by its number: stages, dates and the clock, nobody's name (R-47)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Subquery

from core.workdays.clock import ClockView, build_clock
from core.workdays.rules import Unit
from licensing.clock import kept_pauses
from licensing.kinds import rules_of
from licensing.models import PauseGround
from register.calendar import public_calendar
from register.models import Freshness, Progress
from register.queries.licences import as_of
from register.rules import CaseDates, Step, rail


@dataclass(frozen=True)
class ProgressView:
    """What anybody with the number may see of a case on a day."""

    row: Progress
    steps: tuple[Step, ...]
    clock: ClockView
    as_of: datetime

    @property
    def procedures(self) -> list[tuple[str, date]]:
        """What stops the clock now, and since when; nobody's name (R-47)."""
        running = [row for row in self.row.clock_pauses if not row["to"] and self.clock.closed_on is None]
        return [(str(PauseGround(row["ground"]).label), date.fromisoformat(row["from"])) for row in running]

    @property
    def overdue_by(self) -> int:
        """Days by which the running limit is exceeded; 0 once the case is closed."""
        return 0 if self.clock.closed_on else self.clock.overdue_by


def progress_of(number: str, *, now: datetime, today: date) -> ProgressView | None:
    """Two queries: the case, and the calendar its ruler is computed from; None for an unknown number."""
    pending = Subquery(Freshness.public.values("pending_since")[:1])
    row = Progress.public.filter(number=number).annotate(pending_since=pending).first()
    if row is None:
        return None
    calendar = public_calendar(row.division, row.clock_start, row.clock_closed_on or today)
    clock = build_clock(
        row.clock_start,
        row.clock_days,
        kept_pauses(row.clock_pauses),
        calendar,
        today,
        closed_on=row.clock_closed_on,
        unit=cast(Unit, row.clock_unit),
    )
    return ProgressView(row, rail(_dates(row)), clock, as_of(row.pending_since, now))


def _dates(row: Progress) -> CaseDates:
    return CaseDates(
        status=row.status,
        received_on=row.received_on,
        reviewed=rules_of(row.kind).reviewed,
        certified=rules_of(row.kind).effect != "deregister",
        accepted_on=row.accepted_on,
        reviewed_on=row.reviewed_on,
        decided_on=row.decided_on,
        issued_on=row.issued_on,
        delivered_on=row.delivered_on,
        closed_on=row.closed_on,
    )
