"""A row by itself: every kind of fault has its own code, at its cell; what is right is read in any spelling."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.imports.comparing import differing, fingerprint, twins
from licensing.imports.findings import KINDS
from licensing.imports.parsing import Raw
from licensing.imports.reading import Place, half_width, read_date, several, street_of
from licensing.imports.rules import Checked, Product, Reference, judge
from licensing.rules import licence_term
from tests.support.imports import row

pytestmark = pytest.mark.req("R-90")
TODAY = date(2026, 11, 9)
PLACES = {
    code: Place(code, names)
    for code, names in (
        ("320583", ("江苏省", "苏州市", "昆山市")),
        ("320102", ("江苏省", "南京市", "玄武区")),
        ("330109", ("浙江省", "杭州市", "萧山区")),
        ("320585", ("江苏省", "苏州市", "太仓市")),
    )
}
PHOSPHATE = Product(
    "fertilizer-phosphate", "化肥(磷肥)", False, frozenset({"XK13-002"}), True,
    {"化肥(磷肥)": "p1", "过磷酸钙": "p2"}, ("化肥(磷肥)", "过磷酸钙"),
)  # fmt: skip
CEMENT = Product("cement", "水泥", True, frozenset({"XK08-001"}), False, {"水泥": "c1"}, ("水泥",))
PRODUCTS = {
    "化肥(磷肥)": PHOSPHATE, "fertilizer-phosphate": PHOSPHATE, "xk13-002": PHOSPHATE, "水泥": CEMENT,
    "xk08-001": CEMENT,
}  # fmt: skip
REFERENCE = Reference("苏", "32", TODAY, PLACES, {"320520": "320585"}, PRODUCTS)
NATION = Reference("", "", TODAY, PLACES, {}, PRODUCTS)


def judged(reference: Reference = REFERENCE, **changes: str) -> Checked:
    return judge(Raw(2, row(1, **changes)), reference)


def found(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.column, finding.code.removeprefix("imports.")) for finding in checked.findings]


def test_a_right_row_has_facts_and_nothing_to_say() -> None:
    checked = judged()
    assert checked.findings == ()
    assert checked.facts == {
        "number": "(苏)XK13-002-00001", "name": "苏州旧证1号肥业有限公司", "uscc": row(1)["uscc"], "legacy": "",
        "issued_on": "2023-03-01", "valid_from": "2023-03-01", "valid_until": "2028-02-29", "status": "valid",
        "deregistered_on": "", "division": "320583", "address": "江苏省苏州市昆山市春晖路 88 号",
        "sites": [{"division": "320583", "address": "优比路 12 号"}], "legal_representative": "钱旧",
        "category": "fertilizer-phosphate", "units": ["p1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": "XK13-02-00001"}, ("number", "licence_number.invalid")),
        ({"number": "(美)XK13-002-00001"}, ("number", "licence_number.prefix")),
        ({"number": "(浙)XK13-002-00001"}, ("number", "other_authority")),
        ({"number": "XK13-002-00001"}, ("number", "other_authority")),
        ({"number": ""}, ("number", "missing")),
        ({"number": "(苏)XK13-001-00001"}, ("number", "code_mismatch")),
        ({"name": ""}, ("name", "missing")),
        ({"name": "厂"}, ("name", "name.length")),
        ({"name": "肥业😀有限公司"}, ("name", "name.character")),
        ({"name": "肥业\u200b有限公司"}, ("name", "unprintable")),
        ({"uscc": "91320583MA9D0001"}, ("uscc", "uscc.length")),
        ({"uscc": "91320583MA9D0001O1"}, ("uscc", "uscc.character")),
        ({"uscc": "91110108MA00AB1241"}, ("uscc", "uscc.check_digit")),
        ({"uscc": "", "legacy": ""}, ("uscc", "missing")),
        ({"uscc": "", "legacy": "32058300001"}, ("legacy", "legacy_shape")),
        ({"registered_division": "999999"}, ("registered_division", "division_unknown")),
        ({"registered_division": "320000"}, ("registered_division", "division_unknown")),
        ({"registered_division": "330109"}, ("registered_division", "outside_territory")),
        ({"registered_address": ""}, ("registered_address", "missing")),
        ({"registered_address": "路" * 201}, ("registered_address", "too_long")),
        ({"production_addresses": ""}, ("production_addresses", "missing")),
        ({"production_addresses": "320102"}, ("production_addresses", "missing")),
        ({"production_addresses": "123456 某路 1 号"}, ("production_addresses", "division_unknown")),
        ({"category": "飞碟"}, ("category", "category_unknown")),
        ({"category": "", "number": "(苏)XK99-999-00001"}, ("category", "category_unknown")),
        ({"units": ""}, ("units", "missing")),
        ({"units": "化肥(磷肥)；钾肥"}, ("units", "unit_unknown")),
        ({"issued_on": "2023-02-30"}, ("issued_on", "date_shape")),
        ({"issued_on": "昨天"}, ("issued_on", "date_shape")),
        ({"issued_on": "2027-01-01", "valid_from": "2023-03-01"}, ("issued_on", "date_future")),
        ({"issued_on": "1970-01-01"}, ("issued_on", "date_implausible")),
        ({"valid_from": "9999-12-01", "valid_until": "9999-12-31"}, ("valid_from", "date_future")),
        ({"valid_until": "2023-03-01"}, ("valid_until", "dates_order")),
        ({"valid_until": "2028-03-01"}, ("valid_until", "term_long")),
        ({"status": "睡眠"}, ("status", "status_unknown")),
        ({"status": "过期"}, ("status", "status_not_over")),
        ({"status": "注销"}, ("deregistered_on", "missing")),
        ({"deregistered_on": "2024-01-01"}, ("deregistered_on", "deregistered_unneeded")),
        ({"status": "注销", "deregistered_on": "2022-01-01"}, ("deregistered_on", "dates_order")),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_code_at_its_cell_and_keeps_the_row_out(
    changes: dict[str, str], expected: tuple[str, str]
) -> None:
    checked = judged(**changes)
    assert expected in found(checked)
    assert checked.facts is None
    for finding in checked.findings:
        assert str(finding.kind.words) % finding.params if finding.params else finding.kind.words


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": "（苏）ｘｋ１３－００２－００００１"}, ("number", "normalised")),
        ({"uscc": row(1)["uscc"].lower().replace("9", "９", 1)}, ("uscc", "normalised")),
        ({"issued_on": "２０２３年３月１日"}, ("issued_on", "normalised")),
        ({"number": "(苏)XK13-002-95000"}, ("number", "serial_high")),
        ({"registered_division": "320520"}, ("registered_division", "division_replaced")),
        ({"category": "水泥", "units": "水泥", "number": "(苏)XK08-003-00001"}, ("number", "code_unconfirmed")),
        ({"category": "水泥", "units": "水泥", "number": "(苏)XK08-001-00001"}, ("category", "level_differs")),
        ({"valid_from": ""}, ("valid_from", "valid_from_taken")),
        ({"issued_on": "2021-01-01"}, ("issued_on", "issued_early")),
        ({"valid_from": "2019-03-01", "issued_on": "2019-03-01", "valid_until": "2024-02-29"},
         ("status", "status_over")),
    ],
)  # fmt: skip
def test_what_is_only_said_leaves_the_row_to_be_loaded(
    changes: dict[str, str], expected: tuple[str, str]
) -> None:
    checked = judged(**changes)
    assert expected in found(checked)
    assert checked.facts is not None and KINDS[f"imports.{expected[1]}"].severity != "error"


def test_all_faults_of_a_row_are_said_at_once() -> None:
    checked = judged(number="坏", uscc="1", issued_on="x", units="无")
    assert {column for column, _code in found(checked)} >= {"number", "uscc", "issued_on", "units"}


def test_a_row_with_other_cells_than_the_header_is_not_guessed_at() -> None:
    checked = judge(Raw(7, row(), width=14, expected=15), REFERENCE)
    assert found(checked) == [("row", "row_width")] and checked.facts is None


def test_the_nation_has_numbers_without_a_character_and_takes_any_place() -> None:
    checked = judged(NATION, number="XK13-002-00001", registered_division="330109")
    assert checked.facts is not None and checked.findings == ()
    assert ("number", "other_authority") in found(judged(NATION))


def test_a_category_may_be_named_by_key_name_code_or_number() -> None:
    for said in ("fertilizer-phosphate", "化肥（磷肥）", "XK13-002", "xk13-002", ""):
        checked = judged(category=said)
        assert checked.facts is not None and checked.facts["category"] == "fertilizer-phosphate", said


def test_a_written_validity_that_has_run_out_is_taken_over_as_expired() -> None:
    checked = judged(issued_on="2019-03-01", valid_from="2019-03-01", valid_until="2024-02-29")
    assert checked.facts is not None and checked.facts["status"] == "expired"


@given(st.dates(date(1984, 1, 1), TODAY), st.integers(-3, 3))
def test_no_term_is_longer_than_the_law_allows(start: date, more: int) -> None:
    """Against the term the system itself grants (K17): one day over is refused, up to it is not."""
    until = licence_term(start, 5).valid_until + timedelta(days=more)
    codes = [
        code
        for _column, code in found(
            judged(issued_on=str(start), valid_from=str(start), valid_until=str(until))
        )
    ]
    assert ("term_long" in codes) == (more > 0)


@given(st.dates(date(1000, 1, 1)))
def test_a_date_is_the_same_in_every_spelling(day: date) -> None:
    spelt = (
        day.isoformat(), f"{day:%Y}/{day.month}/{day.day}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日",
        f"{day.isoformat()} 00:00:00", f"{day:%Y}.{day.month:02d}.{day.day:02d}",
        day.isoformat().translate({ord(str(n)): 0xFF10 + n for n in range(10)}),
    )  # fmt: skip
    assert {read_date(text) for text in spelt} == {day}


@given(st.text(max_size=30))
def test_no_text_is_a_date_by_accident(text: str) -> None:
    found_day = read_date(text)
    assert found_day is None or str(found_day.year) in half_width(text)


@given(st.lists(st.text("甲乙丙 1", min_size=1, max_size=5), max_size=6))
def test_several_things_in_a_cell_come_apart_each_once(parts: list[str]) -> None:
    wanted = list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    assert several("；".join(parts)) == wanted
    assert several("\n".join(parts)) == wanted


def test_an_address_loses_the_names_of_its_division_only_from_the_front() -> None:
    place = PLACES["320583"]
    for printed in (
        "江苏省苏州市昆山市春晖路 88 号",
        "昆山市春晖路 88 号",
        "苏州市昆山市 春晖路 88 号",
        "春晖路 88 号",
    ):
        assert street_of(printed, place) == "春晖路 88 号"
    assert street_of("昆山市", place) == "昆山市"


def facts(**changes: Any) -> dict[str, Any]:
    checked = judged()
    assert checked.facts is not None
    return {**checked.facts, **changes}


def test_two_records_say_the_same_whatever_the_widths_and_the_day() -> None:
    assert differing(facts(), facts(name="苏州旧证１号肥业有限公司", status="expired")) == ()
    assert fingerprint(facts()) == fingerprint(facts(status="expired", legal_representative="别人"))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"name": "别的厂"}, "name"), ({"uscc": "91110108MA00AB124B"}, "uscc"), ({"units": ["p2"]}, "units"),
        ({"valid_until": "2027-01-01"}, "valid_until"), ({"status": "revoked"}, "status"),
        ({"address": "别处"}, "registered_address"), ({"sites": []}, "production_addresses"),
    ],
)  # fmt: skip
def test_what_contradicts_is_named_by_column(changes: dict[str, Any], column: str) -> None:
    assert differing(facts(), facts(**changes)) == (column,)
    assert fingerprint(facts()) != fingerprint(facts(**changes))


@given(st.lists(st.sampled_from("ab"), min_size=2, max_size=6))
def test_twins_count_once_if_they_agree_and_not_at_all_if_they_do_not(prints: list[str]) -> None:
    said = twins("N", list(range(2, 2 + len(prints))), lambda line: prints[line - 2])
    if len(set(prints)) == 1:
        assert set(said) == set(range(3, 2 + len(prints)))
        assert {finding.code for finding in said.values()} == {"imports.same_in_file"}
    else:
        assert set(said) == set(range(2, 2 + len(prints)))
        assert {finding.code for finding in said.values()} == {"imports.contradicts_in_file"}
