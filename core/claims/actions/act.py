"""What every act here shares: one order of locks, one step of the life cycle, seats in an enterprise.

The enterprise is locked before the claim, always: who comes first is settled per enterprise and not per claim.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.claims.errors import NotRepresentative, NotYourClaim, OwnInterest, Stale
from core.claims.lifecycle import AGENT_CLAUSE, LIFE_CYCLE
from core.claims.models import Claim, Roster
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import in_force, standing_for
from core.parties.models import Enterprise, Membership

CLAIM = "claims.claim"
ROSTER = "claims.roster"
POWER = "claims.power"
_NOTHING: Mapping[str, Any] = {}


def lock_enterprise(pk: int) -> Enterprise:
    """The enterprise, held until the transaction ends; others may still refer to it."""
    return Enterprise.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def locked(public_id: UUID | str, *, expected_version: int | None = None) -> Claim:
    """The claim and its enterprise, locked. Raises Claim.DoesNotExist, and Stale when it moved on meanwhile."""
    row = Claim.objects.values("pk", "enterprise_id").get(public_id=public_id)
    enterprise = lock_enterprise(row["enterprise_id"])
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=row["pk"])
    claim.enterprise = enterprise
    if expected_version is not None and claim.version != expected_version:
        raise Stale()
    return claim


def subject_of(claim: Claim) -> Subject:
    return Subject(CLAIM, str(claim.public_id), claim.version)


def advance(
    claim: Claim,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    internal: Mapping[str, Any] = _NOTHING,
    personal: Mapping[str, str] = _NOTHING,
    basis: tuple[Clause, ...] = (),
) -> Claim:
    """Take one step, save, write it down, tell. Raises WrongState when the life cycle knows no such step here."""
    row = LIFE_CYCLE.find(act, claim.status)
    claim.status = row.target
    claim.version += 1
    claim.save()
    record(
        act=f"claims.{act}",
        subject=subject_of(claim),
        actor=actor,
        effective_at=at,
        legal_basis=basis or row.clauses,
        internal=internal,
        personal=personal,
    )
    emit(type=f"claims.{act}", subject=subject_of(claim))
    return claim


def representative_of(enterprise_id: int, on: date) -> Membership | None:
    """The proved legal representative of an enterprise on a day."""
    return Membership.objects.filter(
        in_force(on), enterprise_id=enterprise_id, role=Membership.Role.LEGAL_REPRESENTATIVE
    ).first()


def seat_of(user_id: int, enterprise_id: int, on: date) -> Membership | None:
    """What this person holds in this enterprise on a day, a mere claim included."""
    return Membership.objects.filter(in_force(on), user_id=user_id, enterprise_id=enterprise_id).first()


def take_seat(user_id: int, enterprise_id: int, role: str, on: date) -> None:
    """Let a person hold `role` from this day; what he held before ends, without gap or overlap."""
    held = seat_of(user_id, enterprise_id, on)
    if held is not None and held.role == role:
        return
    if held is not None and held.valid_from == on:
        held.role = role
        held.save(update_fields=["role"])
        return
    if held is not None:
        end_seat(held, on)
    Membership.objects.create(user_id=user_id, enterprise_id=enterprise_id, role=role, valid_from=on)


def end_seat(held: Membership, on: date) -> None:
    """From this day on the seat no longer counts."""
    held.valid_to = on
    held.save(update_fields=["valid_to"])


def release_claimant(claim: Claim, on: date) -> None:
    """A claim that ended without proof takes the right to keep drafts along; a proved seat stays."""
    held = seat_of(claim.claimant_id, claim.enterprise_id, on)
    if held is not None and held.role == Membership.Role.CLAIMANT:
        end_seat(held, on)


def require_claimant(claim: Claim, actor: Actor) -> None:
    """Raises NotYourClaim for anybody but the claimant."""
    if actor.user_id is None or claim.claimant_id != actor.user_id:
        raise NotYourClaim()


def require_duty(claim: Claim, kind: str, actor: Actor, at: datetime) -> Actor:
    """The official's question: this duty at the claim's authority, and no stake in either side.

    Returns the actor acting for that authority. Raises NotYourClaim or OwnInterest.
    """
    standing = standing_for(actor, at)
    held = next((d for d in standing.duties if d.kind == kind and d.authority_id == claim.authority_id), None)
    if held is None:
        raise NotYourClaim()
    if has_stake(claim, standing.user_id, standing.enterprise_ids | standing.claimed_ids):
        raise OwnInterest()
    return Actor(actor.kind, actor.code, actor.label, held.authority_code, held.authority_name, actor.user_id)


def has_stake(claim: Claim, user_id: int | None, enterprise_ids: frozenset[int]) -> bool:
    """Whether a person is a side of this claim or acts for its enterprise."""
    return user_id in (claim.claimant_id, claim.holder_id) or claim.enterprise_id in enterprise_ids


def require_representative(enterprise: Enterprise, actor: Actor, at: datetime) -> Actor:
    """The legal representative acting for the enterprise. Raises NotRepresentative for anybody else."""
    held = representative_of(enterprise.pk, shanghai_date(at))
    standing = standing_for(actor, at)
    if held is None or standing.user_id is None or held.user_id != standing.user_id:
        raise NotRepresentative()
    return Actor(actor.kind, actor.code, actor.label, enterprise.uscc, enterprise.name, actor.user_id)


def note_roster(
    enterprise: Enterprise,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    internal: Mapping[str, Any] = _NOTHING,
    personal: Mapping[str, str] = _NOTHING,
) -> Subject:
    """An act about the enterprise's own people on the record, numbered per enterprise (L1 art. 29)."""
    roster, _created = Roster.objects.get_or_create(enterprise=enterprise)
    roster.version += 1
    roster.save(update_fields=["version"])
    subject = Subject(ROSTER, str(enterprise.public_id), roster.version)
    record(
        act=f"claims.{act}",
        subject=subject,
        actor=actor,
        effective_at=at,
        legal_basis=(AGENT_CLAUSE,),
        internal=internal,
        personal=personal,
    )
    emit(type=f"claims.{act}", subject=subject)
    return subject
