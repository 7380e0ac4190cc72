"""Holders of older licences: renewals in time and late, by decision and by law, changes, extensions, ends (§3.3).

Each licence is granted through the acts of its own day, five years before it ends; days count from today.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from core.lifecycle.dates import SHANGHAI
from core.workdays.rules import add_months
from licensing.actions import acceptance, decision, drafts, filing, review
from licensing.actions.clockwork import tick
from licensing.actions.ending import tick_licence
from licensing.actions.papers import write_papers
from licensing.kinds import Kind
from licensing.models import Application, ProductionLicence
from portal.demo import corrections, samples
from portal.demo.stories import JIANGSU, VERIFIERS, Story
from portal.demo.world import EVERY_ENTERPRISE, Builder


@dataclass(frozen=True)
class Holding:
    """One licence: whose, for what, and in how many days from today its term ends; then what was done with it."""

    holder: str
    category: str
    ends_in: int
    then: Callable[["Teller", ProductionLicence], None] | None = None


NEW_MACHINE = {
    "site": "no", "equipment": "yes", "technology": "no", "inspection": "no", "detail": "新增在线检测装置一台",
}  # fmt: skip
"""What a renewal says of itself here (R-23)."""


class Teller:
    """Tells what became of licences; `builder` speaks for the moment the world is made."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.today = builder.today

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        return min(datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI), self.builder.now)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def give(self, holding: Holding) -> ProductionLicence:
        """Grant the licence on the day five years before the day after its last one."""
        granted_on = add_months(self.today + timedelta(days=holding.ends_in + 1), -60)
        then = Builder(datetime.combine(granted_on, time(17), tzinfo=SHANGHAI))
        case = then.tell(Story(holding.holder, holding.category, JIANGSU, 24, 22, (12, True), (5, True), 0))
        licence = Application.objects.select_related("licence").get(pk=case.pk).licence
        assert licence is not None
        return licence

    def file(self, licence: ProductionLicence, kind: Kind, day: date, **sections: Any) -> Application:
        """A complete case of a kind, begun from the licence on a day."""
        holder = self._username(licence)
        actor, at = self.builder.actor(holder), self.on(day, 9, 20)
        draft = drafts.start_draft(
            public_id=uuid.uuid4(),
            enterprise=licence.enterprise,
            actor=actor,
            at=at,
            kind=kind,
            licence=licence,
        )
        wanted = draft.rules.all_sections
        told = {
            "enterprise": {**draft.draft["enterprise"], "confirmed": True},
            "conditions": self._conditions(draft, day),
            "statement": NEW_MACHINE,
            **sections,
        }
        for section, data in told.items():
            if section in wanted:
                drafts.save_section(
                    public_id=draft.public_id, section=section, data=data,
                    draft_version=self.builder.draft_version(draft), actor=actor, at=at,
                )  # fmt: skip
        self._papers(draft, holder, actor, at)
        filing.submit(
            public_id=draft.public_id, draft_version=self.builder.draft_version(draft), actor=actor, at=at
        )
        write_papers(public_id=draft.public_id, at=at)
        return draft

    def begin(self, licence: ProductionLicence, kind: Kind) -> Application:
        """A draft of a kind, as the licence fills it in."""
        return drafts.start_draft(
            public_id=uuid.uuid4(), enterprise=licence.enterprise, kind=kind, licence=licence,
            actor=self.builder.actor(self._username(licence)), at=self.builder.now,
        )  # fmt: skip

    def _conditions(self, draft: Application, day: date) -> dict[str, Any]:
        """What the licence brought along, with the instruments calibrated anew and one machine more."""
        kept = {key: value for key, value in draft.draft["conditions"].items() if key != "confirmed"}
        valid = (day + timedelta(days=300)).isoformat()
        instruments = [{**row, "valid_until": valid} for row in kept["instruments"]]
        machine = {"name": "在线检测装置", "model": "ZX-3", "quantity": 1}
        return {**kept, "instruments": instruments, "equipment": [*kept["equipment"], machine]}

    def _papers(self, draft: Application, holder: str, actor: Any, at: datetime) -> None:
        common = {"public_id": draft.public_id, "actor": actor, "at": at}
        enterprise = Application.objects.get(pk=draft.pk).draft["enterprise"]
        if "business_licence" in draft.rules.sections:
            picture = samples.business_licence(
                enterprise["name"], draft.enterprise.uscc, enterprise["legal_representative"],
                enterprise["full_address"],
            )  # fmt: skip
            with samples.known_good(picture, "营业执照.png") as upload:
                drafts.attach_licence(
                    **common, upload=upload, filename="营业执照.png",
                    draft_version=self.builder.draft_version(draft),
                )  # fmt: skip
        if draft.rules.has_commitment:
            drafts.sign_commitment(
                **common, signer=enterprise["legal_representative"],
                draft_version=self.builder.draft_version(draft),
            )  # fmt: skip

    def accept(self, case: Application, day: date) -> None:
        acceptance.accept(
            public_id=case.public_id, expected_version=self.builder.version(case),
            actor=self.builder.actor("js-clerk"), at=self.on(day, 10, 5),
        )  # fmt: skip

    def look_into(self, case: Application, day: date, *, conclude: bool = True) -> None:
        """Both tracks pass on a day; unless it is to be concluded, only the visit has."""
        actor = self.builder.actor("js-reviewer")
        facts: dict[str, Any] = {"public_id": case.public_id, "actor": actor}
        review.take_review(
            **facts, expected_version=self.builder.version(case), no_conflict=True, at=self.on(day, 13)
        )
        for track, title, body in (
            ("onsite", "实地核查记录", "省许可证审查中心"),
            ("testing", "产品检验报告", "省产品质量监督检验研究院"),
        ):
            if track == "testing" and not conclude:
                return
            paper = samples.record(title, case.enterprise.name, "合格", body, day.isoformat())
            with samples.known_good(paper, f"{title}.pdf") as document:
                review.record_evidence(
                    **facts, expected_version=self.builder.version(case), track=track, outcome="passed", body=body,
                    concluded_on=day, finding="合格",
                    verifiers=VERIFIERS if track == "onsite" else (), document=document, filename=f"{title}.pdf",
                    at=self.on(day, 15),
                )  # fmt: skip
        review.conclude_review(**facts, expected_version=self.builder.version(case), at=self.on(day, 16))

    def grant(self, case: Application, day: date) -> None:
        decision.grant(
            public_id=case.public_id, expected_version=self.builder.version(case), basis=case.rules.basis,
            no_conflict=True, actor=self.builder.actor("js-approver"), at=self.on(day, 16, 30),
        )  # fmt: skip

    def _username(self, licence: ProductionLicence) -> str:
        name = licence.enterprise.name
        return next(row.username for row in EVERY_ENTERPRISE if row.name == name)


