"""People, enterprises and cases for tests, made through the acts themselves."""

import itertools
import uuid
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from catalog.models import ProductCategory
from catalog.queries import open_units
from core.lifecycle.actors import Actor
from core.lifecycle.dates import SHANGHAI
from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import Authority, Duty, Enterprise, Membership, User
from core.parties.queries import place
from licensing.actions import acceptance, decision, drafts, filing, review
from licensing.actions.papers import write_papers
from licensing.lifecycle import GRANT_BASIS
from licensing.models import Application, ProductionLicence
from portal.demo.people import demo_uscc

EPOCH = date(2015, 1, 1)
DAY = date(2026, 11, 9)
PDF = (
    b"%PDF-1.4\n"
    b"1 0 obj\n"
    b"<</Type/Catalog/Pages 2 0 R>>\n"
    b"endobj\n"
    b"2 0 obj\n"
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>\n"
    b"endobj\n"
    b"3 0 obj\n"
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 140]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\n"
    b"endobj\n"
    b"4 0 obj\n"
    b"<</Length 36>>\n"
    b"stream\n"
    b"BT /F1 12 Tf 36 90 Td (Sample) Tj ET\n"
    b"endstream\n"
    b"endobj\n"
    b"5 0 obj\n"
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\n"
    b"endobj\n"
    b"xref\n"
    b"0 6\n"
    b"0000000000 65535 f \n"
    b"0000000009 00000 n \n"
    b"0000000054 00000 n \n"
    b"0000000105 00000 n \n"
    b"0000000217 00000 n \n"
    b"0000000301 00000 n \n"
    b"trailer\n"
    b"<</Size 6/Root 1 0 R>>\n"
    b"startxref\n"
    b"364\n"
    b"%%EOF\n"
)
"""A real PDF of one page."""
VERIFIERS = ("钱核查", "孙核查")
_serial = itertools.count(10_000)


def at(day: date = DAY, hour: int = 9, minute: int = 30) -> datetime:
    """An instant of a legal day in Shanghai."""
    return datetime.combine(day, clock_time(hour, minute), tzinfo=SHANGHAI)


def user(name: str = "张三") -> User:
    return User.objects.create_user(username=f"u{next(_serial)}", name=name, password="correct horse")


def official(authority: str = "320000", *duties: str, name: str = "王办") -> User:
    """An official with duties since long ago."""
    person = user(name)
    for kind in duties:
        Duty.objects.create(
            user=person, authority=Authority.objects.get(code=authority), kind=kind, valid_from=EPOCH
        )
    return person


def actor(person: User, day: date = DAY) -> Actor:
    return actor_of(person, standing_of(person, day))


def enterprise(division: str = "320583", name: str | None = None) -> Enterprise:
    serial = next(_serial)
    return Enterprise.objects.create(
        uscc=demo_uscc(division, serial), name=name or f"测试肥业{serial}有限公司", legal_representative="周敏",
        registered_division=division, registered_address="春晖路 88 号", phone="0512-57000000",
    )  # fmt: skip


def member(of: Enterprise, name: str = "周敏") -> User:
    person = user(name)
    Membership.objects.create(
        user=person, enterprise=of, role=Membership.Role.LEGAL_REPRESENTATIVE, valid_from=EPOCH
    )
    return person


class Cast:
    """One enterprise and the three officials of a province (and AQSIQ for national products)."""

    def __init__(
        self, province: str = "320000", division: str = "320583", deciding: str | None = None
    ) -> None:
        self.enterprise = enterprise(division)
        self.applicant = member(self.enterprise)
        self.clerk = official(province, "acceptance", name="王受理")
        self.reviewer = official(province, "review", name="赵审查")
        self.approver = official(deciding or province, "approval", name="李审批")


def version(application: Application) -> int:
    return Application.objects.get(pk=application.pk).version


def draft_version(application: Application) -> int:
    return Application.objects.get(pk=application.pk).draft_version


