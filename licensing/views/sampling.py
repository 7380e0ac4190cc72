"""The sampling review: was a decision of the system right? By somebody who did not sign the order (R-85)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.files.responses import download, show
from core.parties.access import PortalRequest, official
from licensing.actions.sampling import examine
from licensing.forms.orders import FindingForm
from licensing.models import SamplingReview
from licensing.queries.orders import SAMPLERS, find_sample, sample_list
from licensing.verdict_words import said_of_case
from licensing.views.common import now, perform


@official(*SAMPLERS)
def samples(request: PortalRequest) -> HttpResponse:
    """Which decisions were drawn?"""
    found = sample_list(
        request.standing, state=request.GET.get("state", ""), before=request.GET.get("before", "")
    )
    return render(request, "licensing/samples.html", {"samples": found})


def sample_or_404(request: PortalRequest, public_id: UUID) -> SamplingReview:
    found = find_sample(request.standing, public_id)
    if found is None:
        raise Http404
    return found


@official(*SAMPLERS)
@require_http_methods(["GET", "POST"])
def sample(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What was checked, on what it rests, and the finding."""
    row = sample_or_404(request, public_id)
    examines = not row.finding and request.standing.holds("review", row.order.authority_id)
    if request.method == "POST" and not examines:
        raise Http404
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: examine(public_id=public_id, **form.cleaned_data, actor=request.actor, at=now()),
            form,
        )
        if done:
            messages.success(request, _("抽查结论已登记"))
            return redirect("licensing:sampling")
    return render(
        request, "licensing/sample.html", {"sample": row, "form": form, "examines": examines, **_shown(row)},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _shown(row: SamplingReview) -> dict[str, Any]:
    """The case with its evidence and papers: what whoever decided had before it."""
    case = row.application
    evidence = list(
        case.evidence.select_related("document__blob").prefetch_related("rests_on__document").order_by("id")
    )
    return {
        "case": case, "decision": case.decision, "evidence": evidence, "said": said_of_case(evidence),
        "documents": case.documents.select_related("file__blob").order_by("id"),
    }  # fmt: skip


@official(*SAMPLERS)
def document(request: PortalRequest, public_id: UUID, slot: str) -> HttpResponseBase:
    """One of the papers of a drawn case."""
    row = sample_or_404(request, public_id)
    found = row.application.documents.select_related("file__blob").filter(slot=slot).first()
    if found is None:
        raise Http404
    return show(request, found.file)


@official(*SAMPLERS)
def evidence(request: PortalRequest, public_id: UUID, track: str) -> HttpResponseBase:
    """The report a track of a drawn case rests on."""
    row = sample_or_404(request, public_id)
    rows = row.application.evidence.select_related("document__blob")
    found = rows.filter(track=track, document__isnull=False).first()
    if found is None or found.document is None:
        raise Http404
    return download(found.document, inline="download" not in request.GET)
