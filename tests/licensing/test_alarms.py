"""Warnings at 10, 5, 2 and 0 days, every working day when overdue, to the head, then to the superior (R-45, K12)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.messages.models import Message
from core.workdays.queries import calendar_book
from core.workdays.rules import WorkCalendar
from licensing.actions import clockwork
from licensing.models import Application, ClockAlarm
from licensing.rules import WARNINGS, Alarm, alarms, next_alarm_on, workday_before, workdays_between
from tests.support import world
from tests.support.notices import hear_all, kinds_of

PLAIN = WorkCalendar({}, frozenset(range(2020, 2040)))
"""Weekends off and nothing else."""
MONDAY = date(2026, 3, 2)


@pytest.mark.req("R-45")
@pytest.mark.parametrize(
    ("left", "step"), [(11, None), (10, 10), (6, 10), (5, 5), (3, 5), (2, 2), (1, 2), (0, 0)]
)
def test_who_is_warned_when(left: int, step: int | None) -> None:
    due_on = date(2026, 3, 31)
    today = workday_before(due_on, left, PLAIN)
    found = alarms(today=today, due_on=due_on, statutory_on=date(2026, 5, 1), calendar=PLAIN)
    assert found == ((Alarm("left", step, due_on),) if step is not None else ())


@pytest.mark.req("R-45", "K12")
def test_overdue_goes_to_the_head_and_past_the_statutory_date_to_the_superior() -> None:
    facts = {"due_on": MONDAY, "statutory_on": MONDAY + timedelta(days=7), "calendar": PLAIN}
    assert alarms(today=MONDAY + timedelta(days=2), **facts) == (
        Alarm("overdue", 2, MONDAY), Alarm("head", 0, MONDAY),
    )  # fmt: skip
    last = alarms(today=MONDAY + timedelta(days=8), **facts)
    assert [alarm.kind for alarm in last] == ["overdue", "head", "superior"]


@given(st.dates(date(2026, 1, 5), date(2026, 6, 30)), st.integers(0, 60), st.integers(1, 40))
def test_the_next_look_is_the_first_day_with_something_new(start: date, ahead: int, more: int) -> None:
    """Against a naive walk: no warning is slept through, and nobody is woken for nothing before the due date."""
    due_on = next(d for d in (start + timedelta(days=ahead + n) for n in range(4)) if PLAIN.is_workday(d))
    facts = {"due_on": due_on, "statutory_on": due_on + timedelta(days=more), "calendar": PLAIN}
    chosen = next_alarm_on(today=start, **facts)
    assert chosen > start and PLAIN.is_workday(chosen)
    day = start + timedelta(days=1)
    while day < chosen:
        fresh = set(alarms(today=day, **facts)) - set(alarms(today=day - timedelta(days=1), **facts))
        if PLAIN.is_workday(day) and day - timedelta(days=1) > start:
            assert not fresh, (day, fresh)
        day += timedelta(days=1)


def test_days_between_and_before_agree() -> None:
    for number in WARNINGS:
        assert workdays_between(workday_before(MONDAY, number, PLAIN), MONDAY, PLAIN) == number


# on cases

pytest_db = pytest.mark.django_db


def at_nine(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=SHANGHAI)


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def run(case: Application, until: date) -> list[tuple[date, str]]:
    """Let the clock fire by itself until a day; what it did on which day."""
    done = []
    while (when := fresh(case).next_check_at) is not None and shanghai_date(when) <= until:
        done.append((shanghai_date(when), clockwork.tick(public_id=case.public_id, at=when)))
    return done


@pytest_db
@pytest.mark.req("R-45")
def test_a_case_nobody_touches_warns_step_by_step_and_rises() -> None:
    cast = world.Cast()
    case = world.pending(cast)
    assert case.due_on is not None and case.statutory_due_on is not None
    done = run(case, case.statutory_due_on + timedelta(days=4))
    calendar = calendar_book().for_division("320583")
    early = [(workdays_between(day, case.due_on, calendar), what) for day, what in done if day <= case.due_on]
    assert early == [(10, "left"), (5, "left"), (2, "left"), (0, "left")]
    late = [what for day, what in done if day > case.due_on]
    assert late[0] == "overdue,head" and set(late[1:]) <= {"overdue", "overdue,superior"}
    assert late.count("overdue,superior") == 1
    assert all(calendar.is_workday(day) for day, _what in done)
    assert fresh(case).version == case.version, "a warning is no act: no page goes stale for it"


@pytest_db
@pytest.mark.req("R-45")
def test_three_days_away_and_nothing_is_said_twice() -> None:
    cast = world.Cast()
    case = world.pending(cast)
    assert case.due_on is not None
    calendar = calendar_book().for_division("320583")
    back = at_nine(workday_before(case.due_on, 3, calendar))
    first = fresh(case).next_check_at
    assert first is not None and first < back
    assert clockwork.tick(public_id=case.public_id, at=back) == "left"
    row = ClockAlarm.objects.get(application=case)
    assert (row.kind, row.step) == ("left", 5), "what holds today, not what would have been said on Monday"
    Application.objects.filter(pk=case.pk).update(next_check_at=first)
    for _time in range(5):
        assert clockwork.tick(public_id=case.public_id, at=back) == ""
        Application.objects.filter(pk=case.pk).update(next_check_at=first)
    assert ClockAlarm.objects.count() == 1


@pytest_db
@pytest.mark.req("R-45")
def test_the_right_people_are_told_and_each_once() -> None:
    cast = world.Cast()
    head, above = world.official("320000", "head"), world.official("AQSIQ", "head")
    other = world.official("330000", "head")
    case = world.pending(cast)
    assert case.statutory_due_on is not None
    run(case, case.statutory_due_on + timedelta(days=4))
    Message.objects.all().delete()
    hear_all("licensing.alarm")
    kinds = set(kinds_of(cast.approver))
    assert kinds == {"licensing.desk.left", "licensing.desk.overdue"}
    assert kinds_of(head) == ["licensing.desk.head"]
    assert kinds_of(above) == ["licensing.desk.superior"]
    assert kinds_of(other) == kinds_of(cast.applicant) == []
    hear_all("licensing.alarm")
    assert kinds_of(head) == ["licensing.desk.head"]


@pytest_db
@pytest.mark.req("R-50")
def test_a_certificate_that_does_not_come_is_reported_to_the_head() -> None:
    cast = world.Cast()
    licence = world.granted_licence(cast)
    case = fresh(licence.application)
    assert case.next_check_at is not None and shanghai_date(case.next_check_at) > case.decided_on + timedelta(
        days=9
    )
    assert clockwork.tick(public_id=case.public_id, at=case.next_check_at) == "delivery"
    again = fresh(case).next_check_at
    assert again is not None and clockwork.tick(public_id=case.public_id, at=again) == "delivery"
    assert ClockAlarm.objects.filter(application=case, kind="delivery").count() == 2


@pytest_db
def test_a_decided_case_warns_nobody_any_more() -> None:
    cast = world.Cast()
    case = world.pending(cast, failed=True)
    from licensing.actions import decision
    from licensing.lifecycle import REFUSAL_BASIS

    decision.refuse(
        public_id=case.public_id, expected_version=case.version, basis=REFUSAL_BASIS[:1], reasons="不合格",
        no_conflict=True,
        actor=world.actor(cast.approver), at=world.at(hour=17),
    )  # fmt: skip
    assert fresh(case).next_check_at is None


@pytest_db
@pytest.mark.req("R-45")
def test_a_reviewer_who_left_is_warned_no_more_and_his_desk_is() -> None:
    cast = world.Cast()
    case = world.taken(cast)
    colleague = world.official("320000", "review", name="钱审查")
    world.Duty.objects.filter(user=cast.reviewer).update(valid_to=date(2026, 11, 10))
    when = case.next_check_at
    assert when is not None
    clockwork.tick(public_id=case.public_id, at=when)
    hear_all("licensing.alarm")
    assert kinds_of(cast.reviewer) == [] and kinds_of(colleague) == ["licensing.desk.left"]
