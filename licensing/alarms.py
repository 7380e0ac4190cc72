"""Warnings of the clock: whoever has the case, then the head, then the superior authority, each warned once (R-45)."""

from datetime import datetime, time, timedelta

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.workdays.rules import outer_limit
from licensing.clock import calendar_of
from licensing.models import Application, ClockAlarm
from licensing.profile import PROFILE
from licensing.rules import Alarm, alarms, next_alarm_on, workday_after, workdays_between

SOUNDED = "licensing.alarm"
HOUR = time(9)
"""When an office reads its warnings."""


def next_look(application: Application, at: datetime) -> datetime | None:
    """When the clock of an accepted case has something new to say; None while it stands still."""
    if application.paused or application.due_on is None or application.statutory_due_on is None:
        return None
    day = next_alarm_on(
        today=shanghai_date(at), due_on=application.due_on, statutory_on=application.statutory_due_on,
        calendar=calendar_of(application),
    )  # fmt: skip
    return datetime.combine(day, HOUR, tzinfo=SHANGHAI)


def raise_alarms(application: Application, at: datetime) -> str:
    """Sound what holds today and look again when something new will; the case itself does not change."""
    if application.due_on is None or application.statutory_due_on is None:
        return _look_again(application, None, "")
    found = alarms(
        today=shanghai_date(at), due_on=application.due_on, statutory_on=application.statutory_due_on,
        calendar=calendar_of(application),
    )  # fmt: skip
    sounded = [alarm.kind for alarm in found if _sound(application, alarm, at)]
    return _look_again(application, next_look(application, at), ",".join(sounded))


def delivery_due(application: Application) -> datetime:
    """The first moment after the earlier reading of ten days from the decision (S15; L1 art. 44, L2 art. 24)."""
    assert application.decided_on is not None
    calendar = calendar_of(application)
    last = outer_limit(application.decided_on, PROFILE.delivery.days, (), calendar).earlier
    assert last is not None
    return datetime.combine(workday_after(last, calendar), HOUR, tzinfo=SHANGHAI)


def sound_delivery(application: Application, at: datetime) -> str:
    """A certificate that is not there in time: the head hears of it each working day."""
    first, calendar, today = delivery_due(application), calendar_of(application), shanghai_date(at)
    late = workdays_between(first.date() - timedelta(days=1), today, calendar)
    alarm = Alarm("delivery", late, first.date())
    sounded = alarm.kind if at >= first and _sound(application, alarm, at) else ""
    again = datetime.combine(workday_after(today, calendar), HOUR, tzinfo=SHANGHAI)
    return _look_again(application, max(first, again), sounded)


def _sound(application: Application, alarm: Alarm, at: datetime) -> bool:
    """Keep the warning and tell it; False when it was told before."""
    row, made = ClockAlarm.objects.get_or_create(
        application=application, kind=alarm.kind, due_on=alarm.due_on, step=alarm.step,
        defaults={"raised_at": at},
    )  # fmt: skip
    if made:
        emit(type=SOUNDED, subject=Subject(SOUNDED, str(row.pk), 1))
    return made


def _look_again(application: Application, when: datetime | None, sounded: str) -> str:
    application.next_check_at = when
    application.save(update_fields=["next_check_at"])
    return sounded
