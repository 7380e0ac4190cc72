"""When an applicant is reminded that the time for an answer runs out: a pure rule (S6 [design])."""

from datetime import date, datetime, time, timedelta

from core.lifecycle.dates import SHANGHAI

DAYS_BEFORE = (7, 1)
HOUR = time(9)


def next_reminder(lapses_after: date, after: datetime) -> datetime:
    """The next moment to look at an unanswered notice: a reminder at nine, or the first moment after its end."""
    moments = [
        datetime.combine(lapses_after - timedelta(days=days), HOUR, tzinfo=SHANGHAI) for days in DAYS_BEFORE
    ]
    end = datetime.combine(lapses_after + timedelta(days=1), time(), tzinfo=SHANGHAI)
    return next((moment for moment in moments if moment > after), end)