def renewal_under_review(teller: Teller, licence: ProductionLicence) -> None:
    """In time, half reviewed, and the term nearly over."""
    case = teller.file(licence, Kind.RENEWAL, teller.ago(200))
    teller.accept(case, teller.ago(198))
    teller.look_into(case, teller.ago(150), conclude=False)


def renewed_by_law(teller: Teller, licence: ProductionLicence) -> None:
    """In time, undecided at the end of the term; it waits to be confirmed."""
    case = teller.file(licence, Kind.RENEWAL, teller.ago(230))
    teller.accept(case, teller.ago(228))
    tick(public_id=case.public_id, at=teller.on(licence.valid_until + timedelta(days=1), 0, 1))


def renewed_late(teller: Teller, licence: ProductionLicence) -> None:
    """Filed late, expired in the middle, granted afterwards: the gap shows."""
    case = teller.file(licence, Kind.RENEWAL, licence.valid_until - timedelta(days=40))
    teller.accept(case, licence.valid_until - timedelta(days=38))
    tick_licence(number=licence.number, at=teller.on(licence.valid_until + timedelta(days=1), 0, 1))
    teller.look_into(case, teller.ago(6))
    teller.grant(case, teller.ago(4))


def name_change_filed(teller: Teller, licence: ProductionLicence) -> None:
    """A new name, waiting at the acceptance desk, and two drafts beside it."""
    named = {**licence.content["enterprise"], "confirmed": True}
    named |= {"contact": "姜延年", "phone": "0523-88000000", "legal_representative": "姜延年"}
    named["name"] = named["name"].replace("厂", "有限公司")
    statement = {"detail": "企业改制，名称由厂改为有限公司，其他不变。", "not_moved": True}
    teller.file(licence, Kind.CHANGE, teller.ago(1), enterprise=named, statement=statement)
    for kind in (Kind.SCOPE_EXTENSION, Kind.RELOCATION):
        teller.begin(licence, kind)


