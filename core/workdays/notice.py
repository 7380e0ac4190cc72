"""A year's exceptional days as lines of text, the way a notice lists them, and back. Pure.

One line a day or a span, then the name: `02-05..02-11 春节`; also `2月5日至11日 春节` and `2027-02-05 春节`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

DayKind = Literal["holiday", "makeup_workday"]
Problem = Literal["unreadable", "no_such_day", "outside_year", "backwards", "twice", "name_too_long"]

HOLIDAY: DayKind = "holiday"
MAKEUP_WORKDAY: DayKind = "makeup_workday"
NAME_LENGTH = 50

_DAY = r"(?:(?P<y{0}>\d{{4}})[-/年])?(?P<m{0}>\d{{1,2}})[-/月](?P<d{0}>\d{{1,2}})日?"
_LINE = re.compile(
    _DAY.format(1)
    + r"(?:\s*(?:\.\.|至|到|~|～|—)\s*(?:"
    + _DAY.format(2)
    + r"|(?P<only>\d{1,2})日))?(?:[\s，,：:]+(?P<name>.*))?"
)


@dataclass(frozen=True, order=True)
class DayEntry:
    """One day that differs from its weekday."""

    date: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True)
class BadLine:
    """A line that cannot stand; `number` counts from 1."""

    number: int
    text: str
    problem: Problem


def parse_days(text: str, year: int, kind: DayKind) -> tuple[list[DayEntry], list[BadLine]]:
    """Read lines of one kind for one year; every bad line is reported, good ones are kept."""
    entries: dict[date, DayEntry] = {}
    bad: list[BadLine] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line:
            continue
        found = _parse_line(line, year)
        if isinstance(found, str):
            bad.append(BadLine(number, line, found))
            continue
        first, last, name = found
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if any(day in entries for day in days):
            bad.append(BadLine(number, line, "twice"))
            continue
        entries.update((day, DayEntry(day, kind, name)) for day in days)
    return sorted(entries.values()), bad


def _parse_line(line: str, year: int) -> tuple[date, date, str] | Problem:
    match = _LINE.fullmatch(line)
    if match is None:
        return "unreadable"
    part = match.groupdict()
    name = (part["name"] or "").strip()
    try:
        first = date(int(part["y1"] or year), int(part["m1"]), int(part["d1"]))
        last = first
        if part["m2"]:
            last = date(int(part["y2"] or year), int(part["m2"]), int(part["d2"]))
        elif part["only"]:
            last = first.replace(day=int(part["only"]))
    except ValueError:
        return "no_such_day"
    if first.year != year or last.year != year:
        return "outside_year"
    if last < first:
        return "backwards"
    return (first, last, name) if len(name) <= NAME_LENGTH else "name_too_long"


def format_days(entries: Iterable[DayEntry]) -> str:
    """Entries of one kind as lines, neighbouring days of one name joined."""
    lines = []
    for _key, run in groupby(enumerate(sorted(entries)), key=lambda item: _run(*item)):
        days = [entry for _index, entry in run]
        span = f"{days[0].date:%m-%d}"
        if len(days) > 1:
            span += f"..{days[-1].date:%m-%d}"
        lines.append(f"{span} {days[0].name}".strip())
    return "\n".join(lines)


def _run(index: int, entry: DayEntry) -> tuple[int, str]:
    return entry.date.toordinal() - index, entry.name


@dataclass(frozen=True)
class Difference:
    """What a new version changes: days added, taken away, or of another kind or name."""

    added: tuple[DayEntry, ...]
    removed: tuple[DayEntry, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def difference(before: Sequence[DayEntry], after: Sequence[DayEntry]) -> Difference:
    """Entries only in `after` and only in `before`; a changed day stands in both."""
    old, new = set(before), set(after)
    return Difference(tuple(sorted(new - old)), tuple(sorted(old - new)))
