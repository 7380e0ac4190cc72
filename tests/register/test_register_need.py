"""The guide "do I need a licence?": answers from the list in force, with their basis; no cookie, no script (R-95)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.lifecycle.law import Clause
from register.need import Activity, Listing, answer, first_day, listing_on

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Version:
    valid_from: date
    valid_to: date | None = None
    delisted_on: date | None = None


LISTED = date(2015, 8, 4)


@pytest.mark.req("R-95")
@pytest.mark.parametrize(
    ("versions", "on", "expected"),
    [
        ([], TODAY, Listing("never")),
        ([Version(LISTED)], TODAY, Listing("listed", LISTED, None, 0)),
        ([Version(LISTED)], date(2015, 8, 3), Listing("not_yet", LISTED, None, 0)),
        ([Version(LISTED, delisted_on=TODAY)], TODAY, Listing("delisted", TODAY, None, 0)),
        ([Version(LISTED, delisted_on=TODAY)], date(2026, 11, 23), Listing("listed", LISTED, TODAY, 0)),
        ([Version(LISTED, date(2019, 9, 8))], TODAY, Listing("delisted", date(2019, 9, 8), None, 0)),
        (
            [Version(LISTED, date(2019, 9, 8)), Version(date(2019, 9, 8))],
            TODAY,
            Listing("listed", LISTED, None, 1),
        ),
        (
            [Version(LISTED, date(2019, 9, 8)), Version(date(2019, 9, 8))],
            LISTED,
            Listing("listed", LISTED, None, 0),
        ),
        (
            [Version(LISTED, date(2019, 9, 8)), Version(date(2024, 9, 25))],
            date(2020, 1, 1),
            Listing("delisted", date(2019, 9, 8), None, 0),
        ),
        (
            [Version(LISTED, date(2019, 9, 8)), Version(date(2024, 9, 25))],
            TODAY,
            Listing("listed", date(2024, 9, 25), None, 1),
        ),
        ([Version(date(2027, 1, 1))], TODAY, Listing("not_yet", date(2027, 1, 1), None, 0)),
    ],
)
def test_where_a_category_stands_on_a_day(versions: list[Version], on: date, expected: Listing) -> None:
    assert listing_on(versions, on) == expected


def test_what_began_in_the_past_is_judged_by_today() -> None:
    assert first_day(date(2010, 1, 1), TODAY) == TODAY
    assert first_day(date(2027, 3, 1), TODAY) == date(2027, 3, 1)


ART_5 = Clause("L2", "第五条")


@pytest.mark.req("R-95")
@pytest.mark.parametrize(
    ("activity", "code", "basis"),
    [
        (Activity.MAKE, "needed", (ART_5,)),
        (Activity.PROCESS, "needed", (ART_5,)),
        (Activity.SELL, "licensed_goods", (ART_5, Clause("L2", "第四十八条"))),
        (Activity.USE, "licensed_goods", (ART_5, Clause("L2", "第四十八条"))),
        (Activity.IMPORT, "other_law", (Clause("L2", "第四条第二款"),)),
    ],
)
def test_each_activity_has_its_answer_and_article(
    activity: Activity, code: str, basis: tuple[Clause, ...]
) -> None:
    found = answer(Listing("listed", LISTED, None, 0), activity)
    assert (found.code, found.basis) == (code, basis)
    assert answer(Listing("delisted", LISTED, None, 0), activity).code == "delisted"


class Guide:
    """A visitor who follows links and sends the page's forms, all by address."""

    def __init__(self, client: Client, prefix: str = "") -> None:
        self.client, self.path = client, f"{prefix}/need/"

    def __call__(self, query: str = "", status: int = 200) -> str:
        self.answer = self.client.get(f"{self.path}{query}")
        assert self.answer.status_code == status, self.answer.content.decode()[:400]
        return self.answer.content.decode()


@pytest.fixture
def guide(client: Client, fresh_database: str, noon: Any) -> Guide:
    return Guide(client)


