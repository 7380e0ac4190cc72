"""A lost second factor, by four eyes: propose, and confirm as somebody else."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.lifecycle.errors import DomainError
from core.parties.access import PortalRequest
from core.staff.actions import resets
from core.staff.forms import ProposeResetForm
from core.staff.models import SecondFactorReset
from core.staff.rules import may_confirm_reset
from core.staff.views.common import administrator, draw, now, perform, person_or_404, require_position


@administrator
@require_http_methods(["GET", "POST"])
def propose(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Propose to remove somebody's second factor."""
    user, office = person_or_404(request, public_id)
    require_position(office, own=False)
    form = ProposeResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: resets.propose_reset(
                public_id=public_id, actor=request.actor, at=now(), **form.cleaned_data
            ),
            form,
        )
        if done:
            messages.success(request, _("已提出，请另一位管理员在 24 小时内确认"))
            return redirect("staff:person", public_id)
    return draw(request, "staff/propose_reset.html", {"person": user, "office": office, "form": form})


@administrator
@require_http_methods(["GET", "POST"])
def reset(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Confirm a proposed reset, or take it back."""
    found = _reset_or_404(request, public_id)
    if request.method == "POST":
        withdraw = request.POST.get("act") == "withdraw"
        act = resets.withdraw_reset if withdraw else resets.confirm_reset
        if perform(request, lambda: act(public_id=public_id, actor=request.actor, at=now())):
            messages.success(
                request,
                _("已撤回") if withdraw else _("已重置。此人各处的登录已退出，下次登录时重新设置第二重验证"),
            )
        return redirect("staff:person", found.user.public_id)
    refusal = may_confirm_reset(
        actor_id=request.actor.user_id or 0, proposer_id=found.proposed_by_id, subject_id=found.user_id,
        status=found.status, at=now(), expires_at=found.expires_at,
    )  # fmt: skip
    return render(request, "staff/reset.html", {"reset": found, "person": found.user, "refusal": refusal})


def _reset_or_404(request: PortalRequest, public_id: UUID) -> SecondFactorReset:
    rows = SecondFactorReset.objects.select_related(
        "user", "authority__parent", "proposed_by", "confirmed_by"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    try:
        resets.require_position(request.actor, found.user, found.authority, now())
    except DomainError as error:
        raise Http404 from error
    return found
