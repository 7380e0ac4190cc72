"""Charts as SVG with their figures in a table (DESIGN §6). Values in, a `Chart` out; `{% chart c %}` draws it.

Lengths are percentages of the drawing's own box, so text and strokes keep their size at every width, in large
type and on paper. Nothing is conveyed by colour alone: every mark has its row in the table, in the same order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

TONES = ("", "late", "wait", "ok")
SHADES = 4
"""Shades of blue that a divided bar goes through before it begins again."""
MOST_LABELS = 5
"""As many labels as stand side by side under a chart on a phone."""
MOST_VALUES = 13
"""Up to so many columns each one bears its figure; beyond, only the highest and the last."""
HEADROOM = 86.0
"""The highest column takes so much of the height in percent; its figure stands above it."""


@dataclass(frozen=True)
class Row:
    """One value with what the table says of it."""

    label: Any
    value: int
    tone: str = ""
    share: str = ""


@dataclass(frozen=True)
class Mark:
    """One bar, column, part or point; lengths in percent, written with a point."""

    row: Row
    x: str = "0"
    y: str = "0"
    width: str = "0"
    height: str = "0"
    middle: str = "0"
    shade: str = ""
    labelled: bool = True
    valued: bool = True
    anchor: str = "middle"


@dataclass(frozen=True)
class Chart:
    """What the template needs: kind is bars, columns, stack or line; without marks it is empty."""

    kind: str
    title: str
    unit: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    total: int
    path: str = ""

    @property
    def summary(self) -> str:
        """The chart in one sentence, for those who hear it."""
        if not self.marks:
            return _("还没有数据")
        most = max(self.rows, key=lambda row: row.value)
        told = {"n": len(self.rows), "label": most.label, "value": most.value, "unit": self.unit}
        if self.kind == "line":
            return _("%(n)s 个数，最高是 %(label)s：%(value)s %(unit)s") % told
        return _("%(n)s 项，合计 %(total)s %(unit)s，最多是 %(label)s：%(value)s %(unit)s") % {
            **told,
            "total": self.total,
        }

    @property
    def head(self) -> str:
        """What the first column of the table is called."""
        return _("时间") if self.kind in ("columns", "line") else _("项目")


def bars(rows: Iterable[Sequence[Any]], *, title: str, unit: str) -> Chart:
    """Horizontal bars for things counted: (label, value) or (label, value, tone); tone "late" is overdue."""
    told = _rows(rows)
    most = max((row.value for row in told), default=0)
    marks = tuple(Mark(row, width=_percent(row.value, most)) for row in told)
    return _chart("bars", told, marks, title, unit)


def columns(rows: Iterable[tuple[Any, int]], *, title: str, unit: str) -> Chart:
    """Columns over time, oldest first."""
    told = _rows(rows)
    most = max((row.value for row in told), default=0)
    step = 100 / max(len(told), 1)
    width = min(step * 0.68, 12.0)
    highest = max(range(len(told)), key=lambda place: told[place].value, default=0)
    marks = []
    for place, row in enumerate(told):
        middle = step * (place + 0.5)
        height = row.value / most * HEADROOM if most else 0.0
        valued = len(told) <= MOST_VALUES or place in (highest, len(told) - 1)
        marks.append(
            Mark(
                row, x=_number(middle - width / 2), y=_number(100 - height), width=_number(width),
                height=_number(height), middle=_number(middle), labelled=_labelled(place, len(told)), valued=valued,
            )
        )  # fmt: skip
    return _chart("columns", told, tuple(marks), title, unit)


def stack(rows: Iterable[Sequence[Any]], *, title: str, unit: str) -> Chart:
    """One bar divided into parts of a whole, such as days by stage; tones: wait (hatched), late, ok."""
    told = _rows(rows)
    total = sum(row.value for row in told)
    told = tuple(Row(row.label, row.value, row.tone, _share(row.value, total)) for row in told)
    marks, before, shade = [], 0, 0
    for row in told if total else ():
        name = row.tone or f"{shade % SHADES + 1}"
        shade += not row.tone
        marks.append(Mark(row, x=_percent(before, total), width=_percent(row.value, total), shade=name))
        before += row.value
    return _chart("stack", told, tuple(marks), title, unit)


def line(rows: Iterable[tuple[Any, int]], *, title: str, unit: str) -> Chart:
    """A series of values as a line over its area, oldest first."""
    told = _rows(rows)
    most = max((row.value for row in told), default=0)
    step = 100 / max(len(told) - 1, 1)
    highest = max(range(len(told)), key=lambda place: told[place].value, default=0)
    marks = []
    for place, row in enumerate(told):
        last = place == len(told) - 1
        marks.append(
            Mark(
                row, x=_number(step * place), y=_number(100 - (row.value / most * HEADROOM if most else 0.0)),
                labelled=_labelled(place, len(told)), valued=place in (highest, len(told) - 1),
                anchor="end" if last and place else "middle" if place else "start",
            )
        )  # fmt: skip
    path = " ".join(f"{'L' if place else 'M'}{mark.x} {mark.y}" for place, mark in enumerate(marks))
    return _chart("line", told, tuple(marks), title, unit, path)


def _chart(
    kind: str, rows: tuple[Row, ...], marks: tuple[Mark, ...], title: str, unit: str, path: str = ""
) -> Chart:
    return Chart(kind, title, unit, rows, marks, sum(row.value for row in rows), path)


def _rows(rows: Iterable[Sequence[Any]]) -> tuple[Row, ...]:
    """The values as given; what is negative or has an unknown tone is a mistake of the caller."""
    told = tuple(Row(*row) for row in rows)
    for row in told:
        if row.value < 0 or row.tone not in TONES:
            raise ValueError(f"not a value of a chart: {row}")
    return told


def _labelled(place: int, count: int) -> bool:
    """Every k-th label counted from the last, so that the present is always named."""
    return (count - 1 - place) % -(-count // MOST_LABELS) == 0


def _percent(value: int, whole: int) -> str:
    return _number(100 * value / whole if whole else 0.0)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _share(value: int, total: int) -> str:
    """A part of the whole for people: what is there is never written as nothing."""
    if not value or not total:
        return "0%"
    return f"{round(100 * value / total)}%" if 200 * value >= total else "<1%"
