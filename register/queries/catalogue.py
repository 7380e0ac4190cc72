"""The negative list as the public reads it: what is listed on a day, and how far an entry can be trusted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from catalog.models import CategoryVersion
from catalog.rules import CategoryFacts, Verdict, certificate_code, filing_open
from register.models import CatalogueCategory, CatalogueUnit
from register.queries.licences import english


@dataclass(frozen=True)
class CategoryView:
    """A listed category with its units, and whether a new application may be filed today."""

    row: CatalogueCategory
    units: tuple[CatalogueUnit, ...]
    verdict: Verdict
    code: str

    @property
    def name(self) -> str:
        return self.row.name_en if english() else self.row.name_zh

    @property
    def other_name(self) -> str:
        return self.row.name_zh if english() else self.row.name_en

    @property
    def level_label(self) -> Any:
        return CategoryVersion.AuthorityLevel(self.row.level).label

    @property
    def level_mark_label(self) -> Any:
        return CategoryVersion.LevelMark(self.row.level_mark).label

    @property
    def level_reason_label(self) -> Any:
        return CategoryVersion.LevelReason(self.row.level_reason).label if self.row.level_reason else ""

    @property
    def evidence_label(self) -> Any:
        return CategoryVersion.Evidence(self.row.evidence).label

    @property
    def code_mark_label(self) -> Any:
        return CategoryVersion.CodeMark(self.row.xk_mark).label if self.row.xk_mark else ""

    @property
    def doubtful(self) -> bool:
        """Whether anything about the entry still has to be confirmed."""
        return self.row.unverified or self.row.evidence == CategoryVersion.Evidence.MEMORY

    @property
    def unit_names(self) -> list[str]:
        return [unit.name_en if english() else unit.name_zh for unit in self.units]

    @property
    def unit_rows(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "varieties": unit.attributes.get("varieties", [])}
            for name, unit in zip(self.unit_names, self.units, strict=True)
        ]


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def catalogue(on: date, world: str) -> list[CategoryView]:
    """The list of a day, in the order of pinyin (by name in English): two queries."""
    rows = CatalogueCategory.public.filter(_in_force(on)).order_by(
        "name_en" if english() else "sort_key", "id"
    )
    units: dict[str, list[CatalogueUnit]] = {}
    for unit in CatalogueUnit.public.filter(_in_force(on)).order_by("ordinal", "id"):
        units.setdefault(unit.category_key, []).append(unit)
    return [_view(row, units.get(row.key, []), on, world) for row in rows]


def category(key: str, on: date, world: str) -> CategoryView | None:
    """One category of the list of a day: two queries; None when it is not listed then."""
    row = CatalogueCategory.public.filter(_in_force(on), key=key).first()
    if row is None:
        return None
    units = CatalogueUnit.public.filter(_in_force(on), category_key=key).order_by("ordinal", "id")
    return _view(row, list(units), on, world)


def _view(row: CatalogueCategory, units: list[CatalogueUnit], on: date, world: str) -> CategoryView:
    facts = CategoryFacts(
        key=row.key,
        ordinal=row.ordinal,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        authority_level=row.level,
        xk_code=row.xk_code,
        xk_mark=row.xk_mark,
        acceptance_closed_from=row.acceptance_closed_from,
        delisted_on=row.delisted_on,
    )
    return CategoryView(
        row, tuple(units), filing_open(facts, on, world), certificate_code(facts, world) or ""
    )
