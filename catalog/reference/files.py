"""Reading `categories.csv` and `units.csv` into values. Pure: no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.parties.reference.files import read_csv

HERE = Path(__file__).parent
NOT_IN_FORCE = "E"
"""Group E was listed in 2024; on the default timeline it is data, not law (DOMAIN §0.1(11))."""


@dataclass(frozen=True)
class CategoryRow:
    """One row of the list with the marks that say how far each value can be trusted."""

    ordinal: int
    key: str
    name_zh: str
    name_en: str
    xk_code: str
    xk_mark: str
    xk_source: str
    level: str
    level_mark: str
    level_reason: str
    group: str
    unverified: bool
    delisted_on_history: str
    evidence: str
    evidence_note: str
    note: str

    @property
    def in_force(self) -> bool:
        """True for groups A–D, the list of the default timeline."""
        return self.group != NOT_IN_FORCE


@dataclass(frozen=True)
class UnitRow:
    category_key: str
    ordinal: int
    name_zh: str
    name_en: str
    varieties: tuple[str, ...]
    source: str

    @property
    def key(self) -> str:
        """`cable-02`: stable, because the order within a category is never reused."""
        return f"{self.category_key}-{self.ordinal:02d}"


def categories() -> Iterator[CategoryRow]:
    """All 68 rows, group E included."""
    for row in read_csv(HERE / "categories.csv"):
        values = {**row, "ordinal": int(row["ordinal"]), "unverified": row["unverified"] == "1"}
        yield CategoryRow(**values)  # type: ignore[arg-type]


def units() -> Iterator[UnitRow]:
    """Units of the categories in force: those known, else one named as its category (DOMAIN §5.1)."""
    for row in read_csv(HERE / "units.csv"):
        varieties = tuple(word for word in row["varieties"].split("|") if word)
        values = {**row, "ordinal": int(row["ordinal"]), "varieties": varieties}
        yield UnitRow(**values)  # type: ignore[arg-type]
