"""Standing orders and held decisions in the same second as something else, in two sessions (R-85)."""

import pytest

from core.ledger.models import LedgerEntry
from licensing.actions import orders
from licensing.actions.holding import take_effect
from licensing.actions.straight_through import go_through
from licensing.lifecycle import Status
from licensing.models import Application, Decision, HeldDecision, StandingOrder
from tests.licensing.test_races import DONE, MOVED, _whole, by, fresh, together
from tests.support import exempt, moves, world
from tests.support.exempt import HonestHolder
from tests.support.holders import TIMELY

__all__ = ["_whole"]
pytestmark = [pytest.mark.database, pytest.mark.usefixtures("fresh_world")]
ON = TIMELY


@pytest.fixture
def holder() -> HonestHolder:
    return HonestHolder()


def waiting(holder: HonestHolder) -> Application:
    return exempt.tested(holder, exempt.renewal(holder), ON)


def revoke(order: StandingOrder, holder: HonestHolder):
    who = world.actor(holder.colleague, ON)
    return lambda: orders.revoke_order(
        public_id=order.public_id, reasons="复核规则", actor=who, at=world.at(ON, 16)
    )


@pytest.mark.req("R-85")
def test_an_order_revoked_between_two_cases_in_the_same_second(holder: HonestHolder) -> None:
    """The case decided before the revocation stands, the one after it waits; a decision under way is finished first."""
    other = HonestHolder(pilot=False)
    first, second = waiting(holder), waiting(other)
    order = exempt.order(holder)
    assert go_through(public_id=first.public_id, at=world.at(ON, 16))
    revoke(order, holder)()
    assert not go_through(public_id=second.public_id, at=world.at(ON, 16))
    assert (fresh(first).status, fresh(second).status) == (Status.GRANTED, Status.DECISION_PENDING)


@pytest.mark.req("R-85")
def test_a_revocation_meets_the_decisions_under_it(holder: HonestHolder) -> None:
    """Whoever comes first, nothing is granted after the revocation stands in the record."""
    cases = [waiting(holder), waiting(HonestHolder(pilot=False))]
    order = exempt.order(holder)
    grants = [lambda case=case: go_through(public_id=case.public_id, at=world.at(ON, 16)) for case in cases]
    found = together(grants[0], revoke(order, holder), grants[1])
    assert found[1] == DONE
    revoked = LedgerEntry.objects.get(act="licensing.order_revoked").pk
    later = LedgerEntry.objects.filter(act="licensing.grant_by_order", pk__gt=revoked)
    assert not later.exists()
    granted = sum(fresh(case).status == Status.GRANTED for case in cases)
    assert granted == Decision.objects.filter(standing_order=order).count() == found.count(DONE) - 1


@pytest.mark.req("R-85")
def test_two_workers_bring_the_same_news(holder: HonestHolder) -> None:
    case = waiting(holder)
    exempt.order(holder)
    twice = [lambda: go_through(public_id=case.public_id, at=world.at(ON, 16))] * 2
    assert sorted(together(*twice, held=case)) == ["", DONE]
    assert Decision.objects.filter(application=case).count() == 1


@pytest.mark.req("R-85")
def test_an_approver_and_the_order_in_the_same_second(holder: HonestHolder) -> None:
    case = waiting(holder)
    exempt.order(holder)
    found = together(
        by(moves.grant, case, holder.colleague, world.at(ON, 16)),
        lambda: go_through(public_id=case.public_id, at=world.at(ON, 16)),
        held=case,
    )
    assert found.count(DONE) == 1 and set(found) <= {DONE, "", *MOVED}
    assert Decision.objects.filter(application=case).count() == 1


def test_a_recall_meets_the_moment_of_effect(holder: HonestHolder) -> None:
    """Recalled in the last second or in effect: one of the two, and the record says which."""
    case = waiting(holder)
    moves.hold_grant(case, holder.approver, world.at(ON, 16, 0), world.version(case))
    held = HeldDecision.objects.get()
    last = world.at(ON, 16, 9)
    found = together(
        by(moves.recall_decision, case, holder.approver, last),
        lambda: take_effect(public_id=case.public_id, at=held.effective_at),
        held=case,
    )
    assert found.count(DONE) == 1
    assert fresh(case).status == (Status.DECISION_PENDING if found[0] == DONE else Status.GRANTED)
    assert not HeldDecision.objects.exists()
