"""Legal dates for users of the clock: Asia/Shanghai everywhere, never a date from UTC (K19)."""

from datetime import timedelta

from core.lifecycle.dates import SHANGHAI, shanghai_date, shanghai_midnight

ONE_DAY = timedelta(days=1)

__all__ = ["ONE_DAY", "SHANGHAI", "shanghai_date", "shanghai_midnight"]
