"""Honest renewals, and what carries them: pilots, spot checks, standing orders (R-23…R-26, R-85)."""

from datetime import date, datetime, timedelta
from typing import Any

from catalog.models import ProductCategory
from core.parties.models import Authority, User
from licensing.actions import orders, pilots, review, standing
from licensing.kinds import Kind
from licensing.models import Application, PilotSwitch, StandingEvidence, StandingOrder
from tests.support import holders, world
from tests.support.holders import TIMELY, UNCHANGED, Holder

SWITCHED = TIMELY - timedelta(days=200)


class HonestHolder(Holder):
    """A holder in a province with the pilot on, its supervisors of county and province, the national administrator,
    and a second approver."""

    def __init__(self, *, pilot: bool = True, **where: Any) -> None:
        super().__init__(**where)
        self.supervisor = world.official("320583", "supervision", name="陆监管")
        self.above = world.official("320000", "supervision", name="省监管")
        self.national = world.official("AQSIQ", "national_admin", name="国管")
        self.colleague = world.official("320000", "approval", name="郑审批")
        self.province = Authority.objects.get(code="320000")
        if pilot:
            switch(self.national)

    @property
    def unit_id(self) -> int:
        return int(self.licence.units.get().unit_id)


def switch(
    national: User, measure: str = PilotSwitch.Measure.ONSITE_EXEMPTION, day: date = SWITCHED, **more: Any
) -> PilotSwitch:
    facts = {
        "province": Authority.objects.get(code="320000"), "category": None, "least_class": "", "valid_to": None,
        "basis_instrument": "质检监函〔2015〕1号", "basis_article": "第二条",
    }  # fmt: skip
    return pilots.switch_on(
        measure=measure,
        effective_from=day,
        actor=world.actor(national, day),
        at=world.at(day),
        **{**facts, **more},
    )


def unchanged(holder: Holder, day: date = TIMELY) -> dict[str, Any]:
    """What makes a renewal an honest one: nothing changed, and nothing in the form says otherwise."""
    conditions = holder.fresh().content["conditions"]
    instruments = [
        {**row, "valid_until": str(day + timedelta(days=300))} for row in conditions["instruments"]
    ]
    return {"statement": UNCHANGED, "conditions": {**conditions, "instruments": instruments}}


def renewal(holder: Holder, day: date = TIMELY, **changes: Any) -> Application:
    """An honest renewal, accepted."""
    return holders.accepted(holder, Kind.RENEWAL, day, **{**unchanged(holder, day), **changes})


def result(holder: HonestHolder, sampled_on: date, **more: Any) -> standing.Result:
    facts = {
        "reference": f"SC-{sampled_on}", "unit_id": holder.unit_id, "body": "省质检院", "sampled_on": sampled_on,
        "reported_on": sampled_on + timedelta(days=10), "final_on": sampled_on + timedelta(days=25), "passed": True,
    }  # fmt: skip
    return standing.Result(**{**facts, **more})


def spot_check(
    holder: HonestHolder, sampled_on: date, on: date, level: str = "provincial", **more: Any
) -> StandingEvidence:
    """A spot check recorded on a day by a supervisor of its level: the county's, or the province's."""
    who = holder.supervisor if level == "county" else holder.above
    return standing.record_spot_check(
        enterprise=holder.enterprise, result=result(holder, sampled_on, **more), level=level, document=world.PDF,
        filename="抽查.pdf", actor=world.actor(who, on), at=world.at(on, 8),
    )  # fmt: skip


def order(
    holder: HonestHolder,
    day: date = TIMELY,
    category: ProductCategory | None = None,
    percent: int = 100,
    at: datetime | None = None,
) -> StandingOrder:
    """A standing order of the province signed by its approver on a day, for a year."""
    return orders.sign_order(
        authority=holder.province, category=category, valid_from=day, valid_to=day + timedelta(days=365),
        sampling_percent=percent, actor=world.actor(holder.approver, day), at=at or world.at(day, 8),
    )  # fmt: skip


def tested(holder: Holder, case: Application, on: date) -> Application:
    """The reviewer takes the case and records its passed report: the last evidence of an exempt renewal."""
    review.take_review(
        public_id=case.public_id, no_conflict=True, expected_version=world.version(case),
        actor=world.actor(holder.reviewer, on), at=world.at(on, 13),
    )  # fmt: skip
    world.record(holder, case, "testing", "passed", on)
    return Application.objects.get(pk=case.pk)
