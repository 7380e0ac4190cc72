"""Reading the committed data files of `data/` into values. Pure: no database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class DivisionRow:
    """One name of one code over `[valid_from, valid_to)`; the dates are those of the data sets."""

    code: str
    name: str
    level: str
    parent_code: str
    valid_from: date
    valid_to: date | None
    successor_code: str
    sort_key: str
    source: str


@dataclass(frozen=True)
class AuthorityRow:
    code: str
    level: str
    name_zh: str
    name_en: str
    short_zh: str
    licence_prefix: str
    division_code: str
    parent_code: str
    valid_from: date


@dataclass(frozen=True)
class TerritoryRow:
    division_code: str
    valid_from: date
    source: str


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def divisions() -> tuple[DivisionRow, ...]:
    """All divisions of both data sets, ordered by code and date."""
    return tuple(
        DivisionRow(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent_code=row["parent_code"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            successor_code=row["successor_code"],
            sort_key=row["sort_key"],
            source=row["source"],
        )
        for row in read_csv(DATA / "divisions.csv")
    )


@cache
def leading_authorities() -> tuple[AuthorityRow, ...]:
    """AQSIQ and the 32 authorities of provincial level, the Corps included (DOMAIN §6.1)."""
    return tuple(
        AuthorityRow(**{**row, "valid_from": date.fromisoformat(row["valid_from"])})  # type: ignore[arg-type]
        for row in read_csv(DATA / "authorities.csv")
    )


@cache
def xpcc_territory() -> tuple[TerritoryRow, ...]:
    """Divisions certainly administered by the Xinjiang Production and Construction Corps: the 6590xx cities
    only.
    """
    return tuple(
        TerritoryRow(row["division_code"], date.fromisoformat(row["valid_from"]), row["source"])
        for row in read_csv(DATA / "xpcc_territory.csv")
    )
