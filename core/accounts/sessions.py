"""Where a person is signed in: begun at sign-in, listed, ended at once (the session row itself goes)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from core.accounts.devices import coarse, describe
from core.accounts.models import SignIn
from core.parties.models import User

TOUCH_AFTER = timedelta(minutes=10)
_SEEN = "accounts.seen"


@dataclass(frozen=True)
class Whereabouts:
    """One line of "where am I signed in"."""

    public_id: UUID
    device: str
    network: str
    started_at: datetime
    last_seen_at: datetime
    here: bool


def begin(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Note a new sign-in. Called for every way of signing in, once the session has its key."""
    key = request.session.session_key
    if not key or not Session.objects.filter(pk=key).exists():
        return
    SignIn.objects.update_or_create(
        session_id=key,
        defaults={
            "user": user, "started_at": at, "last_seen_at": at,
            "device": describe(request.META.get("HTTP_USER_AGENT", "")),
            "network": coarse(get_client_ip(request) or ""),
        },
    )  # fmt: skip
    request.session[_SEEN] = at.timestamp()


def touch(session: SessionBase, *, at: datetime) -> None:
    """Move "last seen" on, at most every ten minutes."""
    seen = session.get(_SEEN)
    if isinstance(seen, int | float) and at.timestamp() - seen < TOUCH_AFTER.total_seconds():
        return
    session[_SEEN] = at.timestamp()
    SignIn.objects.filter(session_id=session.session_key).update(last_seen_at=at)


def whereabouts(user: User, current_key: str | None, *, at: datetime) -> list[Whereabouts]:
    """Every place this person is signed in at `at`, this one first, then the newest; one query."""
    rows = SignIn.objects.filter(user=user, session__expire_date__gt=at).order_by("-started_at")
    found = [
        Whereabouts(
            row.public_id,
            row.device,
            row.network,
            row.started_at,
            row.last_seen_at,
            row.session_id == current_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.here)


def end(user: User, public_id: UUID) -> bool:
    """End one session of this person; False when there is none of that name (or it is another's)."""
    return _end(SignIn.objects.filter(user=user, public_id=public_id)) > 0


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of this person, except the one with the key `but`; returns how many ended."""
    return _end(SignIn.objects.filter(user=user).exclude(session_id=but or ""))


def _end(rows: Any) -> int:
    keys = list(rows.values_list("session_id", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
