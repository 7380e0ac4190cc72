"""Taking somebody into the service of an authority: the account, its first duty, the invitation."""

from datetime import date, datetime
from uuid import UUID

from allauth.account.internal.userkit import filter_users_by_email, filter_users_by_username
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from core.accounts import mail, names
from core.accounts.actions import discard_unfinished, open_account, reopen_account
from core.lifecycle.actors import Actor
from core.lifecycle.errors import Invalid
from core.parties.models import Authority, Duty, User
from core.staff.actions.common import locked, own_key, require_own, stand, write
from core.staff.actions.duties import new_duty, require_granter
from core.staff.errors import AccountClosed, AccountOpen, AddressTaken, NameTaken, NotTheirAdministrator
from core.staff.models import Official


class NameOdd(Invalid):
    code = "staff.name_odd"
    message = names.VALIDATORS[0].message


@transaction.atomic
def create_official(
    *,
    authority: Authority,
    username: str,
    name: str,
    email: str,
    kind: str,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    at: datetime,
) -> User:
    """Open an official's account with its first duty; a one-time link to set the password goes out by mail.

    The second factor is asked for at the first sign-in. Raises what `grant_duty` raises, NameTaken, AddressTaken.
    """
    acting = require_granter(authority, kind, actor, at)
    username, email = names.normalise(username), email.strip().lower()
    try:
        names.VALIDATORS[0](username)
    except ValidationError as error:
        raise NameOdd("username") from error
    discard_unfinished(at=at, email=email)
    if username in names.RESERVED or filter_users_by_username(username).exists():
        raise NameTaken("username")
    if filter_users_by_email(email):
        raise AddressTaken("email")
    user = open_account(username=username, name=" ".join(name.split()), email=email)
    official = Official.objects.create(
        user=user, authority=authority, created_by_id=own_key(actor), created_at=at
    )
    duty = new_duty(user, authority, kind, valid_from, valid_to, actor, at)
    write(
        official, "official_created", actor=acting, at=at, internal=_facts(duty),
        personal={"name": user.name, "username": username, "email": email},
    )  # fmt: skip
    invite_on_commit(user, authority)
    return user


@transaction.atomic
def invite_again(*, public_id: UUID | str, actor: Actor, at: datetime) -> User:
    """Send the link once more to somebody who has not set a password yet. Raises AccountOpen when he has."""
    user, official = locked(public_id, at)
    found, acting = stand(actor, official.authority, at)
    if found is None:
        raise NotTheirAdministrator()
    if not user.is_active:
        raise AccountClosed()
    if user.has_usable_password():
        raise AccountOpen()
    write(official, "invited_again", actor=acting, at=at)
    invite_on_commit(user, official.authority)
    return user


@transaction.atomic
def reinstate(*, public_id: UUID | str, actor: Actor, at: datetime) -> User:
    """Somebody who left comes back: the account opens again, password and second factor start anew. No duty comes
    with it. Raises AccountOpen."""
    user, official = locked(public_id, at)
    acting = require_own(actor, official.authority, at, user)
    if user.is_active:
        raise AccountOpen()
    reopen_account(user)
    write(official, "reinstated", actor=acting, at=at)
    invite_on_commit(user, official.authority)
    return user


def invite_on_commit(user: User, authority: Authority) -> None:
    """Mail the link once the act stands; a link for an act that was undone would open nothing."""
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600

    def send() -> None:
        mail.notify(
            "account/email/invitation", user,
            {"link": mail.password_link(user), "authority": authority, "hours": hours},
        )  # fmt: skip

    transaction.on_commit(send)


def _facts(duty: Duty) -> dict[str, str | None]:
    return {
        "authority": duty.authority.code, "kind": duty.kind, "from": str(duty.valid_from),
        "to": str(duty.valid_to) if duty.valid_to else None,
    }  # fmt: skip
