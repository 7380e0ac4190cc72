"""What a claimant shows: a sealed authorisation, or an identity asserted by the port; and what it leads to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from core.claims import rules
from core.claims.actions.act import advance, locked, representative_of, require_claimant, subject_of
from core.claims.actions.settling import open_dispute, settle
from core.claims.errors import IdentityExpired, IdentityOfAnother, NotYourClaim
from core.claims.lifecycle import LIFE_CYCLE, Status
from core.claims.models import Claim, IdentityAttempt
from core.claims.notices import tell
from core.files.actions import drop, store
from core.files.intake import Prepared, prepare
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.parties.queries import holders_of

AUTHORISATION = "authorisation"


def submit_document(
    *,
    public_id: UUID | str,
    content: File | bytes,
    filename: str,
    expected_version: int,
    actor: Actor,
    at: datetime,
) -> Claim:
    """Hand in the sealed authorisation, or another one before anybody has decided.

    It goes to the acceptance desk; to the legal representative if there is one and the claim is an agent's; and
    into a dispute if there is one and the claimant says to be it. Raises what the document store refuses: it looks
    into the file before anything is locked.
    """
    with prepare(content=content, filename=filename, slot=AUTHORISATION) as prepared:
        return _submit(public_id, prepared, expected_version, actor, at)


@transaction.atomic
def _submit(
    public_id: UUID | str, content: Prepared, expected_version: int, actor: Actor, at: datetime
) -> Claim:
    claim = locked(public_id, expected_version=expected_version)
    require_claimant(claim, actor)
    LIFE_CYCLE.find("submit_document", claim.status)
    replaced = claim.document
    claim.document = store(
        content=content, filename="", owner=subject_of(claim), slot=AUTHORISATION, actor=actor, at=at
    )
    claim.proof, claim.proof_at = Claim.Proof.SEALED_DOCUMENT, at
    advance(claim, "submit_document", actor=actor, at=at, internal={"sha256": claim.document.sha256})
    if replaced is not None:
        drop(public_id=str(replaced.public_id))
    _lead_on(claim, "sealed_document", actor, at)
    return claim


def _lead_on(claim: Claim, method: str, actor: Actor, at: datetime) -> None:
    """Take the claim where its proof leads (rules.outcome_of_proof)."""
    today = shanghai_date(at)
    holder = representative_of(claim.enterprise_id, today)
    outcome = rules.outcome_of_proof(role=claim.role, method=method, represented=holder is not None)
    if outcome == "proved":
        settle(claim, "prove_by_identity", actor=actor, at=at)
    elif outcome == "dispute" and holder is not None:
        open_dispute(claim, holder.user_id, at=at)
    elif outcome == "review":
        clerks = holders_of("acceptance", claim.authority_id, today)
        tell("claims.to_review", clerks, subject_of(claim), at, claim=claim)
    elif holder is not None:
        tell("claims.agent_asks", [holder.user_id], subject_of(claim), at, claim=claim)


@dataclass(frozen=True)
class Assertion:
    """What the identity port says, its signature and origin checked."""

    issuer: str
    subject: str
    uscc: str
    enterprise_name: str
    legal_representative: str
    person_name: str
    role: str


@dataclass(frozen=True)
class Attempt:
    """What the way back needs to know of the way out."""

    claim: UUID
    nonce: str
    verifier: str
    language: str


@transaction.atomic
def begin_identity(
    *,
    public_id: UUID | str,
    state: str,
    nonce: str,
    verifier: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> Claim:
    """Remember a journey to the identity port. No legal act: nothing is shown yet."""
    claim = locked(public_id)
    require_claimant(claim, actor)
    if not claim.is_open:
        raise IdentityExpired()
    IdentityAttempt.objects.filter(started_at__lt=at - timedelta(days=1)).delete()
    IdentityAttempt.objects.create(
        state_hash=_hashed(state), claim=claim, user_id=claim.claimant_id, nonce=nonce, verifier=verifier,
        language=language, started_at=at,
    )  # fmt: skip
    return claim


def take_attempt(*, state: str, actor: Actor, at: datetime) -> Attempt:
    """Use up a journey: once, by the person who began it, within ten minutes. Raises IdentityExpired otherwise.

    Committed before anything is fetched, so that an answer replayed finds nothing, whatever became of the first.
    """
    fresh = at - timedelta(minutes=rules.ATTEMPT_MINUTES)
    mine = IdentityAttempt.objects.filter(
        state_hash=_hashed(state), user_id=actor.user_id or 0, used_at__isnull=True, started_at__gt=fresh
    )
    if not mine.update(used_at=at):
        raise IdentityExpired()
    row = IdentityAttempt.objects.select_related("claim").get(state_hash=_hashed(state))
    return Attempt(row.claim.public_id, row.nonce, row.verifier, row.language)


def _hashed(state: str) -> str:
    return sha256(state.encode()).hexdigest()


@transaction.atomic
def prove_by_identity(*, public_id: UUID | str, assertion: Assertion, actor: Actor, at: datetime) -> Claim:
    """Take what the identity port asserts: enterprise, person and role replace what was typed.

    Proved at once where nobody is in place; else as `rules.outcome_of_proof` says. In a dispute it is one more
    thing the approver sees. Raises IdentityOfAnother for another code (the claim stays as it is), NotYourClaim,
    or WrongState once the claim is closed.
    """
    claim = locked(public_id)
    require_claimant(claim, actor)
    if assertion.uscc != claim.enterprise.uscc:
        raise IdentityOfAnother(uscc=assertion.uscc)
    if assertion.role not in Claim.Role.values:
        raise NotYourClaim()
    disputed = claim.status == Status.DISPUTED
    if disputed and assertion.role != Claim.Role.LEGAL_REPRESENTATIVE:
        raise NotYourClaim()
    claim.role = assertion.role
    claim.name, claim.legal_representative = assertion.enterprise_name, assertion.legal_representative
    claim.identity_subject = f"{assertion.issuer}#{assertion.subject}"[:300]
    claim.proof, claim.proof_at = Claim.Proof.IDENTITY, at
    advance(
        claim, "add_identity" if disputed else "note_identity", actor=actor, at=at,
        internal={"issuer": assertion.issuer, "role": assertion.role, "uscc": assertion.uscc},
        personal={"subject": assertion.subject, "person": assertion.person_name,
                  "legal_representative": assertion.legal_representative},
    )  # fmt: skip
    if not disputed:
        _lead_on(claim, "identity", actor, at)
    return claim
