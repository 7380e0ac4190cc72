"""The boards licensing shows on a person's desk, each by the competence query of the pages it leads to."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.lifecycle.registry import registry
from core.parties.competence import Standing
from core.parties.models import Authority
from licensing.actions.limits import LEVELS
from licensing.queries import boards as query
from licensing.queries.limits import decision_days

DESK = ("acceptance", "review", "approval")
WATCH = ("acceptance", "review", "approval", "head", "audit", "national_admin")


def register() -> None:
    """Called once when the app is ready."""
    registry.board("licensing.first", "licensing/boards/first.html", first, place=10)
    registry.board("licensing.going_on", "licensing/boards/going_on.html", going_on, place=10)
    registry.board("licensing.licences", "licensing/boards/licences.html", licences, place=20)
    registry.board("licensing.load", "licensing/boards/load.html", load, place=30)
    registry.board("licensing.decided", "licensing/boards/decided.html", decided, place=30)
    registry.board("licensing.provinces", "licensing/boards/provinces.html", provinces, place=40)

    registry.board("licensing.limit", "licensing/boards/limit.html", limit, place=45)


def first(standing: Standing, today: date) -> dict[str, Any] | None:
    """What first? For those who handle cases."""
    return {"few": query.first_at_desk(standing, today)} if standing.authorities(*DESK) else None


def going_on(standing: Standing, today: date) -> dict[str, Any] | None:
    """Where do our cases stand? For enterprises."""
    return {"few": query.going_on(standing, today)} if standing.memberships else None


def licences(standing: Standing, today: date) -> dict[str, Any] | None:
    """What do we hold, and until when?"""
    if not standing.memberships:
        return None
    return {"held": query.licences_of(standing, today), "today": today}


def load(standing: Standing, today: date) -> dict[str, Any] | None:
    """How much is there, and how pressing?"""
    if not standing.authorities(*WATCH):
        return None
    found = query.load_of(standing, today)
    bounds = (0, *(step + 1 for step in query.STEPS))
    labels = [
        _("剩 %(low)s–%(high)s 天") % {"low": low, "high": high}
        for low, high in zip(bounds, query.STEPS, strict=False)
    ]
    rows = [
        (_("超期"), found.overdue, "late"),
        *((label, count, "") for label, count in zip(labels, found.groups, strict=False)),
        (_("剩 %(low)s 天以上") % {"low": bounds[-1]}, found.groups[-1], ""),
        (_("时限停计"), found.paused, "wait"),
        (_("等申请人补正"), found.with_applicant, "wait"),
    ]
    return {"load": found, "rows": rows}


def decided(standing: Standing, today: date) -> dict[str, Any] | None:
    """How many are decided week by week?"""
    if not standing.authorities(*WATCH):
        return None
    weeks = query.decided_by_week(standing, today)
    rows = [(f"{week:%m-%d}", count) for week, count in weeks.items()]
    return {"rows": rows, "total": sum(weeks.values())}


def provinces(standing: Standing, today: date) -> dict[str, Any] | None:
    """Where in the country does it get stuck? For those who see all of it."""
    if not (standing.is_national_admin or standing.audits_everything):
        return None
    return {"provinces": query.provinces(standing, today)}


def limit(standing: Standing, today: date) -> dict[str, Any] | None:
    """Within how many days do we decide? For the head who may shorten it (R-46)."""
    mine = {d.authority_id for d in standing.duties if d.kind == "head" and d.level in LEVELS}
    authority = Authority.objects.filter(pk__in=mine).order_by("code").first() if mine else None
    return {"days": decision_days(authority, today)} if authority else None
