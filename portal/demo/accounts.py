"""The demo accounts as people and scripts read them, and the one-time link that signs one in."""

from datetime import datetime, timedelta
from typing import TypedDict

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override

from core.parties.access import anyone
from core.parties.models import User
from portal.demo.people import OFFICIALS, PEOPLE, password_of, totp_secret_of
from portal.demo.producers import PRODUCERS
from portal.demo.world import EVERY_ENTERPRISE, NotADemoWorld, require_demo

LINK_LIFE = timedelta(minutes=10)
_signer = TimestampSigner(salt="portal.demo.login")


class Account(TypedDict):
    user: str
    password: str
    role: str
    name: str
    organisation: str
    totp_secret: str | None


def accounts() -> list[Account]:
    """All demo accounts; officials with the secret of their second factor."""
    officials = [
        Account(user=o.username, password=password_of(o.username), role=o.role, name=o.name, organisation=o.authority,
                totp_secret=totp_secret_of(o.username))
        for o in OFFICIALS
    ]  # fmt: skip
    enterprises = [
        Account(user=e.username, password=password_of(e.username), role="企业", name=e.person, organisation=e.name,
                totp_secret=None)
        for e in EVERY_ENTERPRISE
    ]  # fmt: skip
    people = [
        Account(user=p.username, password=password_of(p.username), role=p.role, name=p.name, organisation="",
                totp_secret=None)
        for p in PEOPLE
    ]  # fmt: skip
    return enterprises + people + officials


def with_stories() -> list[Account]:
    """Those worth beginning with: without the producers that only fill the lists."""
    fillers = {row.enterprise.username for row in PRODUCERS}
    return [row for row in accounts() if row["user"] not in fillers]


def _stamp(user: User) -> str:
    last: datetime | None = user.last_login
    return last.isoformat() if last else "never"


def login_link(username: str) -> str:
    """A link that signs this user in once, within ten minutes. Raises User.DoesNotExist, NotADemoWorld."""
    require_demo()
    user = User.objects.get(username=username)
    token = _signer.sign(f"{user.public_id}~{_stamp(user)}")
    with override("zh-hans"):
        return settings.PUBLIC_BASE_URL + reverse("demo_login", args=[token])


@anyone
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a one-time link; both factors count as shown. Nothing here outside a demo world."""
    try:
        require_demo()
        public_id, stamp = _signer.unsign(token, max_age=LINK_LIFE).split("~", 1)
        user = User.objects.get(public_id=public_id, is_active=True)
    except (NotADemoWorld, BadSignature, ValueError, User.DoesNotExist) as error:
        raise Http404 from error
    if stamp != _stamp(user):
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record_authentication(request, user, "mfa", type="totp", demo=True)
    return redirect("portal:desk")
