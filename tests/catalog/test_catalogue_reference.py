"""The reform catalogue as loaded: counts, marks and dates of DOMAIN §5."""

import csv
from collections import Counter
from datetime import date

import pytest
from django.db import ProgrammingError, connections
from django.utils import translation

from catalog.loaders import load_catalogue
from catalog.models import CatalogueVersion, CategoryVersion, ProductCategory, ProductUnit, UnitVersion
from catalog.queries import (
    catalogue_on,
    catalogue_version_on,
    categories_on,
    category_on,
    history,
    open_units,
)
from catalog.reference.files import HERE, categories, units
from core.ledger.models import LedgerEntry
from core.outbox.models import Event

FIRST = date(2015, 8, 4)
TABLES = (CatalogueVersion, ProductCategory, ProductUnit, CategoryVersion, UnitVersion)


def test_the_file_holds_the_68_rows_of_the_domain() -> None:
    groups = Counter(row.group for row in categories())
    assert groups == {"A": 16, "B": 12, "C": 14, "D": 20, "E": 6}
    assert all(row.unverified == (row.group == "D") for row in categories())


def test_only_the_five_codes_with_a_source_are_confirmed() -> None:
    confirmed = {row.xk_code for row in categories() if row.xk_mark == "confirmed"}
    assert confirmed == {"XK05-001", "XK13-006", "XK13-002", "XK16-114", "XK01-302"}
    assert {row.xk_code for row in categories() if row.xk_mark == "inferred"} == {"XK13-001"}


@pytest.mark.req("R-16")
def test_an_uncertain_level_is_provincial_and_a_national_one_has_a_reason() -> None:
    for row in categories():
        if row.level_mark == "uncertain":
            assert row.level == "provincial"
        assert (row.level == "national") == (row.level_reason == "reconstructed")


def test_ordinals_are_the_rows_of_the_file() -> None:
    with (HERE / "categories.csv").open(encoding="utf-8") as file:
        assert [int(row["ordinal"]) for row in csv.DictReader(file)] == list(range(1, 69))
    keys = [row.key for row in units()]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
def test_the_list_of_the_first_day_and_of_today() -> None:
    load_catalogue()
    assert categories_on(date(2015, 8, 3)).count() == 0
    assert categories_on(FIRST).count() == categories_on(date(2026, 11, 23)).count() == 62
    assert category_on("safety-helmet", date(2026, 11, 23)) is None
    engine = category_on("engine", date(2026, 11, 23))
    assert engine is not None
    assert (engine.delisted_on, engine.delisted_on_history) == (None, "2019-09")
    edition = catalogue_version_on(FIRST)
    assert edition is not None and str(edition) == "reform-2015/1"
    assert [facts.authority_level for facts in history("engine")] == ["national"]


@pytest.mark.django_db
@pytest.mark.req("R-7")
def test_every_category_has_units_and_the_known_ones_are_there() -> None:
    load_catalogue()
    entries = catalogue_on(FIRST)
    assert all(entry.units for entry in entries)
    names = {entry.category.category.key: [unit.name_zh for unit in entry.units] for entry in entries}
    assert len(names["cable"]) == 6 and names["cable"][1] == "漆包圆绕组线"
    assert names["fertilizer-compound"] == ["复合肥料", "掺混肥料", "有机-无机复混肥料"]
    assert len(names["lead-acid-battery"]) == 11
    assert names["cement"] == ["水泥"]
    rebar = open_units("rebar", FIRST).get()
    assert rebar.varieties == ["钢筋混凝土用热轧钢筋"]


@pytest.mark.django_db
def test_names_follow_the_language() -> None:
    load_catalogue()
    cement = category_on("cement", FIRST)
    assert cement is not None
    with translation.override("en"):
        assert cement.name == "Cement"
    with translation.override("zh-hans"):
        assert cement.name == "水泥"


@pytest.mark.django_db
def test_the_list_sorts_by_pinyin_in_two_queries(django_assert_num_queries: object) -> None:
    load_catalogue()
    with django_assert_num_queries(2):  # type: ignore[operator]
        names = [entry.category.name_zh for entry in catalogue_on(FIRST)]
    assert names.index("电线电缆") < names.index("水泥") < names.index("压力锅")


@pytest.mark.django_db
def test_loading_twice_publishes_once() -> None:
    load_catalogue()
    before = [sorted(model.objects.values_list("pk", flat=True)) for model in TABLES]
    again = load_catalogue()
    assert (again.categories, again.units) == (0, 0)
    assert [sorted(model.objects.values_list("pk", flat=True)) for model in TABLES] == before
    entry = LedgerEntry.objects.get(act="catalog.published")
    assert (entry.subject_id, entry.subject_version, entry.dating) == ("reform-2015/1", 1, "import")
    assert entry.public == {"instrument": "国质检监〔2015〕364号", "categories": 62, "units": 79}
    assert entry.effective_at.isoformat() == "2015-08-03T16:00:00+00:00"
    assert Event.objects.filter(type="catalog.published").count() == 1


@pytest.mark.django_db(databases=["default", "public"])
def test_the_public_login_reads_the_views_and_nothing_beneath() -> None:
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public_register.catalogue_category WHERE valid_to IS NULL")
        assert cursor.fetchone()[0] == 62
        cursor.execute(
            "SELECT key, level, level_reason, xk_mark FROM public_register.catalogue_category"
            " WHERE ordinal = 1"
        )
        assert cursor.fetchone() == ("rebar", "national", "reconstructed", "confirmed")
        cursor.execute("SELECT count(*) FROM public_register.catalogue_unit WHERE category_key = 'cable'")
        assert cursor.fetchone()[0] == 6
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public_register'"
            " AND table_name LIKE 'catalogue%'"
            " AND column_name IN ('note', 'evidence_note', 'xk_source', 'source')"
        )
        assert cursor.fetchone()[0] == 0
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT note FROM public.catalog_categoryversion")
