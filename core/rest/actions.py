"""Issuing and revoking tokens. Both are on the record: a token acts in somebody's name."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.errors import NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.parties.competence import Standing, standing_for
from core.parties.models import Enterprise, Membership, User
from core.rest.errors import MayNotIssue, SecretShown, TokenLimit, TokenScopes, TokenTerm
from core.rest.models import ApiToken, KeptAnswer
from core.rest.notices import tell
from core.rest.scopes import ENTERPRISE, OFFICIAL

SUBJECT: Final = "api.token"
PREFIX: Final = "plp_"
ENTERPRISE_DAYS: Final = 365
OFFICIAL_HOURS: Final = 12
"""An official shows the second factor once a working day; a token of his lives no longer."""
TOKENS: Final = 20
KEEP: Final = timedelta(days=1)
BASIS: Final = (Clause("DESIGN", "接口令牌"),)


def digest_of(secret: str) -> str:
    """What is stored of a secret of 256 random bits: SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_for_enterprise(
    *,
    public_id: UUID,
    enterprise: Enterprise,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    actor: Actor,
    at: datetime,
) -> tuple[ApiToken, str]:
    """A token for an enterprise's own system; returns it with its secret, which is never shown again.

    `public_id` is made by the page, so that a form sent twice is one token. Raises MayNotIssue, TokenTerm,
    TokenScopes, TokenLimit, SecretShown.
    """
    held = next(
        (m for m in standing_for(actor, at).memberships if m.enterprise_id == enterprise.pk and m.may_file),
        None,
    )
    if held is None:
        raise MayNotIssue()
    if not 1 <= days <= ENTERPRISE_DAYS:
        raise TokenTerm("days", days=ENTERPRISE_DAYS)
    _check_scopes(scopes, tuple(ENTERPRISE))
    acting = Actor(actor.kind, actor.code, actor.label, held.uscc, held.enterprise_name, actor.user_id)
    return _issue(public_id, enterprise, name, scopes, at + timedelta(days=days), acting, at)


@transaction.atomic
def issue_for_official(
    *, public_id: UUID, name: str, scopes: tuple[str, ...], actor: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """A token for an official's own tools, until the end of a working day. Raises NotAllowed without a duty."""
    if not standing_for(actor, at).is_official:
        raise NotAllowed()
    _check_scopes(scopes, tuple(OFFICIAL))
    return _issue(public_id, None, name, scopes, at + timedelta(hours=OFFICIAL_HOURS), actor, at)


def _check_scopes(scopes: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    if not scopes or not set(scopes) <= set(allowed):
        raise TokenScopes("scopes")


def _issue(
    public_id: UUID,
    enterprise: Enterprise | None,
    name: str,
    scopes: tuple[str, ...],
    expires_at: datetime,
    actor: Actor,
    at: datetime,
) -> tuple[ApiToken, str]:
    person = User.objects.select_for_update().get(pk=actor.user_id or 0)
    if ApiToken.objects.filter(public_id=public_id).exists():
        raise SecretShown()
    if _live(at).filter(user=person).count() >= TOKENS:
        raise TokenLimit("name", limit=TOKENS)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        public_id=public_id, user=person, enterprise=enterprise, name=name, scopes=sorted(set(scopes)),
        digest=digest_of(secret), hint=secret[-4:], created_at=at, expires_at=expires_at,
    )  # fmt: skip
    facts = {"scopes": token.scopes, "expires_at": expires_at.isoformat()}
    subject = Subject(SUBJECT, str(token.public_id), 1)
    record(
        act="api.issue_token", subject=subject, actor=actor, effective_at=at, legal_basis=BASIS,
        internal=facts, personal={"name": name},
    )  # fmt: skip
    tell("api.token_issued", token, subject, at)
    return token, secret


@transaction.atomic
def revoke(*, token: ApiToken, actor: Actor, at: datetime) -> ApiToken:
    """Take a token back at once. A second time changes nothing. Raises NotAllowed for somebody else's."""
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if not may_revoke(token, standing_for(actor, at)):
        raise NotAllowed()
    if token.revoked_at is not None:
        return token
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    subject = Subject(SUBJECT, str(token.public_id), 2)
    record(act="api.revoke_token", subject=subject, actor=actor, effective_at=at, legal_basis=BASIS)
    tell("api.token_revoked", token, subject, at)
    return token


def may_revoke(token: ApiToken, standing: Standing) -> bool:
    """The person it acts as, and the legal representative of the enterprise it acts for."""
    if token.user_id == standing.user_id:
        return True
    leads = {m.enterprise_id for m in standing.memberships if m.role == Membership.Role.LEGAL_REPRESENTATIVE}
    return token.enterprise_id in leads


def _live(at: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(revoked_at__isnull=True, expires_at__gt=at)


def sweep(*, at: datetime) -> int:
    """Forget kept answers older than a day; returns how many."""
    return KeptAnswer.objects.filter(created_at__lte=at - KEEP).delete()[0]
