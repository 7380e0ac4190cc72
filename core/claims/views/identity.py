"""To the identity port and back."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.claims import identity
from core.claims.actions import proof
from core.claims.errors import IdentityFailed
from core.claims.lifecycle import Status
from core.claims.models import Claim
from core.claims.queries import party_claim
from core.claims.views.common import now, or_404, perform
from core.parties.access import PortalRequest, signed_in


def redirect_uri() -> str:
    """The one address the issuer sends people back to, whatever their language."""
    with override("zh-hans"):
        return settings.PUBLIC_BASE_URL + reverse("claims:identity_return")


@signed_in
@require_POST
def start(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Remember the journey and send the claimant to the identity port."""
    found = or_404(party_claim, request.standing, public_id)

    def depart() -> str:
        language = get_language() or "zh-hans"
        journey = identity.depart(redirect_uri=redirect_uri(), uscc=found.enterprise.uscc, language=language)
        proof.begin_identity(
            public_id=public_id, state=journey.state, nonce=journey.nonce, verifier=journey.verifier,
            language=language, actor=request.actor, at=now(),
        )  # fmt: skip
        return journey.url

    url = perform(request, depart)
    if url is None:
        return redirect("claims:claim", public_id)
    response = redirect(url)
    response._csp_update = {"form-action": [identity.issuer_origin()]}  # type: ignore[attr-defined]
    return response


@signed_in
@require_safe
def arrive(request: PortalRequest) -> HttpResponse:
    """Back from the identity port. The address is fixed by OpenID Connect, so this act comes by GET; the state,
    used up first, is what a form's token is elsewhere."""
    attempt = perform(
        request,
        lambda: proof.take_attempt(state=request.GET.get("state", "")[:200], actor=request.actor, at=now()),
    )
    if attempt is None:
        return redirect("claims:mine")
    with override(attempt.language):
        done = perform(request, lambda: _prove(request, attempt))
        if done is not None:
            _say(request, done.status)
        return redirect("claims:claim", attempt.claim)


def _prove(request: PortalRequest, attempt: proof.Attempt) -> Claim:
    if "error" in request.GET or not request.GET.get("code"):
        raise IdentityFailed(reason=_("你在认证平台没有确认"))
    assertion = identity.arrive(
        code=request.GET["code"][:2000], nonce=attempt.nonce, verifier=attempt.verifier, redirect_uri=redirect_uri(),
        at=now(),
    )  # fmt: skip
    return proof.prove_by_identity(
        public_id=attempt.claim, assertion=assertion, actor=request.actor, at=now()
    )


def _say(request: PortalRequest, status: str) -> None:
    if status == Status.PROVED:
        messages.success(request, _("身份认证通过，认领已证明"))
    elif status == Status.DISPUTED:
        messages.warning(request, _("身份认证通过。这家企业已有法定代表人账号，由许可机关裁定"))
    else:
        messages.success(request, _("身份认证通过，等待企业的法定代表人决定"))
