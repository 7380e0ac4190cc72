"""A decision that waits to take effect: seen by those inside, taken back by whoever made it (DOMAIN §3.2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.parties.access import PortalRequest, official
from licensing.actions.holding import recall
from licensing.views.common import case_or_404, now, perform, posted_version


@official("approval", "head")
@require_POST
def recall_decision(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a decision back before it takes effect."""
    application = case_or_404(request, public_id)
    done = perform(
        request,
        lambda: recall(
            public_id=application.public_id, expected_version=posted_version(request), actor=request.actor, at=now()
        ),
    )  # fmt: skip
    if done:
        messages.success(request, _("决定已经撤回，没有生效。请重新决定"))
    return redirect("licensing:case", public_id)
