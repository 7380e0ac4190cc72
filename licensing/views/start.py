"""The door of the wizard: a new draft, empty or with its product chosen."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest, signed_in
from core.parties.models import Enterprise
from licensing.actions.start import start_chosen
from licensing.queries.choices import chosen_product
from licensing.views.common import now, perform, today


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: PortalRequest) -> HttpResponse:
    """Begin a new application. The page makes the draft's id, so sending it twice opens one draft.

    `?category=` and `&unit=`, as the public guide sends them, open a draft with these chosen. Who acts for no
    enterprise yet is led to claim one and comes back here.
    """
    memberships = request.standing.memberships + request.standing.claims
    if not memberships:
        if request.standing.is_official:
            raise PermissionDenied
        return redirect(reverse("claims:new") + "?" + urlencode({"next": request.get_full_path()}))
    asked = request.POST if request.method == "POST" else request.GET
    product = chosen_product(asked.get("category", ""), asked.getlist("unit"), today())
    if request.method == "POST":
        enterprise = Enterprise.objects.filter(
            pk__in=request.standing.enterprise_ids | request.standing.claimed_ids,
            uscc=request.POST.get("enterprise", ""),
        ).first()
        public_id = _uuid(request.POST.get("draft", ""))
        if enterprise and public_id:
            draft = perform(
                request,
                lambda: start_chosen(
                    public_id=public_id, enterprise=enterprise, product=product, actor=request.actor, at=now()
                ),
            )
            if draft:
                return redirect("licensing:tasks", draft.public_id)
    return render(
        request, "licensing/start.html", {"memberships": memberships, "draft_id": uuid4(), "product": product}
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
