"""When a limit ends: the vectors and examples of DOMAIN §4."""

import json
from datetime import date
from pathlib import Path

import pytest

from core.workdays.rules import (
    Due,
    OuterLimit,
    Pause,
    WorkCalendar,
    add_months,
    after_calendar_change,
    days_used,
    deemed_acceptance,
    due,
    due_date,
    extended_due_date,
    last_timely_renewal_day,
    outer_limit,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "deadline_vectors.json").read_text(encoding="utf-8"))
NOTHING_KNOWN = WorkCalendar()


def d(text: str) -> date:
    return date.fromisoformat(text)


def test_there_are_thirty_two_vectors() -> None:
    assert {row["id"] for row in VECTORS} == {f"V{n:02}" for n in range(1, 33)}


@pytest.mark.req("R-45", "K1", "K2", "K5", "K10", "K15")
@pytest.mark.parametrize("row", VECTORS, ids=[row["id"] for row in VECTORS])
def test_vector(row: dict, official: WorkCalendar) -> None:
    pauses = [Pause(d(start), d(end)) for start, end in row["pauses"]]
    found = due(d(row["start"]), row["working_days"], "workday", pauses, official)
    assert found == Due(d(row["due"]), provisional=False)
    assert days_used(d(row["start"]), pauses, official, d(row["due"])) == row["working_days"]


@pytest.mark.req("K12")
def test_statutory_limit_in_both_units(official: WorkCalendar) -> None:
    limit = outer_limit(d("2015-08-04"), 60, (), official)
    assert limit == OuterLimit(workday=d("2015-11-03"), calendar=d("2015-10-08"))
    assert limit.earlier == d("2015-10-08")


@pytest.mark.req("K12")
def test_statutory_limit_takes_the_same_pauses(official: WorkCalendar) -> None:
    pauses = [Pause(d("2015-08-10"), d("2015-08-24"))]
    # fourteen calendar days out: 2015-10-03 becomes 2015-10-17, a Saturday, so Monday the 19th
    assert outer_limit(d("2015-08-04"), 60, pauses, official).calendar == d("2015-10-19")
    assert outer_limit(d("2015-08-04"), 60, [Pause(d("2015-08-10"))], official).earlier is None


@pytest.mark.req("K16")
def test_only_calendar_limits_move_off_a_holiday(official: WorkCalendar) -> None:
    assert due_date(d("2015-08-04"), 59, "calendar", (), official) == d("2015-10-08")
    assert due_date(d("2015-10-01"), 30, "calendar", (), official) == d("2015-11-02")


@pytest.mark.req("K17", "K16")
@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2020-08-31", -6, "2020-02-29"),
        ("2019-08-31", -6, "2019-02-28"),
        ("2015-09-16", 60, "2020-09-16"),
        ("2016-02-29", 60, "2021-02-28"),
        ("2015-12-31", 2, "2016-02-29"),
        ("2015-01-15", -1, "2014-12-15"),
        ("2015-11-30", 1, "2015-12-30"),
    ],
)
def test_months_end_on_the_corresponding_day(day: str, months: int, expected: str) -> None:
    assert add_months(d(day), months) == d(expected)


@pytest.mark.req("K17")
def test_last_timely_day_of_a_renewal() -> None:
    assert last_timely_renewal_day(d("2020-08-31")) == d("2020-02-29")


@pytest.mark.req("K11")
def test_extension_of_ten_days(official: WorkCalendar) -> None:
    assert extended_due_date(d("2025-09-22"), 30, 10, (), official) == d("2025-11-21")


@pytest.mark.req("K11", "K12")
def test_extension_never_passes_the_earlier_statutory_date(official: WorkCalendar) -> None:
    start = d("2025-09-19")
    assert due_date(start, 45, "workday", (), official) == d("2025-11-27")
    assert outer_limit(start, 60, (), official).earlier == d("2025-11-18")
    assert extended_due_date(start, 35, 10, (), official) == d("2025-11-18")


