"""A person's decision is held for some minutes and can be recalled (DOMAIN §3.2 `decision_pending`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from certificates.models import Certificate
from core.ledger.models import Dating, LedgerEntry
from core.lifecycle.errors import DomainError
from core.parties.models import Duty
from licensing.actions import decision, delegation, filing, holding, recusal
from licensing.actions.clockwork import tick
from licensing.actions.holding import held_until, take_effect
from licensing.kinds import Kind
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS, Status
from licensing.models import Application, Decision, HeldDecision, ProductionLicence
from licensing.tasks import release
from tests.support import exempt, holders, world
from tests.support.delegations import entrusted
from tests.support.exempt import HonestHolder
from tests.support.holders import ENDS_ON, TIMELY, Holder
from tests.support.world import DAY

pytestmark = pytest.mark.django_db
MADE = world.at(DAY, 16, 0)
OVER = world.at(DAY, 16, 10)


@pytest.fixture(autouse=True)
def _ten_minutes(settings: Any) -> None:
    settings.DECISION_HOLD_MINUTES = 10


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def decide(cast: world.Cast, case: Application, act: str = "grant", at=MADE, **more):
    basis = GRANT_BASIS if act == "grant" else REFUSAL_BASIS[:2]
    return holding.decide(
        act, public_id=case.public_id, expected_version=world.version(case), no_conflict=True,
        actor=world.actor(cast.approver, DAY), at=at, **{"basis": basis, **more},
    )  # fmt: skip


def recall(case: Application, person, at):
    return holding.recall(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(person, DAY), at=at
    )


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def refused(code: str, act: Callable[..., object], *args, **kwargs) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def acts_of(case: Application) -> list[str]:
    rows = LedgerEntry.objects.filter(subject_id=str(case.public_id)).order_by("id")
    return [row.act.removeprefix("licensing.") for row in rows]


def test_no_number_no_grant_no_notice_before_its_time(cast: world.Cast) -> None:
    case = world.pending(cast)
    held = decide(cast, case)
    assert held is not None and held.effective_at == OVER
    assert fresh(case).status == Status.DECISION_PENDING
    assert not ProductionLicence.objects.exists() and not Decision.objects.exists()
    assert not Certificate.objects.exists()
    assert not take_effect(public_id=case.public_id, at=OVER - timedelta(seconds=1))
    assert take_effect(public_id=case.public_id, at=OVER)
    assert fresh(case).status == Status.GRANTED
    row = Decision.objects.get()
    assert (row.decided_by, row.decided_on, fresh(case).approver) == (cast.approver, DAY, cast.approver)
    assert not take_effect(public_id=case.public_id, at=OVER)


def test_what_takes_effect_is_dated_to_its_moment_however_late_the_worker(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    assert release(lambda: world.at(DAY + timedelta(days=2), 9)) == 1
    entry = LedgerEntry.objects.get(act="licensing.grant")
    assert (entry.effective_at, entry.dating, entry.actor_kind) == (OVER, Dating.LEGAL_DATE, "system")
    licence = ProductionLicence.objects.get()
    assert (licence.issued_on, fresh(case).decided_on) == (DAY, DAY)
    held = LedgerEntry.objects.get(act="licensing.hold_decision")
    assert (held.actor_code, held.effective_at) == (str(cast.approver.public_id), MADE)


def test_recalled_by_whoever_made_it(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    recall(case, cast.approver, OVER - timedelta(seconds=1))
    assert not HeldDecision.objects.exists() and not take_effect(public_id=case.public_id, at=OVER)
    assert fresh(case).status == Status.DECISION_PENDING
    refused("licensing.nothing_held", recall, case, cast.approver, OVER)
    assert decide(cast, case, at=OVER) is not None


def test_recalled_by_the_head_and_by_nobody_else(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    others = (
        world.official("320000", "approval"),
        world.official("330000", "head"),
        cast.clerk,
        cast.applicant,
    )
    for person in others:
        refused("licensing.not_your_decision", recall, case, person, MADE + timedelta(minutes=1))
    recall(case, world.official("320000", "head"), MADE + timedelta(minutes=1))
    assert acts_of(case)[-1] == "recall_decision"


def test_too_late_to_recall(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    refused("licensing.nothing_held", recall, case, cast.approver, OVER)


def test_nothing_else_is_decided_meanwhile(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    refused("licensing.held_already", decide, cast, case)
    common = {
        "public_id": case.public_id, "expected_version": world.version(case), "at": MADE,
        "actor": world.actor(world.official("320000", "approval"), DAY),
    }  # fmt: skip
    refused("licensing.held_already", decision.grant, **common, basis=GRANT_BASIS, no_conflict=True)
    refused("licensing.held_already", decision.return_to_review, **common, reasons="再看")


@pytest.mark.req("R-4")
def test_what_cannot_stand_is_told_at_once(cast: world.Cast) -> None:
    case = world.pending(cast)
    refused("licensing.basis_missing", decide, cast, case, basis=())
    refused("licensing.no_ground_to_refuse", decide, cast, case, "refuse", reasons="不符")
    failed = world.pending(world.Cast(), failed=True)
    assert not HeldDecision.objects.filter(application__in=[case, failed]).exists()


def test_a_refusal_is_held_with_its_reasons(cast: world.Cast) -> None:
    case = world.pending(cast, failed=True)
    refused("licensing.reasons_missing", decide, cast, case, "refuse", reasons="  ")
    decide(cast, case, "refuse", reasons="设备不符")
    assert fresh(case).status == Status.DECISION_PENDING
    take_effect(public_id=case.public_id, at=OVER)
    row = Decision.objects.get()
    assert (fresh(case).status, row.reasons) == (Status.REFUSED, "设备不符") and row.remedies


def test_retracted_meanwhile(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    filing.retract(
        public_id=case.public_id, expected_version=fresh(case).outside_version, actor=world.actor(cast.applicant, DAY),
        at=MADE + timedelta(minutes=1),
    )  # fmt: skip
    assert not HeldDecision.objects.exists()
    assert not take_effect(public_id=case.public_id, at=OVER)
    assert fresh(case).status == Status.RETRACTED


def test_who_recuses_himself_takes_his_decision_along(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    recusal.recuse(
        public_id=case.public_id, expected_version=world.version(case), reason="interest", explanation="亲属任职",
        actor=world.actor(cast.approver, DAY), at=MADE + timedelta(minutes=1),
    )  # fmt: skip
    assert not HeldDecision.objects.exists()
    assert acts_of(case)[-2:] == ["held_decision_lapsed", "recuse"]


def test_whoever_lost_the_duty_meanwhile_has_not_decided(cast: world.Cast) -> None:
    case = world.pending(cast)
    decide(cast, case)
    Duty.objects.filter(user=cast.approver).update(valid_to=DAY)
    assert not take_effect(public_id=case.public_id, at=OVER)
    assert fresh(case).status == Status.DECISION_PENDING
    lapse = LedgerEntry.objects.get(act="licensing.held_decision_lapsed")
    assert lapse.internal["because"] == "licensing.not_your_case"


def test_taken_back_by_the_province_meanwhile() -> None:
    """The delegate's decision lapses with its competence; it does not take effect in its name afterwards (R-20)."""
    head, city = world.official("320000", "head"), world.official("320500", "approval")
    row = entrusted(head, "approval")
    cast = world.Cast()
    case = world.pending(cast)
    holding.decide(
        "grant", public_id=case.public_id, expected_version=world.version(case), no_conflict=True, basis=GRANT_BASIS,
        actor=world.actor(city, DAY), at=MADE,
    )  # fmt: skip
    delegation.end(
        public_id=row.public_id, choices={str(case.public_id): delegation.MOVE}, reason="收回",
        actor=world.actor(head, DAY), at=MADE + timedelta(minutes=1),
    )  # fmt: skip
    assert acts_of(case)[-2:] == ["held_decision_lapsed", "take_back"]
    assert not take_effect(public_id=case.public_id, at=OVER)
    assert decide(cast, case, at=OVER) is not None


