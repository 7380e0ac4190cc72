"""What every act on a correction shares: who may, the licence it is about, the entry in the ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Duty
from licensing.actions.act import acting_for, locked_licence
from licensing.actions.turns import in_turn
from licensing.corrections.errors import (
    CorrectionMoved,
    LicenceEnded,
    NotYourCorrection,
    OwnInterest,
    RenewalToConfirm,
    RenewalUnwritten,
)
from licensing.corrections.lifecycle import BASIS, REQUESTS
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.corrections.queries import proposing_duty
from licensing.models import LicenceStatus, ProductionLicence
from licensing.queries.terms import term_today

CORRECTION, REQUEST = "corrections.correction", "corrections.request"
_NOTHING: Mapping[str, Any] = {}


def require_proposer(licence: ProductionLicence, actor: Actor, at: datetime) -> Actor:
    """A clerk or reviewer of the authority that issued the licence or handled its cases (DOMAIN §8).

    Returns the actor acting for that authority. Raises NotYourCorrection or OwnInterest.
    """
    standing = standing_for(actor, at)
    duty = proposing_duty(standing, licence)
    if duty is None:
        raise NotYourCorrection()
    if licence.enterprise_id in standing.interests:
        raise OwnInterest()
    return acting_for(actor, duty.authority_code, duty.authority_name)


def require_approver(licence: ProductionLicence, actor: Actor, at: datetime) -> Actor:
    """An approver of the issuing authority itself: what it has entrusted to others does not reach here (R-20, R-89)."""
    standing = standing_for(actor, at)
    issuing = licence.issuing_authority
    if not standing.holds(Duty.Kind.APPROVAL, issuing.pk):
        raise NotYourCorrection()
    if licence.enterprise_id in standing.interests:
        raise OwnInterest()
    return acting_for(actor, issuing.code, issuing.name_zh)


def require_in_force(licence: ProductionLicence, at: datetime) -> None:
    """Only a licence in force on the day is corrected; what the law has renewed is written down and confirmed first.

    Raises LicenceEnded, RenewalUnwritten or RenewalToConfirm.
    """
    today = shanghai_date(at)
    if not licence.is_running or not term_today(licence, today).in_force:
        raise LicenceEnded(number=licence.number)
    if today > licence.valid_until:
        raise RenewalUnwritten(number=licence.number)
    if licence.status == LicenceStatus.VALID_DEEMED:
        raise RenewalToConfirm(number=licence.number)


def locked_correction(public_id: UUID | str, expected_version: int) -> CertificateCorrection:
    """A correction and, before it, its licence, in its holder's turn; locked until the transaction ends.

    Raises CorrectionMoved, or DoesNotExist for one there is not.
    """
    rows = CertificateCorrection.objects.filter(public_id=public_id)
    in_turn(rows.values_list("licence__enterprise_id", flat=True).get())
    licence = locked_licence(corrections__public_id=public_id)
    row = CertificateCorrection.objects.select_for_update(of=("self",)).get(public_id=public_id)
    assert licence is not None
    row.licence = licence
    if row.version != expected_version:
        raise CorrectionMoved()
    return row


def locked_request(public_id: UUID | str, expected_version: int) -> CorrectionRequest:
    """The same for what a holder asks."""
    licence = locked_licence(correction_requests__public_id=public_id)
    row = CorrectionRequest.objects.select_for_update(of=("self",)).get(public_id=public_id)
    assert licence is not None
    row.licence = licence
    if row.version != expected_version:
        raise CorrectionMoved()
    return row


def write(
    row: CertificateCorrection | CorrectionRequest,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    internal: Mapping[str, Any] = _NOTHING,
    personal: Mapping[str, str] = _NOTHING,
) -> None:
    """One step with its version in the ledger and the outbox; the correction itself is an act on the licence."""
    kind = CORRECTION if isinstance(row, CertificateCorrection) else REQUEST
    subject = Subject(kind, str(row.public_id), row.version)
    record(
        act=f"corrections.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=BASIS,
        internal={"licence": row.licence.number, **internal}, personal=personal,
    )  # fmt: skip
    emit(type=f"corrections.{act}", subject=subject)


def request_behind(row: CertificateCorrection) -> CorrectionRequest | None:
    """What the holder asked for and this correction answers, locked; the licence is locked before it."""
    rows = CorrectionRequest.objects.select_for_update(of=("self",))
    asked = rows.filter(corrections=row).first()
    if asked is not None:
        asked.licence = row.licence
    return asked


def move_request(asked: CorrectionRequest | None, act: str, actor: Actor, at: datetime) -> None:
    """A request goes along with the correction that answers it; nothing without one."""
    if asked is None:
        return
    asked.status = REQUESTS.find(act, asked.status).target
    asked.version += 1
    asked.save(update_fields=["status", "version"])
    write(asked, f"request_{act}", actor, at)
