"""One's own account at a glance, and where one is signed in."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.accounts import sessions
from core.accounts.queries import duties_of, second_factor_of
from core.lifecycle.dates import shanghai_date
from core.parties.access import PortalRequest, signed_in
from core.parties.models import User


@signed_in
def home(request: PortalRequest) -> HttpResponse:
    """Name, address, password, second factor, sessions; ways to notices, enterprises and people."""
    now = timezone.now()
    user = _me(request)
    return render(
        request, "accounts/home.html",
        {
            "address": EmailAddress.objects.filter(user=user, primary=True).first(),
            "second_factor": second_factor_of(user),
            "signed_in": sessions.whereabouts(user, request.session.session_key, at=now),
            "duties": duties_of(user, shanghai_date(now)),
            "notices_url": _served("inbox:settings"),
            "enterprises_url": "" if request.standing.is_official else _served("claims:mine"),
            "people_url": _served("staff:people")
            if request.standing.authorities("organisation_admin") or request.standing.is_national_admin
            else "",
        },
    )  # fmt: skip


def _me(request: PortalRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _served(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@signed_in
def sessions_list(request: PortalRequest) -> HttpResponse:
    """Where am I signed in?"""
    rows = sessions.whereabouts(_me(request), request.session.session_key, at=timezone.now())
    return render(
        request, "accounts/sessions.html", {"rows": rows, "others": [row for row in rows if not row.here]}
    )


@signed_in
@require_POST
def end_session(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """End one session. It works at once; somebody else's is not there."""
    if not sessions.end(_me(request), public_id):
        raise Http404
    messages.success(request, _("那一处已经退出"))
    return redirect("account_sessions")


@signed_in
@require_POST
def end_other_sessions(request: PortalRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = sessions.end_all(_me(request), but=request.session.session_key)
    messages.success(
        request, ngettext("其他 %(n)s 处已经退出", "其他 %(n)s 处已经退出", ended) % {"n": ended}
    )
    return redirect("account_sessions")