def test_whoever_applied_cannot_tell_that_a_decision_is_held(cast: world.Cast) -> None:
    """Neither by the version of his pages, nor by an act refused as outdated."""
    case = world.pending(cast)
    seen = fresh(case).outside_version
    decide(cast, case)
    assert fresh(case).outside_version == seen
    recall(case, cast.approver, MADE + timedelta(minutes=1))
    decide(cast, case, at=MADE + timedelta(minutes=2))
    filing.retract(
        public_id=case.public_id, expected_version=seen, actor=world.actor(cast.applicant, DAY),
        at=MADE + timedelta(minutes=3),
    )  # fmt: skip
    assert acts_of(case)[-2:] == ["held_decision_lapsed", "retract"]


def test_a_fact_that_defeats_it_lets_it_lapse() -> None:
    holder = HonestHolder()
    inside, on = TIMELY - timedelta(days=60), TIMELY + timedelta(days=3)
    exempt.spot_check(holder, inside, TIMELY)
    case = exempt.renewal(holder)
    held = holding.decide(
        "grant", public_id=case.public_id, expected_version=world.version(case), no_conflict=True,
        basis=case.rules.basis[:1], actor=world.actor(holder.approver, on), at=world.at(on, 7),
    )  # fmt: skip
    assert held is not None
    exempt.spot_check(holder, on, on, "county", passed=False, reported_on=on, final_on=None)
    assert not HeldDecision.objects.exists()
    assert acts_of(case)[-3:] == ["evidence_weighed", "held_decision_lapsed", "reopen_review"]


