"""The clocks of a case, derived from its dated events (DESIGN §4): nothing here counts, everything is computed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.workdays.clock import ClockView, build_clock
from core.workdays.queries import CalendarBook, calendar_book
from core.workdays.rules import DayRow, OuterLimit, due, explain, outer_limit
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.profile import PROFILE, Limit


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


def statutory_limits(start: date, division: str) -> OuterLimit:
    """60 working days and 60 calendar days: L2's 日 is computed in both units (K12)."""
    return outer_limit(start, PROFILE.statutory.days, (), calendar_book().for_division(division))


def statutory_due(start: date, division: str) -> date:
    """The earlier of the two, on which escalation rests (K12)."""
    earlier = statutory_limits(start, division).earlier
    assert earlier is not None
    return earlier


def midnight_after(day: date) -> datetime:
    """The first moment after a day in Shanghai, when what was due on it is overdue (K4, K19)."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)


def clock_of(application: Application, today: date, book: CalendarBook) -> ClockView | None:
    """The ruler of a case: the decision clock once accepted, the intake clock before, none for a draft."""
    running = running_limit(application)
    if running is None:
        return None
    start, limit, closed_on = running
    calendar = book.for_division(application.filing_division)
    return build_clock(start, limit.days, (), calendar, today, closed_on=closed_on, unit=limit.unit)


def days_of(application: Application, today: date, book: CalendarBook) -> tuple[DayRow, ...]:
    """One row per calendar day of the running clock, each with its reason."""
    running = running_limit(application)
    if running is None:
        return ()
    start, limit, closed_on = running
    calendar = book.for_division(application.filing_division)
    return explain(start, limit.days, limit.unit, (), calendar, closed_on or today)


def running_limit(application: Application) -> tuple[date, Limit, date | None] | None:
    """Start, limit and end of the clock that runs: decision once accepted, intake before; None for a draft."""
    if application.accepted_on:
        return application.accepted_on, PROFILE.decision, application.decided_on or application.closed_on
    if application.received_at:
        return received_on(application.received_at), PROFILE.intake, _intake_ended(application)
    return None


def _intake_ended(application: Application) -> date | None:
    """The intake clock rests from the notice on: what comes then is the applicant's time (S4, S6)."""
    if application.status in (Status.CORRECTION_REQUESTED, Status.LAPSED):
        return shanghai_date(application.correction.issued_at)
    return application.closed_on


def received_on(received_at: datetime) -> date:
    """The date of receipt: the day the filing entered the system, working day or not (K15)."""
    return shanghai_date(received_at)
