"""Cells as people and machines write them, made canonical: widths, dates, lists, addresses. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from licensing.imports.columns import SEPARATORS

_WIDE: Final = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DATE: Final = re.compile(
    r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))", re.ASCII
)
_MIDNIGHT: Final = re.compile(r"[T ]00?:00(:00(\.0+)?)?$")
_DIVISION: Final = re.compile(r"\(?(\d{6})\)?[\s:,]*", re.ASCII)
_SPLIT: Final = re.compile(f"[{re.escape(SEPARATORS)}]")


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones; Chinese stays as it is."""
    return text.translate(_WIDE)


def compact(text: str) -> str:
    """Half-width without any blanks: for codes and for comparing."""
    return "".join(half_width(text).split())


def folded(text: str) -> str:
    """For recognising a name, whatever its widths, blanks and capitals."""
    return compact(text).casefold()


def clean(text: str) -> str:
    """Runs of blanks as one, none at the ends."""
    return " ".join(text.split())


def unprintable(text: str) -> tuple[int, str] | None:
    """Place (from 1) and code point of the first character that nobody can see or print; None where all can stand."""
    for place, character in enumerate(text, start=1):
        if not character.isprintable() and character not in "\n\r\t\u3000\u00a0":
            return place, f"U+{ord(character):04X}"
    return None


def read_date(text: str) -> date | None:
    """2013-05-06, 2013/5/6, 20130506, 2013年5月6日, with a midnight behind it or without; None for anything else."""
    found = _DATE.fullmatch(_MIDNIGHT.sub("", half_width(text).strip()))
    if found is None:
        return None
    year, month, day = found[1], found[2] or found[4], found[3] or found[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def several(text: str) -> list[str]:
    """What stands in one cell side by side, each once, in its order."""
    return list(dict.fromkeys(part for raw in _SPLIT.split(text) if (part := clean(raw))))


def addressed(text: str) -> tuple[str, str]:
    """Division code (empty if none) and the rest of `320583 周市镇优比路 12 号`."""
    found = _DIVISION.match(half_width(text))
    if found is None or text[found.end() : found.end() + 1].isdigit():
        return "", text
    return found[1], text[found.end() :].strip()


@dataclass(frozen=True)
class Place:
    """A division with everything above it; a node that only groups (市辖区) adds no name."""

    code: str
    ladder: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return "".join(self.ladder)


def street_of(address: str, place: Place) -> str:
    """The part of an address below its division: 江苏省苏州市昆山市春晖路 → 春晖路, and 昆山市春晖路 as well."""
    rest = address
    for name in place.ladder:
        rest = rest.removeprefix(name).lstrip()
    return rest or address
