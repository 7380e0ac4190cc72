"""The faces on paper: three small fixed ones in the package, two full ones from PyPI. None from the machine.

`Heading` (bold serif) and `Small` (sans) are cut to the characters of the certificate, `Title` (bold serif) to the
names of documents and of the authorities that seal them, so they cost next to nothing to embed; `Text` and `Rare` print
what comes from cases. `fonts/README.md` says how to cut again.
"""

import csv
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from certificates import glyphs
from certificates.errors import FontMissing, TemplateMissing

HERE = Path(__file__).parent
PAPER = HERE / "paper"
HEADING, SMALL = HERE / "fonts" / "heading.otf", HERE / "fonts" / "small.otf"
TITLE = HERE / "fonts" / "title.otf"
AUTHORITIES = HERE.parents[1] / "core" / "parties" / "reference" / "data" / "authorities.csv"
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新兵"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
_TAGS = re.compile(r"\{[{%].*?[%}]\}|<[^>]*>")


def template(name: str) -> str:
    """A file of the paper. Raises TemplateMissing."""
    try:
        return (PAPER / name).read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateMissing(template=name) from error


def fixed_characters() -> str:
    """All the fixed faces must have: ASCII, the template's words, the provinces' signs of licence numbers."""
    words = _TAGS.sub("", template("certificate.html")) + template("certificate.css")
    return "".join(sorted(set(words + ASCII + PROVINCES) - {"\n"}))


def title_characters() -> str:
    """What the head of a document is set in: titles, and the authorities of nation and provinces."""
    from certificates.documents.facts import TITLES, Kind

    with AUTHORITIES.open(encoding="utf-8", newline="") as table:
        names = "".join(row["name_zh"] for row in csv.DictReader(table))
    words = _TAGS.sub("", template("official.html"))
    titles = "".join((*TITLES, *(str(label) for _code, label in Kind.choices)))
    return "".join(sorted(set(words + names + titles + ASCII) - {"\n"}))


def files() -> dict[str, Path]:
    """Family name to file. Raises FontMissing when one is not there."""
    text, rare = glyphs.text_fonts()
    found = {"Heading": HEADING, "Small": SMALL, "Title": TITLE, "Text": text, "Rare": rare}
    for path in found.values():
        if not path.is_file():
            raise FontMissing(font=path.name)
    return found


def font_faces() -> str:
    """The `@font-face` rules, by absolute path."""
    return "\n".join(
        f'@font-face {{ font-family: {family}; src: url("{path.as_uri()}") }}'
        for family, path in files().items()
    )


@lru_cache(maxsize=1)
def _advances() -> list[tuple[dict[int, str], dict[str, tuple[int, int]], int]]:
    tables = []
    for path in glyphs.text_fonts():
        font = TTFont(path, lazy=True)
        tables.append((font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm))
    return tables


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    for cmap, metrics, em in _advances():
        if ord(character) in cmap:
            return metrics[cmap[ord(character)]][0] / em
    return 1.0


def width(text: str) -> float:
    """Width in ems of text set in the `Text` and `Rare` faces."""
    return sum(_advance(character) for character in text)


def cut(
    source: Path,
    target: Path,
    family: str,
    *,
    characters: Callable[[], str] = fixed_characters,
    face: int = -1,
) -> None:
    """Cut a fixed face out of a full font (maintainers only; see fonts/README.md)."""
    font = TTFont(source, fontNumber=face)
    options = subset.Options(hinting=False, layout_features=["kern"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters())
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = f"Certificate{family}"
    font.save(target)
