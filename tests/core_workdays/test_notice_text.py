"""Reading a notice's days from text, and writing them back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays.notice import DayEntry, difference, format_days, parse_days


@pytest.mark.parametrize(
    "line",
    [
        "02-05..02-07 春节",
        "2027-02-05..2027-02-07 春节",
        "2月5日至7日 春节",
        "2月5日至2月7日，春节",
        "2027年2月5日—7日：春节",
    ],
)
def test_spellings_of_a_span(line: str) -> None:
    entries, bad = parse_days(line, 2027, "holiday")
    assert not bad
    assert entries == [DayEntry(date(2027, 2, n), "holiday", "春节") for n in (5, 6, 7)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("春节", "unreadable"),
        ("02-05春节", "unreadable"),
        ("02-30 春节", "no_such_day"),
        ("2028-02-05 春节", "outside_year"),
        ("12-31..2028-01-02 元旦", "outside_year"),
        ("02-07..02-05 春节", "backwards"),
        ("01-01 " + "长" * 51, "name_too_long"),
    ],
)
def test_bad_lines_are_named(line: str, problem: str) -> None:
    entries, bad = parse_days(f"01-01 元旦\n\n{line}", 2027, "holiday")
    assert [entry.date for entry in entries] == [date(2027, 1, 1)]
    assert [(found.number, found.problem) for found in bad] == [(3, problem)]


def test_a_day_given_twice_is_named() -> None:
    _, bad = parse_days("01-01..01-03 元旦\n01-03 元旦", 2027, "holiday")
    assert [(found.number, found.problem) for found in bad] == [(2, "twice")]


@given(
    st.dictionaries(
        st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.sampled_from(["", "春节", "国庆节 中秋节"])
    )
)
def test_text_comes_back_as_the_same_days(days: dict) -> None:
    entries = sorted(DayEntry(day, "holiday", name) for day, name in days.items())
    assert parse_days(format_days(entries), 2027, "holiday") == (entries, [])


def test_difference_names_both_sides_of_a_change() -> None:
    before = [DayEntry(date(2015, 9, 3), "holiday", "甲")]
    after = [DayEntry(date(2015, 9, 3), "holiday", "乙"), DayEntry(date(2015, 9, 6), "makeup_workday")]
    change = difference(before, after)
    assert change.added == tuple(after) and change.removed == tuple(before)
    assert not difference(before, before)
