"""The working-day ruler: one cell for each working day of a statutory limit, as one SVG (DESIGN §6).

Positions are percentages, so a cell keeps its corners and its hatch at every width. A long ruler is drawn
twice inside the one SVG, as one row and as two, and the style sheet shows the one that fits the screen.
Nothing here reads the clock; cells are those of core.workdays.clock (date, kind, week_start, title).
"""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

MOST_CELLS = 120
TWO_ROWS_FROM = 24
ROW = 34
MINI_SLOTS = 30
HATCH = (
    '<defs><pattern id="{0}" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)">'
    '<rect class="hatch-a" width="6" height="6"/><path class="hatch-b" d="M1.5 0v6"/></pattern></defs>'
)


def fold(cells: list[Any], most: int = MOST_CELLS) -> list[Any]:
    """At most `most` cells: of a very long ruler the beginning and the present stay, the days between go."""
    if len(cells) <= most:
        return cells
    head = most // 2
    return cells[:head] + cells[-(most - head) :]


def large(clock: Any, unique: str) -> SafeString:
    """The full ruler. `unique` makes the hatch pattern's id unique on the page."""
    cells = fold(list(clock.cells))
    rows = 2 if len(cells) >= TWO_ROWS_FROM else 1
    drawn: list[str] = [_hatch(cells, unique), _row(cells, len(cells), 0, unique, titled=True)]
    if rows == 2:
        size = (len(cells) + 1) // 2
        first, second = _row(cells[:size], size, 0, unique), _row(cells[size:], size, ROW, unique)
        drawn = [drawn[0], *_grouped("ruler-wide", drawn[1]), *_grouped("ruler-narrow", first + second)]
    return format_html(
        '<svg class="ruler{}" role="img" aria-label="{}">{}</svg>',
        " ruler-two" if rows == 2 else "",
        clock.summary,
        mark_safe("".join(drawn)),
    )


def _grouped(name: str, inner: str) -> tuple[str, str, str]:
    return f'<g class="{name}">', inner, "</g>"


def _hatch(cells: list[Any], unique: str) -> SafeString:
    if not any(cell.kind == "pause" for cell in cells):
        return SafeString("")
    return format_html(HATCH, unique)


def _row(cells: list[Any], size: int, top: int, unique: str, titled: bool = False) -> str:
    """Cells of one row that has room for `size`, `top` pixels down, with a tick where a week begins."""
    gap = min(0.13, 0.13 * size / 24)
    step = 100 / (max(size, 1) - gap)
    parts: list[str] = []
    for place, cell in enumerate(cells):
        parts.append(_cell(cell, step * place, step * (1 - gap), top, unique, titled))
        if cell.week_start and place:
            at = f"{step * (place - gap / 2):.3f}%"
            parts.append(f'<line class="r-tick" x1="{at}" x2="{at}" y1="{top + 25}" y2="{top + 29}"/>')
    return "".join(parts)


def _cell(cell: Any, left: float, width: float, top: int, unique: str, titled: bool) -> SafeString:
    today = cell.kind == "today"
    inset = min(0.15, width * 0.06) if today else 0.0
    return format_html(
        '<rect class="r-{}" x="{}" y="{}" width="{}" height="{}" rx="2"{}>{}</rect>',
        cell.kind,
        f"{left + inset:.3f}%",
        top + (1 if today else 0),
        f"{width - inset * 2:.3f}%",
        20 if today else 22,
        format_html(' fill="url(#{})"', unique) if cell.kind == "pause" else "",
        format_html("<title>{}</title>", cell.title) if titled else "",
    )


def mini(clock: Any, unique: str) -> SafeString:
    """The ruler of a work list: one path for each kind of day, so that fifty rows stay light."""
    cells = fold(list(clock.cells))
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
        '<svg class="ruler-mini" viewBox="0 0 {} 10" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}{}</svg>',
        max(len(cells), MINI_SLOTS) * 4 - 1,
        clock.summary,
        _hatch(cells, unique),
        drawn,
    )
