"""The officials' desk: sealed authorisations to check, disputes to decide; and the documents of a claim."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.claims.actions import review as acts
from core.claims.actions.act import has_stake
from core.claims.forms import AcceptForm, ReasonsForm
from core.claims.lifecycle import Status
from core.claims.models import Claim, Statement
from core.claims.queries import (
    awaits_clerk,
    decided,
    full_address,
    heard_until,
    party_claim,
    review_claim,
    statements_of,
    to_decide,
    to_review,
)
from core.claims.views.common import draw, now, or_404, perform, posted_version, today
from core.files.models import StoredFile
from core.files.responses import show
from core.parties.access import PortalRequest, official, signed_in

PAGE = 25
WAITING = 100
READERS = ("acceptance", "approval", "audit")


@official(*READERS)
@require_safe
def review_list(request: PortalRequest) -> HttpResponse:
    """What waits for me, what was decided here."""
    standing, related = request.standing, ("claimant", "enterprise")
    page = Paginator(decided(standing), PAGE).get_page(request.GET.get("page"))
    return draw(
        request, "claims/review_list.html", page=page,
        reviews=list(to_review(standing, today()).select_related(*related)[:WAITING]),
        disputes=list(to_decide(standing).select_related(*related)[:WAITING]),
    )  # fmt: skip


FORMS = {"accept": AcceptForm, "refuse": ReasonsForm, "uphold": ReasonsForm, "replace": ReasonsForm}


@official(*READERS)
@require_http_methods(["GET", "POST"])
def review(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The document beside what was typed; then the decision."""
    claim = or_404(review_claim, request.standing, public_id)
    offered = _offered(request, claim)
    chosen = request.POST.get("act") or request.GET.get("act", "")
    chosen = chosen if chosen in offered else (offered[0] if offered else "")
    form = FORMS[chosen](request.POST or None) if chosen else None
    if request.method == "POST" and not offered:
        messages.error(request, _("这件认领已经有了新的进展，或者不由你办理。下面是最新情况"))
        return redirect("claims:review", public_id)
    if request.method == "POST" and form is not None and form.is_valid():
        if _decided(request, claim, chosen, form):
            return redirect("claims:review_list")
        claim = or_404(review_claim, request.standing, public_id)
        offered = _offered(request, claim)
    return draw(
        request, "claims/review.html", **_shown(request, claim), form=form, act=chosen, offered=offered
    )


def _offered(request: PortalRequest, claim: Claim) -> list[str]:
    """The acts open to this official, by the same questions the acts themselves ask."""
    standing = request.standing
    if has_stake(claim, standing.user_id, standing.enterprise_ids | standing.claimed_ids):
        return []
    if claim.status == Status.DISPUTED and standing.holds("approval", claim.authority_id):
        return ["uphold"] if _waits_for_holder(claim) else ["uphold", "replace"]
    if standing.holds("acceptance", claim.authority_id) and awaits_clerk(claim, today()):
        return ["accept", "refuse"]
    return []


def _waits_for_holder(claim: Claim) -> date | None:
    """Until when the legal representative in place may still be heard before anybody takes over; None if not."""
    until = heard_until(claim) if claim.status == Status.DISPUTED else None
    return until if until and today() <= until else None


def _shown(request: PortalRequest, claim: Claim) -> dict[str, Any]:
    standing = request.standing
    stake = has_stake(claim, standing.user_id, standing.enterprise_ids | standing.claimed_ids)
    papers = [("authorisation", _("盖章授权书"), claim.document)] if claim.document else []
    statements = statements_of(claim)
    for row in statements:
        if row.document:
            papers.append((f"statement_{row.side}", str(row.get_side_display()) + _("的材料"), row.document))
    wanted = request.GET.get("paper", "")
    shown = next((paper for paper in papers if paper[0] == wanted), papers[0] if papers else None)
    return {
        "claim": claim, "address": full_address(claim, today()), "statements": statements, "papers": papers,
        "paper": shown, "stake": stake, "missing": _silent(claim, statements),
        "heard_until": _waits_for_holder(claim),
    }  # fmt: skip


def _silent(claim: Claim, statements: list[Statement]) -> list[str]:
    """The sides of a dispute that have not spoken yet."""
    if claim.status != Status.DISPUTED:
        return []
    heard = {row.side for row in statements}
    return [str(label) for side, label in Statement.Side.choices if side not in heard]


def _decided(request: PortalRequest, claim: Claim, chosen: str, form: Any) -> Any:
    common: dict[str, Any] = {
        "public_id": claim.public_id, "expected_version": posted_version(request), "actor": request.actor,
        "at": now(), **form.cleaned_data,
    }  # fmt: skip
    done = perform(request, lambda: getattr(acts, chosen)(**common), form)
    if done:
        words = {
            "accept": _("已认可授权书，认领人可以代表企业办理"),
            "refuse": _("已答复认领人：未通过"),
            "uphold": _("已裁定：维持原法定代表人账号"),
            "replace": _("已裁定：由认领人接任，原有授权全部收回"),
        }
        messages.success(request, words[chosen])
    return done


@signed_in
@require_safe
def document(request: PortalRequest, public_id: UUID, slot: str) -> HttpResponseBase:
    """One document of a claim: for its author, the officials of its authority, and an agent's legal representative."""
    stored = _as_official(request, public_id, slot) or _as_party(request, public_id, slot)
    if stored is None:
        raise Http404
    return show(request, stored)


def _as_official(request: PortalRequest, public_id: UUID, slot: str) -> StoredFile | None:
    if not request.standing.authorities(*READERS):
        return None
    try:
        claim = review_claim(request.standing, public_id)
    except Claim.DoesNotExist:
        return None
    return _document_in(claim, slot)


def _as_party(request: PortalRequest, public_id: UUID, slot: str) -> StoredFile | None:
    claim = or_404(party_claim, request.standing, public_id)
    me = request.user.pk
    if slot == "authorisation" and claim.holder_id == me:
        return None
    stored = _document_in(claim, slot)
    mine = stored is not None and stored.uploaded_by_id == me
    return stored if mine or slot == "authorisation" else None


def _document_in(claim: Claim, slot: str) -> StoredFile | None:
    if slot == "authorisation":
        return claim.document
    said = (
        claim.statements.select_related("document__blob").filter(side=slot.removeprefix("statement_")).first()
    )
    return said.document if said and slot.startswith("statement_") else None
