"""The workbench: what first, and the desks of review and decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.lifecycle.dates import SHANGHAI
from core.parties.access import PortalRequest, official
from licensing.actions import decision, holding, renewal, review
from licensing.actions.act import HeldAlready, Recused
from licensing.actions.reopening import ReviewReopened
from licensing.forms.hands import TakeForm
from licensing.forms.officials import EvidenceForm, RefuseForm, ReturnForm
from licensing.forms.results import items_from
from licensing.models import Application, Track
from licensing.queries.acts import acts_open_to
from licensing.queries.cases import case_view
from licensing.queries.checks import decision_checks
from licensing.queries.hands import is_recused
from licensing.rules import review_state
from licensing.views.common import case_or_404, context, now, perform, posted_version, today
from licensing.views.rows import more_rows
from licensing.workbench.desk import DecisionDesk, decision_desk, trail_from
from licensing.workbench.forms import GrantSeenForm


def desk_case(request: PortalRequest, public_id: UUID, *acts: str) -> tuple[Application, HttpResponse | None]:
    """The case for one desk; whoever may read it but not act is led to the case page, with the reason."""
    application = case_or_404(request, public_id)
    open_acts = acts_open_to(request.standing, application)
    if any(open_acts[act] for act in acts):
        return application, None
    if hasattr(application, "held_decision"):
        messages.info(request, str(HeldAlready.message))
    elif is_recused(application):
        messages.info(request, str(Recused.message))
    else:
        messages.info(request, _("这一步现在不由你办理：环节已过，或你已办过这件申请的另一环节"))
    return application, redirect("licensing:case", public_id)


def draw(request: PortalRequest, template: str, application: Application, **more: Any) -> HttpResponse:
    view = case_view(application, request.standing, today())
    status = 422 if request.method == "POST" and "more" not in request.POST else 200
    return render(request, template, context(application, view=view, **more), status=status)


@official("review")
def review_desk(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Both tracks of one case, or taking it in hand."""
    application, elsewhere = desk_case(request, public_id, "review", "take_review", "take_over")
    return elsewhere or draw_review(request, application, TakeForm())


def draw_review(request: PortalRequest, application: Application, form: TakeForm) -> HttpResponse:
    """The review page; `form` takes the case in hand where it is nobody's, or somebody's who is away."""
    outcomes = dict(application.evidence.values_list("track", "outcome"))
    return draw(
        request, "licensing/review.html", application, state=review_state(outcomes), tracks=Track, form=form,
        acts=acts_open_to(request.standing, application), trail=trail_from(request, application),
    )  # fmt: skip


@official("review")
@require_http_methods(["GET", "POST"])
def record_evidence(request: PortalRequest, public_id: UUID, track: str) -> HttpResponse:
    """Record the outcome of one track with its document; who has not taken the case in hand does that first."""
    application, elsewhere = desk_case(request, public_id, "review", "take_review")
    if elsewhere:
        return elsewhere
    if not application.is_in_hands_of(request.standing.user_id):
        return redirect("licensing:review", public_id)
    paused = (
        track == Track.TESTING and application.pauses.filter(ground=track, ended_on__isnull=True).exists()
    )
    initial = {"concluded_on": today(), "received_on": today()}
    form = EvidenceForm(
        request.POST or None, request.FILES or None, initial=initial, paused=paused, track=track
    )
    items = items_from(request.POST) if track == Track.TESTING else None
    rows = items if items is not None and items.is_bound else None
    if "more" in request.POST and items is not None:
        form, items = more_rows(request, form)
    elif request.method == "POST" and form.is_valid() and (rows is None or rows.is_valid()):
        data = dict(form.cleaned_data)
        upload = data.pop("document")
        done = perform(
            request,
            lambda: review.record_evidence(
                public_id=public_id, expected_version=posted_version(request), track=Track(track), document=upload,
                filename=upload.name, items=rows.items() if rows else (), actor=request.actor, at=now(), **data,
            ),
            form,
            upload_field="document",
        )  # fmt: skip
        if done:
            messages.success(request, _("审查结果已登记"))
            return redirect("licensing:review", public_id)
    return draw(
        request, "licensing/record_evidence.html", application, form=form, track=Track(track), items=items
    )


