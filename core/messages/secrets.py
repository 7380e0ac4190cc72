"""Shared secrets of webhooks, stored encrypted with the installation's key; digests of codes sent to phones."""

import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings

PREFIX = "whs_"


def new_secret() -> str:
    """256 random bits as text."""
    return PREFIX + secrets.token_urlsafe(32)


def sealed(secret: str) -> bytes:
    return Fernet(settings.LEDGER_KEY).encrypt(secret.encode())


def opened(ciphertext: bytes | memoryview | None) -> bytes:
    """The secret back; empty where there is none."""
    return Fernet(settings.LEDGER_KEY).decrypt(bytes(ciphertext)) if ciphertext else b""


def new_code() -> str:
    """Six digits for a phone."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(user_id: int, phone: str, code: str) -> str:
    """What is kept of a code: keyed, and good for this person and this number alone."""
    text = f"phone:{user_id}:{phone}:{code}".encode()
    return hmac.new(settings.LEDGER_KEY.encode(), text, hashlib.sha256).hexdigest()
