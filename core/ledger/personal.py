"""Keyed digests and encryption of personal values (DESIGN §3)."""

import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings


def seal(value: str) -> tuple[bytes, str, bytes]:
    """(salt, hex digest for the ledger, ciphertext for the erasable row) of one personal value."""
    salt = secrets.token_bytes(16)
    return salt, digest(salt, value), Fernet(settings.LEDGER_KEY).encrypt(value.encode())


def digest(salt: bytes, value: str) -> str:
    """HMAC-SHA256 over salt and value under the installation's key, as lower-case hex."""
    return hmac.new(settings.LEDGER_KEY.encode(), salt + value.encode(), hashlib.sha256).hexdigest()


def open_sealed(ciphertext: bytes | memoryview) -> str:
    """The value back. Raises cryptography.fernet.InvalidToken when key or row are not ours."""
    return Fernet(settings.LEDGER_KEY).decrypt(bytes(ciphertext)).decode()
