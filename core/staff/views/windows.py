"""The page on which an authority says where the public reaches it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.parties.access import PortalRequest
from core.staff.actions import windows
from core.staff.forms import WindowForm
from core.staff.models import Window
from core.staff.views.common import administrator, draw, now, office_or_404, perform, require_position


@administrator
@require_http_methods(["GET", "POST"])
def window(request: PortalRequest) -> HttpResponse:
    """Telephone, address and hours of the own authority."""
    office = office_or_404(request)
    require_position(office)
    held = Window.objects.filter(authority=office.authority).first()
    shown = {"phone": held.phone, "address": held.address, "hours": held.hours} if held else {}
    form = WindowForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        done = perform(
            request,
            lambda: windows.publish_window(
                authority=office.authority, expected_version=int(version) if version.isdecimal() else -1,
                actor=request.actor, at=now(), **form.cleaned_data,
            ),
            form,
        )  # fmt: skip
        if done:
            messages.success(request, _("已公布，公众马上看得到"))
            return redirect("staff:people")
        held = Window.objects.filter(authority=office.authority).first()
    return draw(request, "staff/window.html", {"office": office, "form": form, "window": held})
