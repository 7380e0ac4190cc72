"""The people of an authority as pages show them: found, counted and paged in SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from core.parties.competence import Standing, in_force
from core.parties.models import Authority, Duty, Level, User
from core.staff.models import Absence, Departure, HandOver, SecondFactorReset
from core.staff.rules import ADMINISTRATION, Position, position, works_against_itself

PAGE = 25


@dataclass(frozen=True)
class Office:
    """An authority as this person may look at it: as its administrator, as its superior, or to audit it."""

    authority: Authority
    position: Position | None

    @property
    def own(self) -> bool:
        return self.position == "own"


def office_of(standing: Standing, authority: Authority) -> Office | None:
    """How this person may look at an authority's people; None when not at all."""
    held = [(d.kind, d.authority_id, d.level) for d in standing.duties]
    found = position(held, authority_id=authority.pk, parent_id=authority.parent_id)
    if found is None and not (standing.audits_everything or standing.holds(Duty.Kind.AUDIT, authority.pk)):
        return None
    return Office(authority, found)


def home_offices(standing: Standing) -> list[Authority]:
    """Authorities whose people this person administers, or else audits; one query."""
    ids = standing.authorities(*ADMINISTRATION) or standing.authorities(Duty.Kind.AUDIT)
    return list(Authority.objects.filter(pk__in=ids).order_by("code"))


@dataclass(frozen=True)
class Person:
    """One line of the list."""

    user: User
    duties: tuple[Duty, ...]
    away: Absence | None
    leaves_on: date | None
    second_factor: bool
    invited: bool


def people_page(office: Office, on: date, *, words: str = "", show: str = "", number: Any = 1) -> Page:
    """One page of an authority's people, six queries whatever their number. A superior sees the administrators only.

    `show`: "" for those in service, "left" for those who have left, "away" for those away today.
    """
    found = _people(office, on)
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(username__icontains=words) | Q(email__icontains=words)
        )
    found = found.filter(is_active=show != "left")
    if show == "away":
        found = found.filter(Exists(_absences(office.authority, on).filter(user=OuterRef("pk"))))
    page = Paginator(_with_facts(found.order_by("name", "pk"), office.authority, on), PAGE).get_page(number)
    page.object_list = [_person(user, on) for user in page.object_list]  # type: ignore[misc]
    return page


def _people(office: Office, on: date) -> QuerySet[User]:
    duties = Duty.objects.filter(user=OuterRef("pk"), authority=office.authority)
    if office.position == "superior":
        open_or_coming = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        return User.objects.filter(Exists(duties.filter(open_or_coming, kind=Duty.Kind.ORGANISATION_ADMIN)))
    return User.objects.filter(Q(official__authority=office.authority) | Q(Exists(duties)))


def _absences(authority: Authority, on: date) -> QuerySet[Absence]:
    return Absence.objects.filter(in_force(on), authority=authority).select_related("substitute")


def _with_facts(found: QuerySet[User], authority: Authority, on: date) -> QuerySet[User]:
    current = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    duties = (
        Duty.objects.filter(current, authority=authority).select_related("substitute_for").order_by("kind")
    )
    leaving = Departure.objects.filter(authority=authority, carried_out_at__isnull=True)
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return found.annotate(has_second_factor=Exists(totp)).prefetch_related(
        Prefetch("duties", duties, to_attr="duties_here"),
        Prefetch("absences", _absences(authority, on), to_attr="away_here"),
        Prefetch("departures", leaving, to_attr="leaving_here"),
    )


def _person(user: Any, on: date) -> Person:
    return Person(
        user=user,
        duties=tuple(user.duties_here),
        away=user.away_here[0] if user.away_here else None,
        leaves_on=user.leaving_here[0].leaves_on if user.leaving_here else None,
        second_factor=user.has_second_factor,
        invited=user.is_active and not user.has_usable_password(),
    )


@dataclass(frozen=True)
class File:
    """Everything on a person's page."""

    person: Person
    office: Office
    current: tuple[Duty, ...]
    past: tuple[Duty, ...]
    absences: tuple[Absence, ...]
    hand_overs: tuple[HandOver, ...]
    reset: SecondFactorReset | None
    one_case_three_people: bool
    departure: Departure | None = None


def find(standing: Standing, public_id: UUID, on: date) -> tuple[User, Office]:
    """A person this viewer may look at. Raises User.DoesNotExist, for foreign and absent alike."""
    user = User.objects.select_related("official__authority").get(public_id=public_id)
    for authority in _authorities_of(user):
        office = office_of(standing, authority)
        if office is not None and _people(office, on).filter(pk=user.pk).exists():
            return user, office
    raise User.DoesNotExist


