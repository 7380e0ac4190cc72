"""Who decides in our name? Delegations given and held, with what hangs on them and how well they go (R-19–R-21)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.models import CategoryVersion
from catalog.queries import categories_on
from core.files.responses import download
from core.parties.access import PortalRequest, official
from core.parties.models import Authority, Delegation, Level, Stage
from licensing.actions import delegation as act
from licensing.forms.delegation import DelegationForm, SettleForm
from licensing.policy import profile_on
from licensing.queries.delegations import (
    cases_under,
    find_delegation,
    possible_delegates,
    quality_of,
    state_on,
    visible_delegations,
)
from licensing.views.common import now, perform, today

READERS = ("head", "audit", "national_admin")


@official(*READERS)
def delegations(request: PortalRequest) -> HttpResponse:
    """All delegations this person may see, those in force first, each with its figures."""
    on, order = today(), list(Stage.values)
    rows = sorted(
        visible_delegations(request.standing).order_by("delegator__code", "pk"),
        key=lambda row: (state_on(row, on) == "ended", row.delegate.code, order.index(row.stage)),
    )
    quality, names = quality_of(rows, on), _names()
    shown = [
        {
            "row": row, "state": state_on(row, on), "category": names.get(row.category_key, row.category_key),
            "quality": quality.get((row.delegator_id, row.delegate_id, row.stage)),
        }
        for row in rows
    ]  # fmt: skip
    return render(
        request, "licensing/delegations.html",
        {"rows": shown, "may_delegate": any(may_delegate(row) for row in _provinces(request))},
    )  # fmt: skip


def _names() -> dict[str, str]:
    return {entry.category.key: entry.name for entry in categories_on(today())}


def _provinces(request: PortalRequest) -> Any:
    """Provinces whose head this is."""
    return Authority.objects.filter(pk__in=request.standing.authorities("head"), level=Level.PROVINCIAL)


def may_delegate(province: Authority) -> bool:
    """Whether the rules of today let a province entrust stages at all (R-22)."""
    return profile_on(today(), province.pk).delegation_allowed


@official("head")
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Entrust one stage to a prefecture."""
    province = _provinces(request).order_by("code").first()
    if province is None or not may_delegate(province):
        raise Http404
    provincial = [
        (entry.category.key, entry.name)
        for entry in categories_on(today())
        if entry.authority_level != CategoryVersion.AuthorityLevel.NATIONAL
    ]
    form = DelegationForm(
        request.POST or None, request.FILES or None, delegates=possible_delegates(province),
        categories=sorted(provincial), initial={"valid_from": today()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        done = perform(
            request,
            lambda: act.delegate(
                delegator=province, filename=data["document"].name, actor=request.actor, at=now(), **data
            ),
            form,
            upload_field="document",
        )
        if done:
            messages.success(request, _("已委托，并在“谁来决定”公布"))
            return redirect("licensing:delegation", done.public_id)
    return render(
        request, "licensing/delegation_new.html", {"form": form, "province": province},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _row(request: PortalRequest, public_id: UUID) -> Delegation:
    row = find_delegation(request.standing, public_id)
    if row is None:
        raise Http404
    return row


@official(*READERS)
@require_http_methods(["GET", "POST"])
def delegation(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One delegation; its giver suspends, resumes or ends it here."""
    row = _row(request, public_id)
    mine = request.standing.holds("head", row.delegator_id)
    cases = list(cases_under(row).order_by("next_due_on", "pk"))
    form = SettleForm(request.POST or None, cases=cases)
    if request.method == "POST":
        if not mine:
            raise Http404
        if form.is_valid() and _settled(request, row, form):
            return redirect("licensing:delegation", public_id)
    return render(
        request, "licensing/delegation.html",
        {
            "row": row, "state": state_on(row, today()), "mine": mine, "form": form, "cases": cases,
            "category": _names().get(row.category_key, row.category_key),
            "quality": quality_of([row], today()).get((row.delegator_id, row.delegate_id, row.stage)),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _settled(request: PortalRequest, row: Delegation, form: SettleForm) -> Any:
    """Suspend or end, as the button says."""
    chosen, words = (
        (act.end, _("委托已结束")) if request.POST.get("act") == "end" else (act.suspend, _("委托已暂停"))
    )
    done = perform(
        request,
        lambda: chosen(
            public_id=row.public_id, choices=form.choices, reason=form.cleaned_data["reason"], actor=request.actor,
            at=now(),
        ),
        form,
    )  # fmt: skip
    if done:
        messages.success(request, words)
    return done


@official("head")
@require_POST
def resume(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """New cases go to the delegate again."""
    row = _row(request, public_id)
    if perform(request, lambda: act.resume(public_id=row.public_id, actor=request.actor, at=now())):
        messages.success(request, _("委托已恢复：新受理的申请由受委托机关办理"))
    return redirect("licensing:delegation", public_id)


@official(*READERS)
def document(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The letter of delegation."""
    row = _row(request, public_id)
    if not hasattr(row, "file"):
        raise Http404
    return download(row.file.document, inline="download" not in request.GET)
