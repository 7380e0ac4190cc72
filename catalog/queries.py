"""The read side of the catalogue: what is listed on a day. Days are legal dates (Asia/Shanghai)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import CatalogueVersion, CategoryVersion, UnitVersion
from catalog.rules import CategoryFacts


@dataclass(frozen=True)
class CatalogueEntry:
    """One listed category with its units, in the order of the list."""

    category: CategoryVersion
    units: tuple[UnitVersion, ...]


def in_force(on: date) -> Q:
    """Versions that hold on a day: `[valid_from, valid_to)`; drafts have no beginning and never match."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def catalogue_version_on(on: date) -> CatalogueVersion | None:
    """The published edition in force on a day; None before the first."""
    published = CatalogueVersion.objects.filter(
        status=CatalogueVersion.Status.PUBLISHED, effective_from__lte=on
    )
    return published.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=on)).first()


def categories_on(on: date) -> QuerySet[CategoryVersion]:
    """Categories listed on a day, by pinyin. One query."""
    return CategoryVersion.objects.filter(in_force(on)).select_related("category").order_by("sort_key", "id")


def catalogue_on(on: date) -> list[CatalogueEntry]:
    """The whole list of a day with its units: two queries however long it is."""
    units: dict[int, list[UnitVersion]] = {}
    rows = UnitVersion.objects.filter(in_force(on)).select_related("unit").order_by("ordinal", "id")
    for row in rows:
        units.setdefault(row.unit.category_id, []).append(row)
    return [CatalogueEntry(entry, tuple(units.get(entry.category_id, ()))) for entry in categories_on(on)]


def category_on(key: str, on: date) -> CategoryVersion | None:
    """The version of a category in force on a day; None when it is not listed then."""
    return CategoryVersion.objects.filter(in_force(on), category__key=key).select_related("category").first()


def open_units(category_key: str, on: date) -> QuerySet[UnitVersion]:
    """Units of a category that may be chosen on a day, in their order."""
    rows = UnitVersion.objects.filter(in_force(on), unit__category__key=category_key)
    return rows.select_related("unit").order_by("ordinal", "id")


def history(key: str) -> tuple[CategoryFacts, ...]:
    """All published versions of a category, oldest first, as the rules read them (R-18)."""
    rows = CategoryVersion.objects.filter(category__key=key, valid_from__isnull=False).select_related(
        "category"
    )
    return tuple(row.facts for row in rows.order_by("valid_from"))
