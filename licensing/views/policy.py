"""Which rules hold, since when and where; publishing the next ones (R-5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, official
from licensing.actions.policy import publish_profile
from licensing.forms.policy import ProfileForm
from licensing.models import PolicyProfile
from licensing.profile import REFORM_2015
from licensing.views.common import now, perform, today


@official("national_admin", "audit")
def profiles(request: PortalRequest) -> HttpResponse:
    """Which rules hold?"""
    rows = PolicyProfile.objects.select_related("province").order_by("-effective_from", "-pk")
    shown = {
        "rows": rows, "base": REFORM_2015, "today": today(), "may_publish": request.standing.is_national_admin,
    }  # fmt: skip
    return render(request, "licensing/profiles.html", shown)


@official("national_admin")
@require_http_methods(["GET", "POST"])
def publish(request: PortalRequest) -> HttpResponse:
    """Publish the rules of a day to come."""
    form = ProfileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = perform(
            request, lambda: publish_profile(**form.cleaned_data, actor=request.actor, at=now()), form
        )
        if row:
            messages.success(request, _("已公布，%(day)s 起适用") % {"day": row.effective_from})
            return redirect("licensing:profiles")
    return render(request, "licensing/profile_new.html", {"form": form}, status=422 if form.errors else 200)
