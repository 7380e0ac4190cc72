"""Days off that the law itself names, for a year whose notice is not out (DOMAIN §4.3).

Pure. Source: 《全国年节及纪念日放假办法》 (L4), 2013 text and, from 2025, 2024 text. Festival dates of the
lunar calendar and 清明 stand in `reference/festivals.csv`; beyond it only the fixed dates are known.
"""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

FESTIVALS = Path(__file__).with_name("reference") / "festivals.csv"

NEW_YEAR = "元旦"
SPRING_FESTIVAL = "春节"
QINGMING = "清明节"
LABOUR_DAY = "劳动节"
DRAGON_BOAT = "端午节"
MID_AUTUMN = "中秋节"
NATIONAL_DAY = "国庆节"

# (name, month, day, first year of that rule)
FIXED_DAYS = (
    (NEW_YEAR, 1, 1, 0),
    (LABOUR_DAY, 5, 1, 0),
    (LABOUR_DAY, 5, 2, 2025),
    (NATIONAL_DAY, 10, 1, 0),
    (NATIONAL_DAY, 10, 2, 0),
    (NATIONAL_DAY, 10, 3, 0),
)
# (column of the table, name, days from the festival, first year of that rule)
FESTIVAL_DAYS = (
    ("spring_festival", SPRING_FESTIVAL, -1, 2025),
    ("spring_festival", SPRING_FESTIVAL, 0, 0),
    ("spring_festival", SPRING_FESTIVAL, 1, 0),
    ("spring_festival", SPRING_FESTIVAL, 2, 0),
    ("qingming", QINGMING, 0, 0),
    ("dragon_boat", DRAGON_BOAT, 0, 0),
    ("mid_autumn", MID_AUTUMN, 0, 0),
)


@lru_cache(maxsize=1)
def festival_table() -> Mapping[int, Mapping[str, date]]:
    """Year → festival → date, as far as the reference file goes."""
    with FESTIVALS.open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {
                int(row.pop("year")): {name: date.fromisoformat(day) for name, day in row.items()}
                for row in csv.DictReader(file)
            }
        )


@lru_cache(maxsize=256)
def statutory_days(year: int) -> Mapping[date, str]:
    """Statutory days off of a year with their names; no make-up days. Never raises for a plausible year."""
    days = {date(year, month, day): name for name, month, day, since in FIXED_DAYS if year >= since}
    festivals = festival_table().get(year, {})
    for column, name, offset, since in FESTIVAL_DAYS:
        if column in festivals and year >= since:
            days.setdefault(festivals[column] + timedelta(days=offset), name)
    return MappingProxyType(dict(sorted(days.items())))
