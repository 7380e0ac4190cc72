"""Granting a duty and ending it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.parties.competence import in_force
from core.parties.models import Authority, Delegation, Duty, Level, User
from core.staff import rules
from core.staff.actions.common import locked, own_key, span_of, stand, write
from core.staff.errors import (
    AccountClosed,
    AlreadyEnded,
    EndBeforeStart,
    InThePast,
    LastAdministrator,
    Leaving,
    NotAtThisLevel,
    NotEntrusted,
    NotOneself,
    NotTheirAdministrator,
    Overlaps,
    SuperiorOnlyAppointsAdministrators,
)
from core.staff.models import Departure
from core.staff.notices import authority_in_both, duty_in_both, tell


@transaction.atomic
def grant_duty(
    *, public_id: UUID | str, kind: str, valid_from: date, valid_to: date | None, actor: Actor, at: datetime
) -> Duty:
    """Give an official of one's authority a duty from a day on, until a day or openly.

    `valid_to` is the first day without it. Never to oneself; a superior appoints administrators only.
    Raises NotTheirAdministrator, SuperiorOnlyAppointsAdministrators, NotOneself, AccountClosed, NotAtThisLevel,
    NotEntrusted, InThePast, EndBeforeStart, Leaving, Overlaps.
    """
    user, official = locked(public_id, at)
    acting = require_granter(official.authority, kind, actor, at)
    if user.pk == actor.user_id:
        raise NotOneself()
    if not user.is_active:
        raise AccountClosed()
    duty = new_duty(user, official.authority, kind, valid_from, valid_to, actor, at)
    subject = write(official, "duty_granted", actor=acting, at=at, internal=_facts(duty))
    tell("staff.duty_granted", [user.pk], subject, at, _params(duty, valid_from))
    return duty


def require_granter(authority: Authority, kind: str, actor: Actor, at: datetime) -> Actor:
    """The actor as administrator who may grant or end this duty here. Raises when he may not."""
    found, acting = stand(actor, authority, at)
    if found is None:
        raise NotTheirAdministrator()
    if not rules.may_grant(found, kind):
        raise SuperiorOnlyAppointsAdministrators("kind")
    return acting


def new_duty(
    user: User,
    authority: Authority,
    kind: str,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    at: datetime,
) -> Duty:
    """A duty that may stand beside the others; the caller has locked the person and asked who grants it."""
    today = shanghai_date(at)
    if not rules.exists_at(kind, authority.level):
        raise NotAtThisLevel("kind")
    if valid_from < today:
        raise InThePast("valid_from")
    if valid_to is not None and valid_to <= valid_from:
        raise EndBeforeStart("valid_to")
    if kind in rules.DELEGATED and authority.level == Level.PREFECTURE:
        _require_delegation(authority, kind, valid_from)
    span = rules.Span(valid_from, valid_to)
    _require_staying(user, authority, span)
    for other in Duty.objects.filter(user=user, authority=authority, kind=kind):
        if span.overlaps(span_of(other)):
            raise Overlaps("valid_from", span=f"{other.valid_from} – {other.valid_to or ''}")
    return Duty.objects.create(
        user=user,
        authority=authority,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by_id=own_key(actor),
    )


def _require_delegation(authority: Authority, kind: str, on: date) -> None:
    entrusted = Delegation.objects.filter(in_force(on), delegate=authority, stage=kind).filter(
        Q(suspended_on__isnull=True) | Q(suspended_on__gt=on)
    )
    if not entrusted.exists():
        raise NotEntrusted("kind")


def _require_staying(user: User, authority: Authority, span: rules.Span) -> None:
    leaving = Departure.objects.filter(user=user, authority=authority, carried_out_at__isnull=True).first()
    if leaving and (span.end is None or span.end > leaving.leaves_on):
        raise Leaving("valid_to", day=leaving.leaves_on)


@transaction.atomic
def end_duty(*, duty_id: int, on: date, actor: Actor, at: datetime) -> Duty:
    """End a duty: `on` is the first day without it, today at the earliest. One not begun yet never begins.

    Raises Duty.DoesNotExist, NotTheirAdministrator, SuperiorOnlyAppointsAdministrators, InThePast, AlreadyEnded,
    LastAdministrator.
    """
    found = Duty.objects.select_related("user", "authority").get(pk=duty_id)
    user, official = locked(found.user.public_id, at)
    duty = Duty.objects.select_related("authority").get(pk=duty_id)
    acting = require_granter(duty.authority, duty.kind, actor, at)
    if on < shanghai_date(at):
        raise InThePast("on")
    end = max(on, duty.valid_from)
    if duty.valid_to is not None and duty.valid_to <= end:
        raise AlreadyEnded()
    require_another_administrator(duty.authority, user, end, kinds={duty.kind})
    cut(duty, end)
    trim_substitutions(user, duty.authority, end)
    subject = write(official, "duty_ended", actor=acting, at=at, internal=_facts(duty))
    tell("staff.duty_ended", [user.pk], subject, at, _params(duty, end))
    return duty


def cut(duty: Duty, end: date) -> None:
    """Let a duty end by this day; whoever stands in for it ends with it."""
    end = max(end, duty.valid_from)
    stood_in = Duty.objects.filter(
        substitute_for=duty.user, authority=duty.authority, kind=duty.kind, valid_to__gt=end
    )
    for row in stood_in:
        row.valid_to = max(row.valid_from, end)
        row.save(update_fields=["valid_to"])
    duty.valid_to = end
    duty.save(update_fields=["valid_to"])


def trim_substitutions(user: User, authority: Authority, end: date) -> None:
    """Whoever has no duty of his own here from a day on stands in for nobody from that day on."""
    own = Duty.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=end),
        user=user,
        authority=authority,
        substitute_for__isnull=True,
    )
    if own.exists():
        return
    for row in Duty.objects.filter(
        user=user, authority=authority, substitute_for__isnull=False, valid_to__gt=end
    ):
        row.valid_to = max(row.valid_from, end)
        row.save(update_fields=["valid_to"])


def require_another_administrator(authority: Authority, user: User, on: date, *, kinds: set[str]) -> None:
    """Above the national authority there is nobody who could appoint its next administrator."""
    if authority.level != Level.NATIONAL or not kinds & rules.ADMINISTRATION:
        return
    list(Authority.objects.select_for_update().filter(pk=authority.pk))
    others = Duty.objects.filter(
        in_force(on), authority=authority, kind__in=rules.ADMINISTRATION, substitute_for__isnull=True,
        user__is_active=True,
    ).exclude(user=user)  # fmt: skip
    if not others.exists():
        raise LastAdministrator()


def _facts(duty: Duty) -> dict[str, str | None]:
    return {
        "authority": duty.authority.code, "kind": duty.kind, "from": str(duty.valid_from),
        "to": str(duty.valid_to) if duty.valid_to else None,
    }  # fmt: skip


def _params(duty: Duty, day: date) -> dict[str, object]:
    return {
        "authority": authority_in_both(duty.authority), "duty": duty_in_both(duty.kind), "from_on": day.isoformat()
    }  # fmt: skip
