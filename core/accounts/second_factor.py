"""Checking a code of the second factor: by the clock, once, or one of the recovery codes (RFC 6238 §5.2)."""

from datetime import datetime
from enum import Enum

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import connection

from core.parties.models import User

PERIOD = 30
DRIFT = 1
"""A phone's clock may be one period off; each step still counts only once."""


class Wrong(Enum):
    """Why a code does not count."""

    CODE = "code"
    USED = "used"


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step this code belongs to, within the drift allowed; None when it belongs to none."""
    now = int(at.timestamp()) // PERIOD
    for step in range(now - DRIFT, now + DRIFT + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def use_step(user: User, step: int) -> bool:
    """Mark a step as used; False when it, or a later one, was used before. Atomic: of two requests one wins."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_lastcode AS c (user_id, step) VALUES (%s, %s)"
            " ON CONFLICT (user_id) DO UPDATE SET step = excluded.step WHERE c.step < excluded.step RETURNING c.step",
            [user.pk, step],
        )
        return cursor.fetchone() is not None


def check(user: User, code: str, at: datetime) -> Authenticator | Wrong:
    """The authenticator a code proves, used up by this; otherwise why it does not count."""
    mine = {row.type: row for row in Authenticator.objects.filter(user=user)}
    totp = mine.get(Authenticator.Type.TOTP)
    if totp is not None:
        step = matching_step(decrypt(totp.data["secret"]), code, at)
        if step is not None:
            return totp if use_step(user, step) else Wrong.USED
    recovery = mine.get(Authenticator.Type.RECOVERY_CODES)
    if recovery is not None and recovery.wrap().validate_code(code):
        return recovery
    return Wrong.CODE
