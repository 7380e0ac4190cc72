"""Tokens as their people see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from core.parties.competence import HeldMembership, Standing
from core.parties.models import Membership
from core.rest.models import ApiToken
from core.rest.scopes import Scope


@dataclass(frozen=True)
class TokenRow:
    """One token of the list: whether it still works, and whose it is."""

    token: ApiToken
    state: str
    mine: bool

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(code).label) for code in self.token.scopes]


def tokens_of(standing: Standing) -> QuerySet[ApiToken]:
    """One's own, and for a legal representative those of the enterprise."""
    led = [m.enterprise_id for m in standing.memberships if m.role == Membership.Role.LEGAL_REPRESENTATIVE]
    return ApiToken.objects.filter(Q(user_id=standing.user_id) | Q(enterprise_id__in=led))


def token_rows(standing: Standing, at: datetime, limit: int = 100) -> list[TokenRow]:
    """The newest tokens, working ones first; one query."""
    found = tokens_of(standing).select_related("user", "enterprise").order_by("-created_at")[:limit]
    rows = [TokenRow(token, _state(token, at), token.user_id == standing.user_id) for token in found]
    return sorted(rows, key=lambda row: row.state != "live")


def _state(token: ApiToken, at: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "live" if token.expires_at > at else "expired"


def may_issue_for(standing: Standing) -> tuple[HeldMembership, ...]:
    """Enterprises this person may issue a token for."""
    return tuple(held for held in standing.memberships if held.may_file)
