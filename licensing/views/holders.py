"""What is known of a holder before any case: spot checks, reports, class, leads and measures (R-24, R-26, R-40)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.files.responses import download
from core.parties.access import PortalRequest, enterprise_member, official, signed_in
from core.parties.models import Enterprise
from licensing.actions import standing as act
from licensing.exemptions import may_replace
from licensing.forms.results import (
    ClassForm,
    CloseMatterForm,
    FinalForm,
    MatterForm,
    RetestForm,
    SpotCheckForm,
    items_from,
    units_of,
)
from licensing.models import OpenMatter, StandingEvidence
from licensing.queries.holders import (
    HOLDER_READERS,
    find_holder,
    find_matter,
    find_result,
    holder_list,
    record_of,
)
from licensing.queries.territory import watches
from licensing.views.common import now, perform, today
from licensing.views.rows import more_rows


@official(*HOLDER_READERS)
def holders(request: PortalRequest) -> HttpResponse:
    """Whose record?"""
    found = holder_list(request.standing, words=request.GET.get("q", ""), after=request.GET.get("after", ""))
    return render(request, "licensing/holders.html", {"holders": found})


def holder_or_404(request: PortalRequest, uscc: str) -> Enterprise:
    found = find_holder(request.standing, uscc)
    if found is None:
        raise Http404
    return found


def supervised_or_404(request: PortalRequest, uscc: str) -> Enterprise:
    """A holder of one's own territory, for who supervises there; the acts ask again."""
    found = holder_or_404(request, uscc)
    if watches(request.standing, found) is None:
        raise Http404
    return found


@official(*HOLDER_READERS)
def holder(request: PortalRequest, uscc: str) -> HttpResponse:
    """Everything on one page, newest first."""
    found = holder_or_404(request, uscc)
    record, duty = record_of(request.standing, found, today()), watches(request.standing, found)
    for row in record.spot_checks if duty else ():
        row.replaceable = may_replace(duty.level, row.level, row.authority.level)  # type: ignore[union-attr, attr-defined]
    return render(request, "licensing/holder.html", {"record": record, "supervises": duty is not None})


@enterprise_member
def own_results(request: PortalRequest) -> HttpResponse:
    """The enterprise reads its own results and class; what is open against it is not among them."""
    held = request.standing.memberships
    rows = Enterprise.objects.filter(pk__in={m.enterprise_id for m in held}).order_by("uscc")
    records = [record_of(request.standing, row, today()) for row in rows]
    return render(request, "licensing/own_results.html", {"records": records})


