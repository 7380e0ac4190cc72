"""Exemption from visit and test, adopted reports: the rules alone (R-23…R-27, R-32, R-39…R-41)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.commitment import NO_MAJOR_CHANGE, text_for
from licensing.exemptions import (
    QUESTIONS,
    Item,
    OnsiteFacts,
    Pilot,
    ProductTest,
    Report,
    SpotCheck,
    contradicted,
    may_replace,
    onsite_verdict,
    product_test_verdict,
    report_passes,
    speaks_for,
    window_start,
    with_memory,
)
from licensing.kinds import Kind

NO = dict.fromkeys(QUESTIONS, "no")
RECEIVED = date(2015, 9, 10)
RENEWAL = OnsiteFacts(Kind.RENEWAL, NO, (), True, Pilot())
UNIT, OTHER = 7, 8
HERE = "江苏省苏州市昆山市优比路 12 号"


def check(sampled_on: date, passed: bool = True, **more) -> SpotCheck:
    facts = {
        "id": 1, "reference": "JS-1", "unit_id": UNIT, "level": "provincial", "sampled_on": sampled_on,
        "final_on": sampled_on + timedelta(days=20), "passed": passed,
    }  # fmt: skip
    return SpotCheck(**{**facts, **more})


def report(reported_on: date, **more) -> Report:
    facts = {
        "id": 9,
        "reference": "R-9",
        "unit_id": UNIT,
        "address": HERE,
        "sampled_on": reported_on - timedelta(days=15),
        "reported_on": reported_on,
        "passed": True,
    }
    return Report(**{**facts, **more})


def product(**more) -> ProductTest:
    facts = {
        "kind": Kind.RENEWAL, "first_received_on": RECEIVED, "accepted_on": RECEIVED, "today": RECEIVED,
        "units": {UNIT: "复肥"}, "addresses": frozenset({HERE}),
    }  # fmt: skip
    return ProductTest(**{**facts, **more})


# The visit


@pytest.mark.req("R-23")
def test_all_no_and_committed_is_exempt() -> None:
    found = onsite_verdict(RENEWAL)
    assert (found.outcome, found.rule, str(found.clause.article)) == (
        "exempt",
        "onsite_no_major_change",
        "四(一)",
    )


@pytest.mark.req("R-23")
@pytest.mark.parametrize("question", QUESTIONS)
def test_one_yes_is_visited(question: str) -> None:
    found = onsite_verdict(replace(RENEWAL, statement={**NO, question: "yes"}))
    assert (found.outcome, found.rule, found.facts["questions"]) == (
        "required",
        "onsite_major_change",
        question,
    )
    assert found.clause.article == "第二十六条第二款"


@pytest.mark.req("R-23")
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_left_open_is_visited(question: str) -> None:
    open_one = {name: answer for name, answer in NO.items() if name != question}
    assert onsite_verdict(replace(RENEWAL, statement=open_one)).rule == "onsite_unanswered"


@pytest.mark.req("R-23")
def test_ownership_is_never_asked() -> None:
    assert set(QUESTIONS) == {"site", "equipment", "technology", "inspection"}


@pytest.mark.req("R-23")
def test_without_the_letter_that_says_so_there_is_no_exemption() -> None:
    assert onsite_verdict(replace(RENEWAL, signed=False)).rule == "onsite_uncommitted"
    assert text_for(Kind.RENEWAL, unchanged=True) is NO_MAJOR_CHANGE
    assert text_for(Kind.RENEWAL, unchanged=False) is not NO_MAJOR_CHANGE
    assert text_for(Kind.NEW, unchanged=True) is not NO_MAJOR_CHANGE


@pytest.mark.req("R-23")
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.RENEWAL])
def test_no_other_kind_is_exempt_from_the_visit(kind: str) -> None:
    assert onsite_verdict(replace(RENEWAL, kind=kind)).outcome == "required"


@pytest.mark.req("R-24")
def test_the_pilot_and_its_condition() -> None:
    assert onsite_verdict(replace(RENEWAL, pilot=None)).rule == "onsite_pilot_off"
    outcomes = {
        held: onsite_verdict(replace(RENEWAL, pilot=Pilot("A"), holder_class=held)).outcome
        for held in ("AA", "A", "B", "C", "D", "")
    }
    assert outcomes == {
        "AA": "exempt", "A": "exempt", "B": "required", "C": "required", "D": "required", "": "required",
    }  # fmt: skip


@pytest.mark.req("R-23")
def test_a_condition_change_dressed_as_a_renewal_is_visited() -> None:
    before = {"equipment": [{"name": "反应釜", "quantity": 2}], "process": "湿法", "instruments": []}
    filed = {**before, "equipment": [{"name": "反应釜", "quantity": 3}]}
    assert contradicted(NO, before, filed) == ("equipment",)
    assert contradicted({**NO, "equipment": "yes"}, before, filed) == ()
    found = onsite_verdict(replace(RENEWAL, contradicted=("equipment",)))
    assert (found.outcome, found.rule) == ("required", "onsite_conditions_differ")


@pytest.mark.req("R-23")
def test_an_instrument_calibrated_anew_is_no_change_and_nothing_on_record_contradicts_nothing() -> None:
    old = {"name": "光度计", "number": "721G", "valid_until": "2015-10-01"}
    balance = {"name": "天平", "number": "FA2004", "valid_until": "2015-11-01"}
    before, filed = (
        {"instruments": [old, balance]},
        {"instruments": [balance, {**old, "valid_until": "2016-10-01"}]},
    )
    assert contradicted(NO, before, filed) == ()
    assert contradicted(NO, before, {"instruments": [balance]}) == ("inspection",)
    assert contradicted(NO, {}, {"instruments": [old], "process": "湿法"}) == ()


@pytest.mark.req("R-23")
def test_a_yes_taken_back_stays_on_the_paper() -> None:
    day = date(2015, 9, 1)
    first = with_memory({}, {**NO, "equipment": "yes", "detail": "新线"}, day)
    assert "withdrawn" not in first
    second = with_memory(first, {**NO, "detail": ""}, day)
    assert second["withdrawn"] == [{"question": "equipment", "on": "2015-09-01"}]
    third = with_memory(second, {**NO, "withdrawn": []}, day + timedelta(days=1))
    assert third["withdrawn"] == second["withdrawn"]


# The test: spot checks


@pytest.mark.req("R-26")
@pytest.mark.parametrize(
    "received, outcome", [(date(2015, 9, 10), "exempt"), (date(2015, 9, 11), "required")]
)
def test_six_months_and_one_day_is_too_old(received: date, outcome: str) -> None:
    facts = product(first_received_on=received, today=received, spot_checks=[check(date(2015, 3, 10))])
    assert product_test_verdict(facts).outcome == outcome


@pytest.mark.req("R-26")
@pytest.mark.parametrize("level, outcome", [
    ("national", "exempt"), ("provincial", "exempt"), ("prefecture", "required"), ("county", "required"),
])  # fmt: skip
def test_only_a_high_level_counts(level: str, outcome: str) -> None:
    assert (
        product_test_verdict(product(spot_checks=[check(date(2015, 6, 1), level=level)])).outcome == outcome
    )


@pytest.mark.req("R-26")
def test_another_unit_does_not_count_and_every_unit_must() -> None:
    other = check(date(2015, 6, 1), unit_id=OTHER, id=2)
    assert product_test_verdict(product(spot_checks=[other])).outcome == "required"
    both = product(units={UNIT: "复肥", OTHER: "磷肥"}, spot_checks=[other])
    found = product_test_verdict(both)
    assert (found.outcome, found.facts["units"]) == ("required", "复肥")
    found = product_test_verdict(replace(both, spot_checks=[other, check(date(2015, 6, 1))]))
    assert (found.outcome, found.rests_on) == ("exempt", (1, 2))


@pytest.mark.req("R-26")
def test_sampled_inside_and_final_outside() -> None:
    """The sampling decides the window; until it is final a result carries nothing, from that day on it does."""
    late = check(date(2015, 9, 1), final_on=date(2015, 9, 25))
    assert product_test_verdict(product(spot_checks=[late])).outcome == "required"
    assert product_test_verdict(product(spot_checks=[late], today=date(2015, 9, 25))).outcome == "exempt"
    objected = replace(late, final_on=None)
    assert product_test_verdict(product(spot_checks=[objected], today=date(2016, 1, 1))).outcome == "required"


@pytest.mark.req("R-26")
def test_sampled_after_receipt_does_not_count() -> None:
    after = check(RECEIVED + timedelta(days=1), final_on=RECEIVED + timedelta(days=1))
    assert product_test_verdict(product(spot_checks=[after], today=date(2015, 10, 1))).outcome == "required"


@pytest.mark.req("R-26")
@pytest.mark.parametrize("failed_on, outcome", [
    (date(2015, 5, 31), "exempt"), (date(2015, 6, 1), "required"), (date(2015, 7, 1), "required"),
    (date(2015, 9, 30), "required"),
])  # fmt: skip
def test_a_later_failed_check_defeats(failed_on: date, outcome: str) -> None:
    rows = [check(date(2015, 6, 1)), check(failed_on, False, id=2, level="county", final_on=None)]
    found = product_test_verdict(product(spot_checks=rows, today=date(2015, 10, 1)))
    assert found.outcome == outcome
    if outcome == "required":
        assert (found.rule, found.facts["on"]) == ("testing_failed_check", str(failed_on))


@pytest.mark.req("R-27")
@pytest.mark.parametrize("kind", [Kind.CONDITION_CHANGE, Kind.RELOCATION])
def test_never_for_what_is_made_in_another_way(kind: str) -> None:
    facts = product(
        kind=kind, spot_checks=[check(date(2015, 6, 1))], reports=[report(date(2015, 6, 1))], reports_count=True,
        spot_checks_count=True, in_transition=True,
    )  # fmt: skip
    assert product_test_verdict(facts).outcome == "required"


@pytest.mark.req("R-27")
@pytest.mark.parametrize("kind", [Kind.NEW, Kind.SCOPE_EXTENSION])
def test_the_switch_for_new_products(kind: str) -> None:
    off = product(kind=kind, spot_checks=[check(date(2015, 6, 1))])
    assert product_test_verdict(off).rule == f"kind_{kind}"
    without = product_test_verdict(replace(off, spot_checks_count=True))
    assert (without.outcome, without.rule) == ("required", "testing_outside_transition")
    assert without.clause.article == "第四十五条"
    within = product_test_verdict(replace(off, spot_checks_count=True, in_transition=True))
    assert within.outcome == "exempt"


@given(
    st.dates(date(2015, 8, 4), date(2030, 1, 1)),
    st.lists(st.tuples(st.integers(-260, 60), st.booleans(), st.sampled_from(["national", "county"]))),
)
def test_spot_checks_against_a_plain_reading(received: date, rows: list[tuple[int, bool, str]]) -> None:
    """Exempt when some passed high-level check of the window has no failed one on the same day or later."""
    today = received + timedelta(days=60)
    checks = [
        check(received + timedelta(days=n), ok, level=level, id=i, final_on=today)
        for i, (n, ok, level) in enumerate(rows)
    ]
    start = window_start(received)
    good = [
        c.sampled_on
        for c in checks
        if c.passed and c.level == "national" and start <= c.sampled_on <= received
    ]
    bad = [c.sampled_on for c in checks if not c.passed and start <= c.sampled_on <= today]
    expected = bool(good) and max(bad, default=date.min) < max(good)
    facts = product(first_received_on=received, accepted_on=received, today=today, spot_checks=checks)
    assert (product_test_verdict(facts).outcome == "exempt") == expected


# The test: reports from before the visit


@pytest.mark.req("R-40", "R-41")
def test_a_report_is_adopted_where_the_province_follows() -> None:
    facts = product(kind=Kind.NEW, reports=[report(date(2015, 4, 10))], reports_count=True)
    found = product_test_verdict(facts)
    assert (found.outcome, found.rule, found.rests_on) == ("adopted", "testing_report", (9,))
    assert product_test_verdict(replace(facts, reports_count=False)).outcome == "required"


@pytest.mark.req("R-40")
def test_another_place_an_old_report_or_a_failed_one_is_not_adopted() -> None:
    def verdict(row: Report) -> str:
        return product_test_verdict(product(kind=Kind.NEW, reports=[row], reports_count=True)).outcome

    assert verdict(report(date(2014, 9, 10))) == "adopted"
    assert verdict(report(date(2014, 9, 9))) == "required"
    assert verdict(report(date(2015, 4, 10), address="别处")) == "required"
    assert verdict(report(date(2015, 4, 10), unit_id=OTHER)) == "required"
    assert verdict(report(date(2015, 4, 10), passed=False)) == "required"


@pytest.mark.req("R-40")
def test_units_covered_in_different_ways_are_covered() -> None:
    facts = product(
        units={UNIT: "复肥", OTHER: "磷肥"}, spot_checks=[check(date(2015, 6, 1))],
        reports=[report(date(2015, 4, 10), unit_id=OTHER)], reports_count=True,
    )  # fmt: skip
    found = product_test_verdict(facts)
    assert (found.outcome, found.rests_on) == ("adopted", (1, 9))


@pytest.mark.req("R-40")
def test_a_failed_spot_check_defeats_an_older_report() -> None:
    facts = product(
        reports=[report(date(2015, 4, 10))], reports_count=True, spot_checks=[check(date(2015, 5, 1), False)]
    )
    assert product_test_verdict(facts).rule == "testing_failed_check"


@pytest.mark.req("R-40")
@pytest.mark.parametrize("failed_on, outcome", [
    (date(2015, 2, 1), "required"), (date(2015, 1, 10), "required"), (date(2015, 1, 9), "adopted"),
    (date(2015, 1, 20), "required"),
])  # fmt: skip
def test_every_failed_check_since_the_sample_counts_however_long_ago(failed_on: date, outcome: str) -> None:
    """Sampled on 10 January, reported on the 25th: half a year of R-26 is over, and what counts is the sample's day."""
    row = report(date(2015, 1, 25), sampled_on=date(2015, 1, 10))
    found = product_test_verdict(
        product(reports=[row], reports_count=True, spot_checks=[check(failed_on, False)])
    )
    assert found.outcome == outcome
    if outcome == "required":
        assert (found.rule, found.facts["on"]) == ("testing_failed_check", str(failed_on))


