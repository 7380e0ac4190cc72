"""Renewals without major change: a pilot, a standing order, one that went straight through and was drawn for a later
look, one that waits for a person because something is open against its holder (R-23…R-26, R-85).
"""

from datetime import timedelta
from typing import Any

from core.parties.models import Authority
from core.workdays.rules import add_months
from licensing.actions import orders, pilots, standing, straight_through
from licensing.actions.standing import Result
from licensing.exemptions import Item
from licensing.kinds import Kind
from licensing.models import Application, PilotSwitch, ProductionLicence, StandingOrder
from portal.demo import samples
from portal.demo.holders import Holding, Teller
from portal.demo.world import Builder

ITEMS = (Item("主要质量指标", True, True), Item("卫生安全指标", True, True), Item("包装标识", False, False))
BODY = "省产品质量监督检验研究院"
UNCHANGED = {"site": "no", "equipment": "no", "technology": "no", "inspection": "no", "detail": ""}
PILOT = {"basis_instrument": "关于在江苏省试行延续免于实地核查的通知", "basis_article": "第二条"}
ALL_LOOKED_AT = 100
"""The share of an order's decisions looked at again: all of them in its first months."""


def prepare(builder: Builder) -> None:
    """The pilot of a year ago in Jiangsu, and the order its approver signed this year; once."""
    if StandingOrder.objects.exists():
        return
    teller, province = Teller(builder), Authority.objects.get(code="320000")
    for measure in (PilotSwitch.Measure.ONSITE_EXEMPTION, PilotSwitch.Measure.TEST_BEFORE_VISIT):
        pilots.switch_on(
            measure=measure, province=province, category=None, least_class="", effective_from=teller.ago(360),
            valid_to=None, actor=builder.actor("national-admin"), at=teller.on(teller.ago(360), 9), **PILOT,
        )  # fmt: skip
    signed_on = teller.ago(150)
    orders.sign_order(
        authority=province, category=None, valid_from=signed_on, valid_to=add_months(signed_on, 12),
        sampling_percent=ALL_LOOKED_AT, actor=builder.actor("js-approver"), at=teller.on(signed_on, 9, 30),
    )  # fmt: skip


def spot_check(teller: Teller, licence: ProductionLicence, reference: str, sampled: int) -> None:
    """A provincial spot check of every unit, passed and final by now."""
    supervisor = teller.builder.actor("js-supervisor")
    for number, unit in enumerate(licence.units.order_by("id"), start=1):
        sampled_on, reported_on = teller.ago(sampled), teller.ago(sampled - 15)
        paper = samples.record("监督抽查报告", licence.enterprise.name, "合格", BODY, reported_on.isoformat())
        result = Result(
            f"{reference}-{number}", unit.unit_id, BODY, sampled_on, reported_on, teller.ago(sampled - 40), True, ITEMS
        )  # fmt: skip
        with samples.known_good(paper, "监督抽查报告.pdf") as document:
            standing.record_spot_check(
                enterprise=licence.enterprise, result=result, level="provincial", document=document,
                filename="监督抽查报告.pdf", actor=supervisor, at=teller.on(teller.ago(sampled - 40), 10),
            )  # fmt: skip


def renewal(teller: Teller, licence: ProductionLicence, filed: int) -> Application:
    """Filed without major change and accepted two days later."""
    kept = {key: value for key, value in licence.content["conditions"].items() if key != "confirmed"}
    valid = teller.ago(filed) + timedelta(days=300)
    kept["instruments"] = [{**row, "valid_until": valid.isoformat()} for row in kept["instruments"]]
    sections: dict[str, Any] = {"statement": UNCHANGED, "conditions": kept}
    case = teller.file(licence, Kind.RENEWAL, teller.ago(filed), **sections)
    teller.accept(case, teller.ago(filed - 2))
    return case


def gone_straight(teller: Teller, licence: ProductionLicence) -> None:
    """Class A, spot check passed: granted by the system on the day of acceptance, and drawn for a later look."""
    prepare(teller.builder)
    standing.classify(
        enterprise=licence.enterprise, level="A", reasons="连续三年监督抽查合格",
        actor=teller.builder.actor("js-supervisor"), at=teller.on(teller.ago(90), 15),
    )  # fmt: skip
    spot_check(teller, licence, "苏抽2026-0318", 80)
    case = renewal(teller, licence, 12)
    straight_through.go_through(public_id=case.public_id, at=teller.on(teller.ago(10), 10, 6))


def waiting_for_a_person(teller: Teller, licence: ProductionLicence) -> None:
    """The same, but a measure is open: it waits for a person."""
    prepare(teller.builder)
    spot_check(teller, licence, "苏抽2026-0355", 75)
    standing.open_matter(
        enterprise=licence.enterprise, kind="measure", what="产品标识不规范，责令限期改正，复查未到期。",
        actor=teller.builder.actor("js-supervisor"), at=teller.on(teller.ago(20), 16),
    )  # fmt: skip
    case = renewal(teller, licence, 8)
    straight_through.go_through(public_id=case.public_id, at=teller.on(teller.ago(6), 10, 6))


HOLDINGS = (
    Holding("siyang", "food-paper", 260, gone_straight),
    Holding("shuxian", "cable", 240, waiting_for_a_person),
)
