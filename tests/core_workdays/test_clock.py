"""The working-day ruler."""

from collections import Counter
from datetime import date

import pytest
from django.utils import translation

from core.workdays.clock import build_clock
from core.workdays.rules import Pause, WorkCalendar


def d(text: str) -> date:
    return date.fromisoformat(text)


def kinds(clock) -> Counter:
    return Counter(cell.kind for cell in clock.cells)


@pytest.mark.req("R-45", "K1", "K5")
def test_a_running_clock(official: WorkCalendar) -> None:
    pauses = [Pause(d("2015-10-19"), d("2015-10-28"))]
    clock = build_clock(d("2015-10-12"), 30, pauses, official, d("2015-11-03"))
    # 13–16 and 19 October, then 29, 30 October, 2 and 3 November; 20–28 October holds seven working days
    assert (clock.used, clock.left, clock.paused_days, clock.overdue_by) == (9, 21, 7, 0)
    assert kinds(clock) == {"used": 8, "pause": 7, "today": 1, "left": 21}
    assert clock.due == d("2015-12-02") == clock.cells[-1].date
    assert clock.cells[15].kind == "today" and clock.cells[15].date == d("2015-11-03")
    mondays = [cell.date for cell in clock.cells if cell.week_start]
    assert mondays[:3] == [d("2015-10-19"), d("2015-10-26"), d("2015-11-02")]
    with translation.override("zh-hans"):
        assert clock.summary == (
            "30 个工作日已用 9 个，还剩 21 个，另有 7 个工作日不计入时限，最迟 2015 年 12 月 2 日"
        )


@pytest.mark.req("K1")
def test_on_the_day_of_acceptance_all_days_are_left(official: WorkCalendar) -> None:
    clock = build_clock(d("2015-08-04"), 30, (), official, d("2015-08-04"))
    assert (clock.used, clock.left) == (0, 30) and kinds(clock) == {"left": 30}


@pytest.mark.req("K4")
def test_last_day_and_the_day_after(official: WorkCalendar) -> None:
    last = build_clock(d("2015-08-04"), 30, (), official, d("2015-09-16"))
    assert (last.used, last.left, last.overdue_by) == (30, 0, 0)
    after = build_clock(d("2015-08-04"), 30, (), official, d("2015-09-21"))
    assert (after.used, after.left, after.overdue_by) == (30, 0, 3) and kinds(after)["late"] == 3
    with translation.override("zh-hans"):
        assert after.summary.startswith("30 个工作日已满，超期 3 个工作日")


@pytest.mark.req("K4")
def test_overdue_from_midnight_even_on_a_weekend(official: WorkCalendar) -> None:
    # 2015-11-13 is a Friday (vector V06)
    pauses = [Pause(d("2015-09-10"), d("2015-10-12"))]
    saturday = build_clock(d("2015-09-01"), 30, pauses, official, d("2015-11-14"))
    assert saturday.overdue_by == 1 and kinds(saturday)["late"] == 0


@pytest.mark.req("K3")
def test_decision_stops_the_clock_for_good(official: WorkCalendar) -> None:
    early = build_clock(d("2015-08-04"), 30, (), official, d("2016-05-01"), closed_on=d("2015-08-11"))
    assert (early.used, early.left, early.overdue_by) == (5, 25, 0)
    assert kinds(early) == {"used": 5, "left": 25}
    late = build_clock(d("2015-08-04"), 30, (), official, d("2016-05-01"), closed_on=d("2015-09-18"))
    assert (late.overdue_by, kinds(late)["late"]) == (2, 2)
    with translation.override("zh-hans"):
        assert early.summary == "已办结，30 个工作日用了 5 个"
        assert late.summary == "已办结，超过 30 个工作日的时限 2 个工作日"


@pytest.mark.req("K5")
def test_open_pause_leaves_days_without_dates(official: WorkCalendar) -> None:
    clock = build_clock(d("2015-09-01"), 30, [Pause(d("2015-09-10"))], official, d("2015-09-14"))
    assert (clock.due, clock.left, clock.used, clock.paused_days, clock.paused) == (None, None, 6, 2, True)
    assert kinds(clock) == {"used": 6, "pause": 2, "left": 24}
    assert all(cell.date is None for cell in clock.cells if cell.kind == "left")
    with translation.override("zh-hans"):
        assert clock.summary == "停计中，30 个工作日已用 6 个，另有 2 个工作日不计入时限"


@pytest.mark.req("K12")
def test_calendar_days(official: WorkCalendar) -> None:
    clock = build_clock(d("2015-08-04"), 60, (), official, d("2015-10-05"), unit="calendar")
    assert (clock.used, clock.left, clock.overdue_by, clock.due) == (60, 0, 0, d("2015-10-08"))
    assert len(clock.cells) == 60


@pytest.mark.req("K2")
def test_provisional_end_is_marked(official: WorkCalendar) -> None:
    clock = build_clock(d("2026-11-23"), 30, (), official, d("2026-11-23"))
    assert clock.provisional
    with translation.override("zh-hans"):
        assert clock.summary.endswith("最迟 2027 年 1 月 5 日（暂定）")
