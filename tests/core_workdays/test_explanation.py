"""Why each day counts or does not."""

from datetime import date

import pytest

from core.lifecycle.law import Clause
from core.workdays.labels import row_label
from core.workdays.rules import Ground, Pause, WorkCalendar, explain


def d(text: str) -> date:
    return date.fromisoformat(text)


def by_day(rows) -> dict:
    return {row.date.isoformat(): row for row in rows}


@pytest.mark.req("R-45", "K1", "K2", "K10")
def test_every_day_has_its_reason(official: WorkCalendar) -> None:
    clause = Clause("L1", "第四十五条")
    test = Pause(d("2015-09-10"), d("2015-10-12"), Ground.TESTING, clause)
    hearing = Pause(d("2015-09-11"), d("2015-09-15"), Ground.HEARING, clause)
    rows = by_day(explain(d("2015-09-01"), 30, "workday", [test, hearing], official, d("2015-09-10")))
    assert [min(rows), max(rows)] == ["2015-09-01", "2015-11-13"]
    assert rows["2015-09-01"].reason == "acceptance_day" and rows["2015-09-01"].number is None
    assert (rows["2015-09-02"].reason, rows["2015-09-02"].number) == ("workday", 1)
    assert rows["2015-09-03"].reason == "holiday" and not rows["2015-09-03"].counted
    assert rows["2015-09-05"].reason == "weekend"
    assert (rows["2015-09-06"].reason, rows["2015-09-06"].number) == ("makeup_workday", 2)
    assert rows["2015-09-10"].number == 6 and rows["2015-09-10"].is_today, "the start-event day counts"
    assert rows["2015-09-11"].reason == "pause" and rows["2015-09-11"].pauses == (test,)
    assert rows["2015-09-14"].pauses == (test, hearing)
    assert rows["2015-09-12"].reason == "weekend" and rows["2015-09-12"].pauses == (test, hearing)
    assert rows["2015-10-12"].reason == "pause", "the end-event day does not count"
    assert rows["2015-10-13"].number == 7
    assert rows["2015-11-13"].number == 30 and rows["2015-11-13"].is_due
    assert row_label(rows["2015-09-14"]) == (
        "不计入时限 · 产品检验（《行政许可法》第四十五条） · 听证（《行政许可法》第四十五条）"
    )
    assert row_label(rows["2015-09-03"]) == "法定节假日 · 名"


@pytest.mark.req("K7")
def test_pause_without_notice_explains_nothing(official: WorkCalendar) -> None:
    untold = Pause(d("2015-09-10"), d("2015-10-12"), notified=False)
    rows = by_day(explain(d("2015-09-01"), 30, "workday", [untold], official, d("2015-09-10")))
    assert rows["2015-09-11"].number == 7 and rows["2015-09-11"].pauses == ()


@pytest.mark.req("K16")
def test_calendar_limit_shows_the_days_it_is_carried_over(official: WorkCalendar) -> None:
    rows = by_day(explain(d("2015-08-04"), 60, "calendar", (), official, d("2015-08-04")))
    assert rows["2015-10-03"].number == 60 and rows["2015-10-03"].reason == "calendar_day"
    assert {rows[f"2015-10-0{n}"].reason for n in range(4, 9)} == {"carried_over"}
    assert rows["2015-10-08"].is_due and not rows["2015-10-08"].counted


@pytest.mark.req("K4")
def test_days_after_the_end_are_late(official: WorkCalendar) -> None:
    rows = by_day(explain(d("2015-08-04"), 30, "workday", (), official, d("2015-09-18")))
    assert not rows["2015-09-16"].late and rows["2015-09-17"].late
    assert rows["2015-09-18"].number == 32


def test_open_pause_ends_the_table_today(official: WorkCalendar) -> None:
    rows = explain(d("2015-09-01"), 30, "workday", [Pause(d("2015-09-10"))], official, d("2015-09-14"))
    assert rows[-1].date == d("2015-09-14") and not any(row.is_due for row in rows)


@pytest.mark.req("K2")
def test_provisional_days_say_so(official: WorkCalendar) -> None:
    rows = by_day(explain(d("2026-11-23"), 30, "workday", (), official, d("2026-11-23")))
    assert not rows["2026-12-31"].provisional and rows["2027-01-04"].provisional
    assert rows["2027-01-01"].reason == "holiday" and rows["2027-01-05"].is_due
