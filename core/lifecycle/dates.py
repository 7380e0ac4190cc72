"""Legal dates, and how they are written. The only door from an instant to a date: Asia/Shanghai, never UTC (K19)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_date(instant: datetime) -> date:
    """The legal date of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a legal date needs an instant with a time zone")
    return instant.astimezone(SHANGHAI).date()


def long_date(day: date) -> str:
    """A date in words, in the reader's language: 2015 年 12 月 2 日, 2 December 2015."""
    if (get_language() or "").startswith("en"):
        return date_format(day, "j F Y")
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def shanghai_midnight(day: date) -> datetime:
    """The instant a legal day begins."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
