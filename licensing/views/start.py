"""The door of the wizard: a new draft, empty or with its product chosen."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, signed_in
from core.parties.models import Enterprise
from licensing.actions.start import start_chosen
from licensing.kinds import FROM_LICENCE, Kind, rules_of
from licensing.queries.choices import ChosenProduct, chosen_product
from licensing.queries.licences import offer_of, own_licence
from licensing.terms import last_timely_day
from licensing.views.common import now, perform, today


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: PortalRequest) -> HttpResponse:
    """Begin a new application. The page makes the draft's id, so sending it twice opens one draft.

    `?category=` and `&unit=`, as the public guide sends them, open a draft with these chosen; `?kind=` and `&licence=`
    begin from a licence of the enterprise. Who acts for no
    enterprise yet is led to claim one and comes back here.
    """
    memberships = request.standing.memberships + request.standing.claims
    if not memberships:
        if request.standing.is_official:
            raise PermissionDenied
        return redirect(reverse("claims:new") + "?" + urlencode({"next": request.get_full_path()}))
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get("kind", Kind.NEW) in FROM_LICENCE:
        return _from_licence(request, Kind(asked["kind"]), asked.get("licence", ""))
    product = chosen_product(asked.get("category", ""), asked.getlist("unit"), today())
    if request.method == "POST":
        enterprise = Enterprise.objects.filter(
            pk__in=request.standing.enterprise_ids | request.standing.claimed_ids,
            uscc=request.POST.get("enterprise", ""),
        ).first()
        if enterprise and (draft := _begun(request, enterprise, product=product)):
            return redirect("licensing:tasks", draft.public_id)
    return render(
        request, "licensing/start.html",
        {"memberships": memberships, "draft_id": uuid4(), "product": product, "rules": rules_of(Kind.NEW)},
    )  # fmt: skip


def _from_licence(request: PortalRequest, kind: Kind, number: str) -> HttpResponse:
    """Begin a case from a licence the enterprise holds: what it is for, and what comes.

    Who has one under way is led to it; what cannot begin now is not offered, and the list of licences says why.
    """
    licence = own_licence(request.standing, number[:40])
    if licence is None:
        raise Http404
    offer = offer_of(request.standing, kind, licence, now())
    if offer.under_way is not None:
        page = "licensing:tasks" if offer.under_way.is_draft else "licensing:case"
        return redirect(page, offer.under_way.public_id)
    if offer.reason:
        messages.error(request, str(offer.reason))
        return redirect("licensing:own_licences")
    if request.method == "POST" and (
        draft := _begun(request, licence.enterprise, kind=kind, licence=licence)
    ):
        return redirect("licensing:tasks", draft.public_id)
    last = last_timely_day(licence.valid_until)
    return render(
        request, "licensing/start_from.html",
        {
            "kind": kind, "licence": licence, "draft_id": uuid4(), "rules": rules_of(kind), "last_timely": last,
            "late": kind is Kind.RENEWAL and today() > last,
        },
    )  # fmt: skip


def _begun(
    request: PortalRequest, enterprise: Enterprise, product: ChosenProduct | None = None, **about: Any
) -> Any:
    """The draft under the id the page made; None when it could not be opened."""
    public_id = _uuid(request.POST.get("draft", ""))
    if public_id is None:
        return None
    return perform(
        request,
        lambda: start_chosen(
            public_id=public_id,
            enterprise=enterprise,
            product=product,
            actor=request.actor,
            at=now(),
            **about,
        ),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
