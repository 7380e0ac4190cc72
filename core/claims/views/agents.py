"""The legal representative's pages: agents, powers of attorney, invitations."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.claims import rules
from core.claims.actions import agents, powers, review
from core.claims.forms import InviteForm, PowerForm, ReasonsForm, RenewForm
from core.claims.models import Claim, Invitation
from core.claims.queries import Seat, agents_page, full_address, led_enterprise, party_claim
from core.claims.views.common import draw, now, or_404, perform, posted_version, today
from core.parties.access import PortalRequest, signed_in
from core.parties.models import Enterprise, PowerOfAttorney


@signed_in
@require_http_methods(["GET", "POST"])
def index(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Who may act for this enterprise, and until when? Here others are invited."""
    enterprise = or_404(led_enterprise, request.standing, public_id)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        done = perform(
            request,
            lambda: agents.invite(enterprise_id=public_id, address=address, actor=request.actor, at=now()),
            form,
        )
        if done:
            messages.success(
                request, _("已邀请 %(address)s。如果有这个账号，对方会收到通知") % {"address": done.address}
            )
            return redirect("claims:agents", public_id)
    return draw(request, "claims/agents.html", page=agents_page(enterprise, today()), form=form)


def _seat(request: PortalRequest, enterprise: Enterprise) -> Seat:
    """The agent a page or form names. Raises Http404 for anybody who is no agent here."""
    wanted = request.POST.get("agent") or request.GET.get("agent", "")
    for seat in agents_page(enterprise, today()).seats:
        if str(seat.membership.user.public_id) == wanted:
            return seat
    raise Http404


@signed_in
@require_http_methods(["GET", "POST"])
def grant(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Grant a power of attorney."""
    enterprise = or_404(led_enterprise, request.standing, public_id)
    seat = _seat(request, enterprise)
    latest = seat.latest
    first = (
        rules.renewal_of(latest.power.valid_to, today=today())
        if latest and latest.power.valid_to
        else today()
    )
    form = PowerForm(request.POST or None, initial={"first": first, "last": _in_a_year(first)})
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: powers.grant(
                enterprise_id=public_id, agent=seat.membership.user.public_id, actor=request.actor, at=now(),
                **form.cleaned_data,
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("已授权 %(name)s") % {"name": seat.membership.user.name})
            return redirect("claims:agents", public_id)
    return draw(request, "claims/power.html", enterprise=enterprise, seat=seat, form=form, renewing=None)


def _in_a_year(first: date) -> date:
    try:
        return date.fromordinal(first.replace(year=first.year + 1).toordinal() - 1)
    except ValueError:
        return first.replace(year=first.year + 1, day=28)


def _power(request: PortalRequest, public_id: UUID) -> PowerOfAttorney:
    """A power of an enterprise the person leads. Raises PowerOfAttorney.DoesNotExist."""
    led = [m.enterprise_id for m in request.standing.memberships if m.role == "legal_representative"]
    rows = PowerOfAttorney.objects.select_related("user", "enterprise")
    return rows.get(public_id=public_id, enterprise_id__in=led, revoked_at__isnull=True)


@signed_in
@require_http_methods(["GET", "POST"])
def renew(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Let a power go on from where it ends."""
    power = or_404(_power, request, public_id)
    first = rules.renewal_of(power.valid_to or today(), today=today())
    form = RenewForm(request.POST or None, initial={"last": _in_a_year(first)})
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: powers.renew(
                public_id=public_id, last=form.cleaned_data["last"], actor=request.actor, at=now()
            ),
            form,
        )
        if done:
            messages.success(request, _("已续期"))
            return redirect("claims:agents", power.enterprise.public_id)
    return draw(
        request, "claims/power.html", enterprise=power.enterprise, form=form, renewing=power, first=first
    )


@signed_in
@require_http_methods(["GET", "POST"])
def revoke(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a power back at once."""
    power = or_404(_power, request, public_id)
    if request.method == "POST":
        if perform(request, lambda: powers.revoke(public_id=public_id, actor=request.actor, at=now())):
            messages.success(request, _("授权已收回，即刻生效"))
        return redirect("claims:agents", power.enterprise.public_id)
    question = _("收回给 %(name)s 的授权？") % {"name": power.user.name}
    effect = _("从这一刻起，对方不能再代表企业提交任何东西。已经提交的不受影响。")
    return _asked(request, power.enterprise, question, effect, _("收回授权"), {})


@signed_in
@require_http_methods(["GET", "POST"])
def remove(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Part with an agent."""
    enterprise = or_404(led_enterprise, request.standing, public_id)
    seat = _seat(request, enterprise)
    person = seat.membership.user
    if request.method == "POST":
        done = perform(
            request,
            lambda: agents.remove_agent(
                enterprise_id=public_id, agent=person.public_id, actor=request.actor, at=now()
            ),
        )
        if done:
            messages.success(request, _("%(name)s 不再是代理人，授权同时收回") % {"name": person.name})
        return redirect("claims:agents", public_id)
    question = _("解除 %(name)s 的代理关系？") % {"name": person.name}
    effect = _("对方从现在起看不到企业的办理情况，授权同时收回。对方填写的草稿仍属于企业。")
    return _asked(request, enterprise, question, effect, _("解除代理"), {"agent": str(person.public_id)})


def _asked(
    request: PortalRequest,
    enterprise: Enterprise,
    question: str,
    effect: str,
    button: str,
    hidden: dict[str, str],
) -> HttpResponse:
    return draw(
        request, "claims/confirm.html", enterprise=enterprise, question=question, effect=effect, button=button,
        hidden=hidden,
    )  # fmt: skip


@signed_in
@require_POST
def withdraw_invitation(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    led = [m.enterprise_id for m in request.standing.memberships if m.role == "legal_representative"]
    invitation = or_404(
        lambda: Invitation.objects.select_related("enterprise").get(
            public_id=public_id, enterprise_id__in=led
        )
    )
    if perform(
        request, lambda: agents.withdraw_invitation(public_id=public_id, actor=request.actor, at=now())
    ):
        messages.success(request, _("邀请已撤回"))
    return redirect("claims:agents", invitation.enterprise.public_id)


def _to_answer(request: PortalRequest, public_id: UUID) -> Claim:
    """An agent's claim for the legal representative; others' look absent."""
    claim = or_404(party_claim, request.standing, public_id)
    led = {m.enterprise_id for m in request.standing.memberships if m.role == "legal_representative"}
    if claim.for_representative or claim.enterprise_id not in led:
        raise Http404
    return claim


@signed_in
@require_POST
def admit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a claimant as agent."""
    claim = _to_answer(request, public_id)
    done = perform(
        request,
        lambda: review.admit(
            public_id=public_id, expected_version=posted_version(request), actor=request.actor, at=now()
        ),
    )
    if done:
        messages.success(request, _("已同意。要让对方提交申请，请给对方授权"))
        return redirect("claims:agents", claim.enterprise.public_id)
    return redirect("claims:claim", public_id)


@signed_in
@require_POST
def decline(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Do not take a claimant as agent."""
    claim = _to_answer(request, public_id)
    form = ReasonsForm(request.POST)
    if form.is_valid():
        done = perform(
            request,
            lambda: review.decline(
                public_id=public_id, reasons=form.cleaned_data["reasons"],
                expected_version=posted_version(request), actor=request.actor, at=now(),
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("已答复：不同意"))
            return redirect("claims:agents", claim.enterprise.public_id)
    shown: dict[str, Any] = {"claim": claim, "may_answer": True, "address": full_address(claim, today())}
    return draw(request, "claims/claim.html", **shown, form=form)
