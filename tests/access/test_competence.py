"""What a person holds on a day, and which authority handles each stage of a case (R-17, R-19, R-20)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.lifecycle.actors import ANYONE, SYSTEM
from core.parties.competence import NOBODY, Handlers, handlers, standing_for, standing_of
from core.parties.models import Authority, Delegation, Duty, Membership, User
from tests.support import world

pytestmark = pytest.mark.django_db

START, END = date(2026, 3, 1), date(2026, 9, 1)
DAY_BEFORE, LAST_DAY = date(2026, 2, 28), date(2026, 8, 31)
KUNSHAN, NANJING = "320583", "320102"


def authority(code: str) -> Authority:
    return Authority.objects.get(code=code)


def duty(person: User, kind: str, code: str = "320000", **dates: Any) -> Duty:
    dates = {"valid_from": START, "valid_to": END} | dates
    return Duty.objects.create(user=person, authority=authority(code), kind=kind, **dates)


@pytest.mark.req("R-19")
@pytest.mark.parametrize(
    ("day", "held"), [(DAY_BEFORE, False), (START, True), (LAST_DAY, True), (END, False)]
)
def test_a_duty_counts_from_its_first_day_to_the_day_before_its_end(day: date, held: bool) -> None:
    person = world.user()
    row = duty(person, "acceptance")
    found = standing_of(person, day)
    assert found.holds("acceptance", row.authority_id) is held
    assert found.is_official is held
    assert found.authorities("acceptance", "review") == (
        frozenset({row.authority_id}) if held else frozenset()
    )


@pytest.mark.parametrize(
    ("day", "held"), [(DAY_BEFORE, False), (START, True), (LAST_DAY, True), (END, False)]
)
def test_a_membership_counts_from_its_first_day_to_the_day_before_its_end(day: date, held: bool) -> None:
    person, enterprise = world.user(), world.enterprise()
    Membership.objects.create(
        user=person, enterprise=enterprise, role="agent", valid_from=START, valid_to=END
    )
    assert standing_of(person, day).enterprise_ids == (frozenset({enterprise.pk}) if held else frozenset())


def test_an_open_end_has_no_end() -> None:
    person = world.user()
    row = duty(person, "review", valid_to=None)
    assert standing_of(person, date(2100, 1, 1)).holds("review", row.authority_id)


def test_a_duty_may_follow_its_predecessor_without_gap_or_overlap() -> None:
    person = world.user()
    duty(person, "review")
    row = duty(person, "review", valid_from=END, valid_to=None)
    assert [len(standing_of(person, day).duties) for day in (LAST_DAY, END)] == [1, 1]
    with pytest.raises(IntegrityError, match="duty_no_overlap"), transaction.atomic():
        duty(person, "review", valid_from=LAST_DAY, valid_to=END)
    assert standing_of(person, END).holds("review", row.authority_id)


def test_a_duty_is_held_at_its_authority_and_nowhere_else() -> None:
    person = world.user()
    duty(person, "approval", "320000")
    duty(person, "acceptance", "330000")
    found = standing_of(person, START)
    assert found.holds("approval", authority("320000").pk)
    assert not found.holds("approval", authority("330000").pk)
    assert not found.holds("approval", authority("320500").pk)
    assert not found.holds("review", authority("320000").pk)
    assert not found.holds("approval", None)


def test_a_closed_account_holds_nothing_and_so_do_visitor_and_system() -> None:
    person = world.official("320000", "approval")
    assert standing_of(person, START).is_official
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert standing_of(person, START) == NOBODY
    assert standing_for(ANYONE, world.at(START)) == NOBODY
    assert standing_for(SYSTEM, world.at(START)) == NOBODY


def test_flags_on_the_account_give_no_right() -> None:
    person = world.user()
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    person.refresh_from_db()
    assert standing_of(person, START).duties == ()


def test_the_day_of_a_standing_is_the_day_in_shanghai() -> None:
    person = world.user()
    duty(person, "acceptance")
    just_before = world.at(START, 0, 0) - timedelta(seconds=1)
    assert not standing_for(world.actor(person, START), just_before).is_official
    assert standing_for(world.actor(person, START), world.at(START, 0, 0)).is_official


@pytest.mark.parametrize(
    ("kind", "reads", "administers"), [("audit", True, False), ("national_admin", False, True)]
)
def test_only_a_national_duty_reaches_the_whole_country(kind: str, reads: bool, administers: bool) -> None:
    national = standing_of(world.official("AQSIQ", kind), START)
    assert (national.audits_everything, national.is_national_admin) == (reads, administers)
    provincial = standing_of(world.official("320000", kind), START)
    assert not provincial.audits_everything
    assert not provincial.is_national_admin


def delegate(stage: str, to: str = "320500", by: str = "320000", **more: Any) -> Delegation:
    values: dict[str, Any] = {
        "valid_from": START, "basis_instrument": "江苏省行政许可委托办法", "basis_article": "第五条",
        "announced_on": START,
    } | more  # fmt: skip
    return Delegation.objects.create(delegator=authority(by), delegate=authority(to), stage=stage, **values)


def handled(
    day: date = START, division: str = KUNSHAN, category: str = "cable", deciding: str = "320000"
) -> Handlers:
    return handlers(
        filing=authority("320000"),
        deciding=authority(deciding),
        division=division,
        category_key=category,
        on=day,
    )


def stages(found: Handlers) -> tuple[str, str, str]:
    return found.acceptance.code, found.review.code, found.approval.code


@pytest.mark.req("R-17")
def test_without_delegation_the_province_handles_every_stage() -> None:
    found = handled()
    assert (found.filing.code, found.deciding.code) == ("320000", "320000")
    assert stages(found) == ("320000", "320000", "320000")


@pytest.mark.req("R-17")
def test_a_national_case_is_filed_with_the_province_and_approved_by_aqsiq() -> None:
    found = handled(deciding="AQSIQ")
    assert found.filing.code == "320000"
    assert stages(found) == ("320000", "320000", "AQSIQ")


@pytest.mark.req("R-19")
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("acceptance", ("320500", "320000", "320000")),
        ("review", ("320000", "320500", "320000")),
        ("approval", ("320000", "320000", "320500")),
    ],
)
def test_each_stage_is_delegated_by_itself(stage: str, expected: tuple[str, str, str]) -> None:
    delegate(stage)
    found = handled()
    assert stages(found) == expected
    assert (found.filing.code, found.deciding.code) == ("320000", "320000")


@pytest.mark.req("R-19", "R-17")
def test_a_case_of_suzhou_waits_for_suzhou_to_accept_and_for_jiangsu_to_decide() -> None:
    delegate("acceptance")
    application = world.submitted(world.Cast(division=KUNSHAN))
    assert application.filing_authority.code == "320000"
    assert application.acceptance_authority.code == "320500"
    assert application.review_authority.code == application.approval_authority.code == "320000"
    assert application.number.startswith("320000-")


@pytest.mark.req("R-19")
def test_the_territory_is_the_place_of_filing() -> None:
    delegate("acceptance")
    assert stages(handled(division=NANJING))[0] == "320000"
    assert stages(handled(division="320500"))[0] == "320500"


@pytest.mark.req("R-19")
def test_a_prefecture_of_another_territory_is_never_chosen() -> None:
    delegate("acceptance", to="320100")
    assert stages(handled(division=KUNSHAN)) == ("320000", "320000", "320000")
    delegate("review", to="330100", by="330000")
    assert stages(handled(division="330102")) == ("320000", "320000", "320000")


@pytest.mark.req("R-19")
@pytest.mark.parametrize(
    ("day", "who"), [(DAY_BEFORE, "320000"), (START, "320500"), (LAST_DAY, "320500"), (END, "320000")]
)
def test_a_delegation_has_a_first_day_and_an_end(day: date, who: str) -> None:
    delegate("acceptance", valid_to=END)
    assert stages(handled(day))[0] == who


@pytest.mark.req("R-20")
@pytest.mark.parametrize(
    ("day", "who"), [(LAST_DAY, "320500"), (END, "320000"), (date(2026, 12, 1), "320000")]
)
def test_a_suspended_delegation_returns_the_stage_to_the_province(day: date, who: str) -> None:
    delegate("acceptance", suspended_on=END)
    assert stages(handled(day))[0] == who


@pytest.mark.req("R-19")
def test_a_delegation_by_category_covers_that_category_alone() -> None:
    delegate("approval", category_key="cable")
    assert stages(handled(category="cable"))[2] == "320500"
    assert stages(handled(category="rebar"))[2] == "320000"


@pytest.mark.req("R-19")
@pytest.mark.parametrize("specific_first", [True, False])
def test_a_delegation_by_category_goes_before_the_general_one(specific_first: bool) -> None:
    special = Authority.objects.create(
        code="3205ZX", level="prefecture", name_zh="苏州市专项许可局", name_en="Suzhou", short_zh="苏州专项",
        division_code="320500", parent=authority("320000"), valid_from=START,
    )  # fmt: skip
    orders = [{"to": special.code, "category_key": "cable"}, {"to": "320500"}]
    for order in orders if specific_first else reversed(orders):
        delegate("acceptance", **order)
    assert stages(handled(category="cable"))[0] == special.code
    assert stages(handled(category="rebar"))[0] == "320500"


@pytest.mark.req("R-19")
def test_a_national_case_is_never_delegated() -> None:
    for stage in ("acceptance", "review", "approval"):
        delegate(stage)
        delegate(stage, by="AQSIQ")
    assert stages(handled(deciding="AQSIQ")) == ("320000", "320000", "AQSIQ")


@pytest.mark.req("R-20")
def test_a_county_never_receives_a_stage() -> None:
    delegate("acceptance", to="320583")
    delegate("review", to="320583", by="320500")
    assert stages(handled()) == ("320000", "320000", "320000")


@pytest.mark.req("R-19")
@pytest.mark.parametrize("missing", ["basis_instrument", "basis_article"])
def test_a_delegation_names_its_basis(missing: str) -> None:
    with pytest.raises(IntegrityError, match="delegation_names_its_basis"), transaction.atomic():
        delegate("acceptance", **{missing: ""})


@pytest.mark.req("R-19")
def test_two_delegations_of_one_stage_cannot_overlap() -> None:
    delegate("acceptance", valid_to=END)
    delegate("acceptance", valid_from=END)
    with pytest.raises(IntegrityError, match="delegation_no_overlap"), transaction.atomic():
        delegate("acceptance", valid_from=LAST_DAY, valid_to=END)


@pytest.mark.req("R-20")
def test_the_delegator_still_sees_the_case() -> None:
    from licensing.queries.cases import visible

    delegate("acceptance")
    application = world.submitted(world.Cast(division=KUNSHAN))
    for code in ("320000", "320500"):
        standing = standing_of(world.official(code, "acceptance"), world.DAY)
        assert application in visible(standing)
    assert application not in visible(standing_of(world.official("320100", "acceptance"), world.DAY))
