"""Licences and the cases that begin from them, made through the acts themselves."""

import uuid
from datetime import date, timedelta
from typing import Any

from licensing.actions import acceptance, decision, drafts, filing, review
from licensing.actions.clockwork import tick
from licensing.actions.ending import tick_licence
from licensing.actions.papers import write_papers
from licensing.kinds import Kind, rules_of
from licensing.models import Application, ProductionLicence
from tests.support import world

GRANTED_ON = date(2021, 12, 15)
"""A licence of this day ends on 2026-12-14; its renewal is timely until 2026-06-14."""
ENDS_ON = date(2026, 12, 14)
TIMELY = date(2026, 6, 12)
LATE = date(2026, 7, 1)
UNCHANGED = {"site": "no", "equipment": "no", "technology": "no", "inspection": "no"}
STATEMENTS: dict[str, dict[str, Any]] = {
    Kind.RENEWAL: {**UNCHANGED, "equipment": "yes", "detail": "新增造粒机"},
    Kind.CHANGE: {"detail": "企业更名", "not_moved": True},
    Kind.CONDITION_CHANGE: {"causes": ["line"], "detail": "新增一条生产线"},
    Kind.RELOCATION: {"causes": ["moved"], "detail": "整体搬迁"},
    Kind.REPLACEMENT: {"cause": "lost", "happened_on": "2026-05-06", "detail": "证书遗失"},
    Kind.DEREGISTRATION: {"cause": "stopped", "happened_on": "2026-05-06", "detail": "不再生产"},
}


class Holder(world.Cast):
    """An enterprise with a licence, and its province's officials."""

    def __init__(
        self, *, granted_on: date = GRANTED_ON, category: str = "fertilizer-phosphate", **where: Any
    ) -> None:
        super().__init__(**where)
        self.category = category
        self.licence = world.granted_licence(self, category, granted_on)

    def fresh(self) -> ProductionLicence:
        return ProductionLicence.objects.get(pk=self.licence.pk)


def begun(holder: Holder, kind: str, day: date = TIMELY) -> Application:
    """A draft of a kind, as the licence fills it in."""
    return drafts.start_draft(
        public_id=uuid.uuid4(), enterprise=holder.enterprise, actor=world.actor(holder.applicant, day),
        at=world.at(day), kind=kind, licence=holder.fresh(),
    )  # fmt: skip


def save(holder: Holder, draft: Application, section: str, data: dict[str, Any], day: date) -> None:
    drafts.save_section(
        public_id=draft.public_id, section=section, data=data, draft_version=world.draft_version(draft),
        actor=world.actor(holder.applicant, day), at=world.at(day),
    )  # fmt: skip


def ready(holder: Holder, kind: str, day: date = TIMELY, **changes: Any) -> Application:
    """A draft ready to be filed; what the kind is about differs from the licence unless `changes` say otherwise."""
    draft = begun(holder, kind, day)
    sections = rules_of(kind).all_sections
    facts = {**draft.draft["enterprise"], "confirmed": True}
    if kind == Kind.CHANGE:
        facts["name"] = facts["name"].replace("有限公司", "股份有限公司")
    save(holder, draft, "enterprise", {**facts, **changes.get("enterprise", {})}, day)
    for section, data in _sections(draft, kind, day).items():
        if section in sections:
            save(holder, draft, section, changes.get(section, data), day)
    common = {"public_id": draft.public_id, "actor": world.actor(holder.applicant, day), "at": world.at(day)}
    if "business_licence" in sections:
        drafts.attach_licence(
            **common, upload=world.PDF, filename="营业执照.pdf", draft_version=world.draft_version(draft)
        )
    if "commitment" in sections:
        drafts.sign_commitment(**common, signer="周敏", draft_version=world.draft_version(draft))
    return Application.objects.get(pk=draft.pk)


def _sections(draft: Application, kind: str, day: date) -> dict[str, dict[str, Any]]:
    conditions = {key: value for key, value in draft.draft["conditions"].items() if key != "confirmed"}
    equipment = [*conditions["equipment"], {"name": "造粒机", "model": "ZL-1", "quantity": 1}]
    sites = [dict(row) for row in draft.draft["sites"]["rows"]]
    if kind == Kind.RELOCATION:
        street = "港城大道 1 号"
        sites[0] |= {"division": "320582", "address": street, "full_address": f"江苏省苏州市张家港市{street}"}
    member = {
        "name": "测试肥业二厂有限公司", "uscc": "91320102MA1X5C7DXJ", "division": "320102",
        "full_address": "江苏省南京市玄武区中山路 1 号",
    }  # fmt: skip
    return {
        "sites": {"rows": sites},
        "conditions": {**conditions, "equipment": equipment},
        "group": {"rows": [member] if kind == Kind.SCOPE_EXTENSION else []},
        "statement": STATEMENTS.get(kind, {}),
    }


def filed(holder: Holder, kind: str, day: date = TIMELY, **changes: Any) -> Application:
    draft = ready(holder, kind, day, **changes)
    case = filing.submit(
        public_id=draft.public_id, draft_version=draft.draft_version, actor=world.actor(holder.applicant, day),
        at=world.at(day, 10),
    )  # fmt: skip
    write_papers(public_id=case.public_id, at=world.at(day, 10, 1))
    return case


def accepted(
    holder: Holder, kind: str, day: date = TIMELY, on: date | None = None, **changes: Any
) -> Application:
    case, on = filed(holder, kind, day, **changes), on or day
    return acceptance.accept(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(holder.clerk, on),
        at=world.at(on, 11),
    )  # fmt: skip


def pending(
    holder: Holder,
    kind: str,
    day: date = TIMELY,
    on: date | None = None,
    failed: bool = False,
    **changes: Any,
) -> Application:
    """A case waiting for its decision since `on`."""
    case, on = accepted(holder, kind, day, **changes), on or day
    return reviewed(holder, case, on, failed=failed)


def reviewed(holder: Holder, case: Application, on: date, *, failed: bool = False) -> Application:
    """Both tracks recorded and sent up, where the kind has them."""
    if not case.rules.reviewed:
        return Application.objects.get(pk=case.pk)
    who = world.actor(holder.reviewer, on)
    review.take_review(
        public_id=case.public_id,
        no_conflict=True,
        expected_version=world.version(case),
        actor=who,
        at=world.at(on, 13),
    )
    world.record(holder, case, "onsite", "failed" if failed else "passed", on)
    if not failed:
        world.record(holder, case, "testing", "passed", on)
    return review.conclude_review(
        public_id=case.public_id, expected_version=world.version(case), actor=who, at=world.at(on, 15)
    )


def granted(
    holder: Holder, kind: str, day: date = TIMELY, on: date | None = None, **changes: Any
) -> Application:
    """A case decided on `on` in the enterprise's favour."""
    case, on = pending(holder, kind, day, on, **changes), on or day
    return grant(holder, case, on)


def grant(holder: Holder, case: Application, on: date) -> Application:
    decision.grant(
        public_id=case.public_id, no_conflict=True, expected_version=world.version(case), basis=case.rules.basis[:1],
        actor=world.actor(holder.approver, on), at=world.at(on, 16),
    )  # fmt: skip
    return Application.objects.get(pk=case.pk)


def tick_case(case: Application, day: date, hour: int = 0, minute: int = 1) -> str:
    return tick(public_id=case.public_id, at=world.at(day, hour, minute))


def tick_term(licence: ProductionLicence, day: date, hour: int = 0, minute: int = 1) -> str:
    return tick_licence(number=licence.number, at=world.at(day, hour, minute))


def day_after(day: date, days: int = 1) -> date:
    return day + timedelta(days=days)
