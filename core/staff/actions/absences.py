"""Somebody is away, and a colleague stands in."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.parties.models import Authority, Duty, User
from core.staff import rules
from core.staff.actions.common import locked, own_key, require_own, span_of, write
from core.staff.errors import (
    AbsencesOverlap,
    AlreadyEnded,
    EndBeforeStart,
    InThePast,
    NoChain,
    NothingToStandInFor,
    NotOneself,
    SubstituteIsAbsent,
    SubstituteNotHere,
    SubstituteNotThroughout,
)
from core.staff.models import Absence, Official
from core.staff.notices import tell

_REFUSALS = {
    "self": SubstituteIsAbsent, "none": SubstituteNotHere, "chain": NoChain, "not_throughout": SubstituteNotThroughout,
}  # fmt: skip


@transaction.atomic
def record_absence(
    *,
    public_id: UUID | str,
    substitute: UUID | str,
    away_from: date,
    back_on: date,
    actor: Actor,
    at: datetime,
) -> Absence:
    """Somebody is away from a day until the day before `back_on`; the substitute holds his duties meanwhile.

    Only duties the absent holds in his own right pass, and only those the substitute does not hold anyway. A fellow
    reviewer gets none, and stands in for the reviews that the absent has in hand. The administrator cannot name
    himself. Raises NotTheirAdministrator, InThePast, EndBeforeStart, AbsencesOverlap, NotOneself, SubstituteIsAbsent,
    SubstituteNotHere, NoChain, SubstituteNotThroughout, NothingToStandInFor.
    """
    (user, official), (stand_in, _file) = _both(public_id, substitute, at)
    authority = official.authority
    acting = require_own(actor, authority, at)
    away = _span(away_from, back_on, at)
    if stand_in.pk == actor.user_id:
        raise NotOneself("substitute")
    _require_free(user, authority, stand_in, away)
    rows = _rows(user, authority, stand_in, away)
    if not rows and not _reviews(user, authority, away):
        raise NothingToStandInFor("substitute")
    _pass_on(rows, user, authority, stand_in, actor)
    absence = Absence.objects.create(
        user=user, substitute=stand_in, authority=authority, valid_from=away_from, valid_to=back_on,
        recorded_by_id=own_key(actor), recorded_at=at,
    )  # fmt: skip
    subject = write(
        official, "absence_recorded", actor=acting, at=at,
        internal={
            "from": str(away_from), "to": str(back_on), "substitute": str(stand_in.public_id),
            "kinds": sorted({kind for kind, _span in rows}),
        },
    )  # fmt: skip
    _tell_stand_in(absence, subject, at)
    return absence


def _pass_on(
    rows: list[tuple[str, rules.Span]], user: User, authority: Authority, stand_in: User, actor: Actor
) -> None:
    """The duties themselves, each for its days."""
    Duty.objects.bulk_create(
        Duty(
            user=stand_in, authority=authority, kind=kind, valid_from=span.start, valid_to=span.end,
            substitute_for=user, granted_by_id=own_key(actor),
        )
        for kind, span in rows
    )  # fmt: skip


def _tell_stand_in(absence: Absence, subject: Subject, at: datetime) -> None:
    params = {
        "person": absence.user.name, "from_on": str(absence.valid_from), "to_on": str(absence.valid_to),
    }  # fmt: skip
    tell("staff.substitute", [absence.substitute_id], subject, at, params)


def _span(away_from: date, back_on: date, at: datetime) -> rules.Span:
    """The days away. Raises InThePast or EndBeforeStart."""
    if away_from < shanghai_date(at):
        raise InThePast("away_from")
    if back_on <= away_from:
        raise EndBeforeStart("back_on")
    return rules.Span(away_from, back_on)


def _both(one: UUID | str, other: UUID | str, at: datetime) -> list[tuple[User, Official]]:
    """Both people locked, always in the same order, so that two absences at once do not wait for each other."""
    ordered = sorted({str(one), str(other)})
    found = {key: locked(key, at) for key in ordered}
    return [found[str(one)], found[str(other)]]


def _require_free(user: User, authority: Authority, stand_in: User, away: rules.Span) -> None:
    for other in Absence.objects.filter(user=user):
        if away.overlaps(rules.Span(other.valid_from, other.valid_to)):
            raise AbsencesOverlap("away_from")
    own = Duty.objects.filter(user=stand_in, authority=authority, substitute_for__isnull=True)
    absent = Absence.objects.filter(user=stand_in)
    refusal = rules.substitute_refusal(
        absent_id=user.pk, substitute_id=stand_in.pk, away=away,
        own=[span_of(duty) for duty in own] if stand_in.is_active else [],
        substitute_away=[rules.Span(row.valid_from, row.valid_to) for row in absent],
    )  # fmt: skip
    if (
        refusal is None
        and Absence.objects.filter(substitute=user)
        .filter(valid_from__lt=away.end, valid_to__gt=away.start)
        .exists()
    ):
        raise NoChain("away_from")
    if refusal is not None:
        raise _REFUSALS[refusal]("substitute")


def _reviews(user: User, authority: Authority, away: rules.Span) -> bool:
    """Whether he may have work in hand that is his alone in these days: a review belongs to one person."""
    own = Duty.objects.filter(
        user=user, authority=authority, kind=Duty.Kind.REVIEW, substitute_for__isnull=True
    )
    return any(away.overlaps(span_of(duty)) for duty in own)


def _rows(user: User, authority: Authority, stand_in: User, away: rules.Span) -> list[tuple[str, rules.Span]]:
    """Which duties pass, and for which days."""
    held = list(Duty.objects.filter(user=stand_in, authority=authority))
    found = []
    for duty in Duty.objects.filter(user=user, authority=authority, substitute_for__isnull=True).order_by(
        "kind"
    ):
        shared = rules.common(away, span_of(duty))
        if shared is not None:
            taken = [span_of(row) for row in held if row.kind == duty.kind]
            found += [(duty.kind, span) for span in rules.without(shared, taken)]
    return found


@transaction.atomic
def end_absence(*, absence_id: UUID | str, actor: Actor, at: datetime) -> Absence:
    """The absent is back today: the substitution ends at once. One not begun yet never begins.

    Raises Absence.DoesNotExist, NotTheirAdministrator, AlreadyEnded.
    """
    found = Absence.objects.select_related("user", "substitute").get(public_id=absence_id)
    (user, official), _other = _both(found.user.public_id, found.substitute.public_id, at)
    absence = Absence.objects.select_for_update(of=("self",)).select_related("authority").get(pk=found.pk)
    acting = require_own(actor, absence.authority, at)
    end = max(shanghai_date(at), absence.valid_from)
    if absence.valid_to is not None and absence.valid_to <= end:
        raise AlreadyEnded()
    close_absence(absence, end)
    subject = write(
        official, "absence_ended", actor=acting, at=at,
        internal={"from": str(absence.valid_from), "to": str(end), "substitute": str(found.substitute.public_id)},
    )  # fmt: skip
    params = {"person": user.name, "from_on": end.isoformat()}
    tell("staff.absence_ended", [absence.substitute_id], subject, at, params)
    return absence


def close_absence(absence: Absence, end: date) -> None:
    """Let an absence, and the duties held because of it, end by this day."""
    rows = Duty.objects.filter(
        user_id=absence.substitute_id, substitute_for_id=absence.user_id, authority_id=absence.authority_id,
        valid_from__gte=absence.valid_from, valid_to__gt=end,
    )  # fmt: skip
    for row in rows:
        row.valid_to = max(row.valid_from, end)
        row.save(update_fields=["valid_to"])
    absence.valid_to = max(absence.valid_from, end)
    absence.save(update_fields=["valid_to"])
