"""The engraved background: guilloche border, corner rosettes, watermark. Computed, the same on every paper.

`compiled()` is deflated once per process and handed to each PDF as one form object, so no certificate
pays for computing or compressing it. A change of the drawing is a new template version.
"""

import math
import zlib
from functools import lru_cache

from certificates.render.vector import Curve, circle, colour, group, join, mix, operator, rectangle, smooth

VERSION = 1
WIDTH, HEIGHT = 1122.52, 793.70
PAPER, GOLD, RED = "#fffdf8", "#9a7b3c", "#b2281e"
BAND = 40.0
STRANDS = 8
WAVES = 3


def operators() -> str:
    """The whole sheet in page pixels."""
    return join(
        (
            group(colour(PAPER, stroke=False), rectangle(0, 0, WIDTH, HEIGHT), "f"),
            _watermark(),
            _border(),
            _frames(),
            *(_corner(x, y) for x in (BAND, WIDTH - BAND) for y in (BAND, HEIGHT - BAND)),
        )
    )


@lru_cache(maxsize=1)
def compiled() -> bytes:
    """The sheet as a deflated content stream in points, ready to be a form object."""
    return zlib.compress(f"0.75 0 0 -0.75 0 {HEIGHT * 0.75:.3f} cm\n{operators()}".encode(), 9)


def _watermark() -> str:
    """Three rings of turned rosettes behind the text, light enough to read over."""
    return group(
        operator("cm", 1, 0, 0, 1, WIDTH / 2, 418),
        colour(mix(GOLD, PAPER, 0.17), stroke=True),
        operator("w", 0.4),
        _turned(_rosette(196, 58, 8), 8, 12),
        _turned(_rosette(104, 34, 6), 6, 9),
        _turned(_rosette(48, 21, 5), 5, 6),
    )


def _rosette(radius: float, depth: float, petals: int) -> str:
    """A closed curve of rounded petals around the origin; a depth of a third of the radius looks engraved."""

    def curve(t: float) -> tuple[float, float]:
        r = radius + depth * math.cos(petals * t) + depth * 0.22 * math.cos(2 * petals * t)
        return r * math.cos(t), r * math.sin(t)

    return smooth(curve, 0, math.tau, petals * 10, closed=True)


def _turned(path: str, petals: int, times: int) -> str:
    """The same path turned through one petal in equal steps: a net. Repeated text deflates to little."""
    step = math.tau / petals / times
    cos, sin = math.cos(step), math.sin(step)
    turn = f"{cos:.6f} {sin:.6f} {-sin:.6f} {cos:.6f} 0 0 cm"
    return group(*(line for _ in range(times) for line in (path, "S", turn)))


def _strand(phase: float) -> Curve:
    """One thread through one lens: its height swells and shrinks, so that all together look woven."""

    def curve(t: float) -> tuple[float, float]:
        swell = 6.2 - 3.4 * math.cos(math.tau * t)
        return t, swell * math.sin(math.tau * WAVES * t + phase)

    return curve


def _lens(length: float) -> str:
    def scaled(curve: Curve) -> Curve:
        return lambda t: (curve(t)[0] * length, curve(t)[1])

    return join(smooth(scaled(_strand(math.tau * n / STRANDS)), 0, 1, WAVES * 6) for n in range(STRANDS))


def _side(length: float, lenses: int) -> str:
    step = length / lenses
    lens = _lens(step)
    return group(*(line for _ in range(lenses) for line in (lens, "S", operator("cm", 1, 0, 0, 1, step, 0))))


def _border() -> str:
    across, down = WIDTH - 2 * BAND, HEIGHT - 2 * BAND
    top, left = _side(across, 12), _side(down, 8)
    return group(
        colour(mix(GOLD, PAPER, 0.62), stroke=True),
        operator("w", 0.42),
        group(operator("cm", 1, 0, 0, 1, BAND, BAND), top),
        group(operator("cm", 1, 0, 0, 1, BAND, HEIGHT - BAND), top),
        group(operator("cm", 0, 1, 1, 0, BAND, BAND), left),
        group(operator("cm", 0, 1, 1, 0, WIDTH - BAND, BAND), left),
    )


def _frames() -> str:
    lines = [(58.0, 1.2, GOLD), (63.0, 0.5, GOLD)]
    drawn = [
        group(
            colour(ink, stroke=True),
            operator("w", width),
            rectangle(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset),
            "S",
        )
        for inset, width, ink in lines
    ]
    return join(drawn)


def _corner(x: float, y: float) -> str:
    """A medallion that covers the meeting of two bands: a paper disc under three turned rosettes."""
    return group(
        operator("cm", 1, 0, 0, 1, x, y),
        group(colour(PAPER, stroke=False), circle(0, 0, 33), "f"),
        colour(mix(RED, PAPER, 0.5), stroke=True),
        operator("w", 0.42),
        _turned(_rosette(22.5, 7.5, 8), 8, 5),
        _turned(_rosette(11.5, 4.6, 6), 6, 4),
        _turned(_rosette(4.4, 2, 5), 5, 2),
    )
