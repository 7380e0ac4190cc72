"""The only writer of the catalogue."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog.models import (
    DEFAULT_TIMELINE,
    CatalogueVersion,
    CategoryVersion,
    ProductCategory,
    ProductUnit,
    UnitVersion,
)
from catalog.reference.files import CategoryRow, UnitRow, categories, units
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.reference.pinyin import sort_key

IMPORT_BASIS = (Clause("L2", "第三条"), Clause("SEED", "二(二)"))


@dataclass(frozen=True)
class Imported:
    """What the import did; all zero when the catalogue was there already."""

    version: CatalogueVersion
    categories: int
    units: int


@transaction.atomic
def import_reference(*, actor: Actor, at: datetime) -> Imported:
    """Publish the reform catalogue (groups A–D) as edition 1 of the default timeline, in force from `at`,
    open-ended.

    Done once: a second call finds edition 1 and changes nothing, because from then on the list changes only
    by published editions. `at` is the legal time; the ledger marks the entry as an import.
    """
    version, made = CatalogueVersion.objects.get_or_create(
        timeline=DEFAULT_TIMELINE,
        kind=CatalogueVersion.Kind.IMPORT,
        defaults={
            "number": 1,
            "status": CatalogueVersion.Status.PUBLISHED,
            "effective_from": shanghai_date(at),
            "instrument_name": "质检总局关于深化工业产品生产许可证制度改革的意见",
            "instrument_number": "国质检监〔2015〕364号",
            "instrument_date": shanghai_date(at),
        },
    )
    if not made:
        return Imported(version, 0, 0)
    listed = [row for row in categories() if row.in_force]
    found = _create_categories(version, listed)
    unit_count = _create_units(version, found, list(units()))
    subject = Subject("catalog.version", str(version), 1)
    record(
        act="catalog.published",
        subject=subject,
        actor=actor,
        effective_at=at,
        legal_basis=IMPORT_BASIS,
        public={"instrument": version.instrument_number, "categories": len(listed), "units": unit_count},
        dating="import",
    )
    emit(type="catalog.published", subject=subject)
    return Imported(version, len(listed), unit_count)


def _create_categories(version: CatalogueVersion, rows: list[CategoryRow]) -> dict[str, ProductCategory]:
    made = ProductCategory.objects.bulk_create(ProductCategory(key=r.key, ordinal=r.ordinal) for r in rows)
    by_key = {category.key: category for category in made}
    CategoryVersion.objects.bulk_create(
        CategoryVersion(
            category=by_key[row.key],
            catalogue_version=version,
            valid_from=version.effective_from,
            name_zh=row.name_zh,
            name_en=row.name_en,
            sort_key=sort_key(row.name_zh),
            xk_code=row.xk_code,
            xk_mark=row.xk_mark,
            xk_source=row.xk_source,
            authority_level=row.level,
            level_mark=row.level_mark,
            level_reason=row.level_reason,
            group=row.group,
            unverified=row.unverified,
            evidence=row.evidence,
            evidence_note=row.evidence_note,
            delisted_on_history=row.delisted_on_history,
            note=row.note,
        )
        for row in rows
    )
    return by_key


def _create_units(version: CatalogueVersion, found: dict[str, ProductCategory], rows: list[UnitRow]) -> int:
    made = ProductUnit.objects.bulk_create(
        ProductUnit(key=r.key, category=found[r.category_key]) for r in rows
    )
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit,
            catalogue_version=version,
            valid_from=version.effective_from,
            name_zh=row.name_zh,
            name_en=row.name_en,
            ordinal=row.ordinal,
            attributes={"varieties": list(row.varieties)} if row.varieties else {},
            source=row.source,
        )
        for unit, row in zip(made, rows, strict=True)
    )
    return len(made)
