"""Sections of cases about a licence: the statement, and the members of a group licensed together."""

from typing import Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.parties.access import PortalRequest
from licensing.actions import drafts
from licensing.forms.statement import MemberForm, StatementForm
from licensing.kinds import Kind
from licensing.models import Application
from licensing.queries.evidence import expected
from licensing.statement import TITLES
from licensing.verdict_words import forecast_of
from licensing.views.answers import hold
from licensing.views.common import now, perform, posted_version, today
from licensing.views.sections import back_to_list, save_words, section, unchecked
from licensing.views.typed import words_of

MEMBER = ("name", "uscc", "division", "address", "full_address")


@section("licensing/section_statement.html")
def statement(request: PortalRequest, application: Application) -> Any:
    """What happened and why, for the kinds that say so."""
    kept = application.draft.get("statement", {})
    words = words_of(request, application, "statement")
    form = StatementForm(words.data, initial=kept, kind=application.kind, today=today())
    hold(application, "statement", form)
    if words.source:
        unchecked(form)
    elif (
        request.method == "POST"
        and form.is_valid()
        and save_words(request, application, "statement", dict(form.cleaned_data), form)
    ):
        _foretell(request, application)
        return back_to_list(request, application)
    said = forecast_of(expected(application, today())) if kept and application.kind == Kind.RENEWAL else []
    return {"form": form, "words": words, "statement_title": TITLES[application.kind], "said": said}


def _foretell(request: PortalRequest, application: Application) -> None:
    """What the answers of a renewal lead to, said at once (R-23)."""
    if application.kind == Kind.RENEWAL:
        application.refresh_from_db()
        for row in forecast_of(expected(application, today())):
            messages.info(request, _("%(title)s：%(why)s") % {"title": row.title, "why": row.why})


@section("licensing/section_group.html")
def group(request: PortalRequest, application: Application) -> Any:
    """Units of a group company that are licensed together with it; there may be none."""
    rows = list(application.draft.get("group", {}).get("rows", []))
    words = words_of(request, application, "group")
    typing = request.method == "GET" or "add" in request.POST or "switch" in request.POST
    form = MemberForm(words.data if typing else None, today=today())
    licensed = application.licence.content.get("group", []) if application.licence else []
    shown = {"form": form, "rows": rows, "words": words, "licensed": licensed}
    if "switch" in request.POST or words.source:
        return {**shown, "form": unchecked(form), "quiet": True}
    if request.method != "POST":
        return shown
    if "remove" in request.POST:
        wanted = [row for index, row in enumerate(rows) if str(index) != request.POST["remove"]]
        if _keep(request, application, wanted):
            return redirect("licensing:group", application.public_id)
    elif form.is_valid():
        member = {key: form.cleaned_data[key] for key in MEMBER}
        if save_words(request, application, "group", {"rows": [*rows, member]}, form):
            return redirect("licensing:group", application.public_id)
    return shown


def _keep(request: PortalRequest, application: Application, rows: list[Any]) -> Any:
    return perform(
        request,
        lambda: drafts.save_section(
            public_id=application.public_id, section="group", data={"rows": rows},
            draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
        ),
    )  # fmt: skip
