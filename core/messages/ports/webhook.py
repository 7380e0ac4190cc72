"""Webhook: one signed JSON POST per notice to an address its reader has given.

`Portal-Signature: sha256=<hex>` is HMAC-SHA256 with the shared secret over `<Portal-Timestamp>.<body>`; a receiver
recomputes it, compares in constant time, and refuses timestamps older than five minutes.
"""

import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings

from core.messages.ports import GiveUp, Letter, TryAgain
from core.messages.ports.addresses import AddressRefused, checked
from core.messages.ports.http import post


def offered() -> bool:
    return True


def body_of(letter: Letter) -> bytes:
    """What is sent: that something happened and where to look; the text of the notice stays in the portal."""
    fields = {
        "id": letter.id, "kind": letter.kind, "category": letter.category, "title": letter.title, "url": letter.url,
        "created_at": letter.created_at.isoformat(),
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False).encode()


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    return "sha256=" + hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def send(letter: Letter, to: str, *, secret: bytes = b"", at: datetime) -> None:
    """Send one notice. Raises GiveUp for a forbidden address or a redirect, TryAgain for every other failure."""
    try:
        target = checked(to, demo=settings.WORLD == "demo")
    except AddressRefused as refusal:
        if refusal.code == "unknown":
            raise TryAgain("address_unknown") from None
        raise GiveUp(f"address_{refusal.code}") from None
    body, timestamp = body_of(letter), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Portal-Delivery": letter.id,
        "Portal-Timestamp": str(timestamp),
        "Portal-Signature": signature(secret, timestamp, body),
    }
    status = post(target, body, headers)
    if 300 <= status < 400:
        raise GiveUp("redirect")
    if not 200 <= status < 300:
        raise TryAgain(f"http_{status}")
