"""The claimant's pages: my enterprises, a claim, its proof; and what a party of a dispute may say."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.claims import identity
from core.claims.actions import agents, filing, proof, review
from core.claims.errors import ClaimOpenAlready
from core.claims.forms import ClaimForm, DocumentForm, ReasonsForm, StatementForm
from core.claims.lifecycle import Status
from core.claims.models import Claim, Statement
from core.claims.queries import full_address, heard_until, open_claim, party_claim, statements_of
from core.claims.queries import mine as mine_of
from core.claims.views.common import draw, now, or_404, perform, posted_version, today
from core.parties.access import PortalRequest, signed_in
from core.parties.models import User


def _person(request: PortalRequest) -> User:
    return User.objects.get(pk=request.user.pk or 0)


@signed_in
@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """For whom do I act, until when, and what is to be done?"""
    return draw(request, "claims/mine.html", mine=mine_of(_person(request), today()), start_url=_start_url())


def _start_url() -> str:
    """Where an application begins, if this portal takes applications."""
    try:
        return reverse("licensing:start")
    except NoReverseMatch:
        return ""


def _next(request: PortalRequest) -> str:
    """Where the person wanted to go before the claim came in between; only places of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def _kept_for(claim: Claim) -> str:
    """Where the session keeps that place: the way to the identity port and back leads over bare addresses."""
    return f"claims.next.{claim.public_id}"


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Claim an enterprise. Sent twice, the second time leads to the same claim."""
    onward = _next(request)
    form = ClaimForm(request.POST or None, today=today())
    if "switch" in request.POST:
        form.errors.clear()
        return _drawn_new(request, form, onward, status=200)
    if request.method == "POST" and form.is_valid():
        claim = _filed(request, form)
        if claim:
            if onward:
                request.session[_kept_for(claim)] = onward
            return redirect("claims:claim", claim.public_id)
    return _drawn_new(request, form, onward)


def _drawn_new(
    request: PortalRequest, form: ClaimForm, onward: str, status: int | None = None
) -> HttpResponse:
    response = draw(request, "claims/new.html", form=form, next=onward)
    response.status_code = status or response.status_code
    return response


def _filed(request: PortalRequest, form: ClaimForm) -> Claim | None:
    facts = form.facts()

    def file() -> Claim:
        try:
            return filing.file_claim(actor=request.actor, at=now(), **facts)
        except ClaimOpenAlready:
            there = open_claim(request.user.pk or 0, facts["uscc"])
            if there is None:
                raise
            messages.info(request, _("你已经认领了这家企业，下面是那件认领"))
            return there

    return perform(request, file, form)


@signed_in
@require_safe
def claim(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Where does the claim stand, and what must I do?"""
    found = or_404(party_claim, request.standing, public_id)
    response = draw(request, "claims/claim.html", **_told(request, found))
    if identity.offered() and found.is_open:
        response._csp_update = {"form-action": [identity.issuer_origin()]}  # type: ignore[attr-defined]
    return response


def _told(request: PortalRequest, found: Claim) -> dict[str, Any]:
    """What this party may see of a claim: its own words to the claimant, the bare matter to the other side."""
    is_claimant = found.claimant_id == request.user.pk
    said = {row.side: row for row in statements_of(found)} if found.disputed_at else {}
    own = Statement.Side.CLAIMANT if is_claimant else Statement.Side.HOLDER
    may_answer = not is_claimant and not found.for_representative and found.status == Status.PENDING
    return {
        "claim": found, "is_claimant": is_claimant, "is_holder": found.holder_id == request.user.pk,
        "may_answer": may_answer, "address": full_address(found, today()), "statement": said.get(own),
        "identity_offered": identity.offered(), "next": request.session.get(_kept_for(found), ""),
        "start_url": _start_url(),
        "form": ReasonsForm(), "heard_until": heard_until(found) if found.status == Status.DISPUTED else None,
    }  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def authorisation(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Hand in the sealed authorisation."""
    found = or_404(party_claim, request.standing, public_id)
    if found.claimant_id != request.user.pk or found.status != Status.PENDING:
        return redirect("claims:claim", public_id)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        done = perform(
            request,
            lambda: proof.submit_document(
                public_id=public_id, content=upload, filename=upload.name, expected_version=posted_version(request),
                actor=request.actor, at=now(),
            ),
            form, "file",
        )  # fmt: skip
        if done:
            messages.success(request, _("授权书已提交"))
            return redirect("claims:claim", public_id)
    return draw(request, "claims/authorisation.html", claim=found, form=form)


@signed_in
@require_http_methods(["GET", "POST"])
def statement(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say once what one has to say in a dispute."""
    found = or_404(party_claim, request.standing, public_id)
    me = request.user.pk
    if found.status != Status.DISPUTED or found.statements.filter(author_id=me).exists():
        messages.info(request, _("这件认领没有等你陈述的争议，或者你已经陈述过"))
        return redirect("claims:claim", public_id)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["document"]
        done = perform(
            request,
            lambda: review.state_case(
                public_id=public_id, text=form.cleaned_data["text"], document=upload or None,
                filename=upload.name if upload else "", actor=request.actor, at=now(),
            ),
            form, "document",
        )  # fmt: skip
        if done:
            messages.success(request, _("意见已提交给许可机关"))
            return redirect("claims:claim", public_id)
    return draw(request, "claims/statement.html", claim=found, form=form, is_claimant=found.claimant_id == me)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take the claim back."""
    found = or_404(party_claim, request.standing, public_id)
    if found.claimant_id != request.user.pk or not found.is_open:
        return redirect("claims:claim", public_id)
    if request.method == "POST":
        if perform(request, lambda: filing.withdraw(public_id=public_id, actor=request.actor, at=now())):
            messages.success(request, _("已撤回认领"))
            return redirect("claims:mine")
        return redirect("claims:claim", public_id)
    return draw(request, "claims/withdraw.html", claim=found)


@signed_in
@require_POST
def accept_invitation(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Become an agent."""
    done = perform(
        request,
        lambda: or_404(lambda: agents.accept_invitation(public_id=public_id, actor=request.actor, at=now())),
    )
    if done:
        messages.success(request, _("你现在是这家企业的代理人。得到授权之后可以提交申请"))
    return redirect("claims:mine")


@signed_in
@require_POST
def decline_invitation(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say no."""
    done = perform(
        request,
        lambda: or_404(lambda: agents.decline_invitation(public_id=public_id, actor=request.actor, at=now())),
    )
    if done:
        messages.success(request, _("已答复：不接受"))
    return redirect("claims:mine")
