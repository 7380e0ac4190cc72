"""The only writer of the calendar of record. Each act makes a version, a ledger entry and an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import IntegrityError, transaction

from core.ledger.actions import record
from core.ledger.models import Dating
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import in_force, standing_for
from core.parties.models import Division
from core.workdays import package
from core.workdays.dates import shanghai_date
from core.workdays.errors import (
    DayOutsideYear,
    DayTwice,
    MakeupOnWeekday,
    NoPackageData,
    NothingChanged,
    OnlyNationalAdministrator,
    ReasonMissing,
    ScopeUnknown,
    SourceMissing,
    StaleVersion,
    YearImplausible,
)
from core.workdays.models import NATIONAL, CalendarDay, CalendarVersion
from core.workdays.notice import MAKEUP_WORKDAY, DayEntry, DayKind, difference

PUBLISHED = "workdays.calendar_published"
SUBJECT_KIND = "workdays.calendar"
WORKING_DAYS = Clause("L1", "第八十二条")
LOCAL_HOLIDAYS = Clause("HOLIDAYS", "第四条")


@dataclass(frozen=True)
class _Next:
    """A version about to be published."""

    base: CalendarVersion | None
    scope: str
    year: int
    entries: Sequence[DayEntry]
    sources: Mapping[DayEntry, str]
    source: str
    note: str


@transaction.atomic
def import_year(*, year: int, at: datetime) -> CalendarVersion:
    """Take a year over from `chinesecalendar` as its first version; a no-op when it has one.

    The calendar of record wins over the package: what an administrator published is never touched. Raises
    NoPackageData for a year the package does not know.
    """
    existing = _current(NATIONAL, year)
    if existing is not None:
        return existing
    entries = package.entries(year)
    if not entries:
        raise NoPackageData("year", year=year)
    sources = {entry: package.day_source(entry.date) for entry in entries}
    following = _Next(None, NATIONAL, year, entries, sources, package.year_source(year), package.PACKAGE)
    return _publish(following, SYSTEM, at, Dating.IMPORT)


@transaction.atomic
def publish_version(
    *,
    scope: str = NATIONAL,
    year: int,
    base_version: int,
    days: Sequence[DayEntry],
    source: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> CalendarVersion:
    """Publish the next version of a year: `days` replaces the list of version `base_version` (0: none yet).

    Days that stay keep the notice they came from; new and changed ones name `source`. Posting the same twice
    gives the same version. Raises OnlyNationalAdministrator, StaleVersion when another version came between,
    NothingChanged, and Invalid errors on `year`, `scope`, `days`, `source` or `reason`. Basis: L1 art. 82;
    for a local overlay also L4 art. 4 (K2, K20).
    """
    if not standing_for(actor, at).is_national_admin:
        raise OnlyNationalAdministrator
    entries = checked_entries(scope=scope, year=year, days=days, source=source, reason=reason, at=at)
    base = _current(scope, year)
    before = {entry_of(day): day.source for day in base.days.all()} if base else {}
    in_force_version = base.version if base else 0
    if in_force_version != base_version:
        said = (base.source, base.note, base.published_by) if base else None
        if base and said == (source, reason, actor.code) and list(before) == entries:
            return base
        raise StaleVersion(year=year, version=in_force_version)
    if base and not difference(list(before), entries):
        raise NothingChanged("days")
    sources = {entry: before.get(entry, source) for entry in entries}
    return _publish(_Next(base, scope, year, entries, sources, source, reason), actor, at, Dating.CLOCK)


def checked_entries(
    *, scope: str, year: int, days: Sequence[DayEntry], source: str, reason: str, at: datetime
) -> list[DayEntry]:
    """The days in order, after every check that does not depend on the version in force. Raises Invalid."""
    if not 1949 <= year <= 2199:
        raise YearImplausible("year")
    _check_scope(scope, shanghai_date(at))
    if not source.strip():
        raise SourceMissing("source")
    if not reason.strip():
        raise ReasonMissing("reason")
    seen: set[date] = set()
    for entry in days:
        if entry.date.year != year:
            raise DayOutsideYear("days", day=entry.date.isoformat(), year=year)
        if entry.date in seen:
            raise DayTwice("days", day=entry.date.isoformat())
        if scope == NATIONAL and entry.kind == MAKEUP_WORKDAY and entry.date.weekday() < 5:
            raise MakeupOnWeekday("makeup_days", day=entry.date.isoformat())
        seen.add(entry.date)
    return sorted(days)


def _check_scope(scope: str, on: date) -> None:
    if scope == NATIONAL:
        return
    levels = (Division.DivisionLevel.PROVINCE, Division.DivisionLevel.PREFECTURE)
    if not Division.objects.filter(in_force(on), code=scope, level__in=levels).exists():
        raise ScopeUnknown("scope", scope=scope)


def _current(scope: str, year: int) -> CalendarVersion | None:
    """The version in force, read afresh once nobody else is publishing this year."""
    versions = CalendarVersion.objects.filter(scope=scope, year=year)
    len(versions.select_for_update(of=("self",)).values_list("pk"))
    return versions.filter(superseded_at__isnull=True).first()


def entry_of(day: CalendarDay) -> DayEntry:
    """A stored day as a value."""
    return DayEntry(day.date, cast(DayKind, day.kind), day.name)


def _publish(following: _Next, actor: Actor, at: datetime, dating: str) -> CalendarVersion:
    version = _write(following, actor, at)
    subject = Subject(SUBJECT_KIND, f"{version.scope}:{version.year}", version.version)
    days = [[e.date.isoformat(), e.kind, e.name, following.sources[e]] for e in following.entries]
    record(
        act=PUBLISHED,
        subject=subject,
        actor=actor,
        effective_at=at,
        legal_basis=(WORKING_DAYS,) if version.scope == NATIONAL else (WORKING_DAYS, LOCAL_HOLIDAYS),
        public={"source": version.source, "reason": version.note, "days": days},
        dating=dating,
    )
    emit(type=PUBLISHED, subject=subject)
    return version


def _write(following: _Next, actor: Actor, at: datetime) -> CalendarVersion:
    base = following.base
    if base is not None:
        base.superseded_at = at
        base.save(update_fields=["superseded_at"])
    try:
        with transaction.atomic():
            version = CalendarVersion.objects.create(
                scope=following.scope,
                year=following.year,
                version=base.version + 1 if base else 1,
                source=following.source,
                note=following.note,
                published_at=at,
                published_by=actor.code,
                publisher_label=actor.organisation_label,
                supersedes=base,
            )
    except IntegrityError as error:
        raise StaleVersion(year=following.year, version=base.version + 1 if base else 1) from error
    CalendarDay.objects.bulk_create(
        CalendarDay(
            version=version,
            year=version.year,
            date=e.date,
            kind=e.kind,
            name=e.name,
            source=following.sources[e],
        )
        for e in following.entries
    )
    return version
