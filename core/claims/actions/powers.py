"""Powers of attorney: granted by the legal representative on the account, dated, renewed, revoked at once.

They belong to the account and never to a case (R-29, R-88; L1 art. 29). Nothing here asks for a paper.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.claims import errors, rules
from core.claims.actions.act import (
    POWER,
    lock_enterprise,
    note_roster,
    representative_of,
    require_representative,
)
from core.claims.actions.agents import agent_seat
from core.claims.notices import tell_agent
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.lifecycle.subjects import Subject
from core.parties.competence import in_force
from core.parties.models import Enterprise, Membership, PowerOfAttorney

_FAULTS: dict[str, tuple[type[Invalid], str]] = {
    "ended_already": (errors.PowerEndedAlready, "last"),
    "starts_before_today": (errors.PowerStartsBeforeToday, "first"),
    "starts_too_late": (errors.PowerStartsTooLate, "first"),
    "ends_before_start": (errors.PowerEndsBeforeStart, "last"),
    "too_long": (errors.PowerTooLong, "last"),
}


@transaction.atomic
def grant(
    *, enterprise_id: UUID | str, agent: UUID | str, first: date, last: date, actor: Actor, at: datetime
) -> PowerOfAttorney:
    """Let an agent file for the enterprise from the first to the last day, both counted, three years at most.

    Raises NotRepresentative, NotAnAgent, PowerOverlaps, or what is wrong with the dates.
    """
    enterprise = lock_enterprise(Enterprise.objects.values_list("pk", flat=True).get(public_id=enterprise_id))
    representative = require_representative(enterprise, actor, at)
    seat = agent_seat(enterprise, agent, at)
    return _granted(enterprise, seat, rules.Span(first, last), "grant_power", representative, at)


@transaction.atomic
def renew(*, public_id: UUID | str, last: date, actor: Actor, at: datetime) -> PowerOfAttorney:
    """A new power that begins where this one ends, or today if it has ended. Raises PowerGone for a revoked one."""
    power, representative = _own_power(public_id, actor, at)
    if power.revoked_at is not None or power.valid_to is None:
        raise errors.PowerGone()
    seat = agent_seat(power.enterprise, power.user.public_id, at)
    first = rules.renewal_of(power.valid_to, today=shanghai_date(at))
    return _granted(power.enterprise, seat, rules.Span(first, last), "renew_power", representative, at)


@transaction.atomic
def revoke(*, public_id: UUID | str, actor: Actor, at: datetime) -> PowerOfAttorney:
    """Take a power back: from this instant the agent files nothing more. Raises PowerGone the second time."""
    power, representative = _own_power(public_id, actor, at)
    if power.revoked_at is not None or power.valid_to is None or power.valid_to <= shanghai_date(at):
        raise errors.PowerGone()
    power.revoked_at = at
    power.save(update_fields=["revoked_at"])
    subject = note_roster(
        power.enterprise,
        "revoke_power",
        actor=representative,
        at=at,
        internal={"power": str(power.public_id)},
    )
    tell_agent(
        "claims.power_revoked", [power.user_id], subject, at, enterprise=power.enterprise, **_dates(power)
    )
    return power


def _own_power(public_id: UUID | str, actor: Actor, at: datetime) -> tuple[PowerOfAttorney, Actor]:
    """A power of the actor's enterprise, locked after it. Raises DoesNotExist, NotRepresentative."""
    row = PowerOfAttorney.objects.values("pk", "enterprise_id").get(public_id=public_id)
    enterprise = lock_enterprise(row["enterprise_id"])
    representative = require_representative(enterprise, actor, at)
    power = PowerOfAttorney.objects.select_for_update(of=("self",)).select_related("user").get(pk=row["pk"])
    power.enterprise = enterprise
    return power, representative


def _granted(
    enterprise: Enterprise, seat: Membership, span: rules.Span, act: str, actor: Actor, at: datetime
) -> PowerOfAttorney:
    fault = rules.span_fault(span, today=shanghai_date(at))
    if fault is not None:
        error, field = _FAULTS[fault]
        latest = rules.latest_last_day(span.first).isoformat() if fault == "too_long" else ""
        raise error(field, latest=latest)
    _refuse_overlap(seat, span)
    try:
        with transaction.atomic():
            power = PowerOfAttorney.objects.create(
                user=seat.user, enterprise=enterprise, granted_by_id=actor.user_id or 0, granted_at=at,
                valid_from=span.first, valid_to=span.until,
            )  # fmt: skip
    except IntegrityError as error:
        _refuse_overlap(seat, span)
        raise errors.PowerGone() from error
    subject = note_roster(
        enterprise, act, actor=actor, at=at,
        internal={"power": str(power.public_id), "agent": str(seat.user.public_id),
                  "first": span.first.isoformat(), "last": span.last.isoformat()},
    )  # fmt: skip
    tell_agent("claims.power_granted", [seat.user_id], subject, at, enterprise=enterprise, **_dates(power))
    return power


def _refuse_overlap(seat: Membership, span: rules.Span) -> None:
    """Two powers of one agent never run at the same time: the end of one is always plain."""
    there = PowerOfAttorney.objects.filter(
        user_id=seat.user_id, enterprise_id=seat.enterprise_id, revoked_at__isnull=True,
        valid_from__lt=span.until, valid_to__gt=span.first,
    ).first()  # fmt: skip
    if there is not None:
        shown = _dates(there)
        raise errors.PowerOverlaps("first", first=shown["first_on"], last=shown["last_on"])


def _dates(power: PowerOfAttorney) -> dict[str, str]:
    last = power.valid_to - timedelta(days=1) if power.valid_to else power.valid_from
    return {"first_on": power.valid_from.isoformat(), "last_on": last.isoformat()}


def ending_soon(on: date) -> QuerySet[PowerOfAttorney]:
    """Powers in their last fourteen days that no later power follows, of agents still there."""
    successor = PowerOfAttorney.objects.filter(
        user=OuterRef("user"), enterprise=OuterRef("enterprise"), revoked_at__isnull=True,
        valid_to__gt=OuterRef("valid_to"),
    )  # fmt: skip
    seat = Membership.objects.filter(
        in_force(on), user=OuterRef("user"), enterprise=OuterRef("enterprise"), role=Membership.Role.AGENT
    )
    return PowerOfAttorney.objects.filter(
        in_force(on), ~Exists(successor), Exists(seat), revoked_at__isnull=True,
        valid_to__lte=on + timedelta(days=rules.WARN_DAYS),
    )  # fmt: skip


@transaction.atomic
def warn_of_end(*, power_id: int, at: datetime) -> None:
    """Tell agent and legal representative that a power is about to end: each once, however often this runs."""
    power = PowerOfAttorney.objects.select_related("enterprise", "user").get(pk=power_id)
    subject, dates = Subject(POWER, str(power.public_id), 1), _dates(power)
    tell_agent(
        "claims.power_ending_agent", [power.user_id], subject, at, enterprise=power.enterprise, **dates
    )
    holder = representative_of(power.enterprise_id, shanghai_date(at))
    tell_agent(
        "claims.power_ending_representative", [holder.user_id] if holder else [], subject, at,
        enterprise=power.enterprise, person=power.user.name, **dates,
    )  # fmt: skip
