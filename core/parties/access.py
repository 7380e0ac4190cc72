"""Every view declares who may enter (DESIGN §3): a view without a rule fails the build.

A rule opens the door of a page; which objects are inside is the competence query's business. Visitors are led
to sign in, officials without a second factor to set one up, everybody else gets 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.lifecycle.actors import ANYONE, Actor
from core.lifecycle.dates import shanghai_date
from core.parties.actors import actor_of
from core.parties.competence import NOBODY, Standing, standing_of

View = Callable[..., HttpResponseBase]


class PortalRequest(HttpRequest):
    """A request behind `AccessMiddleware`, for type checkers: who asks, and what they hold today."""

    standing: Standing
    actor: Actor


class AccessMiddleware:
    """Puts `request.standing` and `request.actor` on the request; both are read from the database at most once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: _standing(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _standing(request: HttpRequest) -> Standing:
    if not request.user.is_authenticated:
        return NOBODY
    return standing_of(request.user, shanghai_date(timezone.now()))


def _actor(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        return ANYONE
    return actor_of(request.user, request.standing)  # type: ignore[attr-defined]


def second_factor_missing(request: HttpRequest) -> HttpResponse | None:
    """Where an official must go first: set up the second factor, or show it for this session."""
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return None
    if not is_mfa_enabled(request.user):
        return redirect("mfa_activate_totp")
    return redirect_to_login(request.get_full_path(), login_url="mfa_reauthenticate")


def _declare(rule: str, admits: Callable[[Standing], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            standing: Standing = request.standing  # type: ignore[attr-defined]
            if not admits(standing):
                raise PermissionDenied
            if standing.is_official and (detour := second_factor_missing(request)):
                return detour
            response = view(request, *args, **kwargs)
            response.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


def official(*kinds: str) -> Callable[[View], View]:
    """Holders of any of the duties, at whatever authority."""
    return _declare("official:" + ",".join(kinds), lambda s: bool(s.authorities(*kinds)))


enterprise_member = _declare("enterprise", lambda s: bool(s.memberships))
drafter = _declare("drafter", lambda s: bool(s.memberships or s.claims))
national_admin = _declare("national_admin", lambda s: s.is_national_admin)
signed_in = _declare("signed_in", lambda s: s.user_id is not None)


def anyone(view: View) -> View:
    """No account needed: sign-in, health, language."""
    view.access_rule = "anyone"  # type: ignore[attr-defined]
    return view


def public_page(view: View) -> View:
    """A page of `register`: anyone, read only, cacheable, on the connection that sees nothing private."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "public, max-age=30"
        return response

    shown.access_rule = "public"  # type: ignore[attr-defined]
    return shown
