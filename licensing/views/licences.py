"""What an enterprise holds, and what it can do with it."""

from django.http import HttpResponse
from django.shortcuts import render

from core.parties.access import PortalRequest, enterprise_member
from licensing.queries.licences import own_licences
from licensing.views.common import now, today


@enterprise_member
def own(request: PortalRequest) -> HttpResponse:
    """What do we hold, until when, and what can be done with it?"""
    return render(
        request, "licensing/own_licences.html", {"licences": own_licences(request.standing, now(), today())}
    )
