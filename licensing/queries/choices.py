"""What an applicant may choose from: the categories of the day, each with the reason where filing is closed."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.functional import Promise

from catalog.models import ProductCategory, ProductUnit
from catalog.queries import categories_on, category_on, open_units
from catalog.rules import filing_open
from licensing.models import Application


@dataclass(frozen=True)
class CategoryChoice:
    """One category of the list: `reason` says why it cannot be chosen, empty when it can."""

    key: str
    name: str
    level: str
    reason: str | Promise


def category_choices(on: date, words: str) -> list[CategoryChoice]:
    """Categories listed on a day whose Chinese or English name holds the words; one query."""
    wanted = words.lower()
    return [
        CategoryChoice(row.category.key, row.name, str(row.get_authority_level_display()), _reason(row, on))
        for row in categories_on(on)
        if wanted in row.name_zh.lower() or wanted in row.name_en.lower()
    ]


def _reason(row: object, on: date) -> str | Promise:
    verdict = filing_open(row.facts, on, settings.WORLD)  # type: ignore[attr-defined]
    return "" if verdict.open else verdict.reason


def category_by_key(key: str) -> ProductCategory | None:
    return ProductCategory.objects.filter(key=key).first()


def category_name(application: Application, on: date) -> str:
    """The category's name in the catalogue of a day, in the language of the request; its key when it is not listed."""
    if application.category is None:
        return ""
    version = category_on(application.category.key, on)
    return version.name if version else application.category.key


@dataclass(frozen=True)
class ChosenProduct:
    """A product named in an address before a draft exists; `reason` says why nothing can be filed for it."""

    category: ProductCategory
    name: str
    units: tuple[ProductUnit, ...]
    unit_names: tuple[str, ...]
    reason: str | Promise


def chosen_product(key: str, unit_keys: list[str], on: date) -> ChosenProduct | None:
    """A listed category and those of the named units that may be chosen on a day; None for an unknown category."""
    version = category_on(key.replace("\0", "")[:40], on) if key else None
    if version is None:
        return None
    units = [row for row in open_units(version.category.key, on) if row.unit.key in unit_keys]
    return ChosenProduct(
        version.category,
        version.name,
        tuple(row.unit for row in units),
        tuple(row.name for row in units),
        _reason(version, on),
    )
