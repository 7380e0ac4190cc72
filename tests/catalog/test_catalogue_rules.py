"""The catalogue's rules as pure calls (DOMAIN §0.1, §2.2, §2.3, §5)."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.rules import CategoryFacts, certificate_code, filing_open, level_on, unlisted_units

DAY = date(2015, 8, 4)
CABLE = CategoryFacts("cable", 7, DAY, None, "provincial", "XK06-001", "memory")
PHOSPHATE = CategoryFacts("fertilizer-phosphate", 11, DAY, None, "provincial", "XK13-002", "confirmed")
ENGINE = CategoryFacts("engine", 17, DAY, None, "national")


@pytest.mark.parametrize(
    ("facts", "world", "code"),
    [
        (PHOSPHATE, "real", "XK13-002"),
        (PHOSPHATE, "demo", "XK13-002"),
        (CABLE, "demo", "XK90-007"),
        (CABLE, "real", None),
        (ENGINE, "demo", "XK90-017"),
        (ENGINE, "real", None),
        (replace(CABLE, xk_mark="inferred"), "real", None),
    ],
)
def test_only_a_confirmed_code_numbers_certificates_outside_the_demo_world(
    facts: CategoryFacts, world: str, code: str | None
) -> None:
    assert certificate_code(facts, world) == code


def test_filing_is_closed_with_that_reason_where_the_code_is_not_confirmed() -> None:
    verdict = filing_open(CABLE, DAY, "real")
    assert (verdict.open, verdict.code, verdict.clause.instrument) == (
        False,
        "catalog.no_confirmed_code",
        "DESIGN",
    )
    assert str(verdict.reason)
    assert filing_open(CABLE, DAY, "demo").open


@pytest.mark.req("R-7")
def test_filing_needs_a_listed_category() -> None:
    assert filing_open(None, DAY, "demo").code == "catalog.not_listed"
    assert filing_open(PHOSPHATE, date(2015, 8, 3), "real").code == "catalog.not_listed"
    assert filing_open(PHOSPHATE, DAY, "real").open
    assert filing_open(replace(PHOSPHATE, valid_to=date(2016, 1, 1)), date(2015, 12, 31), "real").open
    assert not filing_open(replace(PHOSPHATE, valid_to=date(2016, 1, 1)), date(2016, 1, 1), "real").open
    assert not filing_open(replace(PHOSPHATE, valid_from=None), DAY, "real").open


@pytest.mark.req("R-14")
def test_a_delisting_closes_every_kind_but_deregistration_from_its_day() -> None:
    gone = replace(PHOSPHATE, delisted_on=date(2018, 9, 23))
    assert filing_open(gone, date(2018, 9, 22), "real").open
    for kind in ("new", "renewal", "scope_extension", "condition_change", "change", "replacement"):
        assert filing_open(gone, date(2018, 9, 23), "real", kind).code == "catalog.delisted"  # type: ignore[arg-type]
    assert filing_open(gone, date(2018, 9, 23), "real", "deregistration").open


@pytest.mark.req("R-6")
def test_acceptance_may_close_before_the_delisting() -> None:
    closing = replace(PHOSPHATE, acceptance_closed_from=date(2019, 10, 1), delisted_on=date(2020, 10, 1))
    assert filing_open(closing, date(2019, 9, 30), "real").open
    assert filing_open(closing, date(2019, 10, 1), "real").code == "catalog.acceptance_closed"
    assert filing_open(closing, date(2020, 10, 1), "real").code == "catalog.delisted"


@pytest.mark.req("R-18")
def test_the_level_is_that_of_the_acceptance_date() -> None:
    change = date(2018, 12, 1)
    versions = (
        replace(ENGINE, valid_to=change),
        replace(ENGINE, valid_from=change, authority_level="provincial"),
    )
    assert level_on(versions, date(2018, 11, 30)) == "national"
    assert level_on(versions, change) == "provincial"
    assert level_on(versions, date(2015, 8, 3)) is None


@pytest.mark.req("R-7")
def test_units_no_longer_listed_are_named_in_the_order_chosen() -> None:
    assert unlisted_units(["c", "a", "b"], ["a", "d"]) == ("c", "b")
    assert unlisted_units([], ["a"]) == ()
