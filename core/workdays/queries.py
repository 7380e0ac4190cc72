"""The calendar of record as a value for the rules. One query a call while nothing has changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from core.workdays.models import NATIONAL, CalendarDay, CalendarVersion
from core.workdays.notice import DayEntry
from core.workdays.rules import DayStatus, Reason, WorkCalendar


def scopes_of(division_code: str | None) -> tuple[str, ...]:
    """The country, province and prefecture whose calendars apply to a division, the nearest last (K20)."""
    if not division_code:
        return (NATIONAL,)
    return tuple(dict.fromkeys((NATIONAL, division_code[:2] + "0000", division_code[:4] + "00")))


@dataclass(frozen=True)
class CalendarBook:
    """All calendars at one moment; lists take the book once and ask it per division."""

    exceptions: Mapping[str, Mapping[date, DayStatus]]
    known: frozenset[int]
    _made: dict[tuple[str, ...], WorkCalendar] = field(default_factory=dict, compare=False)

    def for_division(self, division_code: str | None = None) -> WorkCalendar:
        """The calendar of a division; a local entry wins over the national one."""
        scopes = tuple(scope for scope in scopes_of(division_code) if scope in self.exceptions)
        if scopes not in self._made:
            days: dict[date, DayStatus] = {}
            for scope in scopes:
                days.update(self.exceptions[scope])
            self._made[scopes] = WorkCalendar(days, self.known)
        return self._made[scopes]


_cached: tuple[tuple[str, int, int | None], CalendarBook] | None = None


def calendar_book(at: datetime | None = None) -> CalendarBook:
    """The calendars in force now, or as they were published at `at`.

    The current book is kept per process and read again when a version has been added. The stamp counts rows
    as well as the highest id, because ids may commit out of order; it names the database, for a process may
    meet more than one.
    """
    return _current_book() if at is None else _read(_as_of(at))


def _current_book() -> CalendarBook:
    global _cached
    row = CalendarVersion.objects.aggregate(count=Count("id"), last=Max("id"))
    stamp = (connection.settings_dict["NAME"], row["count"], row["last"])
    if _cached is None or _cached[0] != stamp:
        _cached = (stamp, _read(CalendarVersion.objects.filter(superseded_at__isnull=True)))
    return _cached[1]


def calendar_for(division_code: str | None = None, at: datetime | None = None) -> WorkCalendar:
    """The calendar that counts for a division: the national one with the local overlays (K2, K20).

    Years without a published version are provisional (§4.3). Never raises for a missing year.
    """
    return calendar_book(at).for_division(division_code)


def calendar_of(version: CalendarVersion) -> WorkCalendar:
    """The calendar one version alone makes, over the national one of today if it is a local overlay."""
    return _over(
        version.scope, version.year, {day.date: _status(day, version.scope) for day in version.days.all()}
    )


def proposed(entries: Iterable[DayEntry], scope: str, year: int) -> WorkCalendar:
    """The calendar that would stand if these days were published for a year."""
    days = (CalendarDay(date=entry.date, kind=entry.kind, name=entry.name) for entry in entries)
    return _over(scope, year, {day.date: _status(day, scope) for day in days})


def _over(scope: str, year: int, days: Mapping[date, DayStatus]) -> WorkCalendar:
    if scope == NATIONAL:
        return WorkCalendar(days, frozenset({year}))
    book = calendar_book()
    return WorkCalendar({**book.for_division().exceptions, **days}, book.known)


def _as_of(at: datetime) -> QuerySet[CalendarVersion]:
    published = Q(published_at__lte=at)
    return CalendarVersion.objects.filter(published, Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))


def _read(versions: QuerySet[CalendarVersion]) -> CalendarBook:
    exceptions: dict[str, dict[date, DayStatus]] = defaultdict(dict)
    known = set()
    for version in versions.prefetch_related("days"):
        if version.scope == NATIONAL:
            known.add(version.year)
        days = exceptions[version.scope]
        for day in version.days.all():
            days[day.date] = _status(day, version.scope)
    return CalendarBook(dict(exceptions), frozenset(known))


def _status(day: CalendarDay, scope: str) -> DayStatus:
    if day.kind == CalendarDay.Kind.MAKEUP_WORKDAY:
        return DayStatus(True, Reason.MAKEUP_WORKDAY, day.name, day.source)
    reason = Reason.HOLIDAY if scope == NATIONAL else Reason.OVERLAY_HOLIDAY
    return DayStatus(False, reason, day.name, day.source)


def current_version(scope: str, year: int) -> CalendarVersion | None:
    """The version in force for a year, with its days."""
    return _with_days().filter(scope=scope, year=year, superseded_at__isnull=True).first()


def versions_of(scope: str, year: int) -> Sequence[CalendarVersion]:
    """Every version of a year, the newest first, with days."""
    return list(_with_days().filter(scope=scope, year=year).order_by("-version"))


def _with_days() -> QuerySet[CalendarVersion]:
    return CalendarVersion.objects.prefetch_related(Prefetch("days", CalendarDay.objects.order_by("date")))


def current_years() -> Sequence[CalendarVersion]:
    """The current version of every scope and year, with counts of both kinds of days; one query."""
    return list(
        CalendarVersion.objects.filter(superseded_at__isnull=True)
        .annotate(
            holidays=Count("days", filter=Q(days__kind=CalendarDay.Kind.HOLIDAY)),
            makeup_days=Count("days", filter=Q(days__kind=CalendarDay.Kind.MAKEUP_WORKDAY)),
        )
        .order_by("-year", "scope")
    )


def year_missing(today: date) -> int | None:
    """The next year, if its notice is not in the calendar although 1 December has come (§4.3 (4)).

    A current year that is missing is reported at any date: it is worse.
    """
    known = set(
        CalendarVersion.objects.filter(
            scope=NATIONAL, year__in=(today.year, today.year + 1), superseded_at__isnull=True
        ).values_list("year", flat=True)
    )
    if today.year not in known:
        return today.year
    return today.year + 1 if today.month == 12 and today.year + 1 not in known else None