@official("review")
@require_POST
def conclude_review(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Send the case up for decision."""
    application = case_or_404(request, public_id)
    done = perform(
        request,
        lambda: review.conclude_review(
            public_id=application.public_id,
            expected_version=posted_version(request),
            actor=request.actor,
            at=now(),
        ),
    )
    if done:
        messages.success(request, _("已报送决定"))
        return redirect("licensing:case", public_id)
    return redirect("licensing:review", public_id)


@official("approval")
@require_POST
def confirm_renewal(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Confirm a renewal that the law has granted; there is nothing to refuse."""
    application = case_or_404(request, public_id)
    done = perform(
        request,
        lambda: renewal.confirm_renewal(
            public_id=application.public_id,
            expected_version=posted_version(request),
            actor=request.actor,
            at=now(),
        ),
    )
    if done:
        messages.success(request, _("已确认，证书正在签发"))
    return redirect("licensing:case", public_id)


FORMS = {"grant": GrantSeenForm, "refuse": RefuseForm, "return": ReturnForm}


@official("approval")
@require_http_methods(["GET", "POST"])
def decide(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Papers on the left, what the rules have checked on the right, the three acts below; then the next of the list."""
    application, elsewhere = desk_case(request, public_id, "decide")
    if elsewhere:
        return elsewhere
    chosen = request.POST.get("act") or request.GET.get("act", "grant")
    offered = [name for name in FORMS if name != "return" or application.rules.reviewed]
    chosen = chosen if chosen in offered else "grant"
    trail = trail_from(request, application)
    desk = decision_desk(request, application, decision_checks(application, today()))
    form = decision_form(application, chosen, request.POST or None, desk)
    if request.method == "POST" and form.is_valid() and _decided(request, application, chosen, form):
        return redirect(trail.onward) if trail else redirect("licensing:case", public_id)
    paper = request.GET.get("paper", "application_form")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "licensing/decide.html",
        context(application, form=form, act=chosen, paper=paper, trail=trail, **desk.shown), status=status,
    )  # fmt: skip


def decision_form(application: Application, chosen: str, data: Any, desk: DecisionDesk) -> Any:
    """The form of one of the three acts; a grant rests on the provisions of its kind, the first and last as a rule."""
    if chosen != "grant":
        return FORMS[chosen](data)
    basis = application.rules.basis
    usual = {"basis": sorted({"0", str(len(basis) - 1)})}
    return GrantSeenForm(data, initial=usual, basis=basis, warnings=desk.warnings)


def _decided(request: PortalRequest, application: Application, chosen: str, form: Any) -> Any:
    common = {
        "public_id": application.public_id, "expected_version": posted_version(request),
        "actor": request.actor, "at": now(), **form.cleaned_data,
    }  # fmt: skip
    if chosen == "return":
        done: Any = perform(request, lambda: decision.return_to_review(**common), form)
    else:
        try:
            done = perform(request, lambda: (holding.decide(chosen, **common),), form)
        except ReviewReopened as error:
            messages.warning(request, str(error))
            return True
    if done:
        messages.success(request, _words_of(application, chosen, done))
    return done


def _words_of(application: Application, chosen: str, done: Any) -> str:
    """What has happened: held until a moment, or done."""
    if chosen == "return":
        return _("已退回审查")
    (held,) = done
    if held is not None:
        until = localtime(held.effective_at, SHANGHAI).strftime("%H:%M")
        return _("决定将于 %(time)s 生效，在此之前可以撤回") % {"time": until}
    if chosen == "refuse":
        return _("已作出不予许可决定")
    ended = application.rules.effect == "deregister"
    return _("已准予注销，许可证今天注销") if ended else _("已准予许可，证书正在签发")
