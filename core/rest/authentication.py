"""Bearer tokens (RFC 6750). A cookie never opens the interface, so no other site can borrow a session."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from core.lifecycle.actors import Actor
from core.parties.competence import Standing, standing_of
from core.parties.models import User
from core.rest.actions import PREFIX, digest_of
from core.rest.errors import TokenExpired, TokenPowerless, TokenUnknown
from core.rest.models import ApiToken

NOTE_EVERY: Final = timedelta(minutes=1)
_BEARER = re.compile(r"^Bearer +(\S{1,200})$", re.IGNORECASE | re.ASCII)


class TokenAuthentication(BaseAuthentication):
    """Raises TokenUnknown for anything that is no live token, TokenExpired for one past its time."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        given = request.headers.get("Authorization", "")
        if not given:
            return None
        found = _BEARER.match(given)
        if not found or not found.group(1).startswith(PREFIX):
            raise TokenUnknown()
        token = (
            ApiToken.objects.select_related("user", "enterprise")
            .filter(digest=digest_of(found.group(1)), revoked_at__isnull=True, user__is_active=True)
            .first()
        )
        if token is None:
            raise TokenUnknown()
        now = timezone.now()
        if token.expires_at <= now:
            raise TokenExpired()
        _note_use(token, now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at >= NOTE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def standing_under(token: ApiToken, on: date) -> Standing:
    """What its person holds today, narrowed to the one enterprise or to the duties. Raises TokenPowerless."""
    full = standing_of(token.user, on)
    if token.enterprise_id is None:
        narrowed = Standing(full.user_id, duties=full.duties, interests=full.enterprise_ids, on=on)
    else:
        kept = tuple(m for m in full.memberships if m.enterprise_id == token.enterprise_id)
        narrowed = Standing(full.user_id, memberships=kept, on=on)
    if not narrowed.duties and not narrowed.memberships:
        raise TokenPowerless()
    return narrowed


def actor_under(token: ApiToken, standing: Standing) -> Actor:
    """The person, acting for the enterprise or authority of the token."""
    user = token.user
    if standing.duties:
        code, label = standing.duties[0].authority_code, standing.duties[0].authority_name
    else:
        code, label = standing.memberships[0].uscc, standing.memberships[0].enterprise_name
    return Actor("user", str(user.public_id), user.name, code, label, user.pk)