def filled_draft(
    cast: Cast, category: str = "fertilizer-phosphate", day: date = DAY, **enterprise_facts
) -> Application:
    """A draft with every section but the signature."""
    who, when = actor(cast.applicant, day), at(day)
    application = drafts.start_draft(public_id=uuid.uuid4(), enterprise=cast.enterprise, actor=who, at=when)
    division = cast.enterprise.registered_division
    home = place(division, day)
    facts = {
        "confirmed": True, "name": cast.enterprise.name, "uscc": cast.enterprise.uscc,
        "legal_representative": "周敏", "province": f"{division[:2]}0000", "division": division,
        "address": "春晖路 88 号", "full_address": home.full_name + "春晖路 88 号", "contact": "周敏",
        "phone": "0512-57000000",
    } | enterprise_facts  # fmt: skip
    site = {"division": division, "address": "优比路 12 号", "full_address": home.full_name + "优比路 12 号"}
    conditions = {
        "equipment": [{"name": "混酸反应釜", "model": "FYF-3000", "quantity": 2}],
        "instruments": [{"name": "分光光度计", "number": "721G", "valid_until": str(day + timedelta(days=300))}],
        "process": "GB 20413", "staff": "工艺员 2 人",
    }  # fmt: skip
    for section, data in (("enterprise", facts), ("sites", {"rows": [site]}), ("conditions", conditions)):
        drafts.save_section(
            public_id=application.public_id, section=section, data=data, draft_version=draft_version(application),
            actor=who, at=when,
        )  # fmt: skip
    drafts.choose_category(
        public_id=application.public_id, category=ProductCategory.objects.get(key=category),
        draft_version=draft_version(application), actor=who, at=when,
    )  # fmt: skip
    drafts.choose_units(
        public_id=application.public_id, units=[row.unit for row in open_units(category, day)],
        draft_version=draft_version(application), actor=who, at=when,
    )  # fmt: skip
    drafts.attach_licence(
        public_id=application.public_id, upload=PDF, filename="营业执照.pdf",
        draft_version=draft_version(application), actor=who, at=when,
    )  # fmt: skip
    return Application.objects.get(pk=application.pk)


def signed_draft(cast: Cast, category: str = "fertilizer-phosphate", day: date = DAY, **facts) -> Application:
    application = filled_draft(cast, category, day, **facts)
    drafts.sign_commitment(
        public_id=application.public_id, signer="周敏", draft_version=application.draft_version,
        actor=actor(cast.applicant, day), at=at(day),
    )  # fmt: skip
    return Application.objects.get(pk=application.pk)


def submitted(cast: Cast, category: str = "fertilizer-phosphate", day: date = DAY, **facts) -> Application:
    application = signed_draft(cast, category, day, **facts)
    return filing.submit(
        public_id=application.public_id, draft_version=application.draft_version, actor=actor(cast.applicant, day),
        at=at(day, 10),
    )  # fmt: skip


def accepted(cast: Cast, category: str = "fertilizer-phosphate", day: date = DAY) -> Application:
    application = submitted(cast, category, day)
    write_papers(public_id=application.public_id, at=at(day, 10, 1))
    return acceptance.accept(
        public_id=application.public_id, expected_version=application.version, actor=actor(cast.clerk, day),
        at=at(day, 11),
    )  # fmt: skip


def record(
    cast: Cast, application: Application, track: str, outcome: str = "passed", day: date = DAY
) -> Application:
    return review.record_evidence(
        public_id=application.public_id, expected_version=version(application), track=track, outcome=outcome,
        body="省质检院", concluded_on=day, finding="关键设备不符" if outcome == "failed" else "", document=PDF,
        verifiers=VERIFIERS if track == "onsite" else (),
        filename="报告.pdf", actor=actor(cast.reviewer, day), at=at(day, 14),
    )  # fmt: skip


def taken(cast: Cast, category: str = "fertilizer-phosphate", day: date = DAY) -> Application:
    application = accepted(cast, category, day)
    return review.take_review(
        public_id=application.public_id, expected_version=application.version, actor=actor(cast.reviewer, day),
        at=at(day, 13), no_conflict=True,
    )  # fmt: skip


def pending(
    cast: Cast, category: str = "fertilizer-phosphate", day: date = DAY, failed: bool = False
) -> Application:
    """A case waiting for its decision."""
    application = taken(cast, category, day)
    record(cast, application, "onsite", "failed" if failed else "passed", day)
    if not failed:
        record(cast, application, "testing", "passed", day)
    return review.conclude_review(
        public_id=application.public_id, expected_version=version(application), actor=actor(cast.reviewer, day),
        at=at(day, 15),
    )  # fmt: skip


def granted_licence(
    cast: Cast | None = None, category: str = "fertilizer-phosphate", day: date = DAY
) -> ProductionLicence:
    """A licence granted on `day`; its certificate is asked for and not yet signed."""
    cast = cast or Cast()
    application = pending(cast, category, day)
    return decision.grant(
        public_id=application.public_id, expected_version=application.version, basis=GRANT_BASIS,
        no_conflict=True, actor=actor(cast.approver, day), at=at(day, 16),
    )  # fmt: skip
