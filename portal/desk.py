"""A person's desk: what must I do now? To-dos and boards come from the apps, each by its own competence query."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.lifecycle.dates import shanghai_date
from core.lifecycle.registry import registry
from core.parties.access import PortalRequest, signed_in


@signed_in
@require_safe
def desk(request: PortalRequest) -> HttpResponse:
    """Everybody's first page after signing in; who stands for nothing yet is led to claim an enterprise."""
    standing = request.standing
    if not (standing.is_official or standing.memberships or standing.claims):
        return redirect("claims:mine")
    today = shanghai_date(timezone.now())
    return render(
        request, "desk/desk.html",
        {"todos": registry.todos_for(standing), "boards": registry.boards_for(standing, today), "today": today},
    )  # fmt: skip
