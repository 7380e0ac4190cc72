"""Pages of the calendar of record, for the national administrator (DOMAIN §8)."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.lifecycle.errors import DomainError
from core.parties.access import national_admin
from core.parties.models import Division
from core.workdays.actions import checked_entries, entry_of, publish_version
from core.workdays.dates import shanghai_date
from core.workdays.forms import CalendarForm, YearForm, initial_days
from core.workdays.models import NATIONAL, CalendarVersion
from core.workdays.months import WEEKDAYS, months_of
from core.workdays.notice import HOLIDAY, DayEntry, difference
from core.workdays.queries import (
    calendar_for,
    calendar_of,
    current_version,
    current_years,
    proposed,
    versions_of,
    year_missing,
)
from core.workdays.rules import WorkCalendar
from core.workdays.statutory import statutory_days


@national_admin
@require_GET
def calendars(request: HttpRequest) -> HttpResponse:
    """Every year in force, and the alarm when the next one is missing from 1 December (§4.3 (4))."""
    today = shanghai_date(timezone.now())
    form = YearForm(request.GET if "year" in request.GET else None, initial={"year": today.year + 1})
    if form.is_bound and form.is_valid():
        return redirect("workdays:edit", form.cleaned_data["scope"], form.cleaned_data["year"])
    versions = current_years()
    names = _scope_names(versions)
    rows = [(version, names.get(version.scope, version.scope)) for version in versions]
    context = {"form": form, "rows": rows, "missing": year_missing(today)}
    return render(request, "workdays/calendars.html", context)


@national_admin
@require_GET
def year(request: HttpRequest, scope: str, year: int) -> HttpResponse:
    """One year: twelve months, the exceptional days with their notices, every version."""
    _check_address(scope, year)
    versions = versions_of(scope, year)
    shown = _chosen(versions, request.GET.get("version"))
    calendar = calendar_of(shown) if shown and shown.superseded_at else calendar_for(_division(scope))
    context = {
        "scope": scope,
        "scope_name": _scope_name(scope),
        "year": year,
        "versions": versions,
        "shown": shown,
        **_sheets(year, calendar),
    }
    return render(request, "workdays/year.html", context)


@national_admin
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, scope: str, year: int) -> HttpResponse:
    """Write the next version of a year; a check page stands between the form and the publication."""
    _check_address(scope, year)
    current = current_version(scope, year)
    context = {"scope": scope, "scope_name": _scope_name(scope), "year": year, "current": current}
    if request.method == "GET":
        form = CalendarForm(year=year, initial=_initial(scope, year, current))
        return render(request, "workdays/edit.html", {**context, "form": form})
    form = CalendarForm(request.POST, year=year)
    step = request.POST.get("step", "check")
    if not form.is_valid() or step == "back":
        return render(request, "workdays/edit.html", {**context, "form": form})
    try:
        if step == "publish":
            return _publish(request, scope, year, form)
        checked_entries(**form.act(scope), at=timezone.now())
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return render(request, "workdays/edit.html", {**context, "form": form})
    before = [entry_of(day) for day in current.days.all()] if current else []
    context |= {
        "form": form,
        "change": difference(before, form.days),
        **_sheets(year, proposed(form.days, scope, year)),
    }
    return render(request, "workdays/check.html", context)


def _sheets(year: int, calendar: WorkCalendar) -> dict[str, object]:
    return {"months": months_of(year, calendar), "weekdays": WEEKDAYS}


def _publish(request: HttpRequest, scope: str, year: int, form: CalendarForm) -> HttpResponse:
    version = publish_version(
        base_version=form.cleaned_data["base_version"],
        actor=request.actor,  # type: ignore[attr-defined]
        at=timezone.now(),
        **form.act(scope),
    )
    messages.success(
        request, _("已公布 %(year)s 年日历第 %(version)s 版") % {"year": year, "version": version.version}
    )
    return redirect("workdays:year", scope, year)


def _initial(scope: str, year: int, current: CalendarVersion | None) -> dict[str, object]:
    if current is not None:
        days = [entry_of(day) for day in current.days.all()]
    elif scope == NATIONAL:
        days = [DayEntry(day, HOLIDAY, name) for day, name in statutory_days(year).items()]
    else:
        days = []
    return {**initial_days(days), "base_version": current.version if current else 0}


def _chosen(versions: Sequence[CalendarVersion], number: str | None) -> CalendarVersion | None:
    if number is None:
        return versions[0] if versions else None
    for version in versions:
        if str(version.version) == number:
            return version
    raise Http404


def _check_address(scope: str, year: int) -> None:
    if not 1949 <= year <= 2199 or (scope != NATIONAL and not Division.objects.filter(code=scope).exists()):
        raise Http404


def _division(scope: str) -> str | None:
    return None if scope == NATIONAL else scope


def _scope_name(scope: str) -> str:
    return (
        _("全国")
        if scope == NATIONAL
        else Division.objects.filter(code=scope).values_list("name", flat=True)[0]
    )


def _scope_names(years: Sequence[CalendarVersion]) -> dict[str, str]:
    codes = {version.scope for version in years} - {NATIONAL}
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return {NATIONAL: _("全国"), **names}
