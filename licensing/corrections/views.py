"""Pages of corrections: the list, a proposal, its decision; what a holder asks, and the answer (R-89)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.files.responses import show
from core.lifecycle.errors import DomainError, NotAllowed
from core.parties.access import PortalRequest, enterprise_member, official, signed_in
from licensing.corrections import queries as query
from licensing.corrections.actions import asking, deciding, proposing
from licensing.corrections.actions.common import require_in_force
from licensing.corrections.errors import NoSuchLicence
from licensing.corrections.facts import words_on
from licensing.corrections.forms import (
    AnswerForm,
    AskForm,
    DeclineForm,
    NumberForm,
    ProposeForm,
    licence_number,
)
from licensing.corrections.lifecycle import BASIS, Asked
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.corrections.words import lines_of
from licensing.models import RUNNING, ProductionLicence
from licensing.views.common import now, perform, posted_version, today


@official(*query.READERS)
@require_safe
def corrections(request: PortalRequest) -> HttpResponse:
    """What is wrong on which certificates?"""
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    asked = state in ("asked", "all")
    listed = query.requests if asked else query.corrections
    shown = {
        "page": listed(request.standing, state=state, after=after), "asked": asked,
        "may_propose": bool(request.standing.authorities(*query.PROPOSERS)),
    }  # fmt: skip
    return render(request, "corrections/list.html", shown)


@official(*query.PROPOSERS)
@require_http_methods(["GET", "POST"])
def propose(request: PortalRequest) -> HttpResponse:
    """Which certificate, then: what should it say?"""
    given = request.GET.get("number", "")
    form = NumberForm(request.GET if "number" in request.GET else None)
    if not given or not form.is_valid():
        return _ask_number(request, form)
    licence = query.licence_numbered(form.cleaned_data["number"])
    try:
        if licence is None or not query.may_propose(request.standing, licence):
            raise NoSuchLicence("number")
        require_in_force(licence, now())
    except DomainError as error:
        form.add_error("number", str(error))
        return _ask_number(request, form)
    asked = _request_behind(request, licence)
    words, papers = words_on(licence), query.papers_of(request.standing, licence)
    wanted = ProposeForm(request.POST or None, words=words, papers=papers)
    if request.method == "POST" and wanted.is_valid():
        row = perform(request, lambda: _propose(request, licence, wanted, asked), wanted)
        if row:
            messages.success(request, _("已提出，由发证机关的另一人批准"))
            return redirect("corrections:correction", row.public_id)
    shown = {"form": wanted, "licence": licence, "asked": asked, "basis": BASIS}
    return render(request, "corrections/new.html", shown, status=422 if wanted.errors else 200)


def _ask_number(request: PortalRequest, form: NumberForm) -> HttpResponse:
    return render(request, "corrections/number.html", {"form": form}, status=422 if form.errors else 200)


def _request_behind(request: PortalRequest, licence: ProductionLicence) -> CorrectionRequest | None:
    """The open request that the proposal answers, from the address; None for anything else there."""
    try:
        asked = query.find_request(request.standing, UUID(request.GET.get("request", "")))
    except ValueError:
        return None
    return asked if asked and asked.licence_id == licence.pk and asked.status == Asked.OPEN else None


def _propose(
    request: PortalRequest, licence: ProductionLicence, form: ProposeForm, asked: CorrectionRequest | None
) -> CertificateCorrection:
    data = form.cleaned_data
    return proposing.propose(
        number=licence.number, wanted=form.wanted, since=data["since"], source=form.origin, reason=data["reason"],
        request=asked.public_id if asked else None, actor=request.actor, at=now(),
    )  # fmt: skip


def _correction(request: PortalRequest, public_id: UUID) -> CertificateCorrection:
    row = query.find(request.standing, public_id)
    if row is None:
        raise Http404
    return row


@signed_in
@require_http_methods(["GET", "POST"])
def correction(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Is this to be corrected?"""
    row, standing = _correction(request, public_id), request.standing
    own = row.licence.enterprise_id in standing.interests
    form = DeclineForm(request.POST if request.POST.get("act") == "decline" else None)
    status = 200
    if request.method == "POST":
        status = _acted(request, lambda: _decide(request, row, form), form)
        if status == 302:
            return redirect("corrections:correction", public_id)
        row = _correction(request, public_id)
    source = query.source_of(standing, row)
    proposes = row.is_open and query.may_propose(standing, row.licence)
    shown = {
        "row": row, "lines": lines_of(row), "form": form, "own": own, "source": source, "basis": BASIS,
        "stale": query.is_stale(row), "may_decide": query.may_decide(standing, row), "may_propose": proposes,
    }  # fmt: skip
    return render(request, "corrections/correction.html", shown, status=status)


def _acted(request: PortalRequest, act: Callable[[], str], form: Form) -> int:
    """302 when done, 403 when it is not this person's to do, else 422; why not stands at its field or on top."""
    try:
        said = act()
    except NotAllowed as error:
        messages.error(request, str(error))
        return 403
    except DomainError as error:
        if error.field in form.fields:
            form.add_error(error.field, str(error))
        else:
            messages.error(request, str(error))
        return 422
    if not said:
        return 422
    messages.success(request, said)
    return 302