@pytest.mark.req("R-95")
def test_the_whole_way_to_a_prefilled_draft(guide: Guide) -> None:
    page = guide("?q=复肥")
    assert "?category=fertilizer-compound" in page and "化肥(复肥)" in page
    page = guide("?category=fertilizer-compound")
    assert "哪些单元" in page and "掺混肥料" in page and "我不确定" in page
    units = guide.answer.context["product"].units
    path = f"?category=fertilizer-compound&unit={units[1].key}"
    assert "为别人加工" in guide(path)
    assert "从哪天开始" in guide(f"{path}&do=make")
    assert "企业在哪里" in guide(f"{path}&do=make&on=today")
    page = guide(f"{path}&do=make&on=today&place=320000")
    for said in (
        "需要生产许可证",
        "第五条",
        "江苏省质量技术监督局",
        "30 个工作日",
        "营业执照",
        "申请书",
        "承诺书",
        "这个机关还没有在本系统公布电话和地址",
    ):
        assert said in page, said
    assert len(guide.answer.context["documents"]) == 3
    link = next(part.split('"')[0] for part in page.split('href="') if part.startswith("/apply/"))
    assert parse_qs(urlsplit(link.replace("&amp;", "&")).query) == {
        "category": ["fertilizer-compound"], "unit": [units[1].key],
    }  # fmt: skip


@pytest.mark.req("R-95")
def test_the_window_an_authority_has_published_stands_beside_its_name(guide: Guide) -> None:
    from core.parties.models import Authority
    from core.staff.models import Window
    from tests.support import world
    from tests.support.windows import WORDS

    Window.objects.create(
        authority=Authority.objects.get(code="320000"), version=1, published_at=timezone.now(),
        published_by=world.official("320000", "organisation_admin"), **WORDS,
    )  # fmt: skip
    page = guide("?category=cement&do=make&on=today&place=320000")
    assert all(text in page for text in WORDS.values())
    assert WORDS["phone"] not in guide("?category=cement&do=make&on=today&place=330000")


@pytest.mark.req("R-95")
def test_a_place_left_open_by_mistake_is_asked_again_with_a_word(guide: Guide) -> None:
    assert "请选一个省级行政区" in guide("?category=cement&do=make&on=today&place=", 422)
    assert "请选一个省级行政区" not in guide("?category=cement&do=make&on=today")


@pytest.mark.req("R-95")
def test_who_decides_follows_the_place_and_the_level(guide: Guide) -> None:
    from register.queries.need import offices

    def pair(place: str, level: str) -> tuple[str, str]:
        found = offices(place, level)
        assert found.filing and found.deciding
        return found.filing.code, found.deciding.code

    assert pair("320000", "provincial") == ("320000", "320000")
    assert pair("320000", "national") == ("320000", "AQSIQ")
    assert pair("XPCC", "provincial") == ("XPCC", "XPCC")
    assert pair("XPCC", "national") == ("XPCC", "AQSIQ")
    assert pair("650000", "provincial") == ("650000", "650000")
    assert offices("AQSIQ", "provincial").filing is None, "nobody files with the national authority"
    assert len(offices("any", "provincial").provinces) == 32
    assert "国家质量监督检验检疫总局" in guide("?category=rebar&do=make&on=today&place=320000")


@pytest.mark.req("R-95")
@pytest.mark.parametrize(
    ("wish", "said"), [("sell", "不得销售"), ("use", "在经营活动中使用"), ("import", "进出口")]
)
def test_who_does_not_make_it_files_nothing(guide: Guide, wish: str, said: str) -> None:
    page = guide(f"?category=cement&do={wish}&on=today")
    assert said in page and "开始申请" not in page and "企业在哪里" not in page


def test_processing_for_others_says_what_is_not_known(guide: Guide) -> None:
    page = guide("?category=cement&do=process&on=today&place=any")
    assert "委托方是否另有手续" in page and "看是哪个机关" in page and "开始申请" in page


