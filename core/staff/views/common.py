"""What these pages share."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from core.parties.access import PortalRequest, official
from core.parties.models import Authority, User
from core.staff.queries import Office, find, home_offices, office_of

T = TypeVar("T")
administrator = official("organisation_admin", "national_admin")
reader = official("organisation_admin", "national_admin", "audit")


def now() -> datetime:
    """The clock, read at the edge."""
    return timezone.now()


def today() -> date:
    return shanghai_date(timezone.now())


def perform(request: HttpRequest, act: Callable[[], T], form: Form | None = None) -> T | None:
    """Run an act; a refusal lands at the field that caused it, or on top of the page. None when refused."""
    try:
        return act()
    except DomainError as error:
        if form is not None:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.error(request, str(error))
        return None


def person_or_404(request: PortalRequest, public_id: UUID) -> tuple[User, Office]:
    """A person of an authority this viewer looks after; foreign and absent look the same."""
    try:
        return find(request.standing, public_id, today())
    except User.DoesNotExist as error:
        raise Http404 from error


def office_or_404(request: PortalRequest) -> Office:
    """The authority named in the address, else the viewer's own."""
    code = request.GET.get("authority", "").replace("\0", "?")
    if not code:
        homes = home_offices(request.standing)
        office = office_of(request.standing, homes[0]) if homes else None
    else:
        authority = Authority.objects.filter(code=code[:6]).first()
        office = office_of(request.standing, authority) if authority else None
    if office is None:
        raise Http404
    return office


def require_position(office: Office, *, own: bool = True) -> None:
    """Pages of acts exist only for those who may act: an administrator, his superior where the act allows it."""
    if office.position is None or (own and office.position != "own"):
        raise Http404


def draw(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a form; redrawn after POST it says 422."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)
