"""DOMAIN §4.5 against the reference algorithm of §4.4, written once more here from its text."""

from datetime import date, timedelta
from itertools import pairwise

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workdays.rules import Pause, WorkCalendar, days_used, due_date, explain, merge

STARTS = st.dates(date(2004, 1, 1), date(2024, 6, 30))
LIMITS = st.integers(1, 80)
UNITS = st.sampled_from(["workday", "calendar"])


@st.composite
def pause_lists(draw: st.DrawFn) -> list[Pause]:
    base = draw(STARTS)
    found = []
    for _ in range(draw(st.integers(0, 4))):
        start = base + timedelta(days=draw(st.integers(-20, 120)))
        found.append(Pause(start, start + timedelta(days=draw(st.integers(0, 40)))))
    return [Pause(base), *found] if draw(st.integers(0, 9)) == 0 else found


@st.composite
def cases(draw: st.DrawFn) -> tuple[date, list[Pause]]:
    pauses = draw(pause_lists())
    around = pauses[0].start if pauses else draw(STARTS)
    return max(around + timedelta(days=draw(st.integers(-100, 30))), date(2004, 1, 1)), pauses


def naive(start: date, n: int, pauses: list[tuple[date, date]], unit: str) -> date:
    d, k = start, 0
    while k < n:
        d += timedelta(days=1)
        if any(f < d <= t for f, t in pauses):
            continue
        if unit == "calendar" or chinese_calendar.is_workday(d):
            k += 1
    while not chinese_calendar.is_workday(d):
        d += timedelta(days=1)
    return d


def closed(pauses: list[Pause]) -> list[Pause]:
    return [pause for pause in pauses if pause.end is not None]


@pytest.mark.req("R-45", "K1", "K10", "K16")
@settings(max_examples=300, deadline=None)
@given(cases(), LIMITS, UNITS)
def test_equals_the_reference_algorithm(official: WorkCalendar, case, limit, unit) -> None:
    start, pauses = case[0], closed(case[1])
    expected = naive(start, limit, [(p.start, p.end) for p in pauses], unit)
    assert due_date(start, limit, unit, pauses, official) == expected


@pytest.mark.req("K1")
@given(STARTS, LIMITS, LIMITS)
def test_limits_add_up(official: WorkCalendar, start, a, b) -> None:
    halfway = due_date(start, a, "workday", (), official)
    assert due_date(start, a + b, "workday", (), official) == due_date(halfway, b, "workday", (), official)


@pytest.mark.req("K2", "K16")
@given(cases(), LIMITS, UNITS)
def test_always_a_working_day(official: WorkCalendar, case, limit, unit) -> None:
    found = due_date(case[0], limit, unit, closed(case[1]), official)
    assert chinese_calendar.is_workday(found)


@pytest.mark.req("K10")
@given(cases(), LIMITS, UNITS, st.integers(-10, 90), st.integers(0, 30))
def test_one_more_pause_never_makes_it_earlier(
    official: WorkCalendar, case, limit, unit, offset, length
) -> None:
    start, pauses = case[0], closed(case[1])
    first = start + timedelta(days=offset)
    more = [*pauses, Pause(first, first + timedelta(days=length))]
    assert due_date(start, limit, unit, more, official) >= due_date(start, limit, unit, pauses, official)


@pytest.mark.req("K8", "K10")
@given(cases(), LIMITS, st.integers(0, 90))
def test_a_pause_without_working_days_changes_nothing(official: WorkCalendar, case, limit, offset) -> None:
    start, pauses = case[0], closed(case[1])
    free = start + timedelta(days=offset)
    while chinese_calendar.is_workday(free):
        free += timedelta(days=1)
    more = [*pauses, Pause(free - timedelta(days=1), free)]
    assert due_date(start, limit, "workday", more, official) == due_date(
        start, limit, "workday", pauses, official
    )


@pytest.mark.req("K10")
@given(pause_lists())
def test_merged_pauses_cover_the_same_days(pauses) -> None:
    spans = merge(pauses)
    assert all(a[1] is not None and a[1] < b[0] for a, b in pairwise(spans))
    for day in {p.start + timedelta(days=n) for p in pauses for n in range(-1, 60)}:
        assert any(p.covers(day) for p in pauses) == any(
            s < day and (e is None or day <= e) for s, e in spans
        )


@pytest.mark.req("R-45", "K3")
@settings(deadline=None)
@given(cases(), LIMITS, UNITS, st.integers(0, 150))
def test_the_explanation_agrees_with_due_date_and_use(
    official: WorkCalendar, case, limit, unit, later
) -> None:
    start, pauses = case
    today = start + timedelta(days=later)
    rows = explain(start, limit, unit, pauses, official, today)
    days = [row.date for row in rows]
    assert days == [start + timedelta(days=n) for n in range(len(rows))], "one row per calendar day"
    due = due_date(start, limit, unit, pauses, official)
    assert [row.date for row in rows if row.is_due] == ([due] if due else [])
    counted = [row for row in rows if row.counted]
    assert [row.number for row in counted] == list(range(1, len(counted) + 1))
    if due is None or today <= due:
        used = days_used(start, pauses, official, today, unit)
        assert min(used, limit) == sum(row.date <= today for row in counted)
    assert all(row.late == (due is not None and row.date > due) for row in rows)
