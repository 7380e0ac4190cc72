"""The pure rules of a new application against DOMAIN §3."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.kinds import RULES
from licensing.profile import PROFILE
from licensing.rules import (
    duties_apart,
    licence_term,
    missing_documents,
    missing_sections,
    review_state,
)
from licensing.rules import (
    testing_may_follow as may_be_ordered,
)


@pytest.mark.req("K17")
@pytest.mark.parametrize(("decided", "until"), [("2015-09-16", "2020-09-15"), ("2016-02-29", "2021-02-28")])
def test_term_of_a_new_licence(decided, until):
    term = licence_term(date.fromisoformat(decided), 5)
    assert term.valid_until == date.fromisoformat(until)
    assert term.valid_from == term.term_start == date.fromisoformat(decided)


@given(st.dates(date(2015, 1, 1), date(2090, 12, 31)))
def test_a_term_is_five_years_and_ends_before_the_anniversary(decided):
    until = licence_term(decided, 5).valid_until
    assert 365 * 5 <= (until - decided).days <= 366 * 5
    if (decided.month, decided.day) != (2, 29):
        assert date.fromordinal(until.toordinal() + 1) == decided.replace(year=decided.year + 5)


@pytest.mark.parametrize(("onsite", "testing", "expected"), [
    ("required", "required", "open"), ("passed", "required", "open"), ("required", "passed", "open"),
    ("passed", "passed", "passed"), ("exempt", "passed", "passed"), ("passed", "adopted", "passed"),
    ("exempt", "exempt", "passed"), ("failed", "required", "failed"), ("passed", "failed", "failed"),
    ("adopted", "passed", "open"), ("failed", "passed", "failed"),
])  # fmt: skip
def test_the_guard_to_review_completed(onsite, testing, expected):
    assert review_state({"onsite": onsite, "testing": testing}) == expected


def test_no_test_is_ordered_after_a_failed_visit():
    for early in (False, True):
        assert not may_be_ordered({"onsite": "failed"}, early=early)
        assert may_be_ordered({"onsite": "passed"}, early=early)
    assert may_be_ordered({"onsite": "required"}, early=True)
    assert not may_be_ordered({"onsite": "required"}, early=False)


def test_duties_of_one_case_are_three_persons():
    assert duties_apart(actor_id=1, others={"acceptance": 1, "review": None}) == "acceptance"
    assert duties_apart(actor_id=1, others={"acceptance": 2, "review": None}) is None


@pytest.mark.req("R-29")
def test_exactly_three_documents():
    assert set(PROFILE.documents) == {"business_licence", "application_form", "commitment_letter"}
    assert missing_documents(frozenset(), PROFILE.documents) == PROFILE.documents
    assert missing_documents(frozenset(PROFILE.documents), PROFILE.documents) == ()


@pytest.mark.req("R-45")
def test_limits_of_the_reform():
    assert (PROFILE.decision.days, PROFILE.decision.unit) == (30, "workday")
    assert PROFILE.statutory.days == 60 and PROFILE.intake.days == 5 and PROFILE.onsite.days == 15


def test_missing_sections_keep_their_order():
    assert missing_sections({"product": True}, RULES["new"].required) == (
        "enterprise", "sites", "conditions", "business_licence", "commitment",
    )  # fmt: skip
