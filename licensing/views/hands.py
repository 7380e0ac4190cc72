"""In whose hands a review is: take it, take it over, give it to somebody, declare a conflict of interest."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, official
from licensing.actions import hands, recusal, review
from licensing.forms.hands import AssignForm, RecuseForm, TakeForm
from licensing.models import Application
from licensing.queries.hands import candidates
from licensing.views.common import now, perform, posted_version, today
from licensing.views.officials import desk_case, draw, draw_review


@official("review")
@require_http_methods(["GET", "POST"])
def take_review(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take the review in hand, with the statement that there is no interest in the enterprise."""
    return _taken(request, public_id, review.take_review, _("已由你承办"))


@official("review")
@require_http_methods(["GET", "POST"])
def take_over(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take the review over from somebody who is away or no longer holds the duty."""
    return _taken(request, public_id, hands.take_over, _("已由你代为承办"))


def _taken(
    request: PortalRequest, public_id: UUID, act: Callable[..., Application], words: str
) -> HttpResponse:
    """A form without its tick comes back on the review page; read as an address, it is that page."""
    application, elsewhere = desk_case(request, public_id, "take_review", "take_over")
    if elsewhere or request.method != "POST":
        return elsewhere or redirect("licensing:review", public_id)
    form = TakeForm(request.POST)
    if not form.is_valid():
        return draw_review(request, application, form)
    facts: dict[str, Any] = {
        "public_id": application.public_id, "expected_version": posted_version(request), "actor": request.actor,
        "at": now(), **form.cleaned_data,
    }  # fmt: skip
    if perform(request, lambda: act(**facts)):
        messages.success(request, words)
    return redirect("licensing:review", public_id)


@official("head")
@require_http_methods(["GET", "POST"])
def assign(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Which of my reviewers shall have it?"""
    application, elsewhere = desk_case(request, public_id, "assign")
    if elsewhere:
        return elsewhere
    found = candidates(application, today(), but=request.standing.user_id)
    form = AssignForm(request.POST or None, candidates=found)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: hands.assign_review(
                public_id=public_id, expected_version=posted_version(request), actor=request.actor, at=now(),
                **form.cleaned_data,
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("已指派，有关人员已收到通知"))
            return redirect("licensing:case", public_id)
    return draw(request, "licensing/assign.html", application, form=form, candidates=found)


@official("acceptance", "review", "approval", "head")
@require_http_methods(["GET", "POST"])
def recuse(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Why can I not handle this case?"""
    application, elsewhere = desk_case(request, public_id, "recuse")
    if elsewhere:
        return elsewhere
    form = RecuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: recusal.recuse(
                public_id=public_id, expected_version=posted_version(request), actor=request.actor, at=now(),
                **form.cleaned_data,
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("已声明回避，机关负责人会收到通知"))
            return redirect("licensing:work")
    return draw(request, "licensing/recuse.html", application, form=form)
