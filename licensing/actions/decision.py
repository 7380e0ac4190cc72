"""The decision: grant with number and certificate in one transaction, refuse with reasons and remedies (S13–S15)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.lifecycle.law import Clause
from core.parties.models import User
from licensing.actions.act import (
    NO_CONFLICT,
    advance,
    advance_system,
    locked,
    person_of,
    require_no_conflict,
    require_official,
    require_undeemed,
    require_unheld,
)
from licensing.actions.effects import apply_grant, certificate_code, require_confirmed, require_standing
from licensing.actions.ending import terminate_cases
from licensing.actions.filing import check_bars
from licensing.actions.pauses import require_running
from licensing.actions.reopening import reopening, require_undefeated
from licensing.actions.turns import in_turn_of
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


def pending(
    public_id: UUID | str, expected_version: int, act: str, actor: Actor, at: datetime
) -> tuple[Application, Actor]:
    """The case, locked, in its holder's turn, for an act of whoever decides.

    Raises WrongState, Stale, NotYourCase, HeldAlready, PauseStillOpen or DeemedAlready.
    """
    in_turn_of(public_id)
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find(act, application.status)
    actor = require_official(application, "approval", actor, at)
    require_unheld(application)
    require_running(application)
    require_undeemed(application, at)
    return application, actor


@reopening
@transaction.atomic
def grant(
    *,
    public_id: UUID | str,
    expected_version: int,
    basis: tuple[Clause, ...],
    no_conflict: bool,
    acknowledged: Collection[str] = (),
    actor: Actor,
    at: datetime,
) -> ProductionLicence:
    """Grant, in effect at once: the decision, what it does to the licence and the order for its certificate stand or
    fall together (R-4, R-50). The codes of the warnings `acknowledged` stay in the record. Raises what `check` and
    `apply_grant` raise; ReviewReopened where the exemption does not stand any more."""
    application, actor = pending(public_id, expected_version, "grant", actor, at)
    check("grant", application, basis=basis, no_conflict=no_conflict, at=at)
    declared = declaration(acknowledged)
    effect("grant", application, basis=basis, actor=actor, at=at, by=person_of(actor), declared=declared)
    assert application.licence is not None
    return application.licence


@reopening
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
    """Refuse with reasons, in effect at once; the remedies are stated with it (L1 art. 38 ¶2). Raises what `check`
    raises; ReviewReopened where the exemption does not stand any more."""
    application, actor = pending(public_id, expected_version, "refuse", actor, at)
    check("refuse", application, basis=basis, reasons=reasons, no_conflict=no_conflict, at=at)
    return effect(
        "refuse", application, basis=basis, reasons=reasons, actor=actor, at=at, by=person_of(actor)
    )


def declaration(acknowledged: Collection[str]) -> dict[str, Any]:
    """What whoever grants says: that he has no interest, and which warnings he has seen."""
    return {**NO_CONFLICT, "acknowledged": sorted(acknowledged)} if acknowledged else dict(NO_CONFLICT)


def check(
    act: str,
    application: Application,
    *,
    basis: tuple[Clause, ...],
    reasons: str = "",
    no_conflict: bool = True,
    at: datetime,
) -> None:
    """Whether a person may decide so. Raises NoConflictUndeclared, BasisMissing, EvidenceInsufficient,
    EvidenceDefeated, Barred, LicenceEnded, RenewalToConfirm, NoCertificateCode, ReasonsMissing or NoGroundToRefuse.

    Only a failed track is a ground to refuse, or a bar that silence at intake did not cure (DOMAIN §3.4); kinds without
    tracks are refused on what was stated. An exemption that no longer stands supports neither: the review is reopened.
    """
    require_no_conflict(no_conflict)
    if not basis:
        raise BasisMissing("basis")
    state = review_state(dict(application.evidence.values_list("track", "outcome")))
    if act == "grant":
        if state != "passed":
            raise EvidenceInsufficient()
        require_undefeated(application, at)
        if application.rules.reviewed:
            check_bars(application, at)
        _require_effect(application, at)
        return
    if not reasons.strip():
        raise ReasonsMissing("reasons")
    barred = application.rules.reviewed and bar_against(application, shanghai_date(at)) is not None
    if application.rules.reviewed and state == "passed" and not barred:
        require_undefeated(application, at)
        raise NoGroundToRefuse("reasons")


def _require_effect(application: Application, at: datetime) -> None:
    """What a grant would do can be done, as far as it is known before: whoever decides hears of it at once, not when
    the hold is over. Raises LicenceEnded, RenewalToConfirm or NoCertificateCode."""
    if application.licence is None:
        certificate_code(application)
        return
    require_standing(application, at)
    if application.kind == Kind.DEREGISTRATION:
        require_confirmed(application.licence)


def effect(
    act: str,
    application: Application,
    *,
    basis: tuple[Clause, ...],
    reasons: str = "",
    actor: Actor,
    at: datetime,
    by: User,
    declared: Mapping[str, Any] = NO_CONFLICT,
) -> Application:
    """What a decision of `by` brings about, as of `at`; `actor` is himself, or the system when the hold is over.

    Raises NoCertificateCode, NumbersExhausted, LicenceEnded or RenewalToConfirm.
    """
    if act == "refuse":
        _close(application, Decision.Result.REFUSED, basis, by, at, reasons.strip())
        return advance(
            application, "refuse", actor=actor, at=at, basis=basis, internal=NO_CONFLICT,
            personal={"reasons": reasons.strip()},
        )  # fmt: skip
    licence = apply_grant(application, basis=basis, actor=actor, at=at)
    _close(application, Decision.Result.GRANTED, basis, by, at)
    advance(
        application, "grant", actor=actor, at=at, basis=basis, public={"licence_number": licence.number},
        internal=declared,
    )  # fmt: skip
    if application.kind == Kind.DEREGISTRATION:
        _deliver_deregistration(application, licence, at)
    return application


def _deliver_deregistration(application: Application, licence: ProductionLicence, at: datetime) -> None:
    """There is no certificate to fetch: the notice delivers, and what else was open on the licence ends with it."""
    application.closed_on = shanghai_date(at)
    application.next_check_at = None
    advance_system(application, "deliver_notice", at=at)
    terminate_cases(licence, because="licence_ended", at=at)


@transaction.atomic
def return_to_review(
    *, public_id: UUID | str, expected_version: int, reasons: str, actor: Actor, at: datetime
) -> Application:
    """Send the case back to its reviewer, once, with a reason; the clock runs on (K8)."""
    application, actor = pending(public_id, expected_version, "return_to_review", actor, at)
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
    by: User,
    at: datetime,
    reasons: str = "",
) -> None:
    today = shanghai_date(at)
    application.approver = by
    application.decided_on = today
    application.next_due_on = None
    application.next_check_at = delivery_due(application) if result == Decision.Result.GRANTED else None
    Decision.objects.create(
        application=application, result=Decision.Result(result), legal_basis=[c.as_json() for c in basis],
        reasons=reasons, remedies=_remedies(application) if reasons else "", decided_by=by,
        decided_on=today,
    )  # fmt: skip


def _remedies(application: Application) -> str:
    assert application.deciding_authority is not None
    return remedies_text(application.deciding_authority)
