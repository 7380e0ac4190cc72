"""A page of rows and the address of the next."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from rest_framework.request import Request


def page(request: Request, rows: Iterable[Any], cursor: str) -> dict[str, Any]:
    """`results` and `next`; the same filters, continued behind the last row."""
    following = None
    if cursor:
        kept = {key: value for key, value in request.query_params.items() if key != "cursor"}
        path = urlsplit(request.get_full_path()).path
        following = f"{settings.PUBLIC_BASE_URL}{path}?{urlencode({**kept, 'cursor': cursor})}"
    return {"results": list(rows), "next": following}
