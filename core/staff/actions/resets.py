"""A lost second factor: proposed by one administrator, confirmed by another within a day (four eyes)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.accounts import mail
from core.accounts.actions import remove_second_factor
from core.accounts.queries import second_factor_of
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.parties.models import Authority, User
from core.staff.actions.common import administrators, is_administrator, locked, own_key, stand, write
from core.staff.errors import (
    IdentityNotChecked,
    NoSecondFactor,
    NotOneself,
    NotTheirAdministrator,
    ResetClosed,
    ResetLate,
    ResetOpen,
    SamePerson,
)
from core.staff.models import CONFIRM_WITHIN, Official, SecondFactorReset
from core.staff.notices import tell
from core.staff.rules import may_confirm_reset

Status = SecondFactorReset.Status
ENOUGH = 10
_REFUSALS = {"subject": NotOneself, "same": SamePerson, "late": ResetLate, "closed": ResetClosed}


def require_position(actor: Actor, user: User, authority: Authority, at: datetime) -> Actor:
    """An administrator of the authority, or of its superior where the person administers the authority himself."""
    found, acting = stand(actor, authority, at)
    if found == "own" or (found == "superior" and is_administrator(user, authority, shanghai_date(at))):
        return acting
    raise NotTheirAdministrator()


@transaction.atomic
def propose_reset(
    *, public_id: UUID | str, checked_how: str, actor: Actor, at: datetime
) -> SecondFactorReset:
    """Propose to remove somebody's second factor, saying how his identity was checked.

    Raises NotTheirAdministrator, NotOneself, IdentityNotChecked, NoSecondFactor, ResetOpen.
    """
    user, official = locked(public_id, at)
    acting = require_position(actor, user, official.authority, at)
    if user.pk == actor.user_id:
        raise NotOneself()
    if len(checked_how.strip()) < ENOUGH:
        raise IdentityNotChecked("checked_how")
    if not second_factor_of(user).totp:
        raise NoSecondFactor()
    rows = SecondFactorReset.objects.filter(user=user, status=Status.OPEN)
    rows.filter(expires_at__lte=at).update(status=Status.LAPSED)
    if rows.filter(status=Status.OPEN).exists():
        raise ResetOpen()
    reset = SecondFactorReset.objects.create(
        user=user, authority=official.authority, checked_how=checked_how.strip(), proposed_by_id=own_key(actor),
        proposed_at=at, expires_at=at + CONFIRM_WITHIN,
    )  # fmt: skip
    subject = write(
        official, "second_factor_reset_proposed", actor=acting, at=at,
        internal={"reset": str(reset.public_id)}, personal={"checked_how": reset.checked_how},
    )  # fmt: skip
    others = administrators(official.authority, shanghai_date(at), but=(actor.user_id, user.pk))
    tell(
        "staff.reset_proposed", others, subject, at, {"person": user.name, "proposer": actor.label},
        {"public_id": str(reset.public_id)},
    )  # fmt: skip
    return reset


@transaction.atomic
def confirm_reset(*, public_id: UUID | str, actor: Actor, at: datetime) -> SecondFactorReset:
    """The second administrator confirms: authenticator and recovery codes go, every session ends, the person is told.

    Raises SecondFactorReset.DoesNotExist, NotTheirAdministrator, NotOneself, SamePerson, ResetLate, ResetClosed.
    """
    reset, official = _locked(public_id, at)
    acting = _confirmer(reset, actor, at)
    reset.status, reset.confirmed_by_id, reset.confirmed_at = Status.CONFIRMED, actor.user_id, at
    reset.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    remove_second_factor(reset.user)
    subject = write(
        official, "second_factor_reset", actor=acting, at=at, internal={"reset": str(reset.public_id)}
    )
    tell("staff.reset_done", [reset.user_id], subject, at, {})
    transaction.on_commit(lambda: mail.notify("account/email/second_factor_reset", reset.user, {}))
    return reset


def _confirmer(reset: SecondFactorReset, actor: Actor, at: datetime) -> Actor:
    acting = require_position(actor, reset.user, reset.authority, at)
    refusal = may_confirm_reset(
        actor_id=actor.user_id or 0, proposer_id=reset.proposed_by_id, subject_id=reset.user_id, status=reset.status,
        at=at, expires_at=reset.expires_at,
    )  # fmt: skip
    if refusal is not None:
        raise _REFUSALS[refusal]()
    return acting


@transaction.atomic
def withdraw_reset(*, public_id: UUID | str, actor: Actor, at: datetime) -> SecondFactorReset:
    """Either administrator takes an open proposal back. Raises NotTheirAdministrator, NotOneself, ResetClosed."""
    reset, official = _locked(public_id, at)
    acting = require_position(actor, reset.user, reset.authority, at)
    if reset.user_id == actor.user_id:
        raise NotOneself()
    if reset.status != Status.OPEN:
        raise ResetClosed()
    reset.status = Status.WITHDRAWN
    reset.save(update_fields=["status"])
    write(
        official,
        "second_factor_reset_withdrawn",
        actor=acting,
        at=at,
        internal={"reset": str(reset.public_id)},
    )
    return reset


def _locked(public_id: UUID | str, at: datetime) -> tuple[SecondFactorReset, Official]:
    found = SecondFactorReset.objects.select_related("user").get(public_id=public_id)
    _user, official = locked(found.user.public_id, at)
    rows = SecondFactorReset.objects.select_for_update(of=("self",)).select_related("user", "authority")
    reset = rows.get(pk=found.pk)
    return reset, official
