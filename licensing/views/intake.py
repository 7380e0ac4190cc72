"""The acceptance desk: complete on one screen, then one of the lawful answers (L1 art. 32; S2–S5)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certificates.documents.facts import Kind
from core.files.responses import download
from core.parties.access import PortalRequest, official, signed_in
from licensing.actions import acceptance, correction, forwarding
from licensing.correction import lines_of, targets_of
from licensing.forms.officials import CorrectionForm, ExplanationForm, RefuseAcceptanceForm
from licensing.models import Application, Ground
from licensing.queries.cases import case_view
from licensing.queries.checks import acceptance_checks
from licensing.queries.documents import newest
from licensing.queries.notices import NoticeView, grounds_open, notice_of
from licensing.rules import Check
from licensing.steps import title_of
from licensing.views.common import case_or_404, context, now, perform, posted_version, today
from licensing.views.officials import desk_case, draw
from licensing.workbench.desk import trail_from
from licensing.workbench.forms import NoteForm
from licensing.workbench.papers import tabs_of
from licensing.workbench.queries.answers import answer_of
from licensing.workbench.queries.notes import notes_of
from licensing.workbench.queries.related import related_cases


@official("acceptance")
@require_http_methods(["GET", "POST"])
def accept(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Complete? Then accept, and on to the next of the list."""
    application, elsewhere = desk_case(request, public_id, "accept")
    if elsewhere:
        return elsewhere
    trail = trail_from(request, application)
    if request.method == "POST":
        version = posted_version(request)
        done = perform(
            request,
            lambda: acceptance.accept(
                public_id=public_id, expected_version=version, actor=request.actor, at=now()
            ),
        )
        if done:
            messages.success(request, _("已受理，进入审查") if done.rules.reviewed else _("已受理，转入决定"))
            return redirect(trail.onward) if trail else redirect("licensing:case", public_id)
    return _desk(request, "licensing/accept.html", application, trail=trail)


def _desk(request: PortalRequest, template: str, application: Application, **more: Any) -> HttpResponse:
    paper = request.GET.get("paper", "business_licence")
    notice = notice_of(application, today())
    checks = acceptance_checks(application, today())
    refusable = application.licence_id is None or bool(_grounds(application, checks))
    view, answer = case_view(application, request.standing, today()), answer_of(application)
    shown = {
        "checks": checks, "paper": paper, "notice": notice, "refusable": refusable, "view": view, "answer": answer,
        "papers": tabs_of(view, answer), "related": related_cases(request.standing, application),
        "notes": notes_of(request.standing, application), "note_form": NoteForm(),
    }  # fmt: skip
    return render(
        request,
        template,
        context(application, **shown, **more),
        status=422 if request.method == "POST" else 200,
    )


