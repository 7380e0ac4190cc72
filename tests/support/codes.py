"""One-time codes at any moment, and the moment tests of accounts stand at."""

from datetime import UTC, datetime, timedelta

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse"
NOON = datetime(2026, 11, 9, 4, 0, 0, tzinfo=UTC)


def code_at(moment: datetime, secret: str = SECRET) -> str:
    """The six digits an authenticator shows at a moment (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30)))


def wrong_code_at(moment: datetime) -> str:
    """Six digits that are right neither now nor within half an hour of it."""
    right = {code_at(moment + timedelta(seconds=30 * step)) for step in range(-60, 61)}
    return next(f"{number:06d}" for number in range(1_000_000) if f"{number:06d}" not in right)
