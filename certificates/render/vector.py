"""Curves as PDF operators. One unit is a CSS pixel (1/96 inch), the origin top left, as on a page of HTML."""

import math
from collections.abc import Callable, Iterable

Point = tuple[float, float]
Curve = Callable[[float], Point]


def number(value: float) -> str:
    """A coordinate as PDF writes it: at most two decimals, no exponent."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def operator(name: str, *values: float) -> str:
    return " ".join((*(number(v) for v in values), name))


def colour(value: str, *, stroke: bool) -> str:
    """`#rrggbb` as an operator for lines or areas."""
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return " ".join((*(f"{c:.3f}" for c in channels), "RG" if stroke else "rg"))


def mix(ink: str, paper: str, share: float) -> str:
    """What `ink` at opacity `share` looks like on `paper`: a flat colour instead of transparency."""
    pairs = ((int(ink[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def smooth(curve: Curve, start: float, end: float, pieces: int, *, closed: bool = False) -> str:
    """A curve as cubic Béziers with the curve's own tangents: few points, no visible corner."""
    step = (end - start) / pieces
    nudge = step / 1000

    def tangent(t: float) -> Point:
        (x0, y0), (x1, y1) = curve(t - nudge), curve(t + nudge)
        return (x1 - x0) / (2 * nudge), (y1 - y0) / (2 * nudge)

    x, y = curve(start)
    dx, dy = tangent(start)
    parts = [operator("m", x, y)]
    for piece in range(1, pieces + 1):
        t = start + piece * step
        nx, ny = curve(t)
        ndx, ndy = tangent(t)
        reach = step / 3
        parts.append(
            operator("c", x + dx * reach, y + dy * reach, nx - ndx * reach, ny - ndy * reach, nx, ny)
        )
        x, y, dx, dy = nx, ny, ndx, ndy
    return " ".join((*parts, "h" if closed else ""))


def circle(x: float, y: float, radius: float) -> str:
    return smooth(lambda t: (x + radius * math.cos(t), y + radius * math.sin(t)), 0, math.tau, 8, closed=True)


def rectangle(x: float, y: float, width: float, height: float) -> str:
    return operator("re", x, y, width, height)


def group(*parts: str) -> str:
    return "\n".join(("q", *parts, "Q"))


def join(parts: Iterable[str]) -> str:
    return "\n".join(parts)