def _authorities_of(user: User) -> Iterable[Authority]:
    official = getattr(user, "official", None)
    if official is not None:
        yield official.authority
    seen = {official.authority_id} if official is not None else set()
    held = Authority.objects.filter(duties__user=user).exclude(pk__in=seen).distinct().order_by("code")
    yield from held.select_related("parent")


def file_of(user: User, office: Office, at: datetime, on: date) -> File:
    """A person's page: duties now and before, absence, hand-over, an open reset; a constant number of queries."""
    authority = office.authority
    person = _person(_with_facts(User.objects.filter(pk=user.pk), authority, on).get(), on)
    rows = Duty.objects.filter(user=user, authority=authority).select_related("substitute_for", "authority")
    if office.position == "superior":
        rows = rows.filter(kind=Duty.Kind.ORGANISATION_ADMIN)
    duties = list(rows.order_by("-valid_from", "kind"))
    current = tuple(duty for duty in duties if duty.valid_to is None or duty.valid_to > on)
    absences = Absence.objects.filter(user=user, authority=authority, valid_to__gt=on)
    hand_overs = HandOver.objects.filter(from_user=user, authority=authority, started_at__isnull=False)
    reset = SecondFactorReset.objects.filter(
        user=user, status=SecondFactorReset.Status.OPEN, expires_at__gt=at
    )
    return File(
        person=person,
        office=office,
        current=current,
        past=tuple(
            d for d in duties if d not in current and d.valid_to is not None and d.valid_to > d.valid_from
        ),
        absences=tuple(absences.select_related("substitute").order_by("valid_from")),
        hand_overs=tuple(hand_overs.select_related("to_user").order_by("-id")[:10]),
        reset=reset.select_related("proposed_by").first(),
        one_case_three_people=works_against_itself({d.kind for d in current}),
        departure=Departure.objects.filter(
            user=user, authority=authority, carried_out_at__isnull=True
        ).first(),
    )


def colleagues(authority: Authority, on: date, *, but: User, kind: str | None = None) -> list[User]:
    """People in the service of an authority on a day, in their own right; with `kind`, those holding that duty."""
    held = Duty.objects.filter(
        in_force(on), user=OuterRef("pk"), authority=authority, substitute_for__isnull=True
    )
    if kind is not None:
        held = held.filter(kind=kind)
    return list(User.objects.filter(Exists(held), is_active=True).exclude(pk=but.pk).order_by("name", "pk"))


def subordinates(parents: Iterable[Authority], on: date, *, words: str = "", number: Any = 1) -> Page:
    """The authorities directly below, each with the number of its administrators; paged in SQL."""
    administrators = Count(
        "duties",
        filter=in_force_of("duties", on) & Q(duties__kind=Duty.Kind.ORGANISATION_ADMIN),
        distinct=True,
    )
    found = Authority.objects.filter(parent__in=list(parents)).annotate(administrators=administrators)
    if words:
        found = found.filter(Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(code=words))
    return Paginator(found.order_by("code"), PAGE).get_page(number)


def in_force_of(path: str, on: date) -> Q:
    """`in_force`, for rows reached through a relation."""
    return Q(**{f"{path}__valid_from__lte": on}) & (
        Q(**{f"{path}__valid_to__isnull": True}) | Q(**{f"{path}__valid_to__gt": on})
    )


def open_resets(standing: Standing, at: datetime, on: date) -> list[SecondFactorReset]:
    """Resets that wait for this person's confirmation."""
    mine = standing.authorities("organisation_admin") | {
        d.authority_id for d in standing.duties if d.kind == "national_admin" and d.level == Level.NATIONAL
    }
    administers = Duty.objects.filter(
        in_force(on), user=OuterRef("user"), authority=OuterRef("authority"), kind__in=ADMINISTRATION
    )
    rows = SecondFactorReset.objects.filter(status=SecondFactorReset.Status.OPEN, expires_at__gt=at).filter(
        Q(authority_id__in=mine) | Q(Exists(administers), authority__parent_id__in=mine)
    )
    me = standing.user_id or 0
    rows = rows.exclude(user_id=me).exclude(proposed_by_id=me)
    return list(rows.select_related("user", "proposed_by", "authority").order_by("expires_at"))


def stands_in_for(absent_id: int, authority_id: int | None, on: date) -> list[int]:
    """User keys of who stands in at an authority, on a day, for somebody away; empty while he is there."""
    rows = Absence.objects.filter(in_force(on), user_id=absent_id, authority_id=authority_id or 0)
    return list(rows.values_list("substitute_id", flat=True))


def successor_of(user_id: int, authority_id: int, kind: str) -> int | None:
    """Who took over this person's open work of a duty last; None when it went back to the desk or never passed."""
    rows = HandOver.objects.filter(
        from_user_id=user_id, authority_id=authority_id, kind=kind, started_at__isnull=False
    )
    return rows.order_by("-id").values_list("to_user_id", flat=True).first()
