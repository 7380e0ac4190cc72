"""A correlation id from the browser's request to the log line."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="-")
_SHAPE = re.compile(r"^[0-9A-Za-z-]{8,64}$")


class CorrelationMiddleware:
    """Takes `X-Request-ID` when it has the right shape, else makes one, and returns it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = correlation_id.set(given if _SHAPE.match(given) else secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = correlation_id.get()
            return response
        finally:
            correlation_id.reset(token)


class CorrelationFilter(logging.Filter):
    """Puts the id on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.correlation = correlation_id.get()
        return True
