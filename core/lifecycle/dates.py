"""Legal dates. The only door from an instant to a date: Asia/Shanghai, never UTC (K19)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_date(instant: datetime) -> date:
    """The legal date of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a legal date needs an instant with a time zone")
    return instant.astimezone(SHANGHAI).date()


def shanghai_midnight(day: date) -> datetime:
    """The instant a legal day begins."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
