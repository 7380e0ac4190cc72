"""Whether the product is tested before the visit: the enterprise's choice, where it is tried (R-39, R-41)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.parties.access import PortalRequest, enterprise_member
from licensing.actions.timing import choose_before_visit
from licensing.views.common import case_or_404, now, perform, posted_version


@enterprise_member
@require_POST
def choose(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Have the product tested before the visit."""
    application = case_or_404(request, public_id)
    done = perform(
        request,
        lambda: choose_before_visit(
            public_id=application.public_id, expected_version=posted_version(request), actor=request.actor, at=now()
        ),
    )  # fmt: skip
    if done:
        messages.success(request, _("已选择实地核查前检验。请把样品送到你选的检验机构"))
    return redirect("licensing:case", public_id)
