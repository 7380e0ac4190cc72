"""Pages of imports: list, upload, the report of the dry run, the decision to load (R-90)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.files.responses import download
from core.files.uploading import CappedUploadHandler
from core.lifecycle.errors import DomainError
from core.parties.access import PortalRequest, official
from core.parties.models import Level
from licensing.imports import queries
from licensing.imports.actions import load as loading
from licensing.imports.actions import upload as uploading
from licensing.imports.columns import COLUMNS, MOST_BYTES
from licensing.imports.errors import SamePerson
from licensing.imports.forms import LoadForm, UploadForm
from licensing.imports.lifecycle import BASIS
from licensing.imports.models import Batch
from licensing.imports.tables import findings_csv, template_csv
from licensing.views.common import now, perform, posted_version


def issuing(request: PortalRequest, kind: str) -> bool:
    """Whether the person holds this duty at an authority that issues licences itself."""
    levels = (Level.NATIONAL, Level.PROVINCIAL)
    return any(duty.kind == kind and duty.level in levels for duty in request.standing.duties)


def found_or_404(request: PortalRequest, public_id: UUID) -> Batch:
    batch = queries.find(request.standing, public_id)
    if batch is None:
        raise Http404
    return batch


@official(*queries.READERS)
@require_safe
def batches(request: PortalRequest) -> HttpResponse:
    """What was imported, and what waits?"""
    rows, cursor = queries.page_of(request.standing, request.GET.get("after", ""))
    return render(
        request, "imports/list.html",
        {"rows": rows, "next_cursor": cursor, "after": request.GET.get("after", ""),
         "may_upload": issuing(request, "acceptance")},
    )  # fmt: skip


@csrf_exempt
@official("acceptance")
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponseBase:
    """Upload a file. Its limit is higher than that of a document, so the handler is set before the body is read."""
    if not issuing(request, "acceptance"):
        raise Http404
    request.upload_handlers = [CappedUploadHandler(request, limit=MOST_BYTES)]  # type: ignore[assignment]
    return _new(request)


@csrf_protect
def _new(request: PortalRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = perform(
            request,
            lambda: uploading.upload(
                content=file.read(), filename=file.name, source=form.cleaned_data["source"], actor=request.actor,
                at=now(),
            ),
            form, upload_field="file",
        )  # fmt: skip
        if batch:
            messages.success(request, _("已上传，正在逐行检查"))
            return redirect("imports:batch", batch.public_id)
    return render(
        request, "imports/new.html", {"form": form, "columns": COLUMNS},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@official("acceptance")
@require_safe
def template(request: PortalRequest) -> HttpResponse:
    """The file to begin with, its header and one row as an example."""
    response = HttpResponse(template_csv(request.standing, now()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="licences-template.csv"'
    return response


@official(*queries.READERS)
@require_safe
def batch(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Where does it stand, and what was found?"""
    return _report(request, found_or_404(request, public_id))


def _report(request: PortalRequest, row: Batch, **more: Any) -> HttpResponse:
    chosen = queries.Filter.read(request.GET.get("kind", ""), request.GET.get("severity", ""))
    findings, cursor = queries.findings_page(row, chosen, request.GET.get("after", ""))
    standing, kept = request.standing, {"kind": chosen.code, "severity": chosen.severity}
    return render(
        request, "imports/batch.html",
        {
            "batch": row, "basis": BASIS, "kinds": queries.kinds_found(row), "findings": findings, "filter": chosen,
            "filter_query": urlencode({key: value for key, value in kept.items() if value}),
            "next_cursor": cursor, "after": request.GET.get("after", ""),
            "may_load": row.status == Batch.Status.CHECKED and standing.holds("approval", row.authority_id),
            "own_upload": row.uploaded_by_id == standing.user_id,
            "may_withdraw": row.status in (Batch.Status.CHECKING, Batch.Status.CHECKED)
            and standing.holds("acceptance", row.authority_id),
            **more,
        },
    )  # fmt: skip


@official(*queries.READERS)
@require_safe
def findings(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """All findings, or those chosen, as a table for a spreadsheet."""
    row = found_or_404(request, public_id)
    chosen = queries.Filter.read(request.GET.get("kind", ""), request.GET.get("severity", ""))
    lines: Iterator[bytes] = findings_csv(queries.all_findings(row, chosen))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="findings-{row.public_id}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@official(*queries.READERS)
@require_safe
def original(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The file as it was uploaded."""
    return download(found_or_404(request, public_id).document, inline=False)


@official("approval")
@require_http_methods(["GET", "POST"])
def load(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Decide that what was checked becomes licences. Whoever uploaded it is told why not, and who may."""
    row = found_or_404(request, public_id)
    if not request.standing.holds("approval", row.authority_id):
        raise Http404
    if row.status != Batch.Status.CHECKED and request.method != "POST":
        return redirect("imports:batch", public_id)
    form = LoadForm(request.POST or None, ready=row.rows_ready, wrong=row.rows_wrong)
    status = 200
    if row.uploaded_by_id == request.standing.user_id:
        return _decision(request, row, form, 403, str(SamePerson()))
    if request.method == "POST":
        status = 422
        if form.is_valid() and _ordered(request, row, form):
            messages.success(request, _("已决定加载，正在写入登记"))
            return redirect("imports:batch", public_id)
    return _decision(request, row, form, status)


def _ordered(request: PortalRequest, row: Batch, form: LoadForm) -> bool:
    try:
        loading.order_load(
            public_id=row.public_id, clean_only=form.cleaned_data.get("clean_only", False),
            expected_version=posted_version(request), actor=request.actor, at=now(),
        )  # fmt: skip
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


def _decision(
    request: PortalRequest, row: Batch, form: LoadForm, status: int, refused: str = ""
) -> HttpResponse:
    context = {
        "batch": row,
        "form": form,
        "refused": refused,
        "basis": BASIS,
        "kinds": queries.kinds_found(row),
    }
    return render(request, "imports/load.html", context, status=status)


@official("acceptance")
@require_POST
def withdraw(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take it off the list, to correct the file."""
    row = found_or_404(request, public_id)
    done = perform(
        request,
        lambda: uploading.withdraw(
            public_id=row.public_id, expected_version=posted_version(request), actor=request.actor, at=now()
        ),
    )
    if done:
        messages.success(request, _("已撤下。改正文件后可以重新上传"))
    return redirect("imports:batch", public_id)
