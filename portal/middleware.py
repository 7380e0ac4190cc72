"""A correlation id for each request, and one line about it when it is over."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.lifecycle.correlation import correlated, current
from portal.metrics import REQUESTS

logger = logging.getLogger("portal.requests")
_SHAPE = re.compile(r"^[0-9A-Za-z-]{8,64}$")
QUIET = frozenset({"healthz", "readyz", "metrics"})


class CorrelationMiddleware:
    """Takes `X-Request-ID` when it has the right shape, else makes one, and returns it.

    The line names the route and never the address: an address may hold a one-time key or what somebody searched for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        began = time.perf_counter()
        with correlated(given if _SHAPE.match(given) else secrets.token_hex(8)):
            response = self.get_response(request)
            response["X-Request-ID"] = current()
            _note(request, response.status_code, time.perf_counter() - began)
            return response


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = match.view_name if match and match.view_name else "-"
    method = request.method if request.method in METHODS else "OTHER"
    REQUESTS.labels(route, method, f"{status // 100}xx").observe(seconds)
    level = logging.DEBUG if route in QUIET else logging.INFO
    facts = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    logger.log(level, "%s %s %s", method, route, status, extra={"facts": facts})


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
