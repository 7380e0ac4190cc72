"""What changes accounts outside the pages of allauth."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import ProtectedError

from core.accounts import sessions
from core.accounts.models import LastCode
from core.parties.models import User

UNFINISHED_AFTER = timedelta(hours=24)


def open_account(*, username: str, name: str, email: str) -> User:
    """An account whose password is set by following a mailed link, which also proves the address."""
    user = User(username=username, name=name, email=email)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    return user


def close_account(user: User) -> int:
    """Nobody signs in with it any more, and whoever is signed in is out at once; returns how many sessions ended."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    return sessions.end_all(user)


def reopen_account(user: User) -> None:
    """Open a closed account again. Password and second factor start anew."""
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    remove_second_factor(user)


def remove_second_factor(user: User) -> int:
    """Remove the authenticator and the recovery codes, and end every session. Used codes stay used."""
    removed = Authenticator.objects.filter(user=user).delete()[0]
    sessions.end_all(user)
    return removed


def discard_unfinished(*, at: datetime, email: str | None = None) -> int:
    """Remove sign-ups that were never finished: address unverified, never signed in, a day old, tied to nothing.

    Otherwise a stranger could keep somebody else's address or a user name for himself. Officials' accounts, which
    their authority opens, are tied to it and stay.
    """
    rows = User.objects.filter(
        last_login__isnull=True, date_joined__lt=at - UNFINISHED_AFTER, emailaddress__verified=False
    ).exclude(emailaddress__verified=True)
    if email is not None:
        rows = rows.filter(emailaddress__email=email.lower())
    removed = 0
    for user in rows.filter(duties__isnull=True, memberships__isnull=True).distinct():
        try:
            with transaction.atomic():
                LastCode.objects.filter(user=user).delete()
                user.delete()
        except ProtectedError:
            continue
        removed += 1
    return removed
