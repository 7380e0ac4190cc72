"""A test report from before the visit, recorded by the reviewer who has the case in hand (R-40)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, official
from licensing.actions.standing import record_report
from licensing.forms.results import ReportForm, items_from
from licensing.models import Application
from licensing.views.common import now, perform, posted_version
from licensing.views.officials import desk_case, draw
from licensing.views.rows import more_rows


@official("review")
@require_http_methods(["GET", "POST"])
def record(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Record the report; the test is settled at once where it is adopted."""
    application, elsewhere = desk_case(request, public_id, "review")
    if elsewhere:
        return elsewhere
    form = _form(request, application)
    items = items_from(request.POST)
    if "more" in request.POST:
        form, items = more_rows(request, form)
    elif request.method == "POST" and form.is_valid() and items.is_valid():
        upload = form.cleaned_data["document"]
        done = perform(
            request,
            lambda: record_report(
                case_id=public_id, expected_version=posted_version(request), result=form.result(items.items()),
                sample=form.sample(), document=upload, filename=upload.name, actor=request.actor, at=now(),
            ),
            form,
            upload_field="document",
        )  # fmt: skip
        if done:
            messages.success(request, _("报告已登记，是否采信已重新核对"))
            return redirect("licensing:case", public_id)
    return draw(request, "licensing/report_new.html", application, form=form, items=items)


def _form(request: PortalRequest, application: Application) -> Any:
    """Units and places are those of the case: another one is never adopted for it."""
    filed = application.filed
    return ReportForm(
        request.POST or None, request.FILES or None,
        units=[(str(unit["id"]), unit["name_zh"]) for unit in filed["units"]],
        addresses=tuple(site["full_address"] for site in filed["sites"]),
    )  # fmt: skip
