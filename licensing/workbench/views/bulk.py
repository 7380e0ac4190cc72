"""Many cases at once: which go along and why the others do not, then what became of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.lifecycle.errors import DomainError
from core.parties.access import PortalRequest, official
from licensing.actions.acceptance import accept
from licensing.actions.hands import assign_review
from licensing.models import Application
from licensing.queries.cases import visible
from licensing.views.common import now, today
from licensing.workbench.actions.bulk import Chosen, Outcome, each, read_marks
from licensing.workbench.filters import Filters
from licensing.workbench.forms import AssignManyForm
from licensing.workbench.queries.bulk import Standee, before_acceptance, before_assignment, reviewers

ACTS = {"accept": "acceptance", "assign": "head"}
"""What can be done to many cases, each with the duty it is done by. Nothing is decided so."""


@official(*ACTS.values())
@require_POST
def bulk(request: PortalRequest) -> HttpResponse:
    """Before anything is done: every chosen case with its warnings."""
    act = request.POST.get("act", "")
    chosen = _chosen(request)
    if act not in ACTS or not request.standing.authorities(ACTS[act]) or not chosen:
        return _to_list(request)
    return _confirm(request, act, chosen)


@official("acceptance")
@require_POST
def accept_many(request: PortalRequest) -> HttpResponse:
    """Accept each of the cases named on the page that was confirmed."""
    chosen = _chosen(request)
    if not chosen:
        return _to_list(request)
    ready = {row.chosen for row in before_acceptance(request.standing, chosen, today()) if row.goes}
    left_out = [row for row in chosen if row not in ready]
    outcomes = each([row for row in chosen if row in ready], accept, actor=request.actor, at=now())
    return _told(request, "accept", (*outcomes, *_refused(request, "accept", left_out)))


@official("head")
@require_POST
def assign_many(request: PortalRequest) -> HttpResponse:
    """Give each of the cases to one reviewer, for one reason."""
    chosen = _chosen(request)
    if not chosen:
        return _to_list(request)
    standees = before_assignment(request.standing, chosen)
    form = _assign_form(request, standees, request.POST)
    if not form.is_valid():
        return _confirm(request, "assign", chosen, form)
    ready = {row.chosen for row in standees if row.goes}
    outcomes = each(
        [row for row in chosen if row in ready],
        assign_review,
        actor=request.actor,
        at=now(),
        **form.cleaned_data,
    )
    left_out = [row for row in chosen if row not in ready]
    return _told(request, "assign", (*outcomes, *_refused(request, "assign", left_out)))


def _chosen(request: PortalRequest) -> tuple[Chosen, ...]:
    """What was ticked; the refusal of an empty or too long choice is told on the list."""
    try:
        return read_marks(request.POST.getlist("case"))
    except DomainError as error:
        messages.error(request, str(error))
        return ()


def _standees(request: PortalRequest, act: str, chosen: tuple[Chosen, ...]) -> tuple[Standee, ...]:
    if act == "accept":
        return before_acceptance(request.standing, chosen, today())
    return before_assignment(request.standing, chosen)


def _assign_form(request: PortalRequest, standees: tuple[Standee, ...], data: Any = None) -> AssignManyForm:
    found = reviewers(standees, today(), but=request.standing.user_id)
    return AssignManyForm(data, candidates=found)


def _confirm(
    request: PortalRequest, act: str, chosen: tuple[Chosen, ...], form: AssignManyForm | None = None
) -> HttpResponse:
    standees = _standees(request, act, chosen)
    if act == "assign" and form is None:
        form = _assign_form(request, standees)
    told = {
        "act": act, "going": [row for row in standees if row.goes], "form": form,
        "left_out": [row for row in standees if not row.goes], "back": _list(request),
    }  # fmt: skip
    return render(request, "workbench/bulk.html", told, status=422 if form and form.is_bound else 200)


def _refused(request: PortalRequest, act: str, rows: list[Chosen]) -> tuple[Outcome, ...]:
    """What was confirmed and can no longer be done, with the reason of now."""
    found = {row.chosen: row for row in _standees(request, act, tuple(rows))} if rows else {}
    hidden = str(_("没有这件申请，或者你看不到它"))
    return tuple(Outcome(row, "workbench.left_out", "；".join(found[row].why) or hidden) for row in rows)


def _told(request: PortalRequest, act: str, outcomes: tuple[Outcome, ...]) -> HttpResponse:
    """One line for each case. What was refused can be tried again with the version of now."""
    keys = [row.chosen.public_id for row in outcomes]
    rows = visible(request.standing).filter(public_id__in=keys).select_related("filing_authority", "licence")
    cases: dict[Any, Application] = {case.public_id: case for case in rows}
    lines = [(row, cases.get(row.chosen.public_id)) for row in outcomes]
    told = {
        "act": act, "lines": lines, "done": sum(row.done for row in outcomes),
        "again": [case for row, case in lines if not row.done and case is not None], "back": _list(request),
    }  # fmt: skip
    return render(request, "workbench/bulk_done.html", told)


def _list(request: PortalRequest) -> Filters:
    return Filters.parse(request.POST.get("list", ""))


def _to_list(request: PortalRequest) -> HttpResponse:
    return redirect(reverse("licensing:work") + _list(request).url())
