"""The decision: grant with number and certificate in one transaction, refuse with reasons and remedies (S13–S15)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.queries import category_on
from certificates.actions import request_certificate
from certificates.facts import CertificateFacts, new_public_id
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from licensing.actions.act import (
    NO_CONFLICT,
    advance,
    locked,
    person_of,
    require_no_conflict,
    require_official,
)
from licensing.actions.filing import check_bars
from licensing.actions.pauses import require_running
from licensing.alarms import delivery_due
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application, Decision, LicenceUnit, ProductionLicence
from licensing.numbers import next_licence_number
from licensing.profile import PROFILE
from licensing.queries.bars import bar_against
from licensing.rules import Term, licence_term, review_state

LICENCE = "licensing.licence"


class BasisMissing(Invalid):
    code = "licensing.basis_missing"
    message = _("请至少选择一条法律依据")


class ReasonsMissing(Invalid):
    code = "licensing.reasons_missing"
    message = _("不予许可须说明理由（《行政许可法》第三十八条第二款）")


class EvidenceInsufficient(Invalid):
    code = "licensing.evidence_insufficient"
    message = _("审查结果不支持准予许可")


class NoGroundToRefuse(Invalid):
    code = "licensing.no_ground_to_refuse"
    message = _("两项审查都合格，申请符合法定条件的，应当准予许可（《行政许可法》第三十八条第一款）")


class ReturnedAlready(Invalid):
    code = "licensing.returned_already"
    message = _("这件申请已经退回审查一次，不能再退回")


class NoCertificateCode(Invalid):
    code = "licensing.no_certificate_code"
    message = _("该产品类别没有证书编号代码，不能发证")


def _pending(
    public_id: UUID | str, expected_version: int, act: str, actor: Actor, at: datetime
) -> tuple[Application, Actor]:
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find(act, application.status)
    actor = require_official(application, "approval", actor, at)
    require_running(application)
    return application, actor


@transaction.atomic
def grant(
    *,
    public_id: UUID | str,
    expected_version: int,
    basis: tuple[Clause, ...],
    no_conflict: bool,
    actor: Actor,
    at: datetime,
) -> ProductionLicence:
    """Grant: decision, number, licence and the order for its certificate stand or fall together (R-4, R-50)."""
    application, actor = _pending(public_id, expected_version, "grant", actor, at)
    require_no_conflict(no_conflict)
    if not basis:
        raise BasisMissing("basis")
    if review_state(dict(application.evidence.values_list("track", "outcome"))) != "passed":
        raise EvidenceInsufficient()
    check_bars(application, at)
    today = shanghai_date(at)
    _close(application, Decision.Result.GRANTED, basis, actor, at)
    licence = _create_licence(application, licence_term(today, PROFILE.term_years), at)
    advance(
        application, "grant", actor=actor, at=at, basis=basis, public={"licence_number": licence.number},
        internal=NO_CONFLICT,
    )  # fmt: skip
    subject = Subject(LICENCE, licence.number, licence.version)
    record(
        act="licensing.licence_granted", subject=subject, actor=actor, effective_at=at, legal_basis=basis,
        public={"valid_from": str(licence.valid_from), "valid_until": str(licence.valid_until)},
    )  # fmt: skip
    emit(type="licensing.licence_granted", subject=subject)
    request_certificate(facts=certificate_facts(licence), actor=actor, at=at)
    return licence


@transaction.atomic
def refuse(
    *,
    public_id: UUID | str,
    expected_version: int,
    basis: tuple[Clause, ...],
    reasons: str,
    no_conflict: bool,
    actor: Actor,
    at: datetime,
) -> Application:
    """Refuse with reasons; the remedies are stated with it (L1 art. 38 ¶2).

    Only a failed track is a ground, or a bar that silence at intake did not cure (DOMAIN §3.4).
    """
    application, actor = _pending(public_id, expected_version, "refuse", actor, at)
    require_no_conflict(no_conflict)
    if not basis:
        raise BasisMissing("basis")
    if not reasons.strip():
        raise ReasonsMissing("reasons")
    passed = review_state(dict(application.evidence.values_list("track", "outcome"))) == "passed"
    if passed and bar_against(application, shanghai_date(at)) is None:
        raise NoGroundToRefuse("reasons")
    _close(application, Decision.Result.REFUSED, basis, actor, at, reasons.strip())
    return advance(
        application, "refuse", actor=actor, at=at, basis=basis, internal=NO_CONFLICT,
        personal={"reasons": reasons.strip()},
    )  # fmt: skip


@transaction.atomic
def return_to_review(
    *, public_id: UUID | str, expected_version: int, reasons: str, actor: Actor, at: datetime
) -> Application:
    """Send the case back to its reviewer, once, with a reason; the clock runs on (K8)."""
    application, actor = _pending(public_id, expected_version, "return_to_review", actor, at)
    if application.returned_once:
        raise ReturnedAlready()
    if not reasons.strip():
        raise ReasonsMissing("reasons")
    application.returned_once = True
    return advance(application, "return_to_review", actor=actor, at=at, personal={"reasons": reasons.strip()})


def _close(
    application: Application,
    result: str,
    basis: tuple[Clause, ...],
    actor: Actor,
    at: datetime,
    reasons: str = "",
) -> None:
    today = shanghai_date(at)
    application.approver = person_of(actor)
    application.decided_on = today
    application.next_due_on = None
    application.next_check_at = delivery_due(application) if result == Decision.Result.GRANTED else None
    Decision.objects.create(
        application=application, result=Decision.Result(result), legal_basis=[c.as_json() for c in basis],
        reasons=reasons, remedies=remedies_text(application) if reasons else "", decided_by=person_of(actor),
        decided_on=today,
    )  # fmt: skip


def remedies_text(application: Application) -> str:
    """Where a refused applicant may turn (L1 art. 38 ¶2): reconsideration within 60 days, suit within six months."""
    deciding = application.deciding_authority
    assert deciding is not None
    where = f"{deciding.parent.name_zh}或者本级人民政府" if deciding.parent else deciding.name_zh
    return (
        f"如不服本决定，可以自收到本决定之日起六十日内向{where}申请行政复议，"
        "也可以自收到本决定之日起六个月内依法向人民法院提起行政诉讼。"
    )


def _create_licence(application: Application, term: Term, at: datetime) -> ProductionLicence:
    filed, issuing = application.filed, application.deciding_authority
    assert application.category is not None and issuing is not None and application.accepted_on is not None
    version = category_on(application.category.key, application.accepted_on)
    code = version.certificate_code(settings.WORLD) if version else None
    if not code:
        raise NoCertificateCode()
    licence = ProductionLicence.objects.create(
        number=next_licence_number(authority=issuing, xk_code=code),
        opaque_id=new_public_id(),
        enterprise=application.enterprise,
        category=application.category,
        issuing_authority=issuing,
        application=application,
        holder_name=filed["enterprise"]["name"],
        uscc=filed["enterprise"]["uscc"],
        registered_address=filed["enterprise"]["full_address"],
        production_addresses=[site["full_address"] for site in filed["sites"]],
        category_name=filed["category"]["name_zh"],
        issued_on=shanghai_date(at),
        valid_from=term.valid_from,
        term_start=term.term_start,
        valid_until=term.valid_until,
    )
    LicenceUnit.objects.bulk_create(
        LicenceUnit(licence=licence, unit_id=unit["id"], name=unit["name_zh"]) for unit in filed["units"]
    )
    return licence


def certificate_facts(licence: ProductionLicence) -> CertificateFacts:
    """The licence as facts on paper (DOMAIN §7.1)."""
    return CertificateFacts(
        licence_number=licence.number,
        version=licence.version,
        holder_name=licence.holder_name,
        uscc=licence.uscc,
        registered_address=licence.registered_address,
        production_addresses=tuple(licence.production_addresses),
        category_name=licence.category_name,
        units=tuple(licence.units.order_by("id").values_list("name", flat=True)),
        issue_date=licence.issued_on,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        authority_code=licence.issuing_authority.code,
        authority_name=licence.issuing_authority.name_zh,
        public_id=licence.opaque_id,
        demo=settings.WORLD == "demo",
    )
