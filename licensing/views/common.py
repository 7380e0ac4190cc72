"""What the pages of licensing share."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from core.lifecycle.registry import registry
from core.parties.access import PortalRequest
from licensing.models import Application
from licensing.queries.cases import find

T = TypeVar("T")
DESK = ("acceptance", "review", "approval", "head", "audit", "supervision", "national_admin")
"""Duties whose holders work at the list of cases."""


def now() -> datetime:
    """The clock, read at the edge."""
    return timezone.now()


def today() -> date:
    return shanghai_date(timezone.now())


def todos(request: PortalRequest) -> list[dict[str, Any]]:
    """What else waits for this person, from every app; what the page itself lists is left out."""
    return [row for row in registry.todos_for(request.standing) if row["url"] != request.path]


def case_or_404(request: PortalRequest, public_id: UUID) -> Application:
    """A visible case; hidden and absent look the same from outside."""
    try:
        return find(request.standing, public_id)
    except Application.DoesNotExist as error:
        raise Http404 from error


def filed_already(application: Application) -> HttpResponse:
    """Where somebody is led who opens as a draft what is filed: the answer that is asked for, or the receipt."""
    name = "licensing:answer" if application.is_open_to_applicant else "licensing:receipt"
    return redirect(name, application.public_id)


def perform(
    request: PortalRequest, act: Callable[[], T], form: Form | None = None, upload_field: str | None = None
) -> T | None:
    """Run an act; a refusal lands at the field that caused it, or on top of the page. None when refused.

    `upload_field` is where complaints of the document store belong, which names its slot and not the field. A refusal
    after which the matter stands elsewhere (`kept`) is for the page to tell, since its form is no longer the right one.
    """
    try:
        return act()
    except DomainError as error:
        if error.kept:
            raise
        if form is not None:
            field = upload_field if error.code.startswith("files.") else error.field
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.error(request, str(error))
        return None


def posted_version(request: PortalRequest, name: str = "version") -> int:
    """The version the page was drawn with; a missing or odd one never matches."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else -1


def context(application: Application, **more: Any) -> dict[str, Any]:
    return {"case": application, "enterprise": application.enterprise, **more}
