"""The case page and what hangs on it: days, documents, receipt, delivery, taking back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from certificates.documents.facts import Kind
from certificates.models import Certificate
from core.files.responses import download, show
from core.lifecycle.registry import registry
from core.parties.access import PortalRequest, enterprise_member, signed_in
from core.parties.competence import Standing
from core.workdays.queries import calendar_book
from licensing.actions.delivery import deliver
from licensing.actions.filing import retract
from licensing.clock import clock_of, compute_due, days_of, intake_limit, received_on, statutory_limits
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, ReplacementDocument
from licensing.queries.acts import acts_open_to
from licensing.queries.cases import case_view, documents_of, may_read_certificate, may_read_evidence
from licensing.queries.clock import clock_acts
from licensing.queries.documents import documents_of_case, newest
from licensing.queries.holders import HOLDER_READERS
from licensing.queries.licences import certificate_of
from licensing.queries.notices import notice_of
from licensing.queries.rail import rail_of
from licensing.queries.worklist import own_cases
from licensing.views.common import case_or_404, context, now, perform, posted_version, today, todos
from licensing.workbench.queries.answers import answer_of


@signed_in
def cases(request: PortalRequest) -> HttpResponse:
    """All cases of the enterprises this person acts for; who acts for none is led to claim one."""
    standing = request.standing
    if not (standing.memberships or standing.claims):
        if standing.is_official:
            raise PermissionDenied
        return redirect(reverse("claims:mine"))
    page = own_cases(standing, today(), request.GET.get("after", ""))
    return render(
        request,
        "licensing/cases.html",
        {"page": page, "rows": page.rows, "todos": todos(request)},
    )


@signed_in
def case(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """How long still, and what must I do?"""
    application = case_or_404(request, public_id)
    if application.is_draft:
        return redirect("licensing:tasks", public_id)
    view = case_view(application, request.standing, today())
    return render(
        request, "licensing/case.html",
        context(
            application, view=view, rail=rail_of(view), acts=acts_open_to(request.standing, application),
            certificate=_signed_certificate(application, request.standing),
            panels=registry.panels_for(application, request.standing),
            notice=notice_of(application, today()), answer=answer_of(application),
            reads_holder=view.inside and bool(request.standing.authorities(*HOLDER_READERS)),
            is_own=application.enterprise_id in request.standing.enterprise_ids,
            clock_acts=clock_acts(request.standing, application, today(), view.events),
            official=documents_of_case(application),
        ),
    )  # fmt: skip


def _signed_certificate(application: Application, standing: Standing) -> Certificate | None:
    """The certificate once it is signed, to those it is open to; one still on its way is not there yet."""
    return certificate_of(application) if may_read_certificate(standing, application) else None


@signed_in
def days(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Why each day counts or does not."""
    application = case_or_404(request, public_id)
    if application.is_draft:
        raise Http404
    limits = statutory_limits(application) if application.accepted_on else None
    book = calendar_book()
    return render(
        request, "licensing/days.html",
        context(
            application, rows=days_of(application, today(), book), limits=limits,
            clock=clock_of(application, today(), book),
        ),
    )  # fmt: skip


@signed_in
def document(request: PortalRequest, public_id: UUID, slot: str) -> HttpResponseBase:
    """One of the three documents, or a picture of a page of it, to those who may read the case.

    The applicant sees the one he prepared in answer to a notice; nobody else does before it is sent.
    """
    mine = ReplacementDocument.objects.filter(
        application__public_id=public_id,
        application__enterprise_id__in=request.standing.enterprise_ids,
        slot=slot,
    )
    if prepared := mine.select_related("file__blob").first():
        return show(request, prepared.file)
    found = documents_of(request.standing, public_id).filter(slot=slot).first()
    if found is None:
        raise Http404
    return show(request, found.file)


@signed_in
def evidence_document(request: PortalRequest, public_id: UUID, track: str) -> HttpResponseBase:
    """The document an evidence record rests on."""
    application = case_or_404(request, public_id)
    if not may_read_evidence(request.standing, application):
        raise Http404
    row = (
        application.evidence.select_related("document__blob")
        .filter(track=track, document__isnull=False)
        .first()
    )
    if row is None or row.document is None:
        raise Http404
    return download(row.document, inline="download" not in request.GET)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The signed certificate. Only the holder's own POST is its delivery (S15), by whoever may file for him; an agent
    without an authorisation reads it, and that is no act."""
    application = case_or_404(request, public_id)
    issued = _signed_certificate(application, request.standing)
    if issued is None or issued.pdf is None:
        raise Http404
    takes = any(
        m.may_file and m.enterprise_id == application.enterprise_id for m in request.standing.memberships
    )
    if request.method == "POST" and takes:
        deliver(public_id=public_id, actor=request.actor, at=now())
    return download(issued.pdf, inline=False)


@enterprise_member
def receipt(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The dated receipt of a filing (S1)."""
    application = case_or_404(request, public_id)
    if application.is_draft:
        return redirect("licensing:tasks", public_id)
    assert application.received_at is not None
    answer_by = compute_due(
        received_on(application.received_at), intake_limit(application), application.filing_division
    ).on
    return render(
        request, "licensing/receipt.html",
        context(application, answer_by=answer_by, official=newest(application, Kind.RECEIPT)),
    )  # fmt: skip


@enterprise_member
@require_POST
def acknowledge(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The applicant takes delivery of a refusal."""
    application = case_or_404(request, public_id)
    if application.status == Status.REFUSED:
        perform(request, lambda: deliver(public_id=public_id, actor=request.actor, at=now()))
    return redirect("licensing:case", public_id)


@enterprise_member
@require_http_methods(["GET", "POST"])
def take_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Retract an undecided application, after asking once."""
    application = case_or_404(request, public_id)
    if request.method == "POST":
        done = perform(
            request,
            lambda: retract(
                public_id=public_id, expected_version=posted_version(request), actor=request.actor, at=now()
            ),
        )
        if done:
            messages.success(request, _("申请已撤回"))
        return redirect("licensing:case", public_id)
    if application.status not in UNDECIDED:
        return redirect("licensing:case", public_id)
    return render(request, "licensing/retract.html", context(application))