def _decide(request: PortalRequest, row: CertificateCorrection, form: DeclineForm) -> str:
    """What was done, in words; empty where the form is not complete."""
    common: dict[str, Any] = {
        "public_id": row.public_id, "expected_version": posted_version(request), "actor": request.actor, "at": now(),
    }  # fmt: skip
    asked = request.POST.get("act", "")
    if asked == "decline":
        if not form.is_valid():
            return ""
        deciding.decline(**common, reasons=form.cleaned_data["reasons"])
        return _("已记录不予更正")
    if asked == "withdraw":
        proposing.withdraw(**common)
        return _("已撤回")
    if asked == "confirm":
        proposing.confirm(**common)
        return _("已按现在的许可证重新确认，等发证机关批准")
    if asked == "approve":
        deciding.approve(**common)
        return _("已更正，新证书正在签发")
    return ""


@signed_in
@require_safe
def source(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The paper that shows what is right."""
    row = _correction(request, public_id)
    stored = query.source_of(request.standing, row)
    if stored is None:
        raise Http404
    return show(request, stored)


def _request(request: PortalRequest, public_id: UUID) -> CorrectionRequest:
    row = query.find_request(request.standing, public_id)
    if row is None:
        raise Http404
    return row


@signed_in
@require_http_methods(["GET", "POST"])
def asked_for(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What does the holder say is wrong, and what is the answer?"""
    row, standing = _request(request, public_id), request.standing
    own = row.licence.enterprise_id in standing.interests
    form = AnswerForm(request.POST if request.POST.get("act") == "answer" else None)
    status = 200
    if request.method == "POST":
        status = _acted(request, lambda: _answer(request, row, form), form)
        if status == 302:
            return redirect("corrections:request", public_id)
        row = _request(request, public_id)
    may_answer = row.status == Asked.OPEN and query.may_propose(standing, row.licence)
    shown = {
        "row": row, "form": form, "own": own, "may_answer": may_answer, "today": today(),
        "may_take_back": row.status == Asked.OPEN and _files_for(request, row.licence),
        "corrections": row.corrections.order_by("pk"),
    }  # fmt: skip
    return render(request, "corrections/request.html", shown, status=status)


def _files_for(request: PortalRequest, licence: ProductionLicence) -> bool:
    seats = request.standing.memberships
    return any(seat.may_file and seat.enterprise_id == licence.enterprise_id for seat in seats)


def _answer(request: PortalRequest, row: CorrectionRequest, form: AnswerForm) -> str:
    common: dict[str, Any] = {
        "public_id": row.public_id, "expected_version": posted_version(request), "actor": request.actor, "at": now(),
    }  # fmt: skip
    if request.POST.get("act") == "take_back":
        asking.take_back(**common)
        return _("已撤回请求")
    if not form.is_valid():
        return ""
    asking.answer(**common, text=form.cleaned_data["text"])
    return _("已答复企业")


@signed_in
@require_safe
def attachment(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The paper a holder added."""
    row = _request(request, public_id)
    if row.attachment is None:
        raise Http404
    return show(request, row.attachment)


@enterprise_member
@require_safe
def mine(request: PortalRequest) -> HttpResponse:
    """What have we asked for, and what became of it?"""
    shown = {
        "page": query.own_page(request.standing, after=request.GET.get("after", "")),
        "corrections": query.own_corrections(request.standing),
    }  # fmt: skip
    return render(request, "corrections/mine.html", shown)


@enterprise_member
@require_http_methods(["GET", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """Which certificate is wrong, and where?"""
    rows = ProductionLicence.objects.filter(
        enterprise_id__in=request.standing.enterprise_ids, status__in=RUNNING, valid_until__gte=today()
    )
    licences = list(rows.order_by("valid_until", "pk"))
    form = AskForm(
        request.POST or None,
        request.FILES or None,
        licences=licences,
        initial={"number": _number_in(request)},
    )
    if request.method == "POST" and form.is_valid():
        row = perform(request, lambda: _ask(request, form), form, upload_field="attachment")
        if row:
            messages.success(request, _("已送到机关，最迟 %(day)s 答复") % {"day": row.reply_due_on})
            return redirect("corrections:request", row.public_id)
    return render(
        request,
        "corrections/ask.html",
        {"form": form, "licences": licences},
        status=422 if form.errors else 200,
    )


def _number_in(request: PortalRequest) -> str:
    """The number an address names, in its canonical form; empty for anything else."""
    try:
        return licence_number(request.GET.get("licence", "")[:40])
    except ValidationError:
        return ""


def _ask(request: PortalRequest, form: AskForm) -> CorrectionRequest:
    data = form.cleaned_data
    upload = data["attachment"]
    return asking.ask(
        number=data["number"], wrong=data["wrong"], explanation=data["explanation"], attachment=upload,
        filename=upload.name if upload else "", actor=request.actor, at=now(),
    )  # fmt: skip
