"""Notes on a case: write, pin, take back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.parties.access import PortalRequest, official
from licensing.models import Application
from licensing.queries.cases import visible
from licensing.views.common import case_or_404, context, now, perform
from licensing.workbench.actions import notes as act
from licensing.workbench.forms import NoteForm
from licensing.workbench.models import CaseNote
from licensing.workbench.queries.notes import HANDLING, notes_of

READERS = (*HANDLING, "audit")
PAGES = ("case", "accept", "review", "decide")
"""Where somebody may have written from, and is led back to."""


@official(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """All notes of a case, and the form to add one."""
    case = case_or_404(request, public_id)
    found = notes_of(request.standing, case)
    if found is None or (request.method == "POST" and not found.may_write):
        raise Http404
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        written = perform(
            request,
            lambda: act.write_note(public_id=public_id, actor=request.actor, at=now(), **data),
            form,
        )
        if written:
            messages.success(request, _("备注已记下，申请人看不到"))
            return _back(request, case)
    if request.method == "POST":
        form.with_fresh_id()
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/notes.html", context(case, notes=found, form=form), status=status)


@official(*HANDLING)
@require_POST
def withdraw(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take one's own note back."""
    return _changed(request, public_id, act.withdraw_note, _("备注已撤回，记录仍在"))


@official(*HANDLING)
@require_POST
def pin(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Put a note on top, or let it go."""
    pinned = request.POST.get("pinned") == "on"
    words = _("备注已置顶") if pinned else _("备注不再置顶")
    return _changed(request, public_id, act.pin_note, words, pinned=pinned)


def _changed(
    request: PortalRequest, public_id: UUID, change: Callable[..., Any], words: str, **facts: Any
) -> HttpResponse:
    note = CaseNote.objects.filter(public_id=public_id, application__in=visible(request.standing)).first()
    if note is None:
        raise Http404
    case = case_or_404(request, note.application.public_id)
    if notes_of(request.standing, case) is None:
        raise Http404
    if perform(request, lambda: change(public_id=public_id, actor=request.actor, at=now(), **facts)):
        messages.success(request, words)
    return _back(request, case)


def _back(request: PortalRequest, case: Application) -> HttpResponse:
    """To the page the note was written on, with the list it was opened from."""
    asked = request.POST.get("from", "")
    page = asked if asked in PAGES else "case"
    query = request.GET.urlencode()
    url = reverse(f"licensing:{page}", args=[case.public_id]) + (f"?{query}" if query else "")
    return redirect(f"{url}#notes")