@official("acceptance")
@require_http_methods(["GET", "POST"])
def request_correction(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What is to be put right? Everything at once, each with its reason."""
    application, elsewhere = desk_case(request, public_id, "correct")
    if elsewhere:
        return elsewhere
    form = CorrectionForm(request.POST or None, kind=application.kind)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: correction.request_correction(
                public_id=public_id, expected_version=posted_version(request), items=form.items,
                actor=request.actor, at=now(),
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("补正通知已发出，申请人会看到每一项和原因"))
            return redirect("licensing:case", public_id)
    return _desk(request, "licensing/correct.html", application, form=form, groups=_groups(application, form))


def _groups(application: Application, form: CorrectionForm) -> list[dict[str, Any]]:
    """The form's sections, each with its fields, what was filed in them, and where the reason is typed."""
    groups: dict[str, dict[str, Any]] = {}
    for code, target in targets_of(application.kind).items():
        group = groups.setdefault(
            target.section, {"title": title_of(application, target.section), "rows": []}
        )
        group["rows"].append(
            {"target": target, "lines": lines_of(application.filed, code), "field": form[code]}
        )
    return list(groups.values())


@official("acceptance")
@require_http_methods(["GET", "POST"])
def tell_not_required(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Tell that no licence is needed."""
    application, elsewhere = desk_case(request, public_id, "accept")
    if elsewhere:
        return elsewhere
    form = ExplanationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: acceptance.tell_not_required(
                public_id=public_id, expected_version=posted_version(request), actor=request.actor, at=now(),
                **form.cleaned_data,
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("已告知申请人不需要许可"))
            return redirect("licensing:case", public_id)
    return draw(request, "licensing/not_required.html", application, form=form)


@official("acceptance")
@require_http_methods(["GET", "POST"])
def refuse_acceptance(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Refuse to accept on a ground of the closed list; for want of competence, forward the file."""
    application, elsewhere = desk_case(request, public_id, "accept", "forward")
    if elsewhere:
        return elsewhere
    grounds = _grounds(application, acceptance_checks(application, today()))
    if not grounds:
        messages.info(request, _("这件申请没有可以据以不予受理的法定情形"))
        return redirect("licensing:accept", public_id)
    notice = notice_of(application, today())
    form = _refusal_form(request, grounds, notice)
    if request.method == "POST" and form.is_valid() and _refused(request, application, form):
        return redirect("licensing:case", public_id)
    return draw(request, "licensing/refuse_acceptance.html", application, form=form, notice=notice)


def _grounds(application: Application, checks: Iterable[Check]) -> tuple[Ground, ...]:
    """Grounds on which this case can be turned away today; after its acceptance only the wrong authority."""
    if application.accepted_on:
        return (Ground.WRONG_AUTHORITY,)
    found = {check.code: check.ok for check in checks}
    return grounds_open(application, today(), category_open=found["category_open"])


def _refusal_form(
    request: PortalRequest, grounds: tuple[Ground, ...], notice: NoticeView | None
) -> RefuseAcceptanceForm:
    noticed = [(item.target.code, item.target.label) for item in notice.items] if notice else []
    initial = {"ground": grounds[0]} if len(grounds) == 1 else None
    return RefuseAcceptanceForm(request.POST or None, grounds=grounds, noticed=noticed, initial=initial)


def _refused(request: PortalRequest, application: Application, form: RefuseAcceptanceForm) -> bool:
    data = form.cleaned_data
    common: dict[str, Any] = {
        "public_id": application.public_id, "expected_version": posted_version(request),
        "explanation": data["explanation"], "actor": request.actor, "at": now(),
    }  # fmt: skip
    if data["ground"] == Ground.WRONG_AUTHORITY:
        copy = perform(
            request,
            lambda: forwarding.forward_elsewhere(right_authority=data["right_authority"], **common),
            form,
        )
        if copy:
            assert copy.filing_authority is not None
            messages.success(request, _("已转%(authority)s，新的编号 %(number)s") % {
                "authority": copy.filing_authority.name, "number": copy.number})  # fmt: skip
        return copy is not None
    refused = perform(
        request,
        lambda: acceptance.refuse_acceptance(
            ground=data["ground"], missing=tuple(data.get("missing", ())), **common
        ),
        form,
    )
    if refused:
        messages.success(request, _("不予受理的决定已记录"))
    return refused is not None


@signed_in
def superseded_document(request: PortalRequest, public_id: UUID, slot: str) -> HttpResponseBase:
    """A document of the first filing that the answer replaced, to those who may read the case."""
    application = case_or_404(request, public_id)
    found = application.superseded_documents.select_related("file__blob").filter(slot=slot).first()
    if found is None:
        raise Http404
    return download(found.file, inline="download" not in request.GET)


@signed_in
def correction_notice(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The notice as a page to print, to those who may read the case."""
    application = case_or_404(request, public_id)
    notice = notice_of(application, today())
    if notice is None:
        raise Http404
    return render(
        request, "licensing/notice.html",
        {
            "case": application, "notice": notice, "official": newest(application, Kind.CORRECTION),
            "is_own": application.enterprise_id in request.standing.enterprise_ids,
        },
    )  # fmt: skip
