"""What the database refuses whoever writes (R-7, R-13, R-16): each invariant stands in a constraint too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.models import CatalogueVersion, CategoryVersion, ProductCategory, ProductUnit, UnitVersion

pytestmark = pytest.mark.django_db

BASE: dict[str, Any] = {
    "timeline": "test",
    "number": 1,
    "status": "published",
    "kind": "scope",
    "effective_from": date(2020, 1, 1),
    "instrument_number": "国发〔2019〕19号",
    "instrument_date": date(2019, 9, 8),
    "co_sponsors": "国家发展改革委",
    "state_council_number": "国函〔2019〕1号",
    "state_council_date": date(2019, 9, 1),
}


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        yield


def edition(**values: Any) -> CatalogueVersion:
    return CatalogueVersion.objects.create(**{**BASE, **values})


def category(key: str = "t-steel", ordinal: int = 901) -> ProductCategory:
    return ProductCategory.objects.create(key=key, ordinal=ordinal)


def listed(version: CatalogueVersion, subject: ProductCategory, **values: Any) -> CategoryVersion:
    facts: dict[str, Any] = {
        "valid_from": date(2020, 1, 1), "name_zh": "钢", "name_en": "Steel", "sort_key": "gang",
        "authority_level": "provincial", "level_mark": "src", "evidence": "S",
    }  # fmt: skip
    return CategoryVersion.objects.create(category=subject, catalogue_version=version, **{**facts, **values})


@pytest.mark.req("R-13")
@pytest.mark.parametrize(
    "missing", [{"state_council_number": ""}, {"state_council_date": None}, {"co_sponsors": ""}]
)
def test_a_change_of_scope_is_not_published_without_approval(missing: dict[str, Any]) -> None:
    with refused_by("catalogue_scope_needs_approval"):
        edition(**missing)
    assert edition(**missing, status="draft").pk


@pytest.mark.req("R-13")
@pytest.mark.parametrize("kind", ["import", "editorial", "level"])
def test_editions_without_change_of_scope_need_no_approval(kind: str) -> None:
    assert edition(kind=kind, state_council_number="", state_council_date=None, co_sponsors="").pk


def test_nothing_is_published_without_instrument_and_date() -> None:
    for missing in ({"instrument_number": ""}, {"instrument_date": None}, {"effective_from": None}):
        with refused_by("catalogue_published_by_instrument"):
            edition(**missing)


def test_a_timeline_has_one_import_and_one_edition_at_a_time() -> None:
    edition(kind="import", effective_to=date(2021, 1, 1))
    with refused_by("catalogue_one_import"):
        edition(kind="import", number=2, effective_from=date(2021, 1, 1))
    with refused_by("catalogue_no_overlap"):
        edition(number=2, effective_from=date(2020, 12, 31))
    assert edition(number=2, effective_from=date(2021, 1, 1)).pk


@pytest.mark.req("R-16")
def test_a_national_category_needs_a_reason() -> None:
    version, subject = edition(), category()
    with refused_by("category_national_needs_reason"):
        listed(version, subject, authority_level="national", level_reason="")
    with refused_by("category_national_needs_reason"):
        listed(version, subject, authority_level="national", level_reason="because")
    assert listed(version, subject, authority_level="national", level_reason="sensitive").pk


def test_versions_of_a_category_do_not_overlap_but_drafts_may_wait() -> None:
    first, second, subject = (
        edition(effective_to=date(2021, 1, 1)),
        edition(number=2, status="draft"),
        category(),
    )
    listed(first, subject, valid_to=date(2021, 1, 1))
    with refused_by("category_no_overlap"):
        listed(second, subject, valid_from=date(2020, 12, 31))
    draft = listed(second, subject, valid_from=None)
    draft.valid_from = date(2021, 1, 1)
    draft.save()


def test_two_categories_do_not_share_a_code_at_a_time() -> None:
    version = edition()
    listed(version, category(), xk_code="XK99-001", xk_mark="confirmed")
    with refused_by("category_code_no_overlap"):
        listed(version, category("t-iron", 902), xk_code="XK99-001", xk_mark="memory")


def test_a_code_has_its_form_and_its_mark() -> None:
    version, subject = edition(), category()
    for code, mark in (("XK99-001", ""), ("", "memory"), ("XK9-0001", "memory"), ("XK99-001", "sure")):
        with refused_by("category_code_with_mark"):
            listed(version, subject, xk_code=code, xk_mark=mark)


@pytest.mark.req("R-6")
def test_acceptance_does_not_close_after_the_delisting() -> None:
    with refused_by("category_closes_before_delisting"):
        listed(edition(), category(), acceptance_closed_from=date(2021, 1, 2), delisted_on=date(2021, 1, 1))


@pytest.mark.req("R-7")
def test_the_catalogue_has_two_levels_and_no_third() -> None:
    relations = {
        model.__name__: {f.related_model.__name__ for f in model._meta.fields if f.is_relation}
        for model in (ProductCategory, ProductUnit)
    }
    assert relations == {"ProductCategory": set(), "ProductUnit": {"ProductCategory"}}
    with refused_by("category_id"):
        ProductUnit.objects.create(key="t-loose")


@pytest.mark.req("R-7")
@pytest.mark.parametrize(
    "attributes",
    [
        [],
        {"varieties": "甲"},
        {"varieties": [{"name": "甲"}]},
        {"varieties": [["甲"]]},
        {"sub": {"varieties": []}},
    ],
)
def test_varieties_are_plain_values_and_never_a_level_below(attributes: Any) -> None:
    version, unit = edition(), ProductUnit.objects.create(key="t-steel-01", category=category())
    row = {"unit": unit, "catalogue_version": version, "name_zh": "钢", "name_en": "Steel", "ordinal": 1}
    with refused_by("unit_attributes_plain"):
        UnitVersion.objects.create(**row, attributes=attributes)
    assert UnitVersion.objects.create(**row, attributes={"varieties": ["甲", "乙"], "sizes": [1, 2.5]}).pk


@pytest.mark.req("R-7")
def test_versions_of_a_unit_do_not_overlap() -> None:
    unit = ProductUnit.objects.create(key="t-steel-01", category=category())
    row = {"unit": unit, "name_zh": "钢", "name_en": "Steel", "ordinal": 1, "valid_from": date(2020, 1, 1)}
    UnitVersion.objects.create(**row, catalogue_version=edition())
    with refused_by("unit_no_overlap"):
        UnitVersion.objects.create(
            **row, catalogue_version=edition(number=2, effective_from=None, status="draft")
        )
