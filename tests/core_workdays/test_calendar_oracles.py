"""Every day of the calendar of record against two independent packages; the festival table against one."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from django.core.management import call_command

from core.workdays.models import CalendarVersion
from core.workdays.queries import calendar_for
from core.workdays.statutory import festival_table, statutory_days

# The packages disagree on one day: the notice for New Year 2006 may have made this Saturday a working day.
DISPUTED = {date(2005, 12, 31)}
WORKDAYS_IN_YEAR = {2015: 249, 2019: 250, 2020: 249, 2024: 251, 2025: 248, 2026: 248}
MAKEUP_DAYS = {
    2015: "01-04 02-15 02-28 09-06 10-10",
    2019: "02-02 02-03 04-28 05-05 09-29 10-12",
    2020: "01-19 04-26 05-09 06-28 09-27 10-10",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def days(first: int, last: int) -> list[date]:
    start, end = date(first, 1, 1), date(last, 12, 31)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


@pytest.fixture
def calendar(db):
    call_command("load_calendar", verbosity=0)
    return calendar_for()


@pytest.mark.req("R-45", "K2")
@pytest.mark.django_db
def test_every_day_agrees_with_both_packages(calendar) -> None:
    other = holidays.country_holidays("CN", years=range(2003, 2028))
    for day in days(2004, 2026):
        assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day
        assert not calendar.day(day).provisional
        if day not in DISPUTED:
            assert calendar.is_workday(day) == other.is_working_day(day), day


@pytest.mark.req("K2")
@pytest.mark.django_db
@pytest.mark.parametrize("year", sorted(WORKDAYS_IN_YEAR))
def test_working_days_and_makeup_days_of_the_specification(calendar, year: int) -> None:
    found = [day for day in days(year, year) if calendar.is_workday(day)]
    assert len(found) == WORKDAYS_IN_YEAR[year]
    assert " ".join(f"{day:%m-%d}" for day in found if day.weekday() >= 5) == MAKEUP_DAYS[year]


@pytest.mark.req("K2")
@pytest.mark.django_db
def test_days_name_their_notice(calendar) -> None:
    assert calendar.day(date(2015, 9, 3)).source == "国发明电〔2015〕1号"
    assert calendar.day(date(2015, 9, 6)).source == "国发明电〔2015〕1号"
    assert calendar.day(date(2020, 1, 24)).source == "国办发明电〔2019〕16号"
    assert calendar.day(date(2020, 1, 31)).source == "国办发明电〔2020〕1号"
    assert calendar.day(date(2015, 2, 19)).source == "chinesecalendar 1.11.0"
    assert calendar.day(date(2015, 2, 19)).name == "春节"


@pytest.mark.django_db
def test_loading_again_changes_nothing(calendar) -> None:
    before = list(CalendarVersion.objects.order_by("id").values())
    call_command("load_calendar", verbosity=0)
    assert list(CalendarVersion.objects.order_by("id").values()) == before
    assert {row["year"] for row in before} >= set(range(2004, 2027))


def test_festivals_agree_with_the_other_package() -> None:
    named = {
        "spring_festival": "Chinese New Year (Spring Festival)",
        "qingming": "Tomb-Sweeping Day",
        "dragon_boat": "Dragon Boat Festival",
        "mid_autumn": "Mid-Autumn Festival",
    }
    for year in range(2008, 2051):
        other = holidays.country_holidays("CN", years=year)
        for column, name in named.items():
            first = min(
                day for day in other.get_named(name, lookup="icontains") if "bserved" not in other[day]
            )
            if column == "spring_festival" and year < 2014:
                continue  # until 2013 the eve was among the days of this name
            assert festival_table()[year][column] == first, (year, column)


def test_statutory_days_are_days_off_in_every_notice() -> None:
    for year in range(2014, 2027):
        for day in statutory_days(year):
            assert not chinese_calendar.is_workday(day), day
