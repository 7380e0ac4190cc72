"""The law as values: every verdict, act and page cites clauses from here.

Instruments are those of DOMAIN §0; `DESIGN` marks a choice of this system and is never shown as law.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

INSTRUMENTS: dict[str, Promise] = {
    "L1": _("《行政许可法》"),
    "L2": _("《工业产品生产许可证管理条例》"),
    "ESL": _("《电子签名法》"),
    "CIVIL": _("《民法典》"),
    "HOLIDAYS": _("《全国年节及纪念日放假办法》"),
    "SEED": _("《质检总局关于深化工业产品生产许可证制度改革的意见》"),
    "DESIGN": _("系统规则"),
}

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")}
_TENS: Final = {"十": 10, "百": 100}
_NUMERAL: Final = "([零一二三四五六七八九十百]+)"
_ARTICLE: Final = re.compile(f"第{_NUMERAL}条(?:第{_NUMERAL}款)?(?:第{_NUMERAL}项)?")
_SECTION: Final = re.compile(f"{_NUMERAL}、?[（(]{_NUMERAL}[）)]")


def article_in_english(article: str) -> str:
    """第三十二条第一款第四项 as art. 32(1)(4), 四(四) as section 4(4); any other text as it stands."""
    for word, pattern in (("art.", _ARTICLE), ("section", _SECTION)):
        found = pattern.fullmatch(article)
        if found:
            first, *rest = (_number(numeral) for numeral in found.groups() if numeral)
            return f"{word} {first}" + "".join(f"({number})" for number in rest)
    return article


def _number(numeral: str) -> int:
    """The value of a Chinese numeral below a thousand."""
    total = digit = 0
    for character in numeral:
        if character in _TENS:
            total, digit = total + (digit or 1) * _TENS[character], 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _named(instrument: str, article: str) -> str:
    """Instrument and article as the active language writes them."""
    name = str(INSTRUMENTS[instrument])
    if (get_language() or "").startswith("en"):
        return f"{name} {article_in_english(article)}"
    return f"{name}{article}"


_named_lazily = lazy(_named, str)


@dataclass(frozen=True)
class Clause:
    """One provision: instrument code and the article as printed in Chinese, e.g. `Clause("L1", "第三十二条")`."""

    instrument: str
    article: str

    def __post_init__(self) -> None:
        if self.instrument not in INSTRUMENTS:
            raise ValueError(f"unknown instrument {self.instrument!r}")
        if not self.article.strip():
            raise ValueError("a clause names its article")

    @property
    def label(self) -> Promise | str:
        """Name for people, in the language of the request."""
        return _named_lazily(self.instrument, self.article)

    def as_json(self) -> dict[str, str]:
        return {"instrument": self.instrument, "article": self.article}

    def __str__(self) -> str:
        return str(self.label)


def clauses_from_json(rows: list[dict[str, str]]) -> tuple[Clause, ...]:
    """Clauses as the ledger stores them, back as values."""
    return tuple(Clause(row["instrument"], row["article"]) for row in rows)
