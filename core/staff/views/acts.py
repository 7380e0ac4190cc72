"""Acts on people: take in, give and end duties, leave, stand in, hand over."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.parties.access import PortalRequest
from core.parties.models import Duty
from core.staff import forms
from core.staff.actions import absences, departures, duties, handovers, people
from core.staff.models import Absence
from core.staff.queries import colleagues, file_of
from core.staff.views.common import (
    administrator,
    draw,
    now,
    office_or_404,
    perform,
    person_or_404,
    require_position,
    today,
)

FORM = ["GET", "POST"]


@administrator
@require_http_methods(FORM)
def create(request: PortalRequest) -> HttpResponse:
    """Take somebody in."""
    office = office_or_404(request)
    require_position(office, own=False)
    kinds = forms.kinds_for(office.authority, office.position)
    form = forms.CreateForm(request.POST or None, kinds=kinds, today=today())
    if request.method == "POST" and form.is_valid():
        made = perform(
            request,
            lambda: people.create_official(
                authority=office.authority, actor=request.actor, at=now(), **form.cleaned_data
            ),
            form,
        )
        if made:
            messages.success(request, _("已建立账号，设置密码的链接已发到 %(email)s") % {"email": made.email})
            return redirect("staff:person", made.public_id)
    return draw(request, "staff/create.html", {"office": office, "form": form})


@administrator
@require_http_methods(FORM)
def grant(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Give a duty."""
    user, office = person_or_404(request, public_id)
    require_position(office, own=False)
    kinds = forms.kinds_for(office.authority, office.position)
    form = forms.GrantForm(request.POST or None, kinds=kinds, today=today())
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: duties.grant_duty(
                public_id=public_id, actor=request.actor, at=now(), **form.cleaned_data
            ),
            form,
        )
        if done:
            messages.success(request, _("职责已设定"))
            return redirect("staff:person", public_id)
    return draw(request, "staff/grant.html", {"person": user, "office": office, "form": form})


@administrator
@require_http_methods(FORM)
def end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """End a duty, at once or on a day."""
    user, office = person_or_404(request, public_id)
    require_position(office, own=False)
    key = request.GET.get("duty", "")
    held = Duty.objects.filter(user=user, authority=office.authority).select_related("authority")
    duty = held.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if duty is None:
        raise Http404
    form = forms.EndForm(request.POST or None, today=today())
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: duties.end_duty(duty_id=duty.pk, actor=request.actor, at=now(), **form.cleaned_data),
            form,
        )
        if done:
            messages.success(request, _("职责的结束日期已设定"))
            return redirect("staff:person", public_id)
    return draw(request, "staff/end.html", {"person": user, "office": office, "duty": duty, "form": form})


@administrator
@require_http_methods(FORM)
def leave(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Somebody leaves: one act for duties, open work and account."""
    user, office = person_or_404(request, public_id)
    require_position(office)
    file = file_of(user, office, now(), today())
    held = {duty.kind for duty in file.current}
    kinds = {
        kind: colleagues(office.authority, today(), but=user, kind=kind)
        for kind in handovers.HANDED_OVER_KINDS
        if kind in held
    }
    form = forms.LeaveForm(request.POST or None, colleagues=kinds)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: departures.leave(
                public_id=public_id, leaves_on=form.cleaned_data["leaves_on"], successors=form.successors(),
                actor=request.actor, at=now(),
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("离岗已登记"))
            return redirect("staff:person", public_id)
    return draw(request, "staff/leave.html", {"person": user, "office": office, "file": file, "form": form})


@administrator
@require_http_methods(FORM)
def hand_over(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Pass on open work now."""
    user, office = person_or_404(request, public_id)
    require_position(office)
    held = set(Duty.objects.filter(user=user, authority=office.authority).values_list("kind", flat=True))
    kinds = {
        kind: colleagues(office.authority, today(), but=user, kind=kind)
        for kind in handovers.HANDED_OVER_KINDS
        if kind in held
    }
    form = forms.SuccessorsForm(request.POST or None, colleagues=kinds)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: [
                handovers.hand_over(
                    public_id=public_id, kind=kind, successor=successor, actor=request.actor, at=now()
                )
                for kind, successor in form.successors().items()
                if successor
            ],
            form,
        )
        if done:
            messages.success(request, _("在办工作正在移交，结果很快列在这里"))
            return redirect("staff:person", public_id)
        if done == []:
            form.add_error(None, _("请至少选一位接手人"))
    return draw(
        request, "staff/hand_over.html", {"person": user, "office": office, "form": form, "kinds": kinds}
    )


@administrator
@require_http_methods(FORM)
def absence(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Somebody is away: who stands in?"""
    user, office = person_or_404(request, public_id)
    require_position(office)
    people_here = [
        person for person in colleagues(office.authority, today(), but=user) if person != request.user
    ]
    form = forms.AbsenceForm(request.POST or None, people=people_here, today=today())
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            lambda: absences.record_absence(
                public_id=public_id, actor=request.actor, at=now(), **form.cleaned_data
            ),
            form,
        )
        if done:
            messages.success(request, _("离岗和代理已登记"))
            return redirect("staff:person", public_id)
    return draw(request, "staff/absence.html", {"person": user, "office": office, "form": form})


@administrator
@require_POST
def end_absence(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Back already: the substitution ends at once."""
    user, office = person_or_404(request, public_id)
    require_position(office)
    key = request.POST.get("absence", "")
    found = Absence.objects.filter(user=user, authority=office.authority)
    row = next((row for row in found if str(row.public_id) == key), None)
    if row is None:
        raise Http404
    if perform(
        request, lambda: absences.end_absence(absence_id=row.public_id, actor=request.actor, at=now())
    ):
        messages.success(request, _("已回岗，代理已结束"))
    return redirect("staff:person", public_id)


@administrator
@require_POST
def invite(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Send the link to set a password once more."""
    user, office = person_or_404(request, public_id)
    require_position(office, own=False)
    if perform(request, lambda: people.invite_again(public_id=public_id, actor=request.actor, at=now())):
        messages.success(request, _("链接已重新发到 %(email)s") % {"email": user.email})
    return redirect("staff:person", public_id)


@administrator
@require_POST
def reinstate(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Somebody comes back."""
    user, office = person_or_404(request, public_id)
    require_position(office)
    if perform(request, lambda: people.reinstate(public_id=public_id, actor=request.actor, at=now())):
        messages.success(
            request, _("账号已恢复，设置密码的链接已发到 %(email)s。请再设定职责") % {"email": user.email}
        )
    return redirect("staff:person", public_id)
