"""Keeps "last seen" of the sessions list; touches no page that is open to everybody."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.accounts.sessions import touch

_OPEN = frozenset({"public", "anyone", ""})


class LastSeenMiddleware:
    """Behind authentication. Pages for anyone keep no session, so they are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if getattr(view, "access_rule", "") not in _OPEN and request.user.is_authenticated:
            touch(request.session, at=timezone.now())
