"""The base of every endpoint: who asks, with what scope, how often, in which language; then the body of the view."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.limits import Window, take
from core.lifecycle.actors import ANYONE, Actor
from core.lifecycle.dates import shanghai_date
from core.parties.competence import NOBODY, Standing
from core.rest import idempotency
from core.rest.authentication import TokenAuthentication, actor_under, standing_under
from core.rest.errors import ScopeMissing, TokenMissing
from core.rest.language import preferred
from core.rest.models import ApiToken

CLIENT: Final = Window("api", 600, timedelta(minutes=1))
"""Requests of one token."""
VISITOR: Final = Window("api_visitor", 120, timedelta(minutes=1))
"""Requests of one network without a token."""
PUBLIC: Final = "public"


class ApiRequest(Request):
    """A request behind `ApiView`, for type checkers."""

    standing: Standing
    actor: Actor
    at: datetime
    today: date


class ApiView(APIView):
    """`scopes` says per method which scopes open it, or is PUBLIC; a view without it cannot be routed."""

    scopes: dict[str, tuple[str, ...]] | str
    authentication_classes = (TokenAuthentication,)
    permission_classes = ()
    throttle_classes = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponse]:
        """With the access rule the walk over all routes looks for, and answers to `If-None-Match`."""
        view = conditional_page(super().as_view(**initkwargs))
        view.access_rule = "public" if cls.scopes == PUBLIC else "token:" + ",".join(sorted(_all(cls.scopes)))
        return view  # type: ignore[no-any-return]

    def initial(self, request: ApiRequest, *args: Any, **kwargs: Any) -> None:
        """Language, clock, identity, limit, scope, in this order; the clock is read here and nowhere below."""
        translation.activate(preferred(request.headers.get("Accept-Language", "")))
        request.at = timezone.now()
        request.today = shanghai_date(request.at)
        super().initial(request, *args, **kwargs)
        if self.scopes == PUBLIC:
            request.standing, request.actor = NOBODY, ANYONE
            take(VISITOR, get_client_ip(request._request), at=request.at)
            return
        token: ApiToken | None = request.auth
        if token is None:
            take(VISITOR, get_client_ip(request._request), at=request.at)
            raise TokenMissing()
        take(CLIENT, token.pk, at=request.at)
        self._require_scope(request, token)
        request.standing = standing_under(token, request.today)
        request.actor = actor_under(token, request.standing)

    def get_authenticators(self) -> list[Any]:
        return [] if self.scopes == PUBLIC else super().get_authenticators()

    def _require_scope(self, request: Request, token: ApiToken) -> None:
        method = "GET" if request.method == "HEAD" else str(request.method)
        assert isinstance(self.scopes, dict)
        needed = self.scopes.get(method, ())
        if needed and not set(needed) & set(token.scopes):
            raise ScopeMissing(scope="、".join(needed))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, ["Accept-Language"] + ([] if self.scopes == PUBLIC else ["Authorization"]))
        if not final.has_header("Cache-Control"):
            cacheable = (
                self.scopes == PUBLIC and request.method in ("GET", "HEAD") and final.status_code == 200
            )
            final["Cache-Control"] = "public, max-age=30" if cacheable else "private, no-cache"
        return final

    def once(self, request: ApiRequest, act: Callable[[], Response]) -> Response:
        """Run a POST's act; under its `Idempotency-Key`, if it has one, at most once."""
        key = idempotency.key_of(request)
        if key is None:
            return act()
        return idempotency.once(
            token=request.auth, key=key, at=request.at, act=act,
            fingerprint=idempotency.fingerprint_of(request, request.path),
        )  # fmt: skip


def _all(scopes: dict[str, tuple[str, ...]] | str) -> set[str]:
    return {str(scope) for row in scopes.values() for scope in row} if isinstance(scopes, dict) else set()
