"""Officials, an enterprise and cases for a drill, made by the acts themselves on dates before the drill begins."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from catalog.models import ProductCategory
from catalog.queries import open_units
from core.lifecycle.actors import Actor
from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import Authority, Duty, Enterprise, Membership, User
from core.parties.queries import place
from licensing.actions import clockwork, correction, decision, drafts, filing, pauses, review
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS
from licensing.models import Application
from portal.demo import samples
from portal.demo.people import demo_uscc

SINCE = date(2015, 8, 4)
PROVINCE, NATION, DIVISION, CATEGORY = "320000", "AQSIQ", "320583", "fertilizer-phosphate"
SERIAL, PERSON, NAME = 9001, "周敏", "演练肥业有限公司"
WEEK = timedelta(days=7)
VERIFIERS = ("钱核查", "孙核查")


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a legal day."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


class Cast:
    """One enterprise, and the officials of a province and above it who would answer, decide and be warned."""

    def __init__(self) -> None:
        self.enterprise = Enterprise.objects.create(
            uscc=demo_uscc(DIVISION, SERIAL), name=NAME, legal_representative=PERSON, registered_division=DIVISION,
            registered_address="春晖路 88 号", phone="0512-57000000",
        )  # fmt: skip
        self.applicant = self._user(PERSON)
        Membership.objects.create(
            user=self.applicant, enterprise=self.enterprise, role=Membership.Role.LEGAL_REPRESENTATIVE,
            valid_from=SINCE,
        )  # fmt: skip
        kinds = Duty.Kind
        self.clerk = self._official("王受理", PROVINCE, kinds.ACCEPTANCE)
        self.reviewer = self._official("赵审查", PROVINCE, kinds.REVIEW)
        self.approver = self._official("李审批", PROVINCE, kinds.APPROVAL)
        self._official("方负责", PROVINCE, kinds.HEAD)
        self._official("何负责", NATION, kinds.HEAD)
        self.national = self._official("国管理", NATION, kinds.NATIONAL_ADMIN)

    def _user(self, name: str) -> User:
        return User.objects.create_user(username=f"drill-{uuid.uuid4().hex[:8]}", name=name)

    def _official(self, name: str, authority: str, kind: str) -> User:
        person = self._user(name)
        where = Authority.objects.get(code=authority)
        Duty.objects.create(user=person, authority=where, kind=kind, valid_from=SINCE)
        return person

    def draft(self, at: datetime) -> Application:
        """Everything filled in, the licence attached, signed."""
        actor, day = actor_at(self.applicant, at), shanghai_date(at)
        case = drafts.start_draft(public_id=uuid.uuid4(), enterprise=self.enterprise, actor=actor, at=at)
        common: dict[str, Any] = {"public_id": case.public_id, "actor": actor, "at": at}
        for section, data in _sections(self.enterprise, day).items():
            drafts.save_section(**common, section=section, data=data, draft_version=saves(case))
        category = ProductCategory.objects.get(key=CATEGORY)
        drafts.choose_category(**common, category=category, draft_version=saves(case))
        units = [row.unit for row in open_units(CATEGORY, day)][:1]
        drafts.choose_units(**common, units=units, draft_version=saves(case))
        picture = samples.business_licence(NAME, self.enterprise.uscc, PERSON, "春晖路 88 号")
        with samples.known_good(picture, "营业执照.png") as upload:
            drafts.attach_licence(**common, upload=upload, filename="营业执照.png", draft_version=saves(case))
        drafts.sign_commitment(**common, signer=PERSON, draft_version=saves(case))
        return case

    def filed(self, at: datetime) -> Application:
        """A filing nobody has answered."""
        case = self.draft(at)
        return filing.submit(
            public_id=case.public_id, draft_version=saves(case), actor=actor_at(self.applicant, at), at=at
        )

    def retracted(self, at: datetime) -> Application:
        case = self.filed(at)
        return filing.retract(**_seen(case), actor=actor_at(self.applicant, at), at=at)

    def noticed(self, day: date) -> Application:
        """Sent back with a correction notice on the day it came."""
        case, at = self.filed(moment(day, 9)), moment(day, 11)
        return correction.request_correction(
            **_seen(case), items={"enterprise.phone": "号码少一位"}, actor=actor_at(self.clerk, at), at=at
        )

    def accepted(self, day: date) -> Application:
        """Received on a day, unanswered for five working days, and so accepted as of that day."""
        case = self.filed(moment(day, 10))
        assert case.next_check_at is not None
        clockwork.tick(public_id=case.public_id, at=case.next_check_at)
        return Application.objects.get(pk=case.pk)

    def taken(self, day: date) -> Application:
        """Accepted, and in the hands of a reviewer two weeks after its receipt."""
        case, at = self.accepted(day), moment(day + 2 * WEEK, 9)
        return review.take_review(**_seen(case), no_conflict=True, actor=actor_at(self.reviewer, at), at=at)

    def paused(self, day: date, at: datetime, expected: date) -> Application:
        """Its clock stopped for an appraisal that is to be over by a day."""
        case = self.taken(day)
        pauses.pause(
            **_seen(case), ground="appraisal", started_on=shanghai_date(at), expected_until=expected,
            notice="鉴定所需时间不计入时限。", actor=actor_at(self.reviewer, at), at=at,
        )  # fmt: skip
        return case

    def pending(self, day: date, *, passed: bool) -> Application:
        """Reviewed and waiting for its decision."""
        case, at = self.taken(day), moment(day + 2 * WEEK, 15)
        for track in ("onsite", "testing") if passed else ("onsite",):
            self._record(case, track, passed, at)
        return review.conclude_review(**_seen(case), actor=actor_at(self.reviewer, at), at=at)

    def _record(self, case: Application, track: str, passed: bool, at: datetime) -> None:
        result = "合格" if passed else "不合格：关键生产设备与申请所列不符"
        written = samples.record("记录", NAME, result, "演练机构", "")
        with samples.known_good(written, "记录.pdf") as paper:
            review.record_evidence(
                **_seen(case), track=track, outcome="passed" if passed else "failed", body="演练机构",
                concluded_on=shanghai_date(at), finding=result, document=paper, filename="记录.pdf",
                verifiers=VERIFIERS if track == "onsite" else (),
                actor=actor_at(self.reviewer, at), at=at,
            )  # fmt: skip

    def decided(self, day: date, at: datetime, *, granted: bool) -> Application:
        """Granted, its certificate not signed yet; or refused."""
        case = self.pending(day, passed=granted)
        common: dict[str, Any] = {
            **_seen(case),
            "actor": actor_at(self.approver, at),
            "at": at,
            "no_conflict": True,
        }
        if granted:
            decision.grant(**common, basis=GRANT_BASIS)
        else:
            decision.refuse(**common, basis=REFUSAL_BASIS[:1], reasons="关键生产设备与申请所列不符。")
        return case


def actor_at(person: User, at: datetime) -> Actor:
    """A person as an actor of that day."""
    return actor_of(person, standing_of(person, shanghai_date(at)))


def saves(case: Application) -> int:
    """The save of the draft as it stands now."""
    return Application.objects.get(pk=case.pk).draft_version


def _seen(case: Application) -> dict[str, Any]:
    """Which case, as it stands now."""
    return {
        "public_id": case.public_id,
        "expected_version": Application.objects.get(pk=case.pk).version,
    }


def _sections(enterprise: Enterprise, day: date) -> dict[str, dict[str, object]]:
    home = place(DIVISION, day)
    assert home is not None
    return {
        "enterprise": {
            "confirmed": True, "name": NAME, "uscc": enterprise.uscc, "legal_representative": PERSON,
            "province": PROVINCE, "division": DIVISION, "address": "春晖路 88 号",
            "full_address": f"{home.full_name}春晖路 88 号", "contact": PERSON, "phone": enterprise.phone,
        },
        "sites": {"rows": [{
            "division": DIVISION, "address": "优比路 12 号", "full_address": f"{home.full_name}优比路 12 号",
        }]},
        "conditions": {
            "equipment": [{"name": "主生产线", "model": "LX-0100", "quantity": 1}],
            "instruments": [
                {"name": "万能试验机", "number": "SY-001", "valid_until": str(day + timedelta(days=300))}
            ],
            "process": "按企业工艺规程组织生产。", "staff": "工艺工程师 2 人",
        },
    }  # fmt: skip
