"""The seal of the demo world: a ring, a star, the authority's name, and 演示专用. Drawn as outlines.

A real authority's seal is never imitated: outside the demo world nothing is drawn (design/README).
"""

import math
from functools import lru_cache
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from certificates import glyphs
from certificates.errors import GlyphMissing
from certificates.render.vector import circle, colour, group, join, operator

RADIUS = 80.0
RED = "#b2281e"
DEMO_TEXT = "演示专用"


class _OperatorPen(BasePen):
    """Glyph outlines as PDF path operators."""

    def __init__(self, glyph_set: Any) -> None:
        super().__init__(glyph_set)
        self.parts: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.parts.append(operator("m", *point))

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.parts.append(operator("l", *point))

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self.parts.append(operator("c", *(value for point in points for value in point)))

    def _closePath(self) -> None:
        self.parts.append("h")


@lru_cache(maxsize=4)
def _font(index: int) -> TTFont:
    return TTFont(glyphs.text_fonts()[index], lazy=True)


def _glyph(character: str) -> tuple[Any, str, int]:
    """Glyph set, glyph name and units per em for a character. Raises GlyphMissing."""
    for index, path in enumerate(glyphs.text_fonts()):
        if ord(character) in glyphs.coverage(path):
            font = _font(index)
            return font.getGlyphSet(), font.getBestCmap()[ord(character)], font["head"].unitsPerEm
    raise GlyphMissing(characters=character)


def _placed(name: str) -> list[tuple[str, Transform]]:
    """Each character with its place: the name along the ring, 演示专用 level below the star."""
    length = max(len(name), 2)
    step = math.radians(min(25.0, 244 / (length - 1)))
    size = min(16.0, step * 56 * 1.02)
    placed = []
    for position, character in enumerate(name):
        angle = (position - (len(name) - 1) / 2) * step
        turned = Transform().rotate(angle).translate(0, -58)
        placed.append((character, turned.translate(-size / 2, size * 0.38).scale(size, -size)))
    wide = 14.0
    for position, character in enumerate(DEMO_TEXT):
        x = (position - len(DEMO_TEXT) / 2) * wide
        placed.append((character, Transform().translate(x + 1, 49).scale(12, -12)))
    return placed


def _outlines(name: str, pen_class: Any) -> list[str]:
    drawn = []
    for character, place in _placed(name):
        glyph_set, glyph, em = _glyph(character)
        pen = pen_class(glyph_set)
        glyph_set[glyph].draw(TransformPen(pen, place.scale(1 / em)))
        drawn.append(pen.getCommands() if pen_class is SVGPathPen else " ".join(pen.parts))
    return drawn


def _star(radius: float, lift: float) -> list[tuple[float, float]]:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    corners = ((radius if n % 2 == 0 else inner, math.radians(36 * n - 90)) for n in range(10))
    return [(r * math.cos(a), r * math.sin(a) + lift) for r, a in corners]


@lru_cache(maxsize=64)
def operators(authority_name: str) -> str:
    """The seal around the origin, y downwards, in CSS pixels, as PDF operators. Raises GlyphMissing."""
    first, *others = _star(23, -2)
    star = (operator("m", *first), *(operator("l", *point) for point in others), "h f")
    return group(
        colour(RED, stroke=True),
        colour(RED, stroke=False),
        group(operator("w", 3.4), circle(0, 0, RADIUS - 1.7), "S"),
        *star,
        operator("w", 0.35),
        join(f"{path} B" for path in _outlines(authority_name, _OperatorPen)),
    )


@lru_cache(maxsize=64)
def svg(authority_name: str) -> str:
    """The same seal for a page on the screen. Raises GlyphMissing."""
    star = " ".join(f"{x:.2f},{y:.2f}" for x, y in _star(23, -2))
    paths = "".join(f'<path d="{path}"/>' for path in _outlines(authority_name, SVGPathPen))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="-{RADIUS:g} -{RADIUS:g} {2 * RADIUS:g} {2 * RADIUS:g}"'
        f' fill="{RED}" stroke="{RED}" stroke-width=".35"><circle r="{RADIUS - 1.7:g}" fill="none"'
        f' stroke-width="3.4"/><polygon points="{star}" stroke="none"/>{paths}</svg>'
    )
