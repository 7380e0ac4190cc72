"""What rows are judged by and licences are made of: divisions, catalogue, the register of today. Read in bulk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from catalog.models import CategoryVersion, UnitVersion
from core.parties.competence import in_force
from core.parties.jurisdiction import XINJIANG, XPCC
from core.parties.models import Authority, Division, Level
from licensing.imports.reading import Place, folded
from licensing.imports.rules import Facts, Product, Reference
from licensing.models import ProductionLicence

_GROUPING = ("市辖区", "县")


def reference_of(authority: Authority, today: date) -> Reference:
    """Everything but the register, in five queries."""
    places = _places(today)
    replaced = Division.objects.exclude(successor_code="").values_list("code", "successor_code")
    national = authority.level == Level.NATIONAL
    return Reference(
        prefix=authority.licence_prefix,
        territory="" if national else XINJIANG if authority.code == XPCC else authority.code[:2],
        today=today,
        places=places,
        replaced={old: new for old, new in replaced if old not in places},
        products=_products(),
    )


def _places(today: date) -> dict[str, Place]:
    """Divisions below a province that has an authority, each with the names above it."""
    rows = Division.objects.filter(in_force(today)).values_list("code", "name")
    names = {code: "" if name in _GROUPING or "直辖" in name else name for code, name in rows}
    provinces = set(Authority.objects.filter(level=Level.PROVINCIAL).values_list("division_code", flat=True))
    return {
        code: Place(code, tuple(name for step in _ladder(code) if (name := names.get(step, ""))))
        for code in names
        if not code.endswith("0000") and f"{code[:2]}0000" in provinces
    }


def _ladder(code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))


def _latest() -> tuple[dict[int, CategoryVersion], dict[int, list[UnitVersion]]]:
    """The newest published version of every category, listed today or not, and of every unit by category."""
    categories = CategoryVersion.objects.filter(valid_from__isnull=False).select_related("category")
    units = UnitVersion.objects.filter(valid_from__isnull=False).select_related("unit")
    newest = {row.unit_id: row for row in units.order_by("valid_from", "id")}
    by_category: dict[int, list[UnitVersion]] = {}
    for row in sorted(newest.values(), key=lambda row: (row.ordinal, row.pk)):
        by_category.setdefault(row.unit.category_id, []).append(row)
    return {row.category_id: row for row in categories.order_by("valid_from", "id")}, by_category


def _products() -> dict[str, Product]:
    """By every word a row may name a category with; a name wins over a code."""
    found: dict[str, Product] = {}
    categories, units = _latest()
    for row in categories.values():
        product = _product(row, units.get(row.category_id, []))
        for word in (row.category.key, row.name_zh, row.name_en, *product.codes):
            found.setdefault(folded(word), product)
    return found


def _product(row: CategoryVersion, units: list[UnitVersion]) -> Product:
    codes = frozenset(code for code in (row.xk_code, row.certificate_code(settings.WORLD)) if code)
    words = {
        folded(word): unit.unit.key for unit in units for word in (unit.unit.key, unit.name_zh, unit.name_en)
    }
    return Product(
        key=row.category.key,
        name=row.name_zh,
        national=row.authority_level == CategoryVersion.AuthorityLevel.NATIONAL,
        codes=codes,
        confirmed=row.xk_mark == CategoryVersion.CodeMark.CONFIRMED,
        units=words,
        unit_names=tuple(unit.name_zh for unit in units),
    )


@dataclass(frozen=True)
class Listed:
    """A category as a licence keeps it."""

    pk: int
    names: Mapping[str, str]
    units: Mapping[str, Mapping[str, Any]]


def listed() -> dict[str, Listed]:
    """By key, with the units by theirs; two queries."""
    categories, units = _latest()
    return {
        row.category.key: Listed(
            row.category_id,
            {"key": row.category.key, "name_zh": row.name_zh, "name_en": row.name_en},
            {
                unit.unit.key: {"id": unit.unit_id, "name_zh": unit.name_zh, "name_en": unit.name_en}
                for unit in units.get(row.category_id, [])
            },
        )
        for row in categories.values()
    }


def held(numbers: Iterable[str]) -> dict[str, ProductionLicence]:
    """Licences of the register by number, with what is compared; two queries."""
    rows = ProductionLicence.objects.filter(number__in=list(numbers)).select_related("category")
    return {row.number: row for row in rows.prefetch_related("units__unit")}


def facts_of(licence: ProductionLicence) -> Facts:
    """A licence in the words of a row."""
    return {
        "name": licence.holder_name, "uscc": licence.uscc, "category": licence.category.key,
        "units": [unit.unit.key for unit in licence.units.all()],
        "issued_on": str(licence.issued_on), "valid_from": str(licence.valid_from),
        "valid_until": str(licence.valid_until), "address": licence.registered_address,
        "sites": [{"address": address} for address in licence.production_addresses],
        "status": licence.status, "deregistered_on": str(licence.deregistered_on or ""),
    }  # fmt: skip
