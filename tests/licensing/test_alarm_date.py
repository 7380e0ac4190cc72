"""When next year's holidays are announced, officials keep the earlier of two dates, applicants see the definite one
and are told that it moved (DOMAIN §4.2, §4.3(3))."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle.dates import shanghai_date
from core.messages.models import Message
from core.messages.render import notice_of
from core.outbox.subscriptions import Heard
from core.workdays.actions import publish_version
from core.workdays.notice import DayEntry
from core.workdays.queries import calendar_book
from core.workdays.rules import WorkCalendar
from licensing.actions import clockwork, extension, pauses
from licensing.models import Application, ClockAlarm
from licensing.rules import alarm_kept, alarms, next_alarm_on, workdays_between
from licensing.subscribers import recompute_open_cases
from tests.support import world
from tests.support.clients import signed_in
from tests.support.interface import Robot
from tests.support.notices import hear_all, kinds_of, last_event

ACCEPTED = date(2026, 11, 23)
PROVISIONAL, DEFINITE = date(2027, 1, 5), date(2027, 1, 6)
MOVING = (DayEntry(date(2027, 1, 1), "holiday", "元旦"), DayEntry(date(2027, 1, 4), "holiday", "元旦"))
"""2027 with one more day off than the law names by itself."""
PLAIN = WorkCalendar({}, frozenset(range(2020, 2040)))
days = st.dates(date(2026, 6, 1), date(2027, 6, 30))


# the rule


@pytest.mark.req("R-45")
@given(st.lists(st.tuples(st.none() | days, st.booleans()), min_size=2, max_size=8))
def test_the_alarm_never_comes_after_the_due_date_and_only_from_a_provisional_one(
    course: list[tuple[date | None, bool]],
) -> None:
    """Against a naive account of every date the case ever had, over any course of calendars."""
    alarm: date | None = None
    promised: set[date] = set()
    for (was, provisional), (now, still) in pairwise(course):
        became_definite = provisional and not still
        before, alarm = alarm, alarm_kept(
            was=was, was_provisional=provisional, was_alarm=alarm, now=now, now_provisional=still
        )  # fmt: skip
        if became_definite and was is not None:
            promised.add(was)
        assert alarm is None or (now is not None and alarm < now and alarm in promised)
        if became_definite and was is not None and now is not None:
            assert min(was, now) == (alarm or now)
        elif alarm is not None:
            assert alarm == before, "no other change of the calendar makes an alarm date"


@pytest.mark.req("R-45")
@given(st.dates(date(2026, 1, 5), date(2026, 6, 30)), st.integers(0, 40), st.integers(1, 20))
def test_days_left_count_to_the_alarm_and_overdue_to_the_due_date(start: date, ahead: int, more: int) -> None:
    warn_on = start + timedelta(days=ahead)
    due_on = next(d for d in (warn_on + timedelta(days=more + n) for n in range(4)) if PLAIN.is_workday(d))
    facts = {"due_on": due_on, "statutory_on": None, "calendar": PLAIN, "warn_on": warn_on}
    found = alarms(today=start, **facts)
    assert {alarm.kind for alarm in found} <= {"left"} and all(alarm.due_on == warn_on for alarm in found)
    assert bool(found) == (workdays_between(start, warn_on, PLAIN) <= 10)
    late = alarms(today=due_on + timedelta(days=1), **facts)
    assert [(alarm.kind, alarm.due_on) for alarm in late] == [("overdue", due_on), ("head", due_on)]
    chosen = next_alarm_on(today=start, **facts)
    assert PLAIN.is_workday(chosen)
    day = start + timedelta(days=1)
    while day < chosen:
        fresh = set(alarms(today=day, **facts)) - set(alarms(today=day - timedelta(days=1), **facts))
        assert not (fresh and PLAIN.is_workday(day) and day - timedelta(days=1) > start), (day, fresh)
        day += timedelta(days=1)


# on cases

pytest_db = pytest.mark.django_db


def publish(*entries: DayEntry, base: int = 0) -> None:
    """The notice for 2027 comes out, and open cases hear of it."""
    keeper = world.official("AQSIQ", "national_admin", name="历明")
    publish_version(
        year=2027, base_version=base, days=entries, source="国办发明电〔2026〕9号", reason="公布 2027 年安排",
        actor=world.actor(keeper), at=world.at(date(2026, 12, 1)),
    )  # fmt: skip
    recompute_open_cases(_news())


def _news() -> Heard:
    return last_event("workdays.calendar_published")


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


@pytest_db
@pytest.mark.req("R-45")
def test_the_example_of_the_specification() -> None:
    case = world.accepted(world.Cast(), day=ACCEPTED)
    assert (case.due_on, case.due_provisional, case.alarm_on) == (PROVISIONAL, True, None)
    publish(*MOVING)
    now = fresh(case)
    assert (now.due_on, now.due_provisional, now.alarm_on) == (DEFINITE, False, PROVISIONAL)
    recompute_open_cases(_news())
    assert fresh(case).alarm_on == PROVISIONAL, "hearing it again changes nothing"
    assert fresh(case).version == now.version


@pytest_db
@pytest.mark.parametrize(
    "entries",
    [
        MOVING[:1],
        (MOVING[0], DayEntry(date(2027, 1, 2), "makeup_workday", "元旦")),
    ],
    ids=["the same date", "an earlier date"],
)
def test_a_date_that_does_not_come_later_needs_no_alarm_date(entries: tuple[DayEntry, ...]) -> None:
    case = world.accepted(world.Cast(), day=ACCEPTED)
    publish(*entries)
    now = fresh(case)
    assert now.due_on is not None and now.due_on <= PROVISIONAL and now.alarm_on is None


@pytest_db
def test_a_later_correction_of_the_calendar_keeps_it_while_it_is_the_earlier() -> None:
    case = world.accepted(world.Cast(), day=ACCEPTED)
    publish(*MOVING)
    publish(*MOVING, DayEntry(date(2027, 1, 5), "holiday", "元旦"), base=1)
    assert (fresh(case).due_on, fresh(case).alarm_on) == (date(2027, 1, 7), PROVISIONAL)
    publish(MOVING[0], base=2)
    assert (fresh(case).due_on, fresh(case).alarm_on) == (PROVISIONAL, None)


def _moved(cast: world.Cast) -> Application:
    case = world.pending(cast, day=ACCEPTED)
    publish(*MOVING)
    return fresh(case)


@pytest_db
@pytest.mark.req("R-45")
def test_warnings_come_by_the_earlier_date_and_overdue_by_the_real_one() -> None:
    cast = world.Cast()
    case, calendar, done = _moved(cast), calendar_book().for_division("320583"), []
    while (when := fresh(case).next_check_at) is not None and shanghai_date(when) <= date(2027, 1, 7):
        done.append((shanghai_date(when), clockwork.tick(public_id=case.public_id, at=when)))
    spoken = [(day, what) for day, what in done if what]
    left = [(workdays_between(day, PROVISIONAL, calendar), what) for day, what in spoken if what == "left"]
    assert left == [(10, "left"), (5, "left"), (2, "left"), (0, "left")]
    assert spoken[-1] == (date(2027, 1, 7), "overdue,head")
    assert set(ClockAlarm.objects.filter(kind="left").values_list("due_on", flat=True)) == {PROVISIONAL}
    assert ClockAlarm.objects.get(kind="overdue").due_on == DEFINITE


@pytest_db
def test_a_warning_given_before_the_move_is_not_given_again() -> None:
    case = world.pending(world.Cast(), day=ACCEPTED)
    first = case.next_check_at
    assert first is not None and clockwork.tick(public_id=case.public_id, at=first) == "left"
    publish(*MOVING)
    assert clockwork.tick(public_id=case.public_id, at=first + timedelta(hours=1)) == ""
    assert ClockAlarm.objects.filter(application=case).count() == 1


@pytest_db
@pytest.mark.req("R-45")
def test_a_pause_that_closes_drops_it() -> None:
    cast = world.Cast()
    case, at = _moved(cast), world.at(date(2026, 12, 2))
    row = pauses.pause(
        public_id=case.public_id, expected_version=case.version, ground="hearing", started_on=shanghai_date(at),
        expected_until=date(2026, 12, 10), notice="听证。", actor=world.actor(cast.approver), at=at,
    )  # fmt: skip
    assert fresh(case).alarm_on is None
    pauses.resume(
        public_id=case.public_id, expected_version=fresh(case).version, pause_id=row.public_id,
        ended_on=date(2026, 12, 4), actor=world.actor(cast.approver), at=world.at(date(2026, 12, 4)),
    )  # fmt: skip
    assert fresh(case).alarm_on is None and fresh(case).due_on == date(2027, 1, 8)


@pytest_db
@pytest.mark.req("R-45")
def test_an_extension_drops_it() -> None:
    cast, head = world.Cast(), world.official("320000", "head")
    case, common = _moved(cast), {"at": world.at(date(2026, 12, 2))}
    extension.propose_extension(
        public_id=case.public_id, expected_version=case.version, days=5, reasons="核实。",
        actor=world.actor(cast.approver), **common,
    )  # fmt: skip
    assert fresh(case).alarm_on == PROVISIONAL, "a wish moves no clock"
    extension.decide_extension(
        public_id=case.public_id, expected_version=fresh(case).version, granted=True, actor=world.actor(head),
        **common,
    )  # fmt: skip
    assert fresh(case).alarm_on is None and fresh(case).due_on == date(2027, 1, 13)


# who sees it


@pytest_db
@pytest.mark.req("R-45")
def test_the_official_reads_of_it_and_the_applicant_never() -> None:
    cast = world.Cast()
    case = _moved(cast)
    page = signed_in(cast.approver).get(f"/cases/{case.public_id}/clock/").content.decode()
    assert "内部提醒日期" in page and "1 月 5 日" in page.replace("1月5日", "1 月 5 日")
    applicant = signed_in(cast.applicant)
    for address in (f"/cases/{case.public_id}/", "/cases/"):
        assert "内部提醒日期" not in applicant.get(address).content.decode()
    told = Robot.of(cast.applicant, cast.enterprise).get(f"applications/{case.public_id}/").json()
    assert told["due_on"] == str(DEFINITE) and "alarm_on" not in told


@pytest_db
def test_the_warning_tells_officials_both_dates() -> None:
    cast = world.Cast()
    case = _moved(cast)
    when = fresh(case).next_check_at
    assert when is not None and clockwork.tick(public_id=case.public_id, at=when) == "left"
    Message.objects.all().delete()
    hear_all("licensing.alarm")
    assert kinds_of(cast.approver) == ["licensing.desk.left_early"] and kinds_of(cast.applicant) == []
    notice = notice_of(Message.objects.get(recipient=cast.approver))
    assert "内部提醒日期" in notice.title and "1月6日" in notice.body.replace(" ", "")


@pytest_db
@pytest.mark.req("R-45")
def test_applicants_are_told_when_a_date_moves_and_only_then() -> None:
    moved, kept = world.Cast(), world.Cast()
    world.accepted(moved, day=ACCEPTED)
    world.accepted(kept, day=date(2026, 11, 2))
    publish(*MOVING)
    Message.objects.all().delete()
    hear_all("licensing.due_recomputed")
    hear_all("licensing.due_recomputed")
    assert kinds_of(moved.applicant) == ["licensing.due_moved"] and kinds_of(kept.applicant) == []
    notice = notice_of(Message.objects.get(recipient=moved.applicant))
    assert "1月6日" in notice.title.replace(" ", "") and "1月5日" in notice.body.replace(" ", "")


@pytest_db
def test_a_date_that_only_became_definite_is_no_news_to_the_applicant() -> None:
    cast = world.Cast()
    case = world.accepted(cast, day=ACCEPTED)
    publish(MOVING[0])
    assert not fresh(case).due_provisional
    Message.objects.all().delete()
    hear_all("licensing.due_recomputed")
    assert kinds_of(cast.applicant) == []


@pytest_db
def test_the_date_of_a_filing_that_waits_is_told_too() -> None:
    cast = world.Cast()
    day = date(2026, 12, 29)
    case = world.submitted(cast, day=day)
    before = case.next_due_on
    publish(*MOVING)
    assert fresh(case).next_due_on > before and fresh(case).alarm_on is None
    Message.objects.all().delete()
    hear_all("licensing.due_recomputed")
    assert kinds_of(cast.applicant) == ["licensing.due_moved"]
