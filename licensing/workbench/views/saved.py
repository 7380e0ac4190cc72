"""Saved views: keep a list under a name, put them in order, let them go."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.parties.access import PortalRequest, official
from licensing.views.common import DESK, perform
from licensing.workbench.actions import saved
from licensing.workbench.filters import Filters
from licensing.workbench.forms import ViewForm
from licensing.workbench.models import MOST_VIEWS, SavedView
from licensing.workbench.queries.saved import views_of


@official(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: PortalRequest) -> HttpResponse:
    """My views; with a list in the address, the form to keep it."""
    asked = request.POST.get("query") or request.GET.get("query", "")
    query = Filters.parse(asked).trail if asked else ""
    form = ViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if perform(request, lambda: saved.save_view(name=name, query=query, actor=request.actor), form):
            messages.success(request, _("已保存视图“%(name)s”") % {"name": name})
            return redirect(f"{reverse('licensing:work')}?{query}")
    return _page(request, form=form, query=query)


@official(*DESK)
@require_POST
def change(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One change of one view."""
    acts: dict[str, Callable[[], Any]] = {
        "delete": lambda: saved.delete_view(public_id=public_id, actor=request.actor),
        "up": lambda: saved.move_view(public_id=public_id, up=True, actor=request.actor),
        "down": lambda: saved.move_view(public_id=public_id, up=False, actor=request.actor),
        "default": lambda: saved.choose_default(public_id=public_id, actor=request.actor),
        "plain": lambda: saved.choose_default(public_id=None, actor=request.actor),
    }
    if request.POST.get("act") == "rename":
        return _renamed(request, public_id)
    if act := acts.get(request.POST.get("act", "")):
        perform(request, act)
    return redirect("workbench:views")


def _renamed(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """A name refused comes back at its field, with what was typed."""
    form = ViewForm(request.POST, prefix=str(public_id))
    if form.is_valid():
        name = form.cleaned_data["name"]
        if perform(
            request, lambda: saved.rename_view(public_id=public_id, name=name, actor=request.actor), form
        ):
            messages.success(request, _("已改名为“%(name)s”") % {"name": name})
            return redirect("workbench:views")
    return _page(request, form=ViewForm(), query="", renamed=(public_id, form))


def _page(
    request: PortalRequest, *, form: ViewForm, query: str, renamed: tuple[UUID, ViewForm] | None = None
) -> HttpResponse:
    rows = [(row, _rename_form(row, renamed)) for row in views_of(request.standing)]
    status = 422 if request.method == "POST" else 200
    told = {
        "rows": rows,
        "form": form,
        "query": query,
        "most": MOST_VIEWS,
        "problem": renamed[1] if renamed else form,
    }
    return render(request, "workbench/views.html", told, status=status)


def _rename_form(row: SavedView, renamed: tuple[UUID, ViewForm] | None) -> ViewForm:
    if renamed is not None and renamed[0] == row.public_id:
        return renamed[1]
    return ViewForm(prefix=str(row.public_id), initial={"name": row.name})
