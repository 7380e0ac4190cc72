"""A renewal without major change, the pilot and the order that let it through, made through the acts themselves."""

from datetime import date, timedelta
from typing import Any

from core.parties.models import Authority, User
from licensing.actions import orders, pilots, standing, straight_through
from licensing.actions.standing import Result
from licensing.exemptions import Item
from licensing.kinds import Kind
from licensing.models import Application, PilotSwitch, SamplingReview, StandingEvidence, StandingOrder
from tests.support import holders, world
from tests.support.holders import TIMELY, UNCHANGED, Holder

BEFORE = TIMELY - timedelta(days=30)
ITEMS = (Item("总养分", True, True), Item("包装标识", False, False))
"""A line that decides, and one that is information (R-32)."""


def province(code: str = "320000") -> Authority:
    return Authority.objects.get(code=code)


def pilot(
    measure: str = PilotSwitch.Measure.ONSITE_EXEMPTION, day: date = BEFORE, **more: Any
) -> PilotSwitch:
    admin = world.official("AQSIQ", "national_admin", name="全管")
    facts: dict[str, Any] = {
        "measure": measure, "province": province(), "category": None, "least_class": "", "effective_from": day,
        "valid_to": None, "basis_instrument": "试点通知", "basis_article": "第二条",
    }  # fmt: skip
    return pilots.switch_on(**facts | more, actor=world.actor(admin, day), at=world.at(day, 8))


def supervisor(code: str = "320583", name: str = "刘监管") -> User:
    return world.official(code, "supervision", name=name)


def spot_check(holder: Holder, day: date = TIMELY, **more: Any) -> StandingEvidence:
    """A provincial spot check that passed and is final, recorded by the province."""
    unit = holder.licence.units.order_by("id").first()
    assert unit is not None
    facts: dict[str, Any] = {
        "reference": "SC-2026-001", "unit_id": unit.unit_id, "body": "省质检院", "sampled_on": day - timedelta(days=60),
        "reported_on": day - timedelta(days=40), "final_on": day - timedelta(days=20), "passed": True, "items": ITEMS,
    }  # fmt: skip
    level = more.pop("level", "provincial")
    return standing.record_spot_check(
        enterprise=holder.enterprise, result=Result(**facts | more), level=level, document=world.PDF,
        filename="抽查报告.pdf", actor=world.actor(supervisor("320000"), day), at=world.at(day, 9),
    )  # fmt: skip


def unchanged(holder: Holder) -> dict[str, Any]:
    """Sections of a renewal that states no major change, with the conditions of the licence."""
    conditions = {key: row for key, row in holder.licence.content["conditions"].items() if key != "confirmed"}
    return {"statement": {**UNCHANGED, "detail": ""}, "conditions": conditions}


def accepted(holder: Holder, day: date = TIMELY) -> Application:
    """Accepted: exempt from the visit where the pilot is on, its test still to come unless a spot check carries it."""
    return holders.accepted(holder, Kind.RENEWAL, day, **unchanged(holder))


def signed_order(person: User, day: date = TIMELY, percent: int = 100, **more: Any) -> StandingOrder:
    facts: dict[str, Any] = {
        "authority": province(), "category": None, "valid_from": day, "valid_to": day + timedelta(days=300),
        "sampling_percent": percent,
    }  # fmt: skip
    return orders.sign_order(**facts | more, actor=world.actor(person, day), at=world.at(day, 8))


def straight(holder: Holder, signer: User, day: date = TIMELY) -> Application:
    """A renewal granted by the system, and drawn for the sampling review."""
    pilot()
    spot_check(holder, day)
    signed_order(signer, day)
    case = accepted(holder, day)
    assert straight_through.go_through(public_id=case.public_id, at=world.at(day, 11, 1))
    return Application.objects.get(pk=case.pk)


def sample_of(case: Application) -> SamplingReview:
    return SamplingReview.objects.get(application=case)
