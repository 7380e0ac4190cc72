"""The decision: grant with number and certificate in one transaction, refuse with reasons and remedies (S13–S15)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.lifecycle.law import Clause
from licensing.actions.act import (
    NO_CONFLICT,
    advance,
    advance_system,
    locked,
    person_of,
    require_no_conflict,
    require_official,
)
from licensing.actions.effects import apply_grant
from licensing.actions.ending import terminate_cases
from licensing.actions.filing import check_bars
from licensing.actions.pauses import require_running
from licensing.alarms import delivery_due
from licensing.kinds import Kind
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application, Decision, ProductionLicence
from licensing.queries.bars import bar_against
from licensing.remedies import remedies_text
from licensing.rules import review_state


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


class NothingToReview(Invalid):
    code = "licensing.nothing_to_review"
    message = _("这类申请不需审查，不能退回审查")


class ReturnedAlready(Invalid):
    code = "licensing.returned_already"
    message = _("这件申请已经退回审查一次，不能再退回")


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
    """Grant: the decision, what it does to the licence and the order for its certificate stand or fall together.

    R-4, R-50. Raises BasisMissing, EvidenceInsufficient, Barred, LicenceEnded or NoCertificateCode.
    """
    application, actor = _pending(public_id, expected_version, "grant", actor, at)
    require_no_conflict(no_conflict)
    if not basis:
        raise BasisMissing("basis")
    if review_state(dict(application.evidence.values_list("track", "outcome"))) != "passed":
        raise EvidenceInsufficient()
    if application.rules.reviewed:
        check_bars(application, at)
    licence = apply_grant(application, basis=basis, actor=actor, at=at)
    _close(application, Decision.Result.GRANTED, basis, actor, at)
    advance(
        application, "grant", actor=actor, at=at, basis=basis, public={"licence_number": licence.number},
        internal=NO_CONFLICT,
    )  # fmt: skip
    if application.kind == Kind.DEREGISTRATION:
        _deliver_deregistration(application, licence, at)
    return licence


def _deliver_deregistration(application: Application, licence: ProductionLicence, at: datetime) -> None:
    """There is no certificate to fetch: the notice delivers, and what else was open on the licence ends with it."""
    application.closed_on = shanghai_date(at)
    application.next_check_at = None
    advance_system(application, "deliver_notice", at=at)
    terminate_cases(licence, because="licence_ended", at=at)


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

    Only a failed track is a ground, or a bar that silence at intake did not cure (DOMAIN §3.4); kinds without tracks
    are refused on what was stated.
    """
    application, actor = _pending(public_id, expected_version, "refuse", actor, at)
    require_no_conflict(no_conflict)
    if not basis:
        raise BasisMissing("basis")
    if not reasons.strip():
        raise ReasonsMissing("reasons")
    passed = review_state(dict(application.evidence.values_list("track", "outcome"))) == "passed"
    if application.rules.reviewed and passed and bar_against(application, shanghai_date(at)) is None:
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
    if not application.rules.reviewed:
        raise NothingToReview()
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
        reasons=reasons, remedies=_remedies(application) if reasons else "", decided_by=person_of(actor),
        decided_on=today,
    )  # fmt: skip


def _remedies(application: Application) -> str:
    assert application.deciding_authority is not None
    return remedies_text(application.deciding_authority)