def change(sql: str, *values: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM catalog_productcategory WHERE key = 'cement'")
        cursor.execute(sql.replace(":cement", str(cursor.fetchone()[0])), values)


@pytest.mark.req("R-95")
@pytest.mark.req("R-14")
def test_a_delisted_product_is_not_required_since_that_day_with_its_instrument(guide: Guide) -> None:
    change("UPDATE catalog_categoryversion SET delisted_on = %s WHERE category_id = :cement", "2026-11-01")
    page = guide("?category=cement")
    assert "不需要生产许可证" in page and "2026 年 11 月 1 日" in page and "不再实行生产许可管理" in page
    assert guide.answer.context["instrument"].name in page and guide.answer.context["instrument"].name
    assert "开始申请" not in page
    assert "已退出目录" in guide("?q=水泥")
    assert "不需要" in guide("?category=cement&do=make&on=2027-01-01&place=320000")


@pytest.mark.req("R-95")
def test_a_product_that_leaves_later_is_needed_until_then(guide: Guide) -> None:
    change("UPDATE catalog_categoryversion SET delisted_on = %s WHERE category_id = :cement", "2027-03-01")
    page = guide("?category=cement&do=make&on=today&place=any")
    assert "需要生产许可证" in page and "2027 年 3 月 1 日" in page and "从那天起不再需要" in page
    assert "不再实行生产许可管理" in guide("?category=cement&do=make&on=2027-03-01&place=any")


def test_a_category_whose_last_version_ended_names_the_edition_that_ended_it(guide: Guide) -> None:
    change("UPDATE catalog_categoryversion SET valid_to = %s WHERE category_id = :cement", "2026-10-01")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE catalog_catalogueversion SET effective_to = '2026-10-01'")
        cursor.execute(
            "INSERT INTO catalog_catalogueversion (timeline, number, status, kind, effective_from, instrument_name,"
            " instrument_number, instrument_date, co_sponsors, state_council_number, state_council_date, created_at)"
            " SELECT timeline, number + 1, status, 'scope', '2026-10-01', '调整目录的决定', '国发〔2026〕9号',"
            " '2026-09-20', '有关部门', '国发〔2026〕9号', '2026-09-20', now() FROM catalog_catalogueversion"
        )
    page = guide("?category=cement")
    assert "2026 年 10 月 1 日" in page and "调整目录的决定" in page and "国发〔2026〕9号" in page


def test_filing_closed_is_said_and_no_button_is_shown(guide: Guide) -> None:
    change(
        "UPDATE catalog_categoryversion SET acceptance_closed_from = %s WHERE category_id = :cement",
        "2026-11-01",
    )
    page = guide("?category=cement&do=make&on=today&place=320000")
    assert "已停止受理" in page and "需要生产许可证" in page and "开始申请" not in page


@pytest.mark.req("R-95")
def test_unsure_shows_what_the_list_says_and_where_to_ask(guide: Guide) -> None:
    page = guide("?category=cable&unit=unsure")
    assert "漆包圆绕组线" in page and "Enamelled round winding wires" in page and "圆线同心绞架空导线" in page
    assert "受理申请的机关" not in page and "问谁" in page
    assert "江苏省质量技术监督局" in guide("?category=cable&unit=unsure&place=320000")
    assert "用这种产品做什么" in guide("?category=cable&unit=later")


@pytest.mark.parametrize(
    ("words", "keys"),
    [("电线", {"cable"}), ("漆包", {"cable"}), ("磷肥", {"fertilizer-phosphate"}), ("enamelled", {"cable"}),
     ("同心绞", {"cable"}), ("ＣＡＢＬＥＳ", {"cable"}), ("冷轧 带肋", set()), ("月球车", set())],
)  # fmt: skip
def test_words_find_categories_units_and_varieties(guide: Guide, words: str, keys: set[str]) -> None:
    guide(f"?q={words}")
    found = guide.answer.context["found"]
    assert {p.key for p in found.products} >= keys
    assert bool(keys) == (bool(found.products) and not found.near)


def test_nothing_found_never_says_not_needed_by_itself(guide: Guide) -> None:
    page = guide("?q=月球车")
    assert "目录里没有名称含" in page and "不需要" not in page
    page = guide("?listed=none")
    assert "不需要生产许可证" in page and "第五条" in page and "不是法律意见" in page


def test_similar_names_are_offered_as_similar(guide: Guide) -> None:
    page = guide("?q=电缆线")
    assert "名称相近" in page and guide.answer.context["found"].products[0].key == "cable"


@pytest.mark.parametrize("day", ["", "2027-02-30", "yesterday", "0001-01-01", "9999-12-31"])
def test_an_odd_date_is_asked_again(guide: Guide, day: str) -> None:
    page = guide(f"?category=cement&do=make&on={day}", status=422 if day else 200)
    assert ("请填写日期" in page) == bool(day)


@pytest.mark.parametrize(
    "query", ["?category=none-such", "?category=%00", "?category=cement&unit=x&do=fly&on=today&place=ZZ", "?q=%00",
              "?browse",
              "?q=" + "水" * 500, "?category=cement&unit=" + "&unit=".join("abcdefghij" * 30)],
)  # fmt: skip
def test_odd_addresses_break_nothing(guide: Guide, query: str) -> None:
    guide.client.get(f"/need/{query}")
    assert guide.client.get(f"/need/{query}").status_code in (200, 404)


def test_the_page_is_cacheable_sets_no_cookie_and_takes_only_get(guide: Guide) -> None:
    for query in ("", "?q=电线", "?category=cable", "?category=cement&do=make&on=today&place=320000"):
        guide(query)
        assert guide.answer["Cache-Control"] == "public, max-age=30"
        assert not guide.answer.cookies and "Cookie" not in guide.answer.get("Vary", "")
    assert guide.client.post("/need/").status_code == 405


@pytest.mark.req("R-95")
def test_the_guide_speaks_english(client: Client, fresh_database: str, noon: Any) -> None:
    guide = Guide(client, "/en")
    assert "Electric wire and cable" in guide("?q=cable")
    page = guide("?category=cement&do=make&on=today&place=320000")
    assert "Jiangsu" in page and "江苏省质量技术监督局" not in page


def test_home_and_catalogue_lead_to_the_guide(guide: Guide) -> None:
    assert 'href="/need/"' in guide.client.get("/").content.decode()
    assert "/need/?category=cement" in guide.client.get("/catalog/cement/").content.decode()


@pytest.mark.parametrize(
    ("query", "budget"),
    [("", 0), ("?q=电线", 2), ("?browse=1", 2), ("?category=cable", 2), ("?category=cable&unit=unsure", 3),
     ("?category=cement&do=make&on=today&place=320000", 3)],
)  # fmt: skip
def test_fifty_entries_cost_no_more_than_one(guide: Guide, query: str, budget: int) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connections["public"]) as captured:
            guide(query)
        return len(captured)

    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM catalog_unitversion WHERE unit_id NOT IN (SELECT id FROM catalog_productunit"
                       " WHERE key LIKE 'cable%%' OR key LIKE 'cement%%')")  # fmt: skip
        cursor.execute("CREATE TEMPORARY TABLE away AS SELECT * FROM catalog_categoryversion WHERE category_id NOT IN"
                       " (SELECT id FROM catalog_productcategory WHERE key IN ('cable', 'cement'))")  # fmt: skip
        cursor.execute("DELETE FROM catalog_categoryversion WHERE id IN (SELECT id FROM away)")
        few = queries()
        cursor.execute("INSERT INTO catalog_categoryversion SELECT * FROM away")
    many = queries()
    print(f"/need/{query}: {few} queries with 2 entries, {many} with all")
    assert few == many <= budget
