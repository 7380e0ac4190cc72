"""One box: number in any spelling, enterprise from two characters, credit code, product, unit (R-51)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from register.search import case_number, fold, grams, opaque_id, understand

pytestmark = pytest.mark.req("R-51")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(苏)XK06-001-00238", "(苏)XK06-001-00238"),
        ("（苏）XK06-001-00238", "(苏)XK06-001-00238"),
        (" 苏xk06-001-00238 ", "(苏)XK06-001-00238"),
        ("ＸＫ０６－００１－００２３８", "XK06-001-00238"),
    ],
)
def test_a_number_is_understood_in_any_spelling(typed: str, number: str) -> None:
    question = understand(typed)
    assert (question.kind, question.value) == ("number", number)


def test_a_scanned_address_names_the_licence_and_its_fragment_is_ignored() -> None:
    permanent = "abcdefghij2345672345"
    for text in (
        permanent,
        f"https://x.example/l/{permanent}#1234",
        f"/l/{permanent}",
        f"https://x/l/{permanent}/",
    ):
        assert opaque_id(text) == permanent
        assert understand(text).kind == "opaque"
    for text in ("", "l/", "https://x/m/abcdefghij2345672345", "https://[x/l/a", "abc"):
        assert opaque_id(text) == ""


def test_a_credit_code_with_a_wrong_last_digit_is_called_by_its_name() -> None:
    good = understand("9132 0583 MA1X 5C7D XJ")
    assert good.kind == "uscc"
    wrong = understand("91350100M000100Y44")
    assert wrong.kind == "uscc" and wrong.problem is not None and wrong.problem.code == "uscc.check_digit"
    assert understand("91350100M000100Y43").problem is None
    short = understand("91350100M000100Y4")
    assert short.problem is not None and short.problem.code == "uscc.length"


def test_folding_makes_look_alikes_equal_and_drops_what_cannot_be_stored() -> None:
    assert fold("（苏）ＡＢ \x00c\u200bd") == "(苏)abcd"
    assert fold("阿依古丽•买买提") == fold("阿依古丽·买买提")
    assert grams("𠮷野家") == {"𠮷野", "野家"}
    assert grams("首") == set()


@pytest.mark.parametrize(
    "typed", ["320000-n-2026-000341-7k", " 320000—N—2026—000341—7K ", "320000-N-2026-000341-7K"]
)
def test_a_case_number_has_one_spelling(typed: str) -> None:
    assert case_number(typed) == "320000-N-2026-000341-7K"


@pytest.mark.parametrize("typed", ["", "320000-N-2026-000341", "320000-N-2026-000341-7K\x00", "1' OR 1=1"])
def test_what_cannot_be_a_case_number_is_none(typed: str) -> None:
    assert case_number(typed) == ""


def found(client: Client, **query: str) -> list[str]:
    response = client.get("/licences/", query)
    assert response.status_code == 200
    return [item.row.holder_name for item in response.context["page"].rows]


def test_search_finds_by_name_code_product_and_unit(
    client: Client, write_licence: Callable[..., Any], noon: Any, django_assert_num_queries: Any
) -> None:
    write_licence(
        holder_name="首钢股份有限公司",
        category_name="建筑用钢筋",
        category_key="rebar",
        units=[],
        category_name_en="Steel bars",
        uscc="91350100M000100Y43",
    )
    write_licence(holder_name="镕甦𠮷化工（集团）有限公司")
    write_licence(holder_name="钢首贸易有限公司")
    assert found(client, q="首钢") == ["首钢股份有限公司"]
    assert found(client, q="𠮷化") == ["镕甦𠮷化工（集团）有限公司"]
    assert found(client, q="(集团)") == ["镕甦𠮷化工（集团）有限公司"]
    assert found(client, q="91350100m000100y43") == ["首钢股份有限公司"]
    assert found(client, q="钢筋 首钢") == ["首钢股份有限公司"]
    assert found(client, q="steel bars") == ["首钢股份有限公司"]
    assert set(found(client, q="过磷酸钙")) == {"镕甦𠮷化工（集团）有限公司", "钢首贸易有限公司"}
    assert set(found(client, q="XK13-002")) == {
        "首钢股份有限公司",
        "镕甦𠮷化工（集团）有限公司",
        "钢首贸易有限公司",
    }
    assert found(client, category="rebar") == ["首钢股份有限公司"]
    assert found(client, q="首钢", province="110000") == []


def test_pairs_that_do_not_stand_in_order_are_no_match(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    write_licence(holder_name="北京钢铁京北有限公司")
    assert found(client, q="京北京") == []
    assert found(client, q="京北有") == ["北京钢铁京北有限公司"]


def test_the_word_for_an_expired_licence_follows_the_date(
    client: Client, write_licence: Callable[..., Any], time_machine: Any
) -> None:
    write_licence(valid_from=date(2021, 9, 16), valid_until=date(2026, 9, 15))
    time_machine.move_to("2026-09-15T15:59:59+00:00", tick=False)
    assert [i.status for i in client.get("/licences/").context["page"].rows] == ["valid"]
    assert len(found(client, status="valid")) == 1
    assert found(client, status="expired") == []
    time_machine.move_to("2026-09-15T16:00:00+00:00", tick=False)
    assert [i.status for i in client.get("/licences/").context["page"].rows] == ["expired"]
    assert found(client, status="valid") == []
    assert len(found(client, status="expired")) == 1


def test_a_number_in_the_register_leads_to_its_page(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    row = write_licence()
    for typed in (
        row.number,
        row.number.replace("(", "（").replace(")", "）").lower(),
        f"https://x/l/{row.opaque_id}#1",
    ):
        response = client.get("/licences/", {"q": typed})
        assert response.status_code == 302
        assert response["Location"] == f"/licences/{quote(row.number, safe='()')}/"


@pytest.mark.parametrize(
    "query",
    [
        "(苏)XK13-002-99999",
        "不存在企业",
        "91350100M000100Y43",
        "ab\x00cd",
        "'; DROP TABLE",
        "%_%",
        "😀😀",
        "\\\\",
        "x" * 5000,
    ],
)
def test_nothing_found_never_says_unlicensed(
    client: Client, write_licence: Callable[..., Any], noon: Any, query: str
) -> None:
    write_licence()
    response = client.get("/licences/", {"q": query})
    text = response.content.decode()
    assert response.status_code == 200
    assert "本系统中没有查到许可证" in text
    for word in ("无证", "未获许可", "未取得许可"):
        assert word not in text
    english = client.get("/en/licences/", {"q": query})
    assert english.status_code == 200
    assert "unlicensed" not in english.content.decode().lower()


def test_a_wrong_credit_code_is_explained(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    response = client.get("/licences/", {"q": "91350100M000100Y44"})
    assert "校验位不符" in response.content.decode()


def test_one_character_asks_for_a_second(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    write_licence()
    assert "请至少输入两个字" in client.get("/licences/", {"q": "肥"}).content.decode()


def test_pages_go_on_where_the_last_one_ended(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    for _n in range(45):
        write_licence(holder_name="同名企业有限公司")
    seen: list[str] = []
    query = {"q": "同名"}
    for _page in range(5):
        page = client.get("/licences/", query).context["page"]
        seen += [item.row.number for item in page.rows]
        if page.next_cursor is None:
            break
        assert len(page.rows) == 20
        query = {"q": "同名", "after": page.next_cursor}
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("after", ["x", "////", "é", "AAAA", "YQ"])
def test_a_cursor_nobody_gave_out_shows_the_first_page(
    client: Client, write_licence: Callable[..., Any], noon: Any, after: str
) -> None:
    write_licence()
    assert len(found(client, after=after)) == 1


@pytest.mark.parametrize("rows", [1, 50])
def test_search_takes_two_queries(
    client: Client, write_licence: Callable[..., Any], noon: Any, rows: int, django_assert_num_queries: Any
) -> None:
    from django.db import connections

    for _n in range(rows):
        write_licence()
    with django_assert_num_queries(2, connection=connections["public"]), django_assert_num_queries(0):
        client.get("/licences/", {"q": "肥业", "status": "valid"})
