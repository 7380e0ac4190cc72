"""No case is stuck between a grant and a refusal: what no longer stands is weighed inside the decision, and the review
is open again (R-23…R-28; ADR 14)."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.lifecycle.errors import DomainError
from core.rest.models import KeptAnswer
from licensing.actions import decision, holding, standing
from licensing.actions.act import Stale
from licensing.actions.holding import take_effect
from licensing.kinds import Kind
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS, Status
from licensing.models import Application, Decision, HeldDecision, HolderClass, StandingEvidence
from tests.support import exempt, holders, world
from tests.support.clients import signed_in
from tests.support.exempt import HonestHolder
from tests.support.holders import ENDS_ON, TIMELY, Holder
from tests.support.interface import Robot
from tests.support.kind_pages import at

pytestmark = pytest.mark.django_db
NEXT, INSIDE = TIMELY + timedelta(days=3), date(2026, 3, 2)


@pytest.fixture(scope="module")
def kept_holder(kept: Any) -> HonestHolder:
    return kept(HonestHolder)


@pytest.fixture
def defeated(holder: HonestHolder) -> Application:
    """A renewal that waits for its decision on a spot check that does not count any more, and nobody told it."""
    check = exempt.spot_check(holder, INSIDE, TIMELY)
    case = exempt.renewal(holder)
    assert case.status == Status.DECISION_PENDING
    StandingEvidence.objects.filter(pk=check.pk).update(level="county")
    return case


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def deciding(act: str, holder: HonestHolder, case: Application, hour: int = 16) -> dict[str, Any]:
    basis = GRANT_BASIS[:1] if act == "grant" else REFUSAL_BASIS[:2]
    return {
        "public_id": case.public_id, "expected_version": world.version(case), "basis": basis, "no_conflict": True,
        "actor": world.actor(holder.approver, NEXT), "at": world.at(NEXT, hour),
        **({"reasons": "抽查不再有效"} if act == "refuse" else {}),
    }  # fmt: skip


def said(act: Any, *args: Any, **facts: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        act(*args, **facts)
    return error.value


@pytest.mark.req("R-26")
@pytest.mark.parametrize("act", ["grant", "refuse"])
@pytest.mark.parametrize("hold", [0, 10])
def test_a_decision_on_a_defeated_exemption_reopens_the_review(
    holder: HonestHolder, defeated: Application, settings: Any, act: str, hold: int
) -> None:
    settings.DECISION_HOLD_MINUTES = hold
    error = said(holding.decide, act, **deciding(act, holder, defeated))
    assert error.code == "licensing.review_reopened"
    assert "需要产品检验：没有可以代替检验的监督抽查或者检验报告" in str(error)
    case = fresh(defeated)
    assert (case.status, case.evidence.get(track="testing").outcome) == (Status.UNDER_REVIEW, "required")
    assert not Decision.objects.filter(application=case).exists() and not HeldDecision.objects.exists()
    exempt.tested(holder, case, NEXT)
    assert holders.grant(holder, case, NEXT).status == Status.GRANTED, "the way out is open"


@pytest.mark.req("R-26")
@pytest.mark.parametrize("act", ["grant", "refuse"])
def test_the_same_where_the_decision_is_taken_directly(
    holder: HonestHolder, defeated: Application, act: str
) -> None:
    error = said(getattr(decision, act), **deciding(act, holder, defeated))
    assert error.code == "licensing.review_reopened" and fresh(defeated).status == Status.UNDER_REVIEW


@pytest.mark.req("R-26")
def test_a_held_grant_that_proves_defeated_lapses_and_reopens(holder: HonestHolder, settings: Any) -> None:
    settings.DECISION_HOLD_MINUTES = 10
    check = exempt.spot_check(holder, INSIDE, TIMELY)
    case = exempt.renewal(holder)
    held = holding.decide("grant", **deciding("grant", holder, case))
    assert held is not None
    StandingEvidence.objects.filter(pk=check.pk).update(level="county")
    assert not take_effect(public_id=case.public_id, at=held.effective_at)
    assert fresh(case).status == Status.UNDER_REVIEW


@pytest.mark.req("R-26")
@pytest.mark.parametrize("level", ["provincial", "county"])
def test_the_desk_shows_whether_the_exemption_still_stands(
    holder: HonestHolder, defeated: Application, time_machine: Any, level: str
) -> None:
    time_machine.move_to(world.at(NEXT, 16), tick=False)
    StandingEvidence.objects.update(level=level)
    checks = signed_in(holder.approver).get(at(defeated, "decide")).context["checks"]
    assert {row.code: row.ok for row in checks}["still_stands"] is (level == "provincial")


@pytest.mark.req("R-26")
def test_the_approver_is_led_to_the_case_and_told_why(
    holder: HonestHolder, defeated: Application, time_machine: Any
) -> None:
    time_machine.move_to(world.at(NEXT, 16), tick=False)
    sent = {"version": defeated.version, "act": "refuse", "basis": ["0"], "no_conflict": "on", "reasons": "x"}
    answer = signed_in(holder.approver).post(at(defeated, "decide"), sent, follow=True)
    assert answer.redirect_chain[-1][0] == at(defeated, "case")
    assert "没有作出决定：免于或者采信的条件不再具备，已恢复审查。需要产品检验" in answer.content.decode()
    assert fresh(defeated).status == Status.UNDER_REVIEW


@pytest.mark.req("R-26")
@pytest.mark.parametrize("key", ["", "refuse-2026-0001"])
def test_a_machine_hears_the_same_and_the_review_stays_open(
    holder: HonestHolder, defeated: Application, time_machine: Any, key: str
) -> None:
    """Also under a key that makes the request one act: only the key is free again."""
    time_machine.move_to(world.at(NEXT, 16), tick=False)
    path, robot = f"applications/{defeated.public_id}/", Robot.of(holder.approver)
    seen = robot.get(path)["ETag"]
    body = {"basis": ["L1 第三十八条第二款"], "reasons": "抽查不再有效", "no_conflict": True}
    answer = robot.post(path + "refuse/", body, match=seen, **({"Idempotency-Key": key} if key else {}))
    assert (answer.status_code, answer.json()["code"]) == (409, "licensing.review_reopened"), answer.content
    assert fresh(defeated).status == Status.UNDER_REVIEW and not KeptAnswer.objects.exists()


@pytest.mark.req("R-26")
def test_a_fact_is_recorded_though_a_case_is_renewed_by_law_already(holder: HonestHolder) -> None:
    """The workers are down past midnight: nobody has noticed yet."""
    exempt.spot_check(holder, INSIDE, TIMELY)
    case, day = exempt.renewal(holder), ENDS_ON + timedelta(days=1)
    exempt.spot_check(holder, NEXT, day, "county", passed=False, reported_on=NEXT, final_on=None)
    put = {"enterprise": holder.enterprise, "actor": world.actor(holder.supervisor, day), "at": world.at(day)}
    standing.classify(**put, level="D", reasons="抽查不合格")
    assert StandingEvidence.objects.count() == 2 and HolderClass.objects.exists()
    assert (fresh(case).status, case.evidence.get(track="testing").outcome) == (
        Status.DECISION_PENDING,
        "exempt",
    )
    assert holders.tick_case(case, day) == "deem_renewed"


@pytest.mark.req("R-26")
@pytest.mark.parametrize("times", [1, 99])
def test_a_fact_is_recorded_though_a_case_moves_to_another_licence_meanwhile(
    holder: HonestHolder, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Looked up again it is weighed; where it does not rest, the decision weighs it."""
    from licensing.actions import exemption

    exempt.spot_check(holder, INSIDE, TIMELY)
    case, calls, lock = exempt.renewal(holder), [], exemption.locked

    def moving(public_id: Any) -> Application:
        calls.append(public_id)
        if len(calls) <= times:
            raise Stale()
        return lock(public_id)

    monkeypatch.setattr(exemption, "locked", moving)
    exempt.spot_check(holder, NEXT, NEXT, "county", passed=False, reported_on=NEXT, final_on=None)
    assert StandingEvidence.objects.count() == 2
    assert fresh(case).status == (Status.UNDER_REVIEW if times == 1 else Status.DECISION_PENDING)


def test_a_deregistration_before_the_renewal_is_confirmed_is_told_at_once(settings: Any) -> None:
    """Not ten minutes later, when the hold is over (L1 arts. 44, 50)."""
    settings.DECISION_HOLD_MINUTES = 10
    holder, after = Holder(), ENDS_ON + timedelta(days=1)
    holders.accepted(holder, Kind.RENEWAL)
    own = holders.pending(holder, Kind.DEREGISTRATION)
    renewal = Application.objects.get(kind=Kind.RENEWAL)
    assert holders.tick_case(renewal, after) == "deem_renewed"
    error = said(
        holding.decide, "grant", public_id=own.public_id, expected_version=world.version(own), no_conflict=True,
        basis=own.rules.basis[:1], actor=world.actor(holder.approver, after), at=world.at(after, 16),
    )  # fmt: skip
    assert error.code == "licensing.renewal_to_confirm" and not HeldDecision.objects.exists()
