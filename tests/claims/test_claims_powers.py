"""Powers of attorney: dated, renewed, revoked at once; the act of filing asks for one in force (R-88; L1 art. 29)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.claims import errors, rules
from core.claims.actions import powers
from core.claims.forms import LooseDateField
from core.claims.queries import agents_page, mine
from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.parties.competence import standing_of
from core.parties.models import Membership, PowerOfAttorney, User
from licensing.actions.act import NotAuthorised
from licensing.actions.filing import submit
from tests.support import claims, world
from tests.support.claims import granted

pytestmark = [pytest.mark.req("R-88")]
db = pytest.mark.django_db
DAY = world.DAY
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


class Firm:
    def __init__(self) -> None:
        self.enterprise = world.enterprise()
        self.lead = world.member(self.enterprise)
        self.agent = claims.agent_of(self.enterprise)

    def grant(self, first: date = DAY, last: date = date(2026, 12, 31)) -> PowerOfAttorney:
        return granted(self.enterprise, self.agent, self.lead, first, last)


def may_file(person: User, on: date = DAY) -> bool:
    return any(m.may_file for m in standing_of(person, on).memberships)


@db
@pytest.mark.parametrize(
    ("on", "expected"),
    [(YESTERDAY, False), (DAY, True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_a_power_counts_from_its_first_to_its_last_day(on: date, expected: bool) -> None:
    firm = Firm()
    power = firm.grant()
    assert power.valid_to == date(2027, 1, 1)
    assert may_file(firm.agent, on) is expected
    assert claims.told(firm.agent) == ["claims.power_granted"]
    entry = LedgerEntry.objects.get(act="claims.grant_power")
    assert entry.legal_basis == [{"instrument": "L1", "article": "第二十九条"}]


@db
def test_yesterday_s_power_files_nothing_and_the_page_says_so() -> None:
    firm = Firm()
    PowerOfAttorney.objects.create(
        user=firm.agent, enterprise=firm.enterprise, granted_by=firm.lead, granted_at=world.at(world.EPOCH),
        valid_from=DAY - timedelta(days=100), valid_to=DAY,
    )  # fmt: skip
    assert may_file(firm.agent, YESTERDAY)
    assert not may_file(firm.agent, DAY)
    seat = mine(firm.agent, DAY).seats[0]
    assert (seat.may_file, seat.past.state, seat.past.last) == (False, "expired", YESTERDAY)


@db
def test_a_power_revoked_a_moment_ago_files_nothing_in_the_same_minute() -> None:
    cast = world.Cast()
    agent = claims.agent_of(cast.enterprise)
    power = granted(cast.enterprise, agent, cast.applicant)
    draft = world.signed_draft(cast)
    revoked_at = world.at(hour=9, minute=40) + timedelta(seconds=10)
    powers.revoke(public_id=power.public_id, actor=world.actor(cast.applicant), at=revoked_at)
    with pytest.raises(NotAuthorised):
        submit(
            public_id=draft.public_id, draft_version=draft.draft_version, actor=world.actor(agent),
            at=revoked_at + timedelta(seconds=1),
        )  # fmt: skip
    draft.refresh_from_db()
    assert draft.is_draft
    assert claims.told(agent)[-1] == "claims.power_revoked"


@db
def test_revoking_twice_is_refused() -> None:
    firm = Firm()
    power = firm.grant()
    powers.revoke(public_id=power.public_id, actor=world.actor(firm.lead), at=world.at(hour=10))
    with pytest.raises(errors.PowerGone):
        powers.revoke(public_id=power.public_id, actor=world.actor(firm.lead), at=world.at(hour=11))
    assert LedgerEntry.objects.filter(act="claims.revoke_power").count() == 1


@db
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (DAY, date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 3, 1)),
        (date(2026, 11, 20), date(2026, 11, 25)),
    ],
)
def test_overlapping_powers_are_refused_with_the_dates_in_the_way(first: date, last: date) -> None:
    firm = Firm()
    firm.grant()
    with pytest.raises(errors.PowerOverlaps) as refused:
        firm.grant(first, last)
    assert refused.value.field == "first"
    assert "2026-11-09 至 2026-12-31" in str(refused.value)
    assert PowerOfAttorney.objects.count() == 1


@db
def test_a_power_may_follow_another_and_a_revoked_one_is_not_in_the_way() -> None:
    firm = Firm()
    first = firm.grant()
    firm.grant(date(2027, 1, 1), date(2027, 6, 30))
    powers.revoke(public_id=first.public_id, actor=world.actor(firm.lead), at=world.at(hour=10))
    firm.grant()
    assert PowerOfAttorney.objects.count() == 3


@db
@pytest.mark.parametrize(
    ("first", "last", "error", "field"),
    [
        (DAY, YESTERDAY, errors.PowerEndedAlready, "last"),
        (YESTERDAY, DAY, errors.PowerStartsBeforeToday, "first"),
        (DAY, date(2029, 11, 9), errors.PowerTooLong, "last"),
        (DAY + timedelta(days=366), date(2028, 1, 1), errors.PowerStartsTooLate, "first"),
        (date(9999, 12, 31), date(9999, 12, 31), errors.PowerStartsTooLate, "first"),
        (date(2026, 12, 1), date(2026, 11, 30), errors.PowerEndsBeforeStart, "last"),
    ],
)
def test_odd_dates_are_refused_at_their_field(first: date, last: date, error: type, field: str) -> None:
    firm = Firm()
    with pytest.raises(error) as refused:
        firm.grant(first, last)
    assert refused.value.field == field
    assert PowerOfAttorney.objects.count() == 0


@db
def test_three_years_to_the_day_may_be_granted() -> None:
    assert Firm().grant(DAY, date(2029, 11, 8)).valid_to == date(2029, 11, 9)


@db
def test_renewing_goes_on_where_the_power_ends_or_from_today() -> None:
    firm = Firm()
    power = firm.grant()
    lead = world.actor(firm.lead)
    following = powers.renew(public_id=power.public_id, last=date(2027, 12, 31), actor=lead, at=world.at())
    assert (following.valid_from, following.valid_to) == (date(2027, 1, 1), date(2028, 1, 1))
    with pytest.raises(errors.PowerOverlaps):
        powers.renew(public_id=power.public_id, last=date(2027, 12, 31), actor=lead, at=world.at())
    later = world.at(date(2028, 2, 1))
    again = powers.renew(public_id=following.public_id, last=date(2028, 12, 31), actor=lead, at=later)
    assert again.valid_from == date(2028, 2, 1)


@db
def test_only_the_legal_representative_grants_renews_and_revokes() -> None:
    firm, stranger = Firm(), world.member(world.enterprise())
    power = firm.grant()
    for person in (firm.agent, stranger, world.user()):
        actor = world.actor(person)
        with pytest.raises(errors.NotRepresentative):
            powers.revoke(public_id=power.public_id, actor=actor, at=world.at())
        with pytest.raises(errors.NotRepresentative):
            powers.renew(public_id=power.public_id, last=date(2027, 12, 31), actor=actor, at=world.at())
        with pytest.raises(errors.NotRepresentative):
            granted(firm.enterprise, firm.agent, person)
    power.refresh_from_db()
    assert power.revoked_at is None


@db
def test_only_an_agent_of_the_enterprise_gets_a_power() -> None:
    firm = Firm()
    claimant = world.user()
    claims.filed(claimant, uscc=firm.enterprise.uscc)
    for person in (claimant, world.user(), firm.lead, claims.agent_of(world.enterprise())):
        with pytest.raises(errors.NotAnAgent):
            granted(firm.enterprise, person, firm.lead)


@db
def test_both_sides_are_warned_once_in_the_last_fourteen_days() -> None:
    firm = Firm()
    power = firm.grant(DAY, date(2026, 11, 30))
    assert list(powers.ending_soon(date(2026, 11, 16))) == []
    assert list(powers.ending_soon(date(2026, 11, 17))) == [power]
    for _run in range(2):
        powers.warn_of_end(power_id=power.pk, at=world.at(date(2026, 11, 17)))
    assert claims.told(firm.agent).count("claims.power_ending_agent") == 1
    assert claims.told(firm.lead) == ["claims.power_ending_representative"]


@db
def test_nobody_is_warned_of_a_power_renewed_revoked_or_of_one_who_left() -> None:
    renewed, revoked, left = Firm(), Firm(), Firm()
    soon = date(2026, 11, 15)
    for firm in (renewed, revoked, left):
        firm.power = firm.grant(DAY, soon)  # type: ignore[attr-defined]
    lead = world.actor(renewed.lead)
    powers.renew(public_id=renewed.power.public_id, last=date(2027, 1, 1), actor=lead, at=world.at())  # type: ignore[attr-defined]
    powers.revoke(public_id=revoked.power.public_id, actor=world.actor(revoked.lead), at=world.at())  # type: ignore[attr-defined]
    Membership.objects.filter(user=left.agent).update(valid_to=DAY)
    assert list(powers.ending_soon(DAY)) == []


@db
def test_the_task_finds_them_by_the_clock() -> None:
    from django.utils import timezone

    from core.claims.tasks import warn_of_ending_powers

    firm, today = Firm(), shanghai_date(timezone.now())
    PowerOfAttorney.objects.create(
        user=firm.agent, enterprise=firm.enterprise, granted_by=firm.lead, granted_at=timezone.now(),
        valid_from=today, valid_to=today + timedelta(days=5),
    )  # fmt: skip
    assert warn_of_ending_powers() == 1
    assert warn_of_ending_powers() == 1
    assert claims.told(firm.agent) == ["claims.power_ending_agent"]


@db
def test_the_agents_page_costs_the_same_with_one_agent_and_with_many(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    firm = Firm()
    firm.grant()
    with django_assert_num_queries(4):
        agents_page(firm.enterprise, DAY)
    for _number in range(12):
        granted(firm.enterprise, claims.agent_of(firm.enterprise), firm.lead)
    with django_assert_num_queries(4):
        assert len(agents_page(firm.enterprise, DAY).seats) == 13


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-31",
        "2026/12/31",
        "2026.12.31",
        "2026年12月31日",
        "２０２６－１２－３１",
        " 20261231 ",
        "2026 年 12 月 31 日",
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert LooseDateField().clean(typed) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "31/12/2026", "明天", "2026-13-01", "202612311", "٢٠٢٦-12-31", "2026-12-31x"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        LooseDateField().clean(typed)


days = st.dates(date(2000, 1, 1), date(9999, 12, 31))


@given(first=days, last=days, today=st.dates(date(2000, 1, 1), date(9000, 1, 1)))
def test_a_power_that_may_stand_is_short_future_and_has_an_end(first: date, last: date, today: date) -> None:
    if rules.span_fault(rules.Span(first, last), today=today) is None:
        assert today <= first <= last
        assert (last - first).days < 3 * 366
        assert rules.Span(first, last).until > last


@given(first=st.dates(date(2000, 1, 1), date(2900, 1, 1)))
def test_the_longest_power_ends_the_day_before_its_third_anniversary(first: date) -> None:
    following = rules.latest_last_day(first) + timedelta(days=1)
    expected = (3, 1) if (first.month, first.day) == (2, 29) else (first.month, first.day)
    assert (following.year, following.month, following.day) == (first.year + 3, *expected)
