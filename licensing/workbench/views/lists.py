"""The list of cases, the table to take away, and the keys that act on pages."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.parties.access import PortalRequest, official
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.views.common import DESK, today, todos
from licensing.workbench.actions.saved import switch_keys
from licensing.workbench.export import as_csv
from licensing.workbench.filters import BUCKETS, Filters
from licensing.workbench.queries.lists import EXPORT, SOON, choices, taken_away, work_list
from licensing.workbench.queries.saved import default_of, keys_on, views_of
from licensing.workbench.queries.team import WATCH

PASSING_BY = (Status.DRAFT, Status.ACCEPTED, Status.REVIEW_COMPLETED, Status.REVIEW_FAILED)
RESTING = [choice for choice in Status.choices if choice[0] not in PASSING_BY]
"""States in which a filed case can rest: what a list can be filtered by."""


@official(*DESK)
@require_safe
def work(request: PortalRequest) -> HttpResponse:
    """What first? One page of cases by days left; asked for without a list, the person's own default view."""
    standing = request.standing
    if not request.GET and (first := default_of(standing)):
        return redirect(f"{request.path}?{first.query}")
    filters = Filters.read(request.GET.dict())
    views = list(views_of(standing))
    return render(
        request, "licensing/work.html",
        {
            "work": work_list(standing, filters, today()), "statuses": RESTING, "kinds": Kind.choices,
            "buckets": BUCKETS, "choices": choices(standing, today()), "views": views, "most": EXPORT, "soon": SOON,
            "here": next((row for row in views if row.query == filters.trail), None), "todos": todos(request),
            "may_team": bool(standing.authorities(*WATCH)),
            "may_accept": bool(standing.authorities("acceptance")), "may_assign": bool(standing.authorities("head")),
        },
    )  # fmt: skip


@official(*DESK)
@require_safe
def export(request: PortalRequest) -> HttpResponse:
    """The list as CSV, as far as a table of this size goes."""
    filters = Filters.read(request.GET.dict())
    text = as_csv(taken_away(request.standing, filters, today()), today())
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{filters.scope}-{today():%Y%m%d}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@official(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: PortalRequest) -> HttpResponse:
    """Which keys there are, and whether they act (WCAG 2.1.4)."""
    if request.method == "POST":
        on = request.POST.get("keys") == "on"
        switch_keys(on=on, actor=request.actor)
        request.session["keys"] = on
        messages.success(request, _("单键快捷键已打开") if on else _("单键快捷键已关闭"))
        return redirect("workbench:keys")
    return render(request, "workbench/keys.html", {"on": keys_on(request.standing.user_id)})
