"""The rules of a correction as properties: nothing is added, nothing moves, no day is given away (R-89)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle.errors import DomainError
from licensing.corrections.errors import OtherPlace, TermNotLawful
from licensing.corrections.rules import (
    Bounds,
    Change,
    Given,
    changes_in,
    corrected_content,
    judged,
    lawful_term,
    place_of,
    places_of,
    rebased,
    require_lawful,
    words_of,
)
from licensing.kinds import Kind
from licensing.terms import renewal

pytestmark = pytest.mark.req("R-89")
HAN = st.text("甲乙丙丁戊己庚辛壬癸号路街 0123456789", min_size=1, max_size=12).map(str.strip).filter(bool)
PLACES = st.sampled_from(["江苏省苏州市昆山市", "江苏省泰州市兴化市", ""])


@st.composite
def contents(draw: Any) -> dict[str, Any]:
    def row() -> dict[str, Any]:
        street, home = draw(HAN), draw(PLACES)
        return {"address": street, "full_address": home + street, "division": "320583"}

    units = [{"id": n + 1, "name_zh": draw(HAN), "key": f"u{n}"} for n in range(draw(st.integers(1, 4)))]
    members = [
        {"name": draw(HAN), "uscc": "91320102MA1X5C7DXJ", **row()} for _n in range(draw(st.integers(0, 2)))
    ]
    return {
        "enterprise": {"name": draw(HAN), "uscc": "91320102MA1X5C7DXJ", "phone": "1", **row()},
        "sites": [row() for _n in range(draw(st.integers(1, 3)))],
        "units": units, "group": members, "conditions": {"staff": "3"}, "category": {"name_zh": "类"},
    }  # fmt: skip


def words(content: dict[str, Any]) -> dict[str, str]:
    units = [(unit["id"], unit["name_zh"]) for unit in content["units"]]
    return words_of(content, content["category"]["name_zh"], units)


@given(contents(), st.data())
def test_the_content_says_the_corrected_words_and_nothing_else_changes(content: Any, data: Any) -> None:
    now = words(content)
    chosen = data.draw(st.lists(st.sampled_from(sorted(now)), unique=True))
    wanted = {key: data.draw(HAN) for key in chosen}
    changes = changes_in(now, wanted)
    after = corrected_content(content, {change.key: change.after for change in changes})
    told = words(after)
    assert {key for key in now if told[key] != now[key]} == {change.key for change in changes}
    assert all(told[change.key] == change.after for change in changes)
    assert list(told) == list(now), "nothing comes and nothing goes"
    assert after["conditions"] == content["conditions"]
    assert [unit["id"] for unit in after["units"]] == [unit["id"] for unit in content["units"]]
    assert [site["division"] for site in after["sites"]] == [site["division"] for site in content["sites"]]


@given(contents())
def test_correcting_back_gives_what_there_was(content: Any) -> None:
    now = words(content)
    wrong = corrected_content(content, {"holder_name": "乙", "category_name": "别"})
    assert corrected_content(wrong, {key: now[key] for key in ("holder_name", "category_name")}) == content


@given(contents(), HAN)
def test_a_place_stays_in_its_county(content: Any, street: str) -> None:
    bounds = Bounds("91320102MA1X5C7DXJ", places_of(content))
    home = place_of(content["sites"][0])
    kept = judged(Change("site-0", "旧", home + street), bounds)
    after = corrected_content(content, {"site-0": kept.after})
    assert after["sites"][0]["full_address"] == home + street
    if home:
        assert after["sites"][0]["address"] == street and place_of(after["sites"][0]) == home
        with pytest.raises(OtherPlace):
            judged(Change("site-0", "旧", "浙江省杭州市" + street), bounds)


def test_spaces_alone_are_no_error() -> None:
    """A form sent back as it was shown corrects nothing, whatever spaces the printed words have."""
    assert changes_in({"registered_address": "春晖路  88 号"}, {"registered_address": " 春晖路 88 号 "}) == ()


@given(contents(), st.data())
def test_what_is_right_by_now_falls_away(content: Any, data: Any) -> None:
    now = words(content)
    key = data.draw(st.sampled_from(sorted(now)))
    change = Change(key, "从前印的", now[key])
    assert rebased([change], now) == ()
    assert rebased([Change("site-9", "没有", "有")], now) == ()


@given(st.dates(date(2015, 8, 4), date(2060, 1, 1)), st.integers(-400, 400))
def test_no_correction_gives_or_takes_a_day(decided: date, off: int) -> None:
    ends = decided + timedelta(days=30)
    for told in (Given(Kind.NEW, decided), Given(Kind.RENEWAL, decided, ends)):
        term = lawful_term(told)
        last = term.valid_until + timedelta(days=off)
        if off == 0:
            require_lawful(term, term.valid_from, last)
            continue
        with pytest.raises(TermNotLawful):
            require_lawful(term, term.valid_from, last)


@given(st.dates(date(2016, 1, 1), date(2050, 1, 1)), st.integers(-200, 200))
def test_the_term_is_that_of_the_decision(ends: date, late: int) -> None:
    decided = ends + timedelta(days=late)
    assert lawful_term(Given(Kind.RENEWAL, decided, ends)) == renewal(decided, ends).term
    deemed = lawful_term(Given(Kind.RENEWAL, ends + timedelta(days=1), ends, deemed=True))
    assert deemed.valid_from == ends + timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change("holder_name", "甲", "🏭厂"), "name.character"),
        (Change("holder_name", "甲", "甲"), "name.length"),
        (Change("uscc", "旧", "91110108MA00AB124B"), "corrections.other_holder"),
        (Change("member-0-uscc", "旧", "91110108MA00AB1241"), "uscc.check"),
        (Change("unit-3", "旧", "线缆"), "corrections.other_scope"),
        (Change("category_name", "旧", "新名"), "corrections.is_a_change"),
        (Change("site-0", "旧", "长" * 301), "corrections.word_too_long"),
    ],
)
def test_a_word_is_refused_at_its_key(change: Change, code: str) -> None:
    bounds = Bounds("91320102MA1X5C7DXJ", {}, {"unit-3": frozenset({"线缆"})}, frozenset({"新名"}))
    with pytest.raises(DomainError) as error:
        judged(change, bounds)
    assert error.value.code.startswith(code) and error.value.field == change.key
