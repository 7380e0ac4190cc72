"""Legal dates for users of the clock: Asia/Shanghai everywhere, never a date from UTC (K19)."""

from core.lifecycle.dates import SHANGHAI, shanghai_date, shanghai_midnight

__all__ = ["SHANGHAI", "shanghai_date", "shanghai_midnight"]
