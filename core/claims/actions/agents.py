"""Who else acts for an enterprise: its legal representative invites agents and parts with them (R-88; L1 art. 29)."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from core.claims import rules
from core.claims.actions.act import (
    advance,
    end_seat,
    lock_enterprise,
    note_roster,
    representative_of,
    require_representative,
    seat_of,
    take_seat,
)
from core.claims.errors import (
    AddressMalformed,
    AlreadyMember,
    AlreadyRepresentative,
    InvitationClosed,
    InvitedAlready,
    NotAnAgent,
)
from core.claims.lifecycle import Status
from core.claims.models import Claim, Invitation
from core.claims.notices import tell_agent
from core.claims.queries import addresses_of, people_at
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.parties.models import Enterprise, Membership, PowerOfAttorney, User

_MAIL: Final = re.compile(r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$")
_USERNAME: Final = re.compile(r"^[\w.+-]{1,64}$")


def clean_address(raw: str) -> str:
    """A user name or e-mail: half-width, without blanks, in small letters. Raises AddressMalformed."""
    text = "".join(unicodedata.normalize("NFKC", raw).split()).lower()
    if len(text) > 254 or not (_MAIL.match(text) or _USERNAME.match(text)):
        raise AddressMalformed("address")
    return text


def _led(enterprise_id: UUID | str, actor: Actor, at: datetime) -> tuple[Enterprise, Actor]:
    """The enterprise, locked, and its legal representative acting. Raises DoesNotExist, NotRepresentative."""
    enterprise = lock_enterprise(Enterprise.objects.values_list("pk", flat=True).get(public_id=enterprise_id))
    return enterprise, require_representative(enterprise, actor, at)


@transaction.atomic
def invite(*, enterprise_id: UUID | str, address: str, actor: Actor, at: datetime) -> Invitation:
    """Ask somebody to be an agent. The answer is the same whether an account of that name exists or not.

    Raises AddressMalformed, InvitedAlready, AlreadyRepresentative (asking oneself), NotRepresentative.
    """
    enterprise, representative = _led(enterprise_id, actor, at)
    to, today = clean_address(address), shanghai_date(at)
    if to in addresses_of(User.objects.get(pk=actor.user_id or 0)):
        raise AlreadyRepresentative("address")
    Invitation.objects.filter(
        enterprise=enterprise, address=to, status=Invitation.Status.OPEN, expires_on__lte=today
    ).update(status=Invitation.Status.WITHDRAWN, answered_at=at)
    if Invitation.objects.filter(enterprise=enterprise, address=to, status=Invitation.Status.OPEN).exists():
        raise InvitedAlready("address")
    invitation = Invitation.objects.create(
        enterprise=enterprise, invited_by_id=actor.user_id or 0, address=to, invited_at=at,
        expires_on=today + timedelta(days=rules.INVITATION_DAYS),
    )  # fmt: skip
    subject = note_roster(
        enterprise, "invite", actor=representative, at=at,
        internal={"invitation": str(invitation.public_id)}, personal={"address": to},
    )  # fmt: skip
    tell_agent(
        "claims.invited",
        people_at(to),
        subject,
        at,
        enterprise=enterprise,
        until_on=invitation.expires_on.isoformat(),
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, public_id: UUID | str, actor: Actor, at: datetime) -> Invitation:
    """Take back an invitation not answered yet. Raises InvitationClosed."""
    invitation = _invitation(public_id)
    representative = require_representative(invitation.enterprise, actor, at)
    _close(invitation, Invitation.Status.WITHDRAWN, at)
    note_roster(
        invitation.enterprise, "withdraw_invitation", actor=representative, at=at,
        internal={"invitation": str(invitation.public_id)},
    )  # fmt: skip
    return invitation


def _invitation(public_id: UUID | str) -> Invitation:
    row = Invitation.objects.values("pk", "enterprise_id").get(public_id=public_id)
    enterprise = lock_enterprise(row["enterprise_id"])
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=row["pk"])
    invitation.enterprise = enterprise
    return invitation


def _close(
    invitation: Invitation, status: Invitation.Status, at: datetime, answered_by: int | None = None
) -> None:
    if invitation.status != Invitation.Status.OPEN or invitation.expires_on <= shanghai_date(at):
        raise InvitationClosed()
    invitation.status, invitation.answered_at, invitation.answered_by_id = status, at, answered_by
    invitation.save()


def _invited(public_id: UUID | str, actor: Actor) -> tuple[Invitation, User]:
    """An invitation addressed to this person. Raises Invitation.DoesNotExist: others' do not exist for him."""
    invitation = _invitation(public_id)
    person = User.objects.get(pk=actor.user_id or 0, is_active=True)
    if invitation.address not in addresses_of(person):
        raise Invitation.DoesNotExist
    return invitation, person


