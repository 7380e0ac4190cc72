"""Standing orders, straight-through grants and their sampling review (R-25, R-85)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from catalog.models import ProductCategory
from certificates.models import Certificate, OfficialDocument
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from core.parties.models import Membership
from licensing.actions import bars, holding, orders, pauses, recusal, review, standing
from licensing.actions.straight_through import go_through
from licensing.lifecycle import Status
from licensing.models import (
    Application,
    Decision,
    PilotSwitch,
    StandingOrder,
)
from licensing.tasks import offer_waiting
from tests.support import exempt, holders, world
from tests.support.exempt import HonestHolder
from tests.support.holders import TIMELY
from tests.support.notices import hear, last_event

pytestmark = pytest.mark.django_db
NEXT = TIMELY + timedelta(days=3)


@pytest.fixture(scope="module")
def kept_holder(kept: Any) -> HonestHolder:
    return kept(HonestHolder)


@pytest.fixture
def waiting(holder: HonestHolder) -> Application:
    """An honest renewal whose report has come."""
    return exempt.tested(holder, exempt.renewal(holder), NEXT)


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def through(case: Application, hour: int = 15) -> bool:
    return go_through(public_id=case.public_id, at=world.at(NEXT, hour))


def refused(code: str, act, *args, **kwargs) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


@pytest.mark.req("R-85", "R-25")
def test_an_honest_renewal_is_granted_by_the_order(holder: HonestHolder, waiting: Application) -> None:
    order = exempt.order(holder)
    number = holder.licence.number
    assert through(waiting)
    case, row = fresh(waiting), Decision.objects.get(application=waiting)
    assert (case.status, case.approver, case.decided_by_order) == (Status.GRANTED, None, True)
    assert (row.decided_by, row.standing_order, row.rules_version) == (None, order, order.rules_version)
    assert {check["code"] for check in row.checked} >= {"onsite_passed", "testing_passed", "not_barred"}
    assert all(check["ok"] and check["clause"]["article"] for check in row.checked)
    licence = holder.fresh()
    assert (licence.number, licence.valid_until) == (number, holders.ENDS_ON.replace(year=2031))
    assert Certificate.objects.filter(licence_number=number, licence_version=case.licence_version).exists()


@pytest.mark.req("R-85", "R-4")
def test_the_record_names_order_rules_and_what_was_checked(
    holder: HonestHolder, waiting: Application
) -> None:
    order = exempt.order(holder)
    through(waiting)
    entry = LedgerEntry.objects.get(act="licensing.grant_by_order")
    assert (entry.actor_kind, entry.organisation) == ("system", "320000")
    assert (entry.public["order"], entry.public["rules_version"]) == (order.number, order.rules_version)
    assert entry.internal["signed_by"] == str(holder.approver.public_id) and entry.legal_basis
    assert "signed_by" not in entry.public and "checked" not in entry.public


@pytest.mark.req("R-85")
def test_the_decision_says_on_paper_what_it_rests_on(holder: HonestHolder, waiting: Application) -> None:
    order = exempt.order(holder)
    through(waiting)
    paper = OfficialDocument.objects.get(kind="grant", subject_id=str(waiting.public_id))
    told = json.dumps(paper.facts, ensure_ascii=False)
    assert order.number in told and order.rules_version in told and "不在不得申请的期限内" in told
    assert holder.approver.name not in told


@pytest.mark.req("R-85")
def test_without_an_order_a_person_decides(holder: HonestHolder, waiting: Application) -> None:
    assert not through(waiting)
    assert holders.grant(holder, waiting, NEXT).status == Status.GRANTED


@pytest.mark.req("R-85")
def test_revoked_at_once_and_the_next_case_waits(holder: HonestHolder, waiting: Application) -> None:
    order = exempt.order(holder)
    revoke = {"public_id": order.public_id, "at": world.at(NEXT, 14)}
    orders.revoke_order(**revoke, reasons="复核规则", actor=world.actor(holder.colleague, NEXT))
    assert not through(waiting)
    refused(
        "licensing.order_revoked",
        orders.revoke_order,
        **revoke,
        reasons="再次",
        actor=world.actor(holder.approver),
    )


@pytest.mark.req("R-85")
def test_a_revoked_order_hides_no_other(holder: HonestHolder, waiting: Application) -> None:
    """Neither the one signed in its place nor one for everything."""
    who, category = world.actor(holder.approver, NEXT), holder.licence.category
    first = exempt.order(holder, category=category)
    orders.revoke_order(public_id=first.public_id, reasons="重签", actor=who, at=world.at(NEXT, 12))
    again = exempt.order(holder, NEXT, category)
    assert through(waiting)
    assert Decision.objects.get(application=waiting).standing_order == again


@pytest.mark.req("R-85")
def test_an_order_for_everything_stands_beside_a_revoked_one(
    holder: HonestHolder, waiting: Application
) -> None:
    every = exempt.order(holder)
    first = exempt.order(holder, category=holder.licence.category)
    who = world.actor(holder.approver, NEXT)
    orders.revoke_order(public_id=first.public_id, reasons="并入", actor=who, at=world.at(NEXT, 12))
    assert through(waiting)
    assert Decision.objects.get(application=waiting).standing_order == every


def signer_of_the_holder(holder: HonestHolder, waiting: Application) -> None:
    Membership.objects.create(
        user=holder.approver, enterprise=holder.enterprise, role=Membership.Role.AGENT, valid_from=TIMELY
    )


def signer_recused(holder: HonestHolder, waiting: Application) -> None:
    recusal.recuse(
        public_id=waiting.public_id, expected_version=world.version(waiting), reason="interest", explanation="亲属任职",
        actor=world.actor(holder.approver, NEXT), at=world.at(NEXT, 14),
    )  # fmt: skip


@pytest.mark.req("R-85")
def test_each_waiting_case_is_offered_by_itself(holder: HonestHolder, waiting: Application) -> None:
    """What is signed, closed or lifted grants nothing itself: each case has its own delivery, and holds up no other."""
    exempt.order(holder)
    hear("licensing.order_signed", prefix="licensing.order_signed")
    assert fresh(waiting).status == Status.DECISION_PENDING
    assert last_event("licensing.offered_to_order").subject.id == str(waiting.public_id)
    assert through(waiting)


@pytest.mark.req("R-85")
def test_what_no_act_announces_is_looked_for(holder: HonestHolder, waiting: Application) -> None:
    """An order signed for a later day; a case that fails holds up no other."""
    order = exempt.order(holder, NEXT + timedelta(days=2), at=world.at(NEXT, 8))
    assert not offer_waiting(lambda: world.at(NEXT, 15))
    assert offer_waiting(lambda: world.at(NEXT + timedelta(days=2), 1)) == 1
    assert Decision.objects.get(application=waiting).standing_order == order


def against(holder: HonestHolder, waiting: Application) -> None:
    standing.open_matter(
        enterprise=holder.enterprise, kind="measure", what="限期整改", actor=world.actor(holder.supervisor, NEXT),
        at=world.at(NEXT, 14),
    )  # fmt: skip


def pilot_gone(holder: HonestHolder, waiting: Application) -> None:
    """Nobody told the case of it: the guard asks the rules again."""
    PilotSwitch.objects.all().delete()


def barred(holder: HonestHolder, waiting: Application) -> None:
    bars.record_bar(
        enterprise=holder.enterprise, category=holder.licence.category, cause="fraud", decided_on=NEXT,
        instrument="苏质监罚〔2026〕1号", document=world.PDF, filename="决定.pdf",
        actor=world.actor(holder.approver, NEXT), at=world.at(NEXT, 14),
    )  # fmt: skip


def taken_back(holder: HonestHolder, waiting: Application) -> None:
    filed = fresh(waiting).filed
    filed["statement"]["withdrawn"] = [{"question": "site", "on": str(TIMELY)}]
    Application.objects.filter(pk=waiting.pk).update(filed=filed)


def visited(holder: HonestHolder, waiting: Application) -> None:
    waiting.evidence.filter(track="onsite").update(outcome="not_applicable")


def other_person(holder: HonestHolder, waiting: Application) -> None:
    holder.enterprise.legal_representative = "另一人"
    holder.enterprise.save()


def other_category(holder: HonestHolder, waiting: Application) -> None:
    another = ProductCategory.objects.exclude(pk=holder.licence.category_id).first()
    StandingOrder.objects.update(category=another)


def order_says(**facts: object):
    return lambda holder, waiting: StandingOrder.objects.update(**facts)


@pytest.mark.req("R-85")
@pytest.mark.parametrize("meanwhile", [
    against, pilot_gone, signer_of_the_holder, signer_recused,
    barred, taken_back, visited, other_person, other_category, order_says(rules_version="2014"),
    order_says(profile="OLD"), order_says(valid_from=NEXT + timedelta(days=1)), order_says(valid_to=NEXT),
], ids=[
    "measure", "pilot gone", "signer of the holder", "signer recused",
    "bar", "yes taken back", "visit", "not as registered", "other category", "other rules",
    "other profile", "not yet", "over",
])  # fmt: skip
def test_a_guard_not_met_waits_for_a_person(holder: HonestHolder, waiting: Application, meanwhile) -> None:
    exempt.order(holder)
    meanwhile(holder, waiting)
    assert not through(waiting)
    assert fresh(waiting).status == Status.DECISION_PENDING


@pytest.mark.req("R-85")
def test_a_matter_closed_lets_it_through(holder: HonestHolder, waiting: Application) -> None:
    exempt.order(holder)
    put = {"actor": world.actor(holder.supervisor, NEXT), "at": world.at(NEXT, 14)}
    matter = standing.open_matter(enterprise=holder.enterprise, kind="lead", what="举报", **put)
    assert not through(waiting)
    standing.close_matter(public_id=matter.public_id, closing="查无此事", **put)
    assert through(waiting)
    refused("licensing.matter_closed", standing.close_matter, public_id=matter.public_id, closing="x", **put)


@pytest.mark.req("R-85")
def test_a_person_s_decision_that_waits_is_not_overtaken(
    holder: HonestHolder, waiting: Application, settings
) -> None:
    settings.DECISION_HOLD_MINUTES = 10
    exempt.order(holder)
    holding.decide(
        "grant", public_id=waiting.public_id, expected_version=world.version(waiting), no_conflict=True,
        basis=waiting.rules.basis[:1], actor=world.actor(holder.approver, NEXT), at=world.at(NEXT, 14),
    )  # fmt: skip
    assert not through(waiting)
    assert holding.take_effect(public_id=waiting.public_id, at=world.at(NEXT, 14) + timedelta(minutes=10))
    assert Decision.objects.get(application=waiting).standing_order is None


@pytest.mark.req("R-25")
def test_the_end_of_a_pause_sends_on_what_was_settled_meanwhile(holder: HonestHolder) -> None:
    case, day = exempt.renewal(holder), NEXT + timedelta(days=1)
    who = {"public_id": case.public_id, "actor": world.actor(holder.reviewer, NEXT)}
    review.take_review(**who, no_conflict=True, expected_version=world.version(case), at=world.at(NEXT, 10))
    pause = pauses.pause(
        **who, expected_version=world.version(case), ground="testing", started_on=NEXT, expected_until=day,
        notice="样品已送检", at=world.at(NEXT, 11),
    )  # fmt: skip
    exempt.spot_check(holder, TIMELY - timedelta(days=60), NEXT)
    assert fresh(case).status == Status.UNDER_REVIEW
    pauses.resume(
        **who,
        expected_version=world.version(case),
        pause_id=pause.public_id,
        ended_on=NEXT,
        at=world.at(NEXT, 16),
    )
    assert fresh(case).status == Status.DECISION_PENDING


@pytest.mark.req("R-85")
def test_granted_once(holder: HonestHolder, waiting: Application) -> None:
    exempt.order(holder)
    assert [through(waiting), through(waiting)] == [True, False]
    assert LedgerEntry.objects.filter(act="licensing.grant_by_order").count() == 1


@pytest.mark.req("R-85")
def test_a_decision_under_an_order_is_never_held(
    holder: HonestHolder, waiting: Application, settings
) -> None:
    settings.DECISION_HOLD_MINUTES = 10
    exempt.order(holder)
    assert through(waiting)
    assert fresh(waiting).status == Status.GRANTED


@pytest.mark.req("R-85")
def test_only_an_approver_of_the_issuing_authority_signs(holder: HonestHolder) -> None:
    facts = {
        "authority": holder.province, "category": None, "valid_from": TIMELY,
        "valid_to": TIMELY + timedelta(days=300), "sampling_percent": 5, "at": world.at(TIMELY),
    }  # fmt: skip
    city = world.official("320500", "approval")
    for person in (holder.clerk, holder.reviewer, holder.supervisor, holder.national, city, holder.applicant):
        refused("licensing.not_your_order", orders.sign_order, **facts, actor=world.actor(person, TIMELY))
    own = {**facts, "authority": city.duties.get().authority}
    refused("licensing.not_your_order", orders.sign_order, **own, actor=world.actor(city, TIMELY))


@pytest.mark.req("R-85")
@pytest.mark.parametrize("wrong, code", [
    ({"valid_from": TIMELY - timedelta(days=1)}, "licensing.order_dates"),
    ({"valid_to": TIMELY}, "licensing.order_dates"),
    ({"valid_to": TIMELY + timedelta(days=366)}, "licensing.order_dates"),
    ({"sampling_percent": 0}, "licensing.order_share"),
    ({"sampling_percent": 101}, "licensing.order_share"),
])  # fmt: skip
def test_an_order_is_dated_bounded_and_sampled(holder: HonestHolder, wrong: dict, code: str) -> None:
    facts = {
        "authority": holder.province, "category": None, "valid_from": TIMELY,
        "valid_to": TIMELY + timedelta(days=300), "sampling_percent": 5,
    }  # fmt: skip
    who = world.actor(holder.approver, TIMELY)
    refused(code, orders.sign_order, **{**facts, **wrong}, actor=who, at=world.at(TIMELY))


@pytest.mark.req("R-85")
def test_two_orders_of_one_scope_do_not_overlap(holder: HonestHolder) -> None:
    first = exempt.order(holder)
    refused("licensing.order_there", exempt.order, holder, NEXT)
    exempt.order(holder, NEXT, holder.licence.category)
    orders.revoke_order(
        public_id=first.public_id, reasons="重签", actor=world.actor(holder.approver, NEXT), at=world.at(NEXT)
    )
    again = exempt.order(holder, NEXT)
    assert again.number != first.number


@pytest.mark.req("R-85", "R-19")
def test_a_national_case_needs_an_order_of_the_national_authority(
    holder: HonestHolder, waiting: Application
) -> None:
    from core.parties.models import Authority

    exempt.order(holder)
    Application.objects.filter(pk=waiting.pk).update(deciding_authority=Authority.objects.get(code="AQSIQ"))
    assert not through(waiting)
