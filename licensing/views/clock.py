"""The clock in the hands of officials: stop it, let it run again, ask for more time; and an authority's own limit."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, official
from licensing.actions import extension, limits, pauses
from licensing.forms.clock import ExtensionForm, LimitForm, PauseForm, ResumeForm
from licensing.models import Application, ClockPause
from licensing.profile import PROFILE
from licensing.queries.cases import case_view
from licensing.queries.clock import clock_acts
from licensing.queries.limits import decision_days, heads_with_limits, limits_of
from licensing.views.common import case_or_404, context, now, perform, posted_version, today


@official("review", "approval", "head")
@require_http_methods(["GET", "POST"])
def clock(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Must this clock stop, run again, or be given more time?"""
    application = case_or_404(request, public_id)
    if not any(clock_acts(request.standing, application, today()).values()):
        messages.info(request, _("这件申请的时限现在不由你处理"))
        return redirect("licensing:case", public_id)
    forms: dict[str, Form] = {}
    if request.method == "POST":
        name = request.POST.get("act", "")
        act = ACTS.get(name)
        refused = act(request, application) if act else PauseForm(status=application.status)
        if refused is None:
            return redirect(
                "licensing:clock" if _anything_left(request, public_id) else "licensing:case", public_id
            )
        forms[name] = refused
    return _draw(request, application, forms)


def _anything_left(request: PortalRequest, public_id: UUID) -> bool:
    return any(clock_acts(request.standing, case_or_404(request, public_id), today()).values())


def _draw(request: PortalRequest, application: Application, refused: dict[str, Form]) -> HttpResponse:
    view = case_view(application, request.standing, today())
    events = view.events
    wrong = refused.get("resume")
    resumes = [
        (row, wrong if wrong and wrong.prefix == str(row.pk) else _resume_form(row)) for row in events.running
    ]
    forms = {
        "pause_form": refused.get("pause")
        or PauseForm(status=application.status, initial={"started_on": today()}),
        "extension_form": refused.get("propose_extension") or ExtensionForm(),
    }
    return render(
        request, "licensing/clock.html",
        context(
            application, view=view, events=events, resumes=resumes,
            may=clock_acts(request.standing, application, today(), events),
            refused=next(iter(refused.values()), None), **forms,
        ),
        status=422 if refused else 200,
    )  # fmt: skip


def _resume_form(row: ClockPause) -> ResumeForm:
    return ResumeForm(ground=row.ground, initial={"ended_on": today()}, prefix=str(row.pk))


def _common(request: PortalRequest, application: Application) -> dict[str, Any]:
    return {
        "public_id": application.public_id, "expected_version": posted_version(request),
        "actor": request.actor, "at": now(),
    }  # fmt: skip


def _carried_out(
    request: PortalRequest, form: Form, act: Callable[..., Any], words: str, **facts: Any
) -> Form | None:
    """Do the act with what the form holds; None when it was done, else the form with what is wrong."""
    if not form.is_valid():
        return form
    done = perform(request, lambda: act(**facts, **form.cleaned_data), form)
    if done is None:
        return form
    messages.success(request, words)
    return None


def _pause(request: PortalRequest, application: Application) -> Form | None:
    form = PauseForm(request.POST, status=application.status)
    words = _("已登记，申请人已收到通知")
    return _carried_out(request, form, pauses.pause, words, **_common(request, application))


def _resume(request: PortalRequest, application: Application) -> Form | None:
    row = application.pauses.filter(public_id=_uuid(request.POST.get("pause", ""))).first()
    if row is None:
        raise Http404
    form = ResumeForm(request.POST, ground=row.ground, prefix=str(row.pk))
    facts = {**_common(request, application), "pause_id": row.public_id}
    return _carried_out(request, form, pauses.resume, _("时限已恢复"), **facts)


def _propose(request: PortalRequest, application: Application) -> Form | None:
    form, words = ExtensionForm(request.POST), _("延长建议已送机关负责人")
    return _carried_out(request, form, extension.propose_extension, words, **_common(request, application))


def _decide(request: PortalRequest, application: Application) -> Form | None:
    granted = request.POST.get("granted") == "yes"
    facts = _common(request, application)
    if perform(request, lambda: extension.decide_extension(**facts, granted=granted)):
        messages.success(request, _("已批准延长，申请人已收到通知") if granted else _("没有批准延长"))
    return None


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise Http404 from error


ACTS: dict[str, Callable[[PortalRequest, Application], Form | None]] = {
    "pause": _pause, "resume": _resume, "propose_extension": _propose, "decide_extension": _decide,
}  # fmt: skip


@official("head")
@require_http_methods(["GET", "POST"])
def own_limit(request: PortalRequest) -> HttpResponse:
    """Within how many working days do we decide?"""
    found = heads_with_limits(request.standing)
    authority = found.filter(code=request.GET.get("authority", "")).first() or found.first()
    if authority is None:
        raise Http404
    form = LimitForm(request.POST or None, initial={"valid_from": today()})
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: limits.set_limit(authority=authority, actor=request.actor, at=now(), **form.cleaned_data),
            form,
        )
        if done:
            messages.success(request, _("新的时限已定"))
            return redirect(f"{reverse('licensing:own_limit')}?authority={authority.code}")
    return render(
        request, "licensing/own_limit.html",
        {
            "authority": authority, "form": form, "rows": limits_of(authority), "national": PROFILE.decision.days,
            "days": decision_days(authority, today()), "today": today(),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip
