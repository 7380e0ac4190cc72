"""Decisions on claims by persons: the acceptance desk, the legal representative in place, the approver of a dispute."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.claims.actions.act import (
    advance,
    end_seat,
    locked,
    note_roster,
    release_claimant,
    representative_of,
    require_duty,
    require_representative,
    subject_of,
)
from core.claims.actions.settling import settle
from core.claims.errors import HolderNotHeard, NothingToReview, NotYourClaim, StatedAlready
from core.claims.lifecycle import LIFE_CYCLE, Status
from core.claims.models import Claim, Invitation, Statement
from core.claims.notices import tell
from core.claims.queries import heard_until
from core.files.actions import store
from core.files.intake import Prepared, prepare
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.parties.models import PowerOfAttorney

CONSENT = "法定代表人同意"
CHECKED = "已核对："


class ReasonsMissing(Invalid):
    code = "claims.reasons_missing"
    message = _("请写明理由，当事人会看到")


class StatementEmpty(Invalid):
    code = "claims.statement_empty"
    message = _("请写明你的意见")


def _decide(claim: Claim, reasons: str, actor: Actor, at: datetime) -> None:
    if not reasons.strip():
        raise ReasonsMissing("reasons")
    claim.decided_by_id, claim.decided_at, claim.reasons = actor.user_id, at, reasons.strip()


def _on_desk(public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> tuple[Claim, Actor]:
    """A claim waiting for the acceptance desk, and the clerk acting for it.

    Raises Stale, NotYourClaim, OwnInterest, NothingToReview.
    """
    claim = locked(public_id, expected_version=expected_version)
    clerk = require_duty(claim, "acceptance", actor, at)
    represented = representative_of(claim.enterprise_id, shanghai_date(at)) is not None
    if claim.status == Status.PENDING and (claim.document_id is None or represented):
        raise NothingToReview()
    return claim, clerk


@transaction.atomic
def accept(
    *,
    public_id: UUID | str,
    checked: Sequence[str],
    remark: str = "",
    expected_version: int,
    actor: Actor,
    at: datetime,
) -> Claim:
    """Accept the sealed authorisation: the claim is proved. `checked` says what the clerk compared."""
    claim, clerk = _on_desk(public_id, expected_version, actor, at)
    said = CHECKED + "；".join(checked) if checked else ""
    _decide(claim, "\n".join(part for part in (said, remark.strip()) if part), actor, at)
    claim.proof = Claim.Proof.SEALED_DOCUMENT
    return settle(claim, "accept", actor=clerk, at=at)


@transaction.atomic
def refuse(
    *, public_id: UUID | str, reasons: str, expected_version: int, actor: Actor, at: datetime
) -> Claim:
    """Refuse the sealed authorisation with reasons the claimant reads; he may claim again with a better one."""
    claim, clerk = _on_desk(public_id, expected_version, actor, at)
    _decide(claim, reasons, actor, at)
    return _turned_down(claim, "refuse", clerk, at)


def _turned_down(claim: Claim, act: str, actor: Actor, at: datetime) -> Claim:
    advance(claim, act, actor=actor, at=at, personal={"reasons": claim.reasons})
    release_claimant(claim, shanghai_date(at))
    tell("claims.refused", [claim.claimant_id], subject_of(claim), at, claim=claim)
    return claim


def _for_representative(
    public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> tuple[Claim, Actor]:
    claim = locked(public_id, expected_version=expected_version)
    representative = require_representative(claim.enterprise, actor, at)
    if claim.for_representative:
        raise NotYourClaim()
    return claim, representative


@transaction.atomic
def admit(*, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> Claim:
    """The legal representative takes the claimant as agent. A power of attorney is another act (L1 art. 29)."""
    claim, representative = _for_representative(public_id, expected_version, actor, at)
    _decide(claim, CONSENT, actor, at)
    claim.proof = Claim.Proof.REPRESENTATIVE
    return settle(claim, "admit", actor=representative, at=at)


@transaction.atomic
def decline(
    *, public_id: UUID | str, reasons: str, expected_version: int, actor: Actor, at: datetime
) -> Claim:
    """The legal representative does not take the claimant as agent."""
    claim, representative = _for_representative(public_id, expected_version, actor, at)
    _decide(claim, reasons, actor, at)
    return _turned_down(claim, "decline", representative, at)


def state_case(
    *,
    public_id: UUID | str,
    text: str,
    document: File | bytes | None = None,
    filename: str = "",
    actor: Actor,
    at: datetime,
) -> Statement:
    """One side of a dispute says what it has to say, once, with a document if it likes.

    Raises NotYourClaim, StatedAlready, StatementEmpty, what the document store refuses, WrongState without a dispute.
    """
    if not text.strip():
        raise StatementEmpty("text")
    if document is None:
        return _stated(public_id, text.strip(), None, actor, at)
    with prepare(content=document, filename=filename, slot="document") as prepared:
        return _stated(public_id, text.strip(), prepared, actor, at)


@transaction.atomic
def _stated(
    public_id: UUID | str, text: str, document: Prepared | None, actor: Actor, at: datetime
) -> Statement:
    claim = locked(public_id)
    side = _side(claim, actor)
    if Statement.objects.filter(claim=claim, author_id=actor.user_id).exists():
        raise StatedAlready()
    LIFE_CYCLE.find("state_case", claim.status)
    stored = document and store(
        content=document, filename="", owner=subject_of(claim), slot=f"statement_{side}", actor=actor, at=at
    )
    advance(claim, "state_case", actor=actor, at=at, internal={"side": side}, personal={"text": text})
    return Statement.objects.create(
        claim=claim, side=side, author_id=actor.user_id or 0, text=text, document=stored or None, made_at=at
    )


def _side(claim: Claim, actor: Actor) -> str:
    if actor.user_id is not None and actor.user_id == claim.claimant_id:
        return Statement.Side.CLAIMANT
    if actor.user_id is not None and actor.user_id == claim.holder_id:
        return Statement.Side.HOLDER
    raise NotYourClaim()


@transaction.atomic
def uphold(
    *, public_id: UUID | str, reasons: str, expected_version: int, actor: Actor, at: datetime
) -> Claim:
    """Decide a dispute for the legal representative in place: nothing changes for him, the claim is refused."""
    claim = locked(public_id, expected_version=expected_version)
    approver = require_duty(claim, "approval", actor, at)
    _decide(claim, reasons, actor, at)
    holder = claim.holder_id
    _turned_down(claim, "uphold", approver, at)
    tell("claims.upheld", [holder] if holder else [], subject_of(claim), at, claim=claim)
    return claim


@transaction.atomic
def replace(
    *, public_id: UUID | str, reasons: str, expected_version: int, actor: Actor, at: datetime
) -> Claim:
    """Decide a dispute for the claimant: the first one's seat ends this day, every power of attorney of the
    enterprise is revoked at this instant, invitations he sent are void, and the claimant takes over.

    Raises HolderNotHeard while the first has neither spoken nor had his days to.
    """
    claim = locked(public_id, expected_version=expected_version)
    approver = require_duty(claim, "approval", actor, at)
    today, until = shanghai_date(at), heard_until(claim)
    if until is not None and today <= until:
        raise HolderNotHeard(until=until)
    _decide(claim, reasons, actor, at)
    first = representative_of(claim.enterprise_id, today)
    if first is not None:
        end_seat(first, today)
    told = _end_powers(claim, approver, at)
    claim.proof = Claim.Proof.DECISION
    settle(claim, "replace", actor=approver, at=at)
    subject = subject_of(claim)
    tell("claims.replaced", [first.user_id] if first else [], subject, at, claim=claim)
    tell("claims.powers_ended", told, subject, at, claim=claim)
    return claim


def _end_powers(claim: Claim, actor: Actor, at: datetime) -> list[int]:
    """Revoke every power of the enterprise; returns whose they were, each once."""
    powers = PowerOfAttorney.objects.filter(
        enterprise_id=claim.enterprise_id, revoked_at__isnull=True, valid_to__gt=shanghai_date(at)
    )
    rows = list(powers.select_for_update(of=("self",)).values_list("pk", "public_id", "user_id"))
    PowerOfAttorney.objects.filter(pk__in=[row[0] for row in rows]).update(revoked_at=at)
    Invitation.objects.filter(enterprise_id=claim.enterprise_id, status=Invitation.Status.OPEN).update(
        status=Invitation.Status.WITHDRAWN, answered_at=at
    )
    if rows:
        note_roster(
            claim.enterprise,
            "end_powers",
            actor=actor,
            at=at,
            internal={"powers": [str(row[1]) for row in rows]},
        )
    return sorted({row[2] for row in rows})