@transaction.atomic
def accept_invitation(*, public_id: UUID | str, actor: Actor, at: datetime) -> Invitation:
    """Become an agent of the enterprise that asked. Filing needs a power of attorney besides.

    Raises InvitationClosed, AlreadyMember, AlreadyRepresentative.
    """
    invitation, person = _invited(public_id, actor)
    enterprise, today = invitation.enterprise, shanghai_date(at)
    held = seat_of(person.pk, enterprise.pk, today)
    if held and held.role == Membership.Role.LEGAL_REPRESENTATIVE:
        raise AlreadyRepresentative()
    if held and held.role == Membership.Role.AGENT:
        raise AlreadyMember()
    _close(invitation, Invitation.Status.ACCEPTED, at, person.pk)
    take_seat(person.pk, enterprise.pk, Membership.Role.AGENT, today)
    _drop_own_claim(person, enterprise, at)
    subject = note_roster(
        enterprise, "accept_invitation", actor=actor, at=at,
        internal={"invitation": str(invitation.public_id), "agent": str(person.public_id)},
    )  # fmt: skip
    _tell_representative("claims.invitation_accepted", enterprise, subject, at, person=person.name)
    return invitation


def _drop_own_claim(person: User, enterprise: Enterprise, at: datetime) -> None:
    """Being an agent now, the person needs no claim to become one."""
    own = Claim.objects.select_for_update(of=("self",)).filter(
        claimant=person, enterprise=enterprise, role=Claim.Role.AGENT, status=Status.PENDING
    )
    for claim in own:
        advance(claim, "withdraw", actor=SYSTEM, at=at)


@transaction.atomic
def decline_invitation(*, public_id: UUID | str, actor: Actor, at: datetime) -> Invitation:
    """Say no; the one who asked is told."""
    invitation, person = _invited(public_id, actor)
    _close(invitation, Invitation.Status.DECLINED, at, person.pk)
    subject = note_roster(
        invitation.enterprise, "decline_invitation", actor=actor, at=at,
        internal={"invitation": str(invitation.public_id)},
    )  # fmt: skip
    _tell_representative(
        "claims.invitation_declined", invitation.enterprise, subject, at, address=invitation.address
    )
    return invitation


def _tell_representative(
    kind: str, enterprise: Enterprise, subject: Subject, at: datetime, **more: str
) -> None:
    holder = representative_of(enterprise.pk, shanghai_date(at))
    tell_agent(kind, [holder.user_id] if holder else [], subject, at, enterprise=enterprise, **more)


@transaction.atomic
def remove_agent(*, enterprise_id: UUID | str, agent: UUID | str, actor: Actor, at: datetime) -> Membership:
    """Part with an agent: the seat ends this day, every power of attorney at this instant. Raises NotAnAgent."""
    enterprise, representative = _led(enterprise_id, actor, at)
    seat = agent_seat(enterprise, agent, at)
    end_seat(seat, shanghai_date(at))
    ended = PowerOfAttorney.objects.filter(
        user_id=seat.user_id, enterprise=enterprise, revoked_at__isnull=True, valid_to__gt=shanghai_date(at)
    )
    powers = [str(row) for row in ended.values_list("public_id", flat=True)]
    ended.update(revoked_at=at)
    subject = note_roster(
        enterprise, "remove_agent", actor=representative, at=at,
        internal={"agent": str(seat.user.public_id), "powers": powers}, personal={"agent_name": seat.user.name},
    )  # fmt: skip
    tell_agent("claims.agent_removed", [seat.user_id], subject, at, enterprise=enterprise)
    return seat


def agent_seat(enterprise: Enterprise, agent: UUID | str, at: datetime) -> Membership:
    """The seat of one of the enterprise's agents. Raises NotAnAgent."""
    person = User.objects.filter(public_id=agent).first()
    seat = seat_of(person.pk, enterprise.pk, shanghai_date(at)) if person else None
    if seat is None or seat.role != Membership.Role.AGENT:
        raise NotAnAgent()
    return seat
