"""Warnings of the clock: whoever has the case, then the head, then the superior authority, each warned once (R-45)."""

from datetime import date, datetime, time, timedelta

from django.db.models import Min

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.workdays.rules import Calendar, outer_limit
from licensing.clock import calendar_of, midnight_after, renewal_facts
from licensing.models import Application, ClockAlarm
from licensing.profile import PROFILE
from licensing.rules import Alarm, alarms, next_alarm_on, workday_after, workday_before, workdays_between

SOUNDED = "licensing.alarm"
HOUR = time(9)
"""When an office reads its warnings."""


def next_look(application: Application, at: datetime) -> datetime | None:
    """When a clock that has just moved has something to say: today where a warning holds today, told once only."""
    today, calendar = shanghai_date(at), calendar_of(application)
    due = _holding(application, today, calendar) if application.due_on is not None else ()
    near = _near_expiry(application, today, calendar)
    if (due or near) and calendar.is_workday(today):
        return max(at, _nine(today))
    later = _by_expiry(application, _later_look(application, today, calendar), at)
    soon = _nine(workday_after(today, calendar)) if near else None
    return min((moment for moment in (soon, later) if moment), default=None)


def raise_alarms(application: Application, at: datetime) -> str:
    """Sound what holds today and look again when something new will; the case itself does not change."""
    today, calendar = shanghai_date(at), calendar_of(application)
    held = (*_holding(application, today, calendar), *_near_expiry(application, today, calendar))
    sounded = [alarm.kind for alarm in held if _sound(application, alarm, at)]
    later = _by_expiry(application, _later_look(application, today, calendar), at)
    return _look_again(application, later, ",".join(sounded))


def _holding(application: Application, today: date, calendar: Calendar) -> tuple[Alarm, ...]:
    """The warnings of this day; while the clock stands still, that the procedure takes longer than was told."""
    if application.due_on is not None:
        return alarms(
            today=today,
            due_on=application.due_on,
            statutory_on=application.statutory_due_on,
            calendar=calendar,
            warn_on=application.alarm_on,
        )
    expected = _expected_end(application)
    if expected is None or today <= expected:
        return ()
    return (Alarm("overrun", workdays_between(expected, today, calendar), expected),)


def _later_look(application: Application, today: date, calendar: Calendar) -> datetime | None:
    """The first moment after today with something new to say."""
    if application.due_on is not None:
        day = next_alarm_on(
            today=today,
            due_on=application.due_on,
            statutory_on=application.statutory_due_on,
            calendar=calendar,
            warn_on=application.alarm_on,
        )
        return _nine(day)
    expected = _expected_end(application)
    return None if expected is None else _nine(workday_after(max(expected, today), calendar))


def _near_expiry(application: Application, today: date, calendar: Calendar) -> tuple[Alarm, ...]:
    """A renewal still undecided when the old term is nearly over: the law may decide it (L1 art. 50 ¶2)."""
    ends_on = application.term_ends_on
    if ends_on is None or not _warning_day(ends_on, calendar) <= today <= ends_on:
        return ()
    return (Alarm("expiry", PROFILE.expiry_warning.days, ends_on),)


def _warning_day(ends_on: date, calendar: Calendar) -> date:
    return workday_before(ends_on, PROFILE.expiry_warning.days, calendar)


def _by_expiry(application: Application, when: datetime | None, at: datetime) -> datetime | None:
    """A renewal is looked at also when its warning is due, and at 00:00 after the old term if the law may grant it."""
    ends_on, facts = application.term_ends_on, renewal_facts(application)
    if ends_on is None or facts is None:
        return when
    moments = [_nine(_warning_day(ends_on, calendar_of(application)))]
    if facts.may_be_deemed:
        moments.append(midnight_after(ends_on))
    coming = [moment for moment in moments if moment > at]
    return min([*coming, *([when] if when else [])], default=None)


def _expected_end(application: Application) -> date | None:
    """The day by which the first of the procedures under way should be over."""
    running = application.pauses.filter(ended_on__isnull=True)
    found: date | None = running.aggregate(first=Min("expected_until"))["first"]
    return found


def _nine(day: date) -> datetime:
    return datetime.combine(day, HOUR, tzinfo=SHANGHAI)


def delivery_due(application: Application) -> datetime:
    """The first moment after the earlier reading of ten days from the decision (S15; L1 art. 44, L2 art. 24)."""
    assert application.decided_on is not None
    calendar = calendar_of(application)
    last = outer_limit(application.decided_on, PROFILE.delivery.days, (), calendar).earlier
    assert last is not None
    return _nine(workday_after(last, calendar))


def sound_delivery(application: Application, at: datetime) -> str:
    """A certificate that is not there in time: the head hears of it each working day."""
    first, calendar, today = delivery_due(application), calendar_of(application), shanghai_date(at)
    late = workdays_between(first.date() - timedelta(days=1), today, calendar)
    alarm = Alarm("delivery", late, first.date())
    sounded = alarm.kind if at >= first and _sound(application, alarm, at) else ""
    return _look_again(application, max(first, _nine(workday_after(today, calendar))), sounded)


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