def test_a_held_grant_whose_licence_ended_lapses() -> None:
    holder = Holder()
    case = holders.pending(holder, Kind.REPLACEMENT)
    held = holding.decide(
        "grant", public_id=case.public_id, expected_version=world.version(case), no_conflict=True,
        basis=case.rules.basis[:1], actor=world.actor(holder.approver, TIMELY), at=world.at(TIMELY, 16),
    )  # fmt: skip
    assert held is not None
    ProductionLicence.objects.filter(pk=holder.licence.pk).update(status="revoked")
    assert not take_effect(public_id=case.public_id, at=held.effective_at)
    assert acts_of(case)[-1] == "held_decision_lapsed"
    assert fresh(case).status == Status.DECISION_PENDING and not HeldDecision.objects.exists()


@pytest.mark.req("R-46")
def test_a_decision_takes_effect_on_the_day_it_was_made() -> None:
    assert held_until(world.at(DAY, 23, 40)) == world.at(DAY, 23, 50)
    assert held_until(world.at(DAY, 23, 50)) == world.at(DAY, 23, 55)
    assert held_until(world.at(DAY, 23, 55)) is held_until(world.at(DAY, 23, 59)) is None


@pytest.mark.parametrize("by_clock", [True, False])
def test_on_the_last_day_of_a_term_the_decision_is_in_time(by_clock: bool) -> None:
    """Held on the last evening, it takes effect before the law renews by itself, whichever sweep comes first."""
    holder = Holder()
    case = holders.pending(holder, Kind.RENEWAL)
    holding.decide(
        "grant", public_id=case.public_id, expected_version=world.version(case), no_conflict=True,
        basis=case.rules.basis[:1], actor=world.actor(holder.approver, ENDS_ON), at=world.at(ENDS_ON, 23, 50),
    )  # fmt: skip
    act = tick if by_clock else take_effect
    assert act(public_id=case.public_id, at=world.at(ENDS_ON + timedelta(days=1), 0, 5))
    assert (fresh(case).status, fresh(case).decided_on) == (Status.GRANTED, ENDS_ON)


def test_switched_off_it_takes_effect_at_once(cast: world.Cast, settings: Any) -> None:
    settings.DECISION_HOLD_MINUTES = 0
    case = world.pending(cast)
    assert decide(cast, case) is None
    assert fresh(case).status == Status.GRANTED
