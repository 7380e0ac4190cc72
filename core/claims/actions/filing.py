"""Claiming an enterprise, and taking a claim back."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.claims import rules
from core.claims.actions.act import (
    advance,
    lock_enterprise,
    locked,
    release_claimant,
    representative_of,
    require_claimant,
    seat_of,
    subject_of,
    take_seat,
)
from core.claims.errors import (
    AlreadyMember,
    AlreadyRepresentative,
    ClaimOpenAlready,
    NoAuthority,
    NotYourClaim,
    RefusedTooOften,
    TooManyClaims,
)
from core.claims.lifecycle import OPEN, Status
from core.claims.models import Claim
from core.claims.notices import tell
from core.claims.queries import authority_of
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.parties.identifiers import clean_name, validate_uscc
from core.parties.jurisdiction import DivisionUnknown
from core.parties.models import Authority, Enterprise, Membership, User


class FactMissing(Invalid):
    code = "claims.fact_missing"
    message = _("这一项要填写")


@transaction.atomic
def file_claim(
    *,
    uscc: str,
    role: str,
    ground: str,
    name: str,
    legal_representative: str,
    division: str,
    address: str,
    phone: str,
    actor: Actor,
    at: datetime,
) -> Claim:
    """Say that one acts for the enterprise under this code; from now on drafts of one's own, no filing (R-88).

    A code the system does not know yet gets a row with the facts as typed, unproved. A row that is there already
    is neither changed nor shown, and the answer is the same in both cases. Raises the errors of `validate_uscc`,
    NoAuthority, AlreadyRepresentative, AlreadyMember, ClaimOpenAlready, TooManyClaims or RefusedTooOften.
    """
    code, today = validate_uscc(uscc), shanghai_date(at)
    if actor.user_id is None or not User.objects.filter(pk=actor.user_id, is_active=True).exists():
        raise NotYourClaim()
    facts = _facts(name, legal_representative, division, address, phone)
    typed_authority = _authority(division, today)
    enterprise, _created = Enterprise.objects.get_or_create(uscc=code, defaults=facts)
    enterprise = lock_enterprise(enterprise.pk)
    _check_open(enterprise, role, actor.user_id, at)
    claim = Claim(
        enterprise=enterprise, claimant_id=actor.user_id, role=Claim.Role(role), ground=Claim.Ground(ground),
        authority=authority_of(enterprise.registered_division, today) if enterprise.proved_at else typed_authority,
        filed_at=at, **facts,
    )  # fmt: skip
    if seat_of(actor.user_id, enterprise.pk, today) is None:
        take_seat(actor.user_id, enterprise.pk, Membership.Role.CLAIMANT, today)
    advance(
        claim, "file", actor=actor, at=at,
        internal={"uscc": code, "role": role, "ground": ground, "authority": claim.authority.code},
        personal={**facts, "claimant": str(actor.label)},
    )  # fmt: skip
    tell("claims.filed", [actor.user_id], subject_of(claim), at, claim=claim)
    _ask_representative(claim, at)
    return claim


def _facts(name: str, legal_representative: str, division: str, address: str, phone: str) -> dict[str, str]:
    """What the claimant typed of the enterprise, cleaned, under the names of the columns."""
    return {
        "name": clean_name(name, "name"),
        "legal_representative": clean_name(legal_representative, "legal_representative"),
        "registered_division": division,
        "registered_address": _present(address, "address"),
        "phone": _present(phone, "phone"),
    }


def _present(text: str, field: str) -> str:
    """What was typed, without blanks around it. Raises FactMissing."""
    if not text.strip():
        raise FactMissing(field)
    return text.strip()


def _authority(division: str, today: date) -> Authority:
    try:
        return authority_of(division, today)
    except DivisionUnknown as error:
        raise NoAuthority("division") from error


def _check_open(enterprise: Enterprise, role: str, user_id: int, at: datetime) -> None:
    """May this person open a claim for this enterprise now? Looks at nothing but the person's own rows."""
    today = shanghai_date(at)
    held = seat_of(user_id, enterprise.pk, today)
    if held and held.role == Membership.Role.LEGAL_REPRESENTATIVE:
        raise AlreadyRepresentative("uscc")
    if held and held.role == Membership.Role.AGENT and role == Claim.Role.AGENT:
        raise AlreadyMember("uscc")
    mine = Claim.objects.filter(claimant_id=user_id)
    if mine.filter(enterprise=enterprise, status__in=OPEN).exists():
        raise ClaimOpenAlready("uscc")
    waiting = mine.filter(status__in=OPEN).count()
    if waiting >= rules.MAX_OPEN_CLAIMS:
        raise TooManyClaims(count=waiting)
    since = at - timedelta(days=rules.REFUSED_WITHIN_DAYS)
    refused = mine.filter(enterprise=enterprise, status=Status.REFUSED, decided_at__gte=since).count()
    if refused >= rules.MAX_REFUSED_CLAIMS:
        raise RefusedTooOften("uscc", count=refused)


def _ask_representative(claim: Claim, at: datetime) -> None:
    """A claim as agent is for the legal representative in place to answer; he hears of it at once."""
    if claim.for_representative:
        return
    holder = representative_of(claim.enterprise_id, shanghai_date(at))
    if holder is not None:
        tell("claims.agent_asks", [holder.user_id], subject_of(claim), at, claim=claim)


@transaction.atomic
def withdraw(*, public_id: UUID | str, actor: Actor, at: datetime) -> Claim:
    """Take a claim back before it is decided. Raises NotYourClaim, or WrongState once it is closed."""
    claim = locked(public_id)
    require_claimant(claim, actor)
    other_side = claim.holder_id if claim.status == Status.DISPUTED else None
    advance(claim, "withdraw", actor=actor, at=at)
    release_claimant(claim, shanghai_date(at))
    if other_side:
        tell("claims.dispute_over", [other_side], subject_of(claim), at, claim=claim)
    return claim
