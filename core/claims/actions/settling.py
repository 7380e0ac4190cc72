"""How a claim ends well, and how two claims meet: seats are given, facts become the enterprise's, disputes open."""

from datetime import datetime

from core.claims.actions.act import advance, subject_of, take_seat
from core.claims.lifecycle import Status
from core.claims.models import Claim
from core.claims.notices import tell
from core.claims.queries import authority_of
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.parties.queries import holders_of

_FACTS = ("name", "legal_representative", "registered_division", "registered_address", "phone")


def settle(claim: Claim, act: str, *, actor: Actor, at: datetime) -> Claim:
    """The claim is proved: the claimant takes his seat from this day, and the facts become those of the enterprise.

    An enterprise proved before keeps its facts but for the legal representative's name, and gets a telephone number
    where a record of the paper era gave none (R-90). Whoever else has shown
    something to be its legal representative now stands in a dispute with this one.
    """
    today = shanghai_date(at)
    claim.decided_at = at
    _keep_facts(claim, at)
    advance(claim, act, actor=actor, at=at, internal={"role": claim.role, "proof": claim.proof})
    take_seat(claim.claimant_id, claim.enterprise_id, claim.role, today)
    tell("claims.proved", [claim.claimant_id], subject_of(claim), at, claim=claim)
    if claim.for_representative:
        _meet_the_others(claim, at)
    return claim


def _keep_facts(claim: Claim, at: datetime) -> None:
    enterprise = claim.enterprise
    if enterprise.proved_at is None:
        for field in _FACTS:
            setattr(enterprise, field, getattr(claim, field))
        enterprise.proved_at = at
    elif claim.for_representative:
        enterprise.legal_representative = claim.legal_representative
        enterprise.phone = enterprise.phone or claim.phone
    else:
        return
    enterprise.save()


def _meet_the_others(claim: Claim, at: datetime) -> None:
    others = Claim.objects.select_for_update(of=("self",)).filter(
        enterprise_id=claim.enterprise_id, role=Claim.Role.LEGAL_REPRESENTATIVE, proof_at__isnull=False
    )
    for other in others.exclude(pk=claim.pk).order_by("pk"):
        other.enterprise = claim.enterprise
        if other.status == Status.PENDING:
            open_dispute(other, claim.claimant_id, at=at)
        elif other.status == Status.DISPUTED:
            other.holder_id = claim.claimant_id
            advance(other, "change_holder", actor=SYSTEM, at=at)
            tell("claims.disputed_holder", [claim.claimant_id], subject_of(other), at, claim=other)


def open_dispute(claim: Claim, holder_id: int, *, at: datetime) -> Claim:
    """Two persons say to be the legal representative: the first keeps everything, both are told, a person decides."""
    claim.holder_id, claim.disputed_at = holder_id, at
    if claim.enterprise.proved_at is not None:
        claim.authority = authority_of(claim.enterprise.registered_division, shanghai_date(at))
    advance(claim, "dispute", actor=SYSTEM, at=at, internal={"ground": claim.ground})
    subject = subject_of(claim)
    tell("claims.disputed_holder", [holder_id], subject, at, claim=claim)
    tell("claims.disputed_claimant", [claim.claimant_id], subject, at, claim=claim)
    approvers = holders_of("approval", claim.authority_id, shanghai_date(at))
    tell("claims.to_decide", approvers, subject, at, claim=claim)
    return claim
