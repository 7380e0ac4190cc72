"""What the pages of claims share."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from core.parties.access import PortalRequest

T = TypeVar("T")


def now() -> datetime:
    """The clock, read at the edge."""
    return timezone.now()


def today() -> date:
    return shanghai_date(timezone.now())


def or_404(find: Callable[..., T], *arguments: Any) -> T:
    """What a query finds; hidden and absent look the same from outside."""
    try:
        return find(*arguments)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def perform(
    request: PortalRequest, act: Callable[[], T], form: Form | None = None, upload_field: str = ""
) -> T | None:
    """Run an act; a refusal lands at the field that caused it, or on top of the page. None when refused.

    `upload_field` is where complaints of the document store belong, which names its slot and not the field.
    """
    try:
        return act()
    except DomainError as error:
        if form is None:
            messages.error(request, str(error))
            return None
        field = upload_field if error.code.startswith("files.") else error.field
        form.add_error(field if field in form.fields else None, str(error))
        return None


def posted_version(request: PortalRequest) -> int:
    """The version the page was drawn with; a missing or odd one never matches."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else -1


def draw(request: PortalRequest, template: str, **context: Any) -> HttpResponse:
    """The page; 422 when it answers a form that was not accepted."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)
