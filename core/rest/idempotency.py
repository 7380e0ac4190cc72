"""The same request sent twice is one act: `Idempotency-Key` on POST.

The key is taken and the act done in one transaction. A second request with the key waits for the first and gets its
answer; after a refusal nothing is kept, so the corrected request may use the key again.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from core.lifecycle.errors import DomainError
from core.rest.errors import KeyMalformed, KeyReused
from core.rest.models import ApiToken, KeptAnswer

HEADER: Final = "Idempotency-Key"
KEPT: Final = ("ETag", "Location")
_KEY = re.compile(r"^[0-9A-Za-z._-]{8,64}$", re.ASCII)


def key_of(request: Request) -> str | None:
    """The key, if one was sent. Raises KeyMalformed."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.match(key):
        raise KeyMalformed()
    return key


def fingerprint_of(request: Request, path: str) -> str:
    """What makes two requests the same: method, path, what the client saw, and the content."""
    told: dict[str, Any] = {}
    for name, value in request.data.items():
        told[name] = _content(value)
    parts = [request.method, path, request.headers.get("If-Match", ""), told]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, cls=JSONEncoder).encode()).hexdigest()


def _content(value: Any) -> Any:
    if not hasattr(value, "chunks"):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


def once(
    *, token: ApiToken, key: str, fingerprint: str, act: Callable[[], Response], at: datetime
) -> Response:
    """Do the act under the key, or answer as before. Raises KeyReused when the key stands for another request.

    A refusal undoes everything, except where what was done beside the refused act stands (`DomainError.kept`): then
    only the key is free again.
    """
    with transaction.atomic():
        answer = _answer(token, key, fingerprint, act, at)
    if isinstance(answer, DomainError):
        raise answer
    return answer


def _answer(
    token: ApiToken, key: str, fingerprint: str, act: Callable[[], Response], at: datetime
) -> Response | DomainError:
    """Inside the transaction: the answer, or the refusal to be raised once it is committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rest_keptanswer (token_id, key, fingerprint, headers, created_at)"
            " VALUES (%s, %s, %s, '{}', %s) ON CONFLICT (token_id, key) DO NOTHING",
            [token.pk, key, fingerprint, at],
        )
        fresh = cursor.rowcount == 1
    kept = KeptAnswer.objects.get(token=token, key=key)
    if not fresh:
        return _as_before(kept, fingerprint)
    try:
        response = act()
    except DomainError as refusal:
        if not refusal.kept:
            raise
        kept.delete()
        return refusal
    kept.status = response.status_code
    kept.body = json.loads(json.dumps(response.data, cls=JSONEncoder))
    kept.headers = {name: response[name] for name in KEPT if response.has_header(name)}
    kept.save(update_fields=["status", "body", "headers"])
    return response


def _as_before(kept: KeptAnswer, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        raise KeyReused()
    return Response(kept.body, status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})