@signed_in
def result_document(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The report a result rests on."""
    found = find_result(request.standing, public_id)
    if found is None:
        raise Http404
    return download(found.document, inline="download" not in request.GET)


def _draw(request: PortalRequest, template: str, enterprise: Enterprise, **more: Any) -> HttpResponse:
    status = 422 if request.method == "POST" and "more" not in request.POST else 200
    return render(request, template, {"enterprise": enterprise, **more}, status=status)


@official("supervision")
@require_http_methods(["GET", "POST"])
def record_spot_check(request: PortalRequest, uscc: str) -> HttpResponse:
    """Record a spot check with its report."""
    found = supervised_or_404(request, uscc)
    duty = watches(request.standing, found)
    form = SpotCheckForm(
        request.POST or None, request.FILES or None, units=units_of(found, today()), own=duty.level if duty else ""
    )  # fmt: skip
    items = items_from(request.POST)
    if "more" in request.POST:
        form, items = more_rows(request, form)
    elif request.method == "POST" and form.is_valid() and items.is_valid():
        upload = form.cleaned_data["document"]
        done = perform(
            request,
            lambda: act.record_spot_check(
                enterprise=found, result=form.result(items.items()), level=form.cleaned_data["level"],
                document=upload, filename=upload.name, actor=request.actor, at=now(),
            ),
            form,
            upload_field="document",
        )  # fmt: skip
        if done:
            messages.success(request, _("监督抽查已登记，未办结的延续申请随即重新核对"))
            return redirect("licensing:holder", uscc)
    return _draw(request, "licensing/spot_check_new.html", found, form=form, items=items)


def spot_check_or_404(request: PortalRequest, public_id: UUID) -> StandingEvidence:
    found = find_result(request.standing, public_id)
    if found is None or found.kind != StandingEvidence.Kind.SPOT_CHECK:
        raise Http404
    supervised_or_404(request, found.enterprise.uscc)
    return found


@official("supervision")
@require_http_methods(["GET", "POST"])
def make_final(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Nobody objected, or in vain: the result is final."""
    row = spot_check_or_404(request, public_id)
    form = FinalForm(request.POST or None, initial={"final_on": today()})
    return _simple(
        request, row.enterprise, form, "licensing/spot_check_final.html", _("结果已生效"),
        lambda: act.make_final(
            public_id=public_id, final_on=form.cleaned_data["final_on"], actor=request.actor, at=now()
        ), row=row,
    )  # fmt: skip


@official("supervision")
@require_http_methods(["GET", "POST"])
def supersede(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """A re-test takes the place of a spot check."""
    row = spot_check_or_404(request, public_id)
    form = RetestForm(
        request.POST or None, request.FILES or None, units=units_of(row.enterprise, today()),
        initial={"unit": str(row.unit_id), "body": row.body, "sampled_on": row.sampled_on},
    )  # fmt: skip
    items = items_from(request.POST)
    if "more" in request.POST:
        form, items = more_rows(request, form)
    elif request.method == "POST" and form.is_valid() and items.is_valid():
        upload = form.cleaned_data["document"]
        done = perform(
            request,
            lambda: act.supersede(
                public_id=public_id, result=form.result(items.items()), document=upload, filename=upload.name,
                actor=request.actor, at=now(),
            ),
            form,
            upload_field="document",
        )  # fmt: skip
        if done:
            messages.success(request, _("复检结果已登记，原结果保留备查"))
            return redirect("licensing:holder", row.enterprise.uscc)
    return _draw(
        request, "licensing/spot_check_new.html", row.enterprise, form=form, items=items, earlier=row
    )


def _simple(
    request: PortalRequest, enterprise: Enterprise, form: Any, template: str, said: str,
    body: Callable[[], Any], **more: Any,
) -> HttpResponse:  # fmt: skip
    """A form of a few fields: act, and back to the holder."""
    if request.method == "POST" and form.is_valid() and perform(request, body, form):
        messages.success(request, said)
        return redirect("licensing:holder", enterprise.uscc)
    return _draw(request, template, enterprise, form=form, **more)


@official("supervision")
@require_http_methods(["GET", "POST"])
def classify(request: PortalRequest, uscc: str) -> HttpResponse:
    """Put the holder into a class of supervision."""
    found = supervised_or_404(request, uscc)
    form = ClassForm(request.POST or None)
    return _simple(
        request, found, form, "licensing/holder_class.html", _("类别已登记，今天起适用"),
        lambda: act.classify(enterprise=found, **form.cleaned_data, actor=request.actor, at=now()),
    )  # fmt: skip


@official("supervision")
@require_http_methods(["GET", "POST"])
def open_matter(request: PortalRequest, uscc: str) -> HttpResponse:
    """Note a lead or measure."""
    found = supervised_or_404(request, uscc)
    form = MatterForm(request.POST or None)
    return _simple(
        request, found, form, "licensing/matter_new.html", _("已登记。了结之前，这家企业的延续由人决定"),
        lambda: act.open_matter(enterprise=found, **form.cleaned_data, actor=request.actor, at=now()),
    )  # fmt: skip


@official("supervision")
@require_http_methods(["GET", "POST"])
def close_matter(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Close a lead or measure."""
    row: OpenMatter | None = find_matter(request.standing, public_id)
    if row is None:
        raise Http404
    found = supervised_or_404(request, row.enterprise.uscc)
    form = CloseMatterForm(request.POST or None)
    return _simple(
        request, found, form, "licensing/matter_close.html", _("已了结"),
        lambda: act.close_matter(
            public_id=public_id, closing=form.cleaned_data["closing"], actor=request.actor, at=now()
        ), row=row,
    )  # fmt: skip