def expired(teller: Teller, licence: ProductionLicence) -> None:
    """Nobody asked for a renewal; a replacement still open ended with it, the task of deregistration stands."""
    last = licence.valid_until
    damaged = {
        "cause": "damaged",
        "happened_on": (last - timedelta(days=10)).isoformat(),
        "detail": "证书正本受潮，字迹不清。",
    }
    case = teller.file(licence, Kind.REPLACEMENT, last - timedelta(days=3), statement=damaged)
    teller.accept(case, last - timedelta(days=1))
    tick_licence(number=licence.number, at=teller.on(licence.valid_until + timedelta(days=1), 0, 1))


def lost_and_replaced(teller: Teller, licence: ProductionLicence) -> None:
    """A certificate lost and replaced, then an extension by a unit of the group under review."""
    lost = {
        "cause": "lost",
        "happened_on": teller.ago(60).isoformat(),
        "detail": "证书正本在搬运档案时遗失。",
    }
    case = teller.file(licence, Kind.REPLACEMENT, teller.ago(50), statement=lost)
    teller.accept(case, teller.ago(49))
    teller.grant(case, teller.ago(45))
    licence.refresh_from_db()
    member = {
        "name": "高邮电力金具送桥有限公司", "uscc": "91320102MA1X5C7DXJ", "division": "321084",
        "address": "送桥镇工业路 1 号", "full_address": "江苏省扬州市高邮市送桥镇工业路 1 号",
    }  # fmt: skip
    more = teller.file(licence, Kind.SCOPE_EXTENSION, teller.ago(12), group={"rows": [member]})
    teller.accept(more, teller.ago(10))


MINE = Holding("jinsui", "hazchem", 300, corrections.asked)
"""The licence of the first demo account: its renewal can be filed, in time, and it asked for a correction."""

HOLDINGS = (
    Holding("yaoguan", "bearing-steel", 16, renewal_under_review),
    Holding("tongzhou", "wire-rope", -4, renewed_by_law),
    Holding("jintan", "food-plastic", -20, renewed_late),
    Holding("yizheng", "water-pipe", -9, expired),
    Holding("jiangyan", "oil-pumping", 500, name_change_filed),
    Holding("lingtang", "power-fitting", 700, lost_and_replaced),
    Holding("qidong", "wire-rope", 1100, corrections.proposed),
    Holding("xinghua", "wood-panel", 900, corrections.corrected),
)


def tell(builder: Builder, *holdings: Holding) -> int:
    """Tell the given holdings; one that was told before is left. Returns how many were new."""
    teller, told = Teller(builder), 0
    for holding in holdings:
        enterprise = builder.enterprise(holding.holder)
        if ProductionLicence.objects.filter(enterprise=enterprise, category__key=holding.category).exists():
            continue
        licence = teller.give(holding)
        if holding.then is not None:
            holding.then(teller, licence)
        told += 1
    return told