@pytest.mark.req("K11")
@pytest.mark.parametrize("days", [0, 11])
def test_extension_is_one_to_ten_days(days: int, official: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        extended_due_date(d("2025-09-22"), 30, days, (), official)


@pytest.mark.req("K13", "K15")
def test_silence_accepts_as_of_the_day_of_receipt(official: WorkCalendar) -> None:
    deemed = deemed_acceptance(d("2015-09-30"), official)
    assert (deemed.notice_by, deemed.effective_on) == (d("2015-10-13"), d("2015-10-14"))
    assert deemed.accepted_on == d("2015-09-30")
    assert due_date(deemed.accepted_on, 30, "workday", (), official) == d("2015-11-17")


@pytest.mark.req("K5", "K6")
def test_open_pause_leaves_the_end_unknown(official: WorkCalendar) -> None:
    pauses = [Pause(d("2015-09-10"))]
    assert due(d("2015-09-01"), 30, "workday", pauses, official) == Due(None)
    # 2, 6, 7, 8, 9, 10 September count; 3 and 4 are holidays, 6 is a make-up Sunday
    assert days_used(d("2015-09-01"), pauses, official, d("2015-12-31")) == 6


@pytest.mark.req("K4", "K10")
def test_pause_opened_after_the_last_day_hides_no_delay(official: WorkCalendar) -> None:
    for opened in ("2015-09-16", "2015-09-20"):
        assert due_date(d("2015-08-04"), 30, "workday", [Pause(d(opened))], official) == d("2015-09-16")
    assert due_date(d("2015-08-04"), 30, "workday", [Pause(d("2015-09-15"))], official) is None


@pytest.mark.req("K7")
def test_pause_without_written_notice_does_not_count(official: WorkCalendar) -> None:
    pauses = [Pause(d("2015-08-10"), d("2015-08-20"), notified=False), Pause(d("2015-08-24"), notified=False)]
    assert due_date(d("2015-08-04"), 30, "workday", pauses, official) == d("2015-09-16")


@pytest.mark.req("K22")
def test_of_a_test_across_acceptance_only_the_later_part_counts(official: WorkCalendar) -> None:
    whole = [Pause(d("2015-08-20"), d("2015-10-12"))]
    later = [Pause(d("2015-09-01"), d("2015-10-12"))]
    before = [Pause(d("2015-08-20"), d("2015-09-01"))]
    start = d("2015-09-01")
    assert due_date(start, 30, "workday", whole, official) == due_date(start, 30, "workday", later, official)
    assert due_date(start, 30, "workday", before, official) == due_date(start, 30, "workday", (), official)


@pytest.mark.req("K14")
def test_silence_on_a_resubmission_accepts_as_of_it(official: WorkCalendar) -> None:
    deemed = deemed_acceptance(d("2024-09-28"), official)
    assert (deemed.notice_by, deemed.accepted_on) == (d("2024-10-10"), d("2024-09-28"))


@pytest.mark.req("K26")
def test_between_a_barred_laboratory_and_the_next_the_clock_runs(official: WorkCalendar) -> None:
    barred, chosen_anew = Pause(d("2015-10-13"), d("2015-10-20")), Pause(d("2015-10-23"), d("2015-11-06"))
    # 21, 22 and 23 October are counted between the two
    used = days_used(d("2015-10-12"), [barred, chosen_anew], official, d("2015-11-06"))
    assert used == 1 + 3


def test_pause_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Pause(d("2015-09-10"), d("2015-09-09"))


@pytest.mark.parametrize(("limit", "unit"), [(0, "workday"), (-1, "calendar"), (5, "weeks")])
def test_impossible_limits_are_refused(limit: int, unit: str, official: WorkCalendar) -> None:
    with pytest.raises(ValueError):
        due_date(d("2015-08-04"), limit, unit, (), official)


@pytest.mark.req("K2")
def test_missing_year_gives_a_provisional_date(official: WorkCalendar) -> None:
    assert due(d("2026-11-23"), 30, "workday", (), official) == Due(d("2027-01-05"), provisional=True)
    assert due(d("2026-11-19"), 30, "workday", (), official) == Due(d("2026-12-31"), provisional=False)


@pytest.mark.req("K2")
@pytest.mark.parametrize("year", [1950, 2003, 2027, 2051, 2199, 9990])
def test_no_year_is_an_error(year: int) -> None:
    found = due(date(year, 4, 25), 30, "workday", (), NOTHING_KNOWN)
    assert found.date is not None and found.provisional
    assert not NOTHING_KNOWN.is_workday(date(year, 10, 1))


@pytest.mark.req("K2")
def test_statutory_days_of_2027() -> None:
    off = {"01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15"}
    off |= {"10-01", "10-02", "10-03"}
    for text in off:
        status = NOTHING_KNOWN.day(d(f"2027-{text}"))
        assert (status.workday, status.reason, status.provisional) == (False, "holiday", True), text
    assert NOTHING_KNOWN.is_workday(d("2027-01-04"))
    assert NOTHING_KNOWN.is_workday(d("2027-02-09")), "no guesses at days a notice might add"


def test_one_more_day_each_from_2025() -> None:
    assert NOTHING_KNOWN.is_workday(d("2024-02-09")) and not NOTHING_KNOWN.is_workday(d("2025-01-28"))
    assert NOTHING_KNOWN.is_workday(d("2024-05-02")) and not NOTHING_KNOWN.is_workday(d("2025-05-02"))


def test_changed_calendar_keeps_the_earlier_date_as_alarm() -> None:
    provisional = Due(d("2027-01-05"), provisional=True)
    later = after_calendar_change(provisional, Due(d("2027-01-06")))
    assert (later.due.date, later.alarm, later.moved) == (d("2027-01-06"), d("2027-01-05"), True)
    earlier = after_calendar_change(provisional, Due(d("2027-01-04")))
    assert (earlier.alarm, earlier.moved) == (d("2027-01-04"), True)
    settled = after_calendar_change(provisional, Due(d("2027-01-05")))
    assert (settled.alarm, settled.moved) == (d("2027-01-05"), False)
    known = after_calendar_change(Due(d("2015-09-14")), Due(d("2015-09-16")))
    assert (known.alarm, known.moved) == (d("2015-09-16"), True)
