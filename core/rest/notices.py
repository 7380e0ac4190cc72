"""Who is told of a token: its person, and the legal representative of the enterprise it acts for."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.parties.competence import in_force
from core.parties.models import Membership
from core.rest.models import ApiToken

register_kind(
    "api.token_issued", title=_("新的接口令牌：%(name)s"),
    body=_("令牌“%(name)s”可以用到 %(expires_on)s。不是你或你的代理人发放的，请马上收回。"),
    url_name="api:tokens", category="security",
)  # fmt: skip
register_kind(
    "api.token_revoked", title=_("接口令牌已收回：%(name)s"), body=_("令牌“%(name)s”从现在起不能再用。"),
    url_name="api:tokens", category="security",
)  # fmt: skip


def tell(kind: str, token: ApiToken, subject: Subject, at: datetime) -> None:
    """Write the notice within the act's transaction."""
    people = {token.user_id}
    if token.enterprise_id is not None:
        rows = Membership.objects.filter(
            in_force(shanghai_date(at)), enterprise_id=token.enterprise_id,
            role=Membership.Role.LEGAL_REPRESENTATIVE,
        )  # fmt: skip
        people |= set(rows.values_list("user_id", flat=True))
    params = {"name": token.name, "expires_on": shanghai_date(token.expires_at).isoformat()}
    notify(kind=kind, recipients=sorted(people), subject=subject, params=params, url_kwargs={}, at=at)
