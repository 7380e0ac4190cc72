"""One's tokens: which there are, a new one, one taken back."""

from typing import Any
from uuid import UUID, uuid4

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.lifecycle.errors import DomainError
from core.parties.access import PortalRequest, signed_in
from core.parties.models import Enterprise
from core.rest import actions
from core.rest.forms import EnterpriseTokenForm, TokenForm
from core.rest.queries import may_issue_for, token_rows, tokens_of


@signed_in
def tokens(request: PortalRequest) -> HttpResponse:
    """Which systems act in my name?"""
    standing = request.standing
    may_issue = standing.is_official or bool(may_issue_for(standing))
    rows = token_rows(standing, timezone.now())
    return render(request, "api/tokens.html", {"rows": rows, "may_issue": may_issue})


@signed_in
@reauthentication_required
@require_http_methods(["GET", "POST"])
def issue(request: PortalRequest) -> HttpResponse:
    """A new token. Its secret stands on the page that answers, and nowhere else."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        made = _issued(request, form)
        if made:
            return render(request, "api/issued.html", {"token": made[0], "secret": made[1]})
    status = 422 if request.method == "POST" else 200
    return render(request, "api/issue.html", {"form": form}, status=status)


def _form(request: PortalRequest) -> TokenForm:
    data = request.POST if request.method == "POST" else None
    initial = {"public_id": uuid4()}
    if request.standing.is_official:
        return TokenForm(data, initial=initial)
    seats = may_issue_for(request.standing)
    if not seats:
        raise PermissionDenied
    return EnterpriseTokenForm(data, initial=initial, seats=seats)


def _issued(request: PortalRequest, form: TokenForm) -> Any:
    told = dict(form.cleaned_data)
    common: dict[str, Any] = {
        "scopes": tuple(told.pop("scopes")),
        "actor": request.actor,
        "at": timezone.now(),
    }
    try:
        if isinstance(form, EnterpriseTokenForm):
            enterprise = Enterprise.objects.get(uscc=told.pop("enterprise"))
            return actions.issue_for_enterprise(enterprise=enterprise, **told, **common)
        return actions.issue_for_official(**told, **common)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


@signed_in
@require_POST
def revoke(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take one back; somebody else's is not there."""
    token = tokens_of(request.standing).filter(public_id=public_id).first()
    if token is None:
        raise Http404
    actions.revoke(token=token, actor=request.actor, at=timezone.now())
    messages.success(request, _("令牌“%(name)s”已收回，从现在起不能再用") % {"name": token.name})
    return redirect("api:tokens")
