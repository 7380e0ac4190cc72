"""How the team fares: for heads and approvers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.parties.access import PortalRequest, official
from licensing.views.common import today
from licensing.workbench.boards import charts_of
from licensing.workbench.queries.team import WATCH, team_of


@official(*WATCH)
@require_safe
def team(request: PortalRequest) -> HttpResponse:
    """Who has how much, what takes how long, what comes and goes."""
    asked = request.GET.get("at", "")
    code = asked if asked.isascii() and asked.isalnum() and len(asked) <= 6 else ""
    found = team_of(request.standing, today(), code)
    return render(request, "workbench/team.html", {"team": found, "charts": charts_of(found)})
