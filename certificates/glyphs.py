"""Which characters the certificate's fonts can print. Nothing else is ever set: a system font would step in.

Text is Noto Serif SC, behind it Noto Serif JP for rare name characters of JIS X 0213 (𠮷); both come
from PyPI under the SIL Open Font License and are embedded by path, so no font of the machine is needed.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from certificates.errors import FontMissing

_LAST_SYMBOL = 0x1F000


@lru_cache(maxsize=1)
def text_fonts() -> tuple[Path, ...]:
    """Font files for text that comes from cases, in order of preference. Raises FontMissing."""
    try:
        import pylopdf_fonts_jp
        import pylopdf_fonts_zh_cn
    except ImportError as error:
        raise FontMissing(font=error.name or "?") from error
    found = (Path(pylopdf_fonts_zh_cn.serif_path()), Path(pylopdf_fonts_jp.serif_path()))
    for path in found:
        if not path.is_file():
            raise FontMissing(font=path.name)
    return found


@lru_cache(maxsize=8)
def coverage(path: Path) -> frozenset[int]:
    """Code points a font file has glyphs for."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _printable(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "C" or category in ("Zl", "Zp"):
        return False
    return not (category in ("So", "Sk") and ord(character) >= _LAST_SYMBOL)


def missing(text: str) -> set[str]:
    """Characters of `text` that a certificate cannot show: no glyph, control or format characters, emoji."""
    fonts = [coverage(path) for path in text_fonts()]
    return {
        character
        for character in set(text)
        if not _printable(character) or not any(ord(character) in points for points in fonts)
    }
