"""What an administrator's desk shows of his office: who is there, what is not staffed, what waits for him."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.lifecycle.dates import shanghai_date
from core.lifecycle.registry import registry
from core.parties.competence import Standing, in_force
from core.parties.models import Authority, Duty, Level, User
from core.staff.models import Absence, Window
from core.staff.queries import open_resets
from core.staff.rules import ADMINISTRATION

ENDING = timedelta(days=30)
NEEDED: dict[str, tuple[str, ...]] = {
    Level.NATIONAL: ("approval",),
    Level.PROVINCIAL: ("acceptance", "review", "approval"),
}
"""Duties without which cases stand still: every case is filed with a province, the nation only decides (R-17)."""


@dataclass(frozen=True)
class OfficeBoard:
    """One office on one day. `unstaffed` are duties of cases that nobody holds, at levels that decide cases."""

    people: int
    invited: int
    without_second_factor: int
    away: tuple[Absence, ...]
    ending: tuple[Duty, ...]
    unstaffed: tuple[str, ...]
    window: Window | None


def register() -> None:
    """Called once when the app is ready."""
    registry.board("staff.office", "staff/board.html", office, place=50)
    registry.todo("staff", waiting)


def office(standing: Standing, today: date) -> dict[str, Any] | None:
    """Is everybody there, and is every duty held? For administrators; the same few queries for any office."""
    ids = standing.authorities(*ADMINISTRATION)
    if not ids:
        return None
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    held = Duty.objects.filter(in_force(today), authority_id__in=ids)
    people = User.objects.filter(
        Q(official__authority_id__in=ids) | Q(Exists(held.filter(user=OuterRef("pk")))), is_active=True
    )
    never = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    counted = people.annotate(totp=Exists(totp)).aggregate(
        people=Count("pk"), invited=Count("pk", filter=never), bare=Count("pk", filter=~never & Q(totp=False))
    )
    found = OfficeBoard(
        people=counted["people"], invited=counted["invited"], without_second_factor=counted["bare"],
        away=tuple(
            Absence.objects.filter(in_force(today), authority_id__in=ids)
            .select_related("user", "substitute").order_by("valid_to", "pk")[:5]
        ),
        ending=tuple(
            held.filter(valid_to__lte=today + ENDING, substitute_for__isnull=True)
            .select_related("user").order_by("valid_to", "pk")[:5]
        ),
        unstaffed=_unstaffed(standing, ids, today),
        window=Window.objects.filter(authority_id__in=ids).first(),
    )  # fmt: skip
    return {"office": found, "authorities": list(Authority.objects.filter(pk__in=ids).order_by("code"))}


def _unstaffed(standing: Standing, ids: frozenset[int], today: date) -> tuple[str, ...]:
    """Labels of the duties of cases nobody holds; asked of national and provincial offices alone."""
    asked = {d.authority_id: d.level for d in standing.duties if d.authority_id in ids and d.level in NEEDED}
    if not asked:
        return ()
    rows = Duty.objects.filter(in_force(today), authority_id__in=asked).values_list("authority_id", "kind")
    held = set(rows.distinct())
    missing = {
        kind for office, level in asked.items() for kind in NEEDED[level] if (office, kind) not in held
    }
    return tuple(str(kind.label) for kind in Duty.Kind if kind in missing)


def waiting(standing: Standing) -> Iterator[dict[str, Any]]:
    """Second factors to reset, and a window the public does not know of."""
    ids = standing.authorities(*ADMINISTRATION)
    if not ids:
        return
    now = timezone.now()
    for reset in open_resets(standing, now, shanghai_date(now)):
        yield {
            "label": _("确认重置 %(name)s 的第二重验证") % {"name": reset.user.name}, "count": 1, "late": False,
            "url": reverse("staff:reset", args=[reset.public_id]),
            "hint": _("须在 24 小时内由另一位管理员确认"),
        }  # fmt: skip
    own = standing.authorities("organisation_admin")
    if own and not Window.objects.filter(authority_id__in=own).exists():
        yield {
            "label": _("公布受理窗口"), "url": reverse("staff:window"), "count": 1, "late": False,
            "hint": _("公众还看不到电话、地址和办公时间"),
        }  # fmt: skip
