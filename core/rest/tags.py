"""Entity tags of things that move (RFC 9110 §8.8, §13): what a client has seen, and whether it still holds.

A tag is `"<numbers>.<day>.<language>"`. The numbers count acts and saves; they alone decide whether `If-Match` holds.
Day and language only make a cached copy of yesterday, or in another language, a different one.
"""

import re
from datetime import date

from django.utils.translation import get_language
from rest_framework.request import Request

from core.rest.errors import TagMissing, TagStale

_TAG = re.compile(r'^"([0-9]{1,9}(?:-[0-9]{1,9})*)(?:\.[0-9a-z.-]*)?"$', re.ASCII)


def tag(*numbers: int, day: date) -> str:
    """The tag of a thing in this state, as read on a day in the language of the request."""
    return f'"{"-".join(map(str, numbers))}.{day:%Y%m%d}.{(get_language() or "zh")[:2]}"'


def seen(request: Request, count: int) -> tuple[int, ...]:
    """The numbers the client saw, from `If-Match`. Raises TagMissing, or TagStale for a tag nobody gave out."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise TagMissing()
    found = _TAG.match(given)
    numbers = tuple(int(part) for part in found.group(1).split("-")) if found else ()
    if len(numbers) != count:
        raise TagStale()
    return numbers
