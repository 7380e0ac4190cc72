"""Standing orders: what the system may grant at once, in whose name, signed by whom (R-85)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries import categories_on
from core.parties.access import PortalRequest, official
from licensing.actions.orders import revoke_order, sign_order
from licensing.exemptions import RULES_VERSION
from licensing.forms.orders import OrderForm, RevokeOrderForm
from licensing.models import StandingOrder
from licensing.queries.orders import (
    READERS,
    also_covering,
    as_row,
    find_order,
    may_revoke,
    order_list,
    signing_authorities,
)
from licensing.views.common import now, perform, today


@official(*READERS)
def orders(request: PortalRequest) -> HttpResponse:
    """What may the system grant at once?"""
    found = order_list(request.standing, before=request.GET.get("before", ""), now=now(), today=today())
    may_sign = signing_authorities(request.standing).exists()
    return render(request, "licensing/orders.html", {"orders": found, "may_sign": may_sign})


@official("approval")
@require_http_methods(["GET", "POST"])
def sign(request: PortalRequest) -> HttpResponse:
    """Sign an order for one's own authority."""
    authorities = signing_authorities(request.standing)
    if not authorities:
        raise Http404
    categories = sorted((entry.category.key, entry.name) for entry in categories_on(today()))
    form = OrderForm(
        request.POST or None, authorities=authorities, categories=categories, initial={"valid_from": today()}
    )
    if request.method == "POST" and form.is_valid():
        row = perform(request, lambda: sign_order(**form.order(), actor=request.actor, at=now()), form)
        if row:
            messages.success(request, _("常设审批令 %(number)s 已签署并公布") % {"number": row.number})
            return redirect("licensing:standing_order", row.public_id)
    return render(
        request, "licensing/order_new.html", {"form": form, "rules_version": RULES_VERSION},
        status=422 if form.errors else 200,
    )  # fmt: skip


def order_or_404(request: PortalRequest, public_id: UUID) -> StandingOrder:
    found = find_order(request.standing, public_id)
    if found is None:
        raise Http404
    return found


@official(*READERS)
def order(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One order with its figures."""
    row = order_or_404(request, public_id)
    return render(
        request, "licensing/order.html",
        {"line": as_row(row, now(), today()), "order": row, "may_revoke": may_revoke(request.standing, row)},
    )  # fmt: skip


@official("approval")
@require_http_methods(["GET", "POST"])
def revoke(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Revoke an order at once; what it has granted stands."""
    row = order_or_404(request, public_id)
    if not request.standing.holds("approval", row.authority_id):
        raise Http404
    form = RevokeOrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reasons = form.cleaned_data["reasons"]
        if perform(
            request,
            lambda: revoke_order(public_id=public_id, reasons=reasons, actor=request.actor, at=now()),
            form,
        ):
            messages.success(request, _("已撤销，即刻起不再依它作出决定"))
            return redirect("licensing:standing_order", public_id)
    return render(
        request,
        "licensing/order_revoke.html",
        {"form": form, "order": row, "others": also_covering(row, today())},
        status=422 if form.errors else 200,
    )