@pytest.mark.req("R-40")
def test_a_sample_taken_after_the_failed_check_stands() -> None:
    failed = [check(date(2015, 4, 1), False)]
    early = report(date(2015, 4, 10), sampled_on=date(2015, 3, 28))
    after = report(date(2015, 4, 10), sampled_on=date(2015, 4, 2), id=10)
    verdict = product_test_verdict(product(reports=[early, after], reports_count=True, spot_checks=failed))
    assert (verdict.outcome, verdict.rests_on) == ("adopted", (10,))


@pytest.mark.req("R-26")
@pytest.mark.parametrize("own, level, recorded_by, enters, replaces", [
    ("county", "county", "county", True, True), ("county", "prefecture", "county", False, False),
    ("county", "provincial", "county", False, False), ("county", "national", "county", False, False),
    ("county", "county", "provincial", True, False), ("prefecture", "county", "county", True, True),
    ("prefecture", "provincial", "provincial", False, False), ("provincial", "national", "provincial", True, True),
    ("provincial", "national", "national", True, False), ("national", "county", "provincial", True, True),
])  # fmt: skip
def test_no_authority_makes_a_check_count_that_it_could_not_order(
    own: str, level: str, recorded_by: str, enters: bool, replaces: bool
) -> None:
    assert (speaks_for(own, level), may_replace(own, level, recorded_by)) == (enters, replaces)


@pytest.mark.req("R-32")
def test_only_what_concerns_safety_fails_a_report() -> None:
    looks = Item("外观", safety=False, passed=False)
    assert report_passes([Item("总养分", safety=True, passed=True), looks])
    assert not report_passes([Item("总养分", safety=True, passed=False), looks])
