"""The empty view: same server, middleware and base template as every page, and no query."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.parties.access import anyone


@anyone
@require_safe
def empty(request: HttpRequest) -> HttpResponse:
    """The base template with nothing in it."""
    return render(request, "base.html")
