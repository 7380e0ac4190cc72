"""The demo world's mailbox: mail is kept in files, and a page shows the last ones to whoever tries it."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.parties.access import anyone
from portal.demo.world import NotADemoWorld, require_demo

SHOWN = 20
_SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Letter:
    subject: str
    to: str
    sent_at: datetime
    text: str


def letters(directory: Path, limit: int = SHOWN) -> list[Letter]:
    """The newest mails in a directory of Django's file based backend; what cannot be read is left out."""
    if not directory.is_dir():
        return []
    files = sorted(directory.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found: list[Letter] = []
    for file in files[:limit]:
        found += reversed(_read(file))
    return found[:limit]


def _read(file: Path) -> list[Letter]:
    written = datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone())
    parts = [part.strip(b"\n") for part in (file.read_bytes() + b"\n").split(_SEPARATOR)]
    return [_letter(part, written) for part in parts if part]


def _letter(raw: bytes, written: datetime) -> Letter:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else ""
    return Letter(str(message["Subject"] or ""), str(message["To"] or ""), written, str(text).strip())


@anyone
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The last mails this demo world sent, newest first. Nothing here outside a demo world."""
    try:
        require_demo()
    except NotADemoWorld as error:
        raise Http404 from error
    found = letters(Path(settings.EMAIL_FILE_PATH))
    response = render(request, "accounts/demo_mail.html", {"letters": found})
    response["Cache-Control"] = "private, no-store"
    return response
