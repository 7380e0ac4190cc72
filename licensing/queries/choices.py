"""What an applicant may choose from: the categories of the day, each with the reason where filing is closed."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.functional import Promise

from catalog.models import ProductCategory
from catalog.queries import categories_on
from catalog.rules import filing_open


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
