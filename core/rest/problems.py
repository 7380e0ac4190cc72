"""Every refusal as problem+json (RFC 9457): a stable code, words for people, the field by JSON pointer."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import override
from rest_framework import exceptions as drf
from rest_framework.response import Response

from core.accounts.limits import TooMany
from core.lifecycle.errors import Conflict, DomainError, Moved, NotAllowed
from core.rest import errors
from core.rest.language import preferred

MEDIA_TYPE = "application/problem+json"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None for what is our own fault, which becomes a 500 (see `portal.pages`)."""
    known = understood(error)
    if known is None:
        return None
    return answer(known)


def understood(error: Exception) -> DomainError | None:
    """The same error as one of ours; None for a fault of the program."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, drf.ValidationError):
        return errors.Fields(flat(error.get_full_details()))
    if isinstance(error, (Http404, drf.NotFound)):
        return errors.NotFound()
    if isinstance(error, (PermissionDenied, drf.PermissionDenied)):
        return NotAllowed()
    if isinstance(error, drf.MethodNotAllowed):
        return errors.MethodNotAllowed(method=str(error.args[0]) if error.args else "")
    if isinstance(error, drf.UnsupportedMediaType):
        return errors.MediaTypeRefused(type=str(error.args[0]) if error.args else "")
    if isinstance(error, (RequestDataTooBig, TooManyFilesSent)):
        return errors.BodyTooLarge()
    if isinstance(error, drf.ParseError):
        return errors.Malformed(why=str(error.detail))
    return None


def status_of(error: DomainError) -> int:
    """409 for what has moved on by itself, 412 for what moved since it was read, 422 for what cannot stand."""
    if isinstance(error, errors.ApiError):
        return error.status
    if isinstance(error, TooMany):
        return 429
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, Moved):
        return 412
    return 409 if isinstance(error, Conflict) else 422


def answer(error: DomainError) -> Response:
    """The response for one refusal."""
    status = status_of(error)
    body = problem(error, status)
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="production-licence-portal"'
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, int(error.wait.total_seconds() + 0.999)))
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem(error: DomainError, status: int) -> dict[str, Any]:
    """The body; `errors` names each field that has to change."""
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_BASE_URL}/api/v1/docs/errors/#{error.code}",
        "title": str(error),
        "status": status,
        "code": error.code,
    }
    if isinstance(error, errors.Fields):
        body["errors"] = [{"pointer": p, "code": c, "detail": words} for p, c, words in error.faults]
    elif error.field:
        body["errors"] = [{"pointer": f"/{error.field}", "code": error.code, "detail": str(error)}]
    return body


def flat(details: Any, pointer: str = "") -> list[tuple[str, str, str]]:
    """A serializer's nested complaints as (JSON pointer, code, words)."""
    if isinstance(details, dict) and {"message", "code"} == set(details):
        return [(pointer or "/", f"api.{details['code']}", str(details["message"]))]
    if isinstance(details, dict):
        rows = [
            (f"{pointer}/{key}" if key != "non_field_errors" else pointer, value)
            for key, value in details.items()
        ]
    else:
        rows = [
            (pointer if isinstance(value, dict) and "message" in value else f"{pointer}/{index}", value)
            for index, value in enumerate(details)
        ]
    return [fault for where, value in rows for fault in flat(value, where)]


def is_asked(request: HttpRequest) -> bool:
    """Whether a machine asked: an address of the interface, and not of the pages that explain it."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/v1/docs/")


def outside(error: DomainError, request: HttpRequest) -> JsonResponse:
    """A refusal before any endpoint was reached."""
    status = status_of(error)
    with override(preferred(request.headers.get("Accept-Language", ""))):
        return JsonResponse(problem(error, status), status=status, content_type=MEDIA_TYPE)


def broken(correlation: str) -> JsonResponse:
    """A fault of ours, told without its inside."""
    body = {
        "type": "about:blank", "title": "Internal Server Error", "status": 500, "code": "api.internal",
        "correlation": correlation,
    }  # fmt: skip
    return JsonResponse(body, status=500, content_type=MEDIA_TYPE)
