"""The years that the package `chinesecalendar` knows, as day entries with their notices (DOMAIN §4.2).

Notice numbers are named where their text was seen; the other years name the package they were taken from.
"""

from datetime import date
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays

from core.workdays.notice import HOLIDAY, MAKEUP_WORKDAY, DayEntry

PACKAGE = f"chinesecalendar {version('chinesecalendar')}"

YEAR_SOURCES = {
    2020: "国办发明电〔2019〕16号",
    2026: "国务院办公厅关于2026年部分节假日安排的通知（2025-11-04）",
}
DAY_SOURCES = {
    **dict.fromkeys((date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)), "国发明电〔2015〕1号"),
    **dict.fromkeys((date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)), "国办发明电〔2020〕1号"),
}
_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def years() -> range:
    """The years the package covers without a gap."""
    found = {day.year for day in holidays}
    return range(min(found), max(found) + 1)


def entries(year: int) -> list[DayEntry]:
    """Days off and make-up days of a year; empty for a year the package does not know."""
    off = [DayEntry(day, HOLIDAY, _NAMES[name]) for day, name in holidays.items() if day.year == year]
    on = [DayEntry(day, MAKEUP_WORKDAY, _NAMES[name]) for day, name in workdays.items() if day.year == year]
    return sorted(off + on)


def year_source(year: int) -> str:
    return YEAR_SOURCES.get(year, PACKAGE)


def day_source(day: date) -> str:
    return DAY_SOURCES.get(day, year_source(day.year))
