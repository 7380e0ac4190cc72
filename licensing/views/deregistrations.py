"""Deregistration ex officio: the list, a proposal, the decision (DOMAIN §3.7)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, official
from core.parties.models import Duty
from licensing.actions import deregistration as acts
from licensing.forms.deregistration import ProposeForm, SetAsideForm
from licensing.models import Deregistration
from licensing.queries import deregistrations as query
from licensing.views.common import now, perform, posted_version

PROPOSERS = (Duty.Kind.REVIEW, Duty.Kind.SUPERVISION)


@official(*query.READERS)
def tasks(request: PortalRequest) -> HttpResponse:
    """Which licences are to be closed?"""
    page = query.tasks(
        request.standing, state=request.GET.get("state", ""), after=request.GET.get("after", "")
    )
    may_propose = bool(request.standing.authorities(*PROPOSERS))
    return render(request, "licensing/deregistrations.html", {"page": page, "may_propose": may_propose})


@official(*PROPOSERS)
@require_http_methods(["GET", "POST"])
def propose(request: PortalRequest) -> HttpResponse:
    """Propose to end a licence without its holder asking."""
    form = ProposeForm(request.POST or None, initial={"number": request.GET.get("number", "")[:40]})
    if request.method == "POST" and form.is_valid():
        row = perform(
            request,
            lambda: acts.propose_deregistration(**form.cleaned_data, actor=request.actor, at=now()),
            form,
        )
        if row:
            messages.success(request, _("已提出，由发证机关的审批人员决定"))
            return redirect("licensing:deregistration", row.public_id)
    return render(
        request, "licensing/deregistration_new.html", {"form": form}, status=422 if form.errors else 200
    )


def _task(request: PortalRequest, public_id: UUID) -> Deregistration:
    row = query.find(request.standing, public_id)
    if row is None:
        raise Http404
    return row


@official(*query.READERS)
@require_http_methods(["GET", "POST"])
def task(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Is this licence to be closed?"""
    row = _task(request, public_id)
    asked = request.POST.get("act", "")
    form = SetAsideForm(request.POST if asked == "set_aside" else None)
    valid = request.method == "POST" and (asked != "set_aside" or form.is_valid())
    if valid and _decided(request, row, asked, form):
        return redirect("licensing:deregistration", public_id)
    shown = {
        "row": row,
        "form": form,
        "may_decide": query.may_decide(request.standing, row),
        "must": row.ground in (Deregistration.Ground.EXPIRED, Deregistration.Ground.ENDED),
        "basis": acts.BASIS[Deregistration.Ground(row.ground)],
    }
    return render(
        request, "licensing/deregistration.html", shown, status=422 if request.method == "POST" else 200
    )


def _decided(request: PortalRequest, row: Deregistration, asked: str, form: SetAsideForm) -> bool:
    common: dict[str, Any] = {
        "public_id": row.public_id, "expected_version": posted_version(request), "actor": request.actor, "at": now(),
    }  # fmt: skip
    if asked == "set_aside":
        reasons = form.cleaned_data["reasons"]
        done = perform(request, lambda: acts.set_aside(**common, reasons=reasons), form)
    else:
        done = perform(request, lambda: acts.deregister(**common))
    if done:
        messages.success(request, _("已注销") if done.result == "done" else _("已记录不予注销"))
    return bool(done)
