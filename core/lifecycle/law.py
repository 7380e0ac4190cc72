"""The law as values: every verdict, act and page cites clauses from here.

Instruments are those of DOMAIN §0; `DESIGN` marks a choice of this system and is never shown as law.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
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
        return format_lazy("{}{}", INSTRUMENTS[self.instrument], self.article)

    def as_json(self) -> dict[str, str]:
        return {"instrument": self.instrument, "article": self.article}

    def __str__(self) -> str:
        return str(self.label)


def clauses_from_json(rows: list[dict[str, str]]) -> tuple[Clause, ...]:
    """Clauses as the ledger stores them, back as values."""
    return tuple(Clause(row["instrument"], row["article"]) for row in rows)
