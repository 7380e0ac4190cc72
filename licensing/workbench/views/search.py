"""The one search box of officials."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.parties.access import PortalRequest, official
from licensing.views.common import DESK
from licensing.workbench.queries.search import SHORTEST, found_for


@official(*DESK)
@require_safe
def search(request: PortalRequest) -> HttpResponse:
    """What was named in full is opened at once; else everything found, by group."""
    found = found_for(request.standing, request.GET.get("q", ""))
    if found.exact:
        return redirect(found.exact)
    return render(request, "workbench/search.html", {"found": found, "shortest": SHORTEST})
