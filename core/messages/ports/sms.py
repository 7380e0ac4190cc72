"""SMS through an HTTP gateway of the installation's choice: one JSON POST per message.

`SMS_GATEWAY_URL` takes `{"id", "to", "text"}` with `Authorization: Bearer SMS_GATEWAY_TOKEN` and answers 2xx once it
has the message; the id stays the same when a message is sent again.
"""

import json
from datetime import datetime

from django.conf import settings

from core.messages.ports import GiveUp, Letter, TryAgain
from core.messages.ports.http import Target, post

WORTH_TRYING_AGAIN = frozenset({408, 425, 429})
LONGEST = 300


def offered() -> bool:
    return bool(settings.SMS_GATEWAY_URL)


def send(letter: Letter, to: str, *, secret: bytes = b"", at: datetime) -> None:
    """Hand one short text to the gateway. Raises TryAgain or GiveUp."""
    text = f"{letter.title} {letter.url}".strip()[:LONGEST]
    body = json.dumps({"id": letter.id, "to": to, "text": text}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}
    status = post(Target.of(settings.SMS_GATEWAY_URL), body, headers)
    if 200 <= status < 300:
        return
    if status >= 500 or status in WORTH_TRYING_AGAIN:
        raise TryAgain(f"http_{status}")
    raise GiveUp(f"http_{status}")
