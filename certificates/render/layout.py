"""How much fits on the original 正本, and what goes to the annex 附页."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from certificates.errors import PaperOverflow
from certificates.facts import CertificateFacts
from certificates.render.typefaces import width

HEIGHT = 291.0
"""Pixels between the sentence of grant and the QR code."""

COLUMN = 599.0 - 10
CAUTION = 1.05


@dataclass(frozen=True)
class Density:
    """A step of the type scale: its class in the style sheet; size, line, least row height in pixels."""

    name: str
    size: float
    line: float
    row: float


DENSITIES = (
    Density("a", 21, 26, 41),
    Density("b", 17, 22, 37),
    Density("c", 14.5, 18.5, 34),
    Density("d", 12.5, 15.5, 31),
)


@dataclass(frozen=True)
class Layout:
    density: str
    units_in_annex: bool
    sites_in_annex: bool


def sites_text(facts: CertificateFacts) -> str:
    return "；".join(facts.production_addresses)


def product_text(facts: CertificateFacts) -> str:
    """Category and units in one line: 化肥（磷肥）：过磷酸钙；钙镁磷肥."""
    return "：".join(part for part in (facts.category_name, "；".join(facts.units)) if part)


def _values(facts: CertificateFacts, units_in_annex: bool, sites_in_annex: bool) -> list[str]:
    sites, product = sites_text(facts), product_text(facts)
    if sites_in_annex:
        sites = f"{facts.production_addresses[0]}等{len(facts.production_addresses)}处，详见附页"
    if units_in_annex:
        product = f"{facts.category_name}：共{len(facts.units)}个产品单元，详见附页"
    return [facts.holder_name, facts.registered_address, sites, product, facts.uscc, facts.licence_number, ""]


def height(values: list[str], density: Density) -> float:
    """Pixels the rows take at a density; an em of caution, for lines do not break at every place."""
    total = 0.0
    for value in values:
        lines = max(1, math.ceil(width(value) * density.size * CAUTION / COLUMN))
        total += max(density.row, lines * density.line + 6)
    return total


def _candidates(facts: CertificateFacts) -> Iterator[tuple[bool, bool, tuple[Density, ...]]]:
    yield False, False, DENSITIES[:3]
    if facts.units:
        yield True, False, DENSITIES
    if len(facts.production_addresses) > 1:
        yield False, True, DENSITIES
        if facts.units:
            yield True, True, DENSITIES
    yield False, False, DENSITIES


def choose(facts: CertificateFacts) -> Layout:
    """The largest type with which everything fits; the annex only when type would become small.

    Raises PaperOverflow when even the smallest type with an annex cannot hold it.
    """
    for units_in_annex, sites_in_annex, densities in _candidates(facts):
        values = _values(facts, units_in_annex, sites_in_annex)
        for density in densities:
            if height(values, density) <= HEIGHT:
                return Layout(density.name, units_in_annex, sites_in_annex)
    raise PaperOverflow()
