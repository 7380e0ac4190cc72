"""Pilots of the reform: which province tries what, since when, on what basis (R-24, R-27, R-41)."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries import categories_on
from core.parties.access import PortalRequest, official
from licensing.actions.pilots import switch_off, switch_on
from licensing.forms.pilots import EndPilotForm, PilotForm
from licensing.models import PilotSwitch
from licensing.queries.pilots import pilot_list
from licensing.views.common import now, perform, today

READERS = ("acceptance", "review", "approval", "head", "supervision", "audit", "national_admin")


@official(*READERS)
def pilots(request: PortalRequest) -> HttpResponse:
    """Which province tries what?"""
    return render(
        request, "licensing/pilots.html",
        {"pilots": pilot_list(today()), "may_publish": request.standing.is_national_admin},
    )  # fmt: skip


@official("national_admin")
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Switch a pilot on."""
    categories = sorted((entry.category.key, entry.name) for entry in categories_on(today()))
    form = PilotForm(request.POST or None, categories=categories, initial={"effective_from": today()})
    if request.method == "POST" and form.is_valid():
        row = perform(request, lambda: switch_on(**form.pilot(), actor=request.actor, at=now()), form)
        if row:
            messages.success(request, _("已公布，%(day)s 起受理的申请适用") % {"day": row.effective_from})
            return redirect("licensing:pilots")
    return render(request, "licensing/pilot_new.html", {"form": form}, status=422 if form.errors else 200)


@official("national_admin")
@require_http_methods(["GET", "POST"])
def end(request: PortalRequest, pk: int) -> HttpResponse:
    """End a pilot; cases accepted before keep it."""
    row = PilotSwitch.objects.select_related("province").filter(pk=pk).first()
    if row is None:
        raise Http404
    form = EndPilotForm(request.POST or None, initial={"valid_to": today() + timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        valid_to = form.cleaned_data["valid_to"]
        if perform(
            request, lambda: switch_off(pk=pk, valid_to=valid_to, actor=request.actor, at=now()), form
        ):
            messages.success(request, _("试点的截止日已登记"))
            return redirect("licensing:pilots")
    return render(
        request, "licensing/pilot_end.html", {"form": form, "pilot": row}, status=422 if form.errors else 200
    )
