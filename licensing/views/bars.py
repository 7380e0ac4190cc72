"""Bars on applying: who may not apply for what, until when, and why (DOMAIN §3.4)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import ProductCategory
from catalog.queries import categories_on
from core.files.responses import download
from core.parties.access import PortalRequest, official
from core.parties.models import Duty, Level
from licensing.actions.bars import lift_bar, record_bar
from licensing.forms.officials import BarForm, LiftBarForm
from licensing.models import Bar
from licensing.queries.bars import bar_list, find_bar
from licensing.views.common import now, perform, today

ISSUING = (Level.NATIONAL, Level.PROVINCIAL)
"""Who issues licences in its own name; a delegate does not."""
READERS = (Duty.Kind.APPROVAL, Duty.Kind.ACCEPTANCE, Duty.Kind.HEAD, Duty.Kind.AUDIT)


@official(*READERS)
def bars(request: PortalRequest) -> HttpResponse:
    """Who may not apply for what?"""
    found = bar_list(
        request.standing, words=request.GET.get("q", ""), before=request.GET.get("before", ""), on=today()
    )
    may_record = any(d.kind == Duty.Kind.APPROVAL and d.level in ISSUING for d in request.standing.duties)
    return render(request, "licensing/bars.html", {"bars": found, "may_record": may_record, "today": today()})


@official(Duty.Kind.APPROVAL)
@require_http_methods(["GET", "POST"])
def record(request: PortalRequest) -> HttpResponse:
    """Record a bar with the decision it follows from."""
    categories = sorted((entry.category.key, entry.name) for entry in categories_on(today()))
    form = BarForm(request.POST or None, request.FILES or None, categories=categories)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        upload = data["document"]
        data["category"] = ProductCategory.objects.get(key=data["category"])
        done = perform(
            request, lambda: record_bar(**data, filename=upload.name, actor=request.actor, at=now()), form,
            upload_field="document",
        )  # fmt: skip
        if done:
            messages.success(request, _("已登记，到期 %(day)s") % {"day": done.valid_to})
            return redirect("licensing:bars")
    return render(request, "licensing/bar_new.html", {"form": form}, status=422 if form.errors else 200)


def _bar(request: PortalRequest, public_id: UUID) -> Bar:
    bar = find_bar(request.standing, public_id)
    if bar is None:
        raise Http404
    return bar


@official(*READERS)
def document(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The decision a bar follows from."""
    return download(_bar(request, public_id).document, inline="download" not in request.GET)


@official(Duty.Kind.APPROVAL)
@require_http_methods(["GET", "POST"])
def lift(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Lift a bar before its end."""
    bar = _bar(request, public_id)
    form = LiftBarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if perform(
            request, lambda: lift_bar(public_id=public_id, reason=reason, actor=request.actor, at=now()), form
        ):
            messages.success(request, _("限制已解除"))
            return redirect("licensing:bars")
    return render(
        request, "licensing/bar_lift.html", {"form": form, "bar": bar}, status=422 if form.errors else 200
    )
