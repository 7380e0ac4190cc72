"""The working-day ruler: one cell for each working day of a statutory limit, as one SVG (DESIGN §6).

Positions are percentages, so a cell keeps its corners and its hatch at every width. The cells stand in two halves:
side by side on a wide screen, one under the other on a phone. Nothing here reads the clock.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

MOST_CELLS = 120
TWO_ROWS_FROM = 24
GAP = 0.13
TODAY_INSET = 0.06
HATCH = (
    '<defs><pattern id="{0}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-a" width="6" height="6"/><path class="hatch-b" d="M1.5 0v6"/></pattern></defs>'
)


class Cell(Protocol):
    """What the ruler needs of a day: see core.workdays.clock."""

    date: date
    kind: str
    week_start: bool
    title: str


@dataclass(frozen=True)
class Box:
    """A cell in its half: its place counted from the half's start."""

    cell: Cell
    place: int


def fold(cells: list[Any], most: int = MOST_CELLS) -> tuple[list[Any], int]:
    """At most `most` cells and the place of the cut (-1: none). The limit's start and the present stay."""
    if len(cells) <= most:
        return cells, -1
    head = most // 2
    return cells[:head] + cells[-(most - head) :], head


def halves(cells: list[Any]) -> tuple[list[Box], list[Box]]:
    """The cells in one row or two; the first is never the shorter one."""
    size = (len(cells) + 1) // 2 if len(cells) >= TWO_ROWS_FROM else len(cells)
    first = [Box(cell, place) for place, cell in enumerate(cells[:size])]
    second = [Box(cell, place) for place, cell in enumerate(cells[size:])]
    return first, second


def large(clock: Any, unique: str) -> SafeString:
    """The full ruler. `unique` makes the hatch pattern's id unique on the page."""
    cells, cut = fold(list(clock.cells))
    first, second = halves(cells)
    size = max(len(first), 1)
    total = max(len(cells), 1)
    parts = [_hatch(cells, unique), _half(first, "ruler-a", "0", f"{100 * size / total:.3f}%", size, unique)]
    if second:
        place = f"{100 * size / total:.3f}%"
        parts.append(_half(second, "ruler-b", place, place, size, unique))
    return format_html(
        '<svg class="ruler{}" role="img" aria-label="{}"{}>{}</svg>',
        "" if second else " ruler-one",
        clock.summary,
        format_html(' data-cut="{}"', cut) if cut >= 0 else "",
        mark_safe("".join(parts)),
    )


def _hatch(cells: list[Any], unique: str) -> SafeString:
    if not any(cell.kind == "pause" for cell in cells):
        return SafeString("")
    return format_html(HATCH, unique)


def _half(boxes: list[Box], name: str, x: str, width: str, size: int, unique: str) -> SafeString:
    drawn = [_cell(box, size, unique) for box in boxes]
    drawn += [_tick(box, size) for box in boxes if box.cell.week_start and box.place]
    return format_html('<svg class="{}" x="{}" width="{}">{}</svg>', name, x, width, mark_safe("".join(drawn)))


def _cell(box: Box, size: int, unique: str) -> SafeString:
    step = 100 / size
    inset = TODAY_INSET if box.cell.kind == "today" else 0.0
    return format_html(
        '<rect class="r-{}" x="{:.3f}%" y="{}" width="{:.3f}%" height="22" rx="2"{}><title>{}</title></rect>',
        box.cell.kind,
        step * (box.place + inset),
        1 if inset else 0,
        step * (1 - GAP - inset * 2),
        format_html(' fill="url(#{})"', unique) if box.cell.kind == "pause" else "",
        box.cell.title,
    )


def _tick(box: Box, size: int) -> SafeString:
    place = f"{100 / size * (box.place - GAP / 2):.3f}%"
    return format_html('<line class="r-tick" x1="{0}" x2="{0}" y1="25" y2="29"/>', place)


def mini(clock: Any, unique: str) -> SafeString:
    """The ruler of a work list: one path for each kind of day, so that fifty rows stay light."""
    cells, _ = fold(list(clock.cells))
    paths: dict[str, list[str]] = {}
    for place, cell in enumerate(cells):
        paths.setdefault(cell.kind, []).append(f"M{place * 4} 0h3v10h-3z")
    drawn = format_html_join(
        "",
        '<path class="r-{}" d="{}"{}/>',
        (
            (kind, "".join(moves), format_html(' fill="url(#{})"', unique) if kind == "pause" else "")
            for kind, moves in paths.items()
        ),
    )
    return format_html(
        '<svg class="ruler-mini" viewBox="0 0 {} 10" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>',
        max(len(cells) * 4 - 1, 3),
        clock.summary,
        _hatch(cells, unique),
        drawn,
    )
