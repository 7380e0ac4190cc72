"""Somebody leaves: duties end, work passes on, the account closes on the day."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.accounts.actions import close_account
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.parties.competence import in_force
from core.parties.models import Authority, Duty, Membership, User
from core.staff.actions.absences import close_absence
from core.staff.actions.common import locked, own_key, require_own, write
from core.staff.actions.duties import cut, require_another_administrator
from core.staff.actions.handovers import HANDED_OVER_KINDS, check_successor, start_hand_over
from core.staff.errors import AccountClosed, InThePast
from core.staff.models import Absence, Departure, HandOver, Official
from core.staff.notices import authority_in_both, duty_in_both, tell

Successors = Mapping[str, UUID | str | None]


@transaction.atomic
def leave(
    *, public_id: UUID | str, leaves_on: date, successors: Successors, actor: Actor, at: datetime
) -> Departure:
    """Somebody leaves his authority; from `leaves_on` on he has no duty there.

    `successors`: duty → the colleague who takes over the open work of it; without one it goes back to the desk. Said
    again with the same day and colleagues, nothing happens; with others, the plan changes until the day comes. On the
    day (at once if it is today) the work passes on, the account closes and its sessions end.
    Raises NotTheirAdministrator, NotOneself, AccountClosed, InThePast, LastAdministrator, SuccessorLacksDuty.
    """
    user, official = locked(public_id, at)
    authority = official.authority
    acting = require_own(actor, authority, at, user)
    if leaves_on < shanghai_date(at):
        raise InThePast("leaves_on")
    open_one = Departure.objects.filter(user=user, authority=authority, carried_out_at__isnull=True).first()
    if open_one is None and not user.is_active:
        raise AccountClosed()
    since = leaves_on if open_one is None else min(leaves_on, open_one.leaves_on)
    plan = _plan(user, authority, leaves_on, since, successors)
    if open_one is not None and _same(open_one, leaves_on, plan):
        return open_one
    kinds = set(
        Duty.objects.filter(in_force(leaves_on), user=user, authority=authority).values_list(
            "kind", flat=True
        )
    )
    require_another_administrator(authority, user, leaves_on, kinds=kinds)
    departure = _record(open_one, user, authority, leaves_on, actor, at)
    _end_everything(user, authority, leaves_on, before=None if open_one is None else open_one.leaves_on)
    departure.leaves_on = leaves_on
    departure.save(update_fields=["leaves_on"])
    _write_plan(departure, plan, actor, at)
    _put_on_record(official, departure, plan, acting, at)
    if leaves_on <= shanghai_date(at):
        carry_out(departure_id=departure.pk, at=at)
        departure.refresh_from_db()
    return departure


def _plan(
    user: User, authority: Authority, leaves_on: date, since: date, successors: Successors
) -> dict[str, User | None]:
    """Duty → colleague, for every duty with work of its own that runs until the day, or did in an earlier plan."""
    held = Duty.objects.filter(user=user, authority=authority, kind__in=HANDED_OVER_KINDS)
    kinds = sorted(set(held.exclude(valid_to__lt=since).values_list("kind", flat=True)))
    plan: dict[str, User | None] = {}
    for kind in kinds:
        chosen = successors.get(kind)
        plan[kind] = check_successor(chosen, user, authority, kind, leaves_on) if chosen else None
    return plan


def _same(departure: Departure, leaves_on: date, plan: Mapping[str, User | None]) -> bool:
    stored = dict(departure.hand_overs.values_list("kind", "to_user_id"))
    return departure.leaves_on == leaves_on and stored == {
        kind: person.pk if person else None for kind, person in plan.items()
    }


def _record(
    open_one: Departure | None, user: User, authority: Authority, leaves_on: date, actor: Actor, at: datetime
) -> Departure:
    if open_one is not None:
        return open_one
    return Departure.objects.create(
        user=user, authority=authority, leaves_on=leaves_on, recorded_by_id=own_key(actor), recorded_at=at
    )


def _end_everything(user: User, authority: Authority, leaves_on: date, *, before: date | None) -> None:
    """Cut every duty and absence here; duties cut for an earlier plan run to the new day."""
    rows = Duty.objects.filter(user=user, authority=authority).select_related("authority", "user")
    if before is not None and before < leaves_on:
        for duty in rows.filter(valid_to=before, valid_from__lt=before, substitute_for__isnull=True):
            cut(duty, leaves_on)
    for duty in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=leaves_on)):
        cut(duty, leaves_on)
    here = Absence.objects.filter(authority=authority, valid_to__gt=leaves_on)
    for absence in here.filter(Q(user=user) | Q(substitute=user)):
        close_absence(absence, leaves_on)


def _write_plan(departure: Departure, plan: Mapping[str, User | None], actor: Actor, at: datetime) -> None:
    departure.hand_overs.exclude(kind__in=plan).delete()
    for kind, person in plan.items():
        HandOver.objects.update_or_create(
            departure=departure, kind=kind,
            defaults={
                "authority": departure.authority, "from_user": departure.user, "to_user": person,
                "recorded_by_id": own_key(actor), "recorded_at": at,
            },
        )  # fmt: skip


def _put_on_record(
    official: Official, departure: Departure, plan: Mapping[str, User | None], acting: Actor, at: datetime
) -> None:
    day = departure.leaves_on.isoformat()
    subject = write(
        official, "leaving", actor=acting, at=at,
        internal={
            "authority": departure.authority.code, "leaves_on": day,
            "successors": {kind: str(person.public_id) if person else None for kind, person in plan.items()},
        },
    )  # fmt: skip
    office = authority_in_both(departure.authority)
    tell("staff.leaving", [departure.user_id], subject, at, {"authority": office, "from_on": day})
    for kind, person in plan.items():
        if person is not None:
            params = {"person": departure.user.name, "duty": duty_in_both(kind), "from_on": day}
            tell("staff.taking_over", [person.pk], subject, at, params)


@transaction.atomic
def carry_out(*, departure_id: int, at: datetime) -> bool:
    """The day has come: work passes on, the account closes unless it serves elsewhere; False when done before."""
    rows = Departure.objects.select_for_update(of=("self",)).select_related("authority", "user")
    departure = rows.get(pk=departure_id)
    if departure.carried_out_at is not None or departure.leaves_on > shanghai_date(at):
        return False
    user, official = locked(departure.user.public_id, at)
    for hand_over in departure.hand_overs.select_related("from_user", "authority").order_by("id"):
        start_hand_over(hand_over, at)
    closes = not _serves_elsewhere(user, departure.leaves_on)
    if closes:
        close_account(user)
    departure.carried_out_at = at
    departure.save(update_fields=["carried_out_at"])
    write(
        official, "left", actor=SYSTEM, at=at,
        internal={"authority": departure.authority.code, "account_closed": closes},
    )  # fmt: skip
    return True


def _serves_elsewhere(user: User, on: date) -> bool:
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return (
        Duty.objects.filter(still, user=user).exists() or Membership.objects.filter(still, user=user).exists()
    )


def carry_out_due(*, at: datetime) -> int:
    """Every departure whose day has come, each in a transaction of its own; returns how many were carried out."""
    due = Departure.objects.filter(carried_out_at__isnull=True, leaves_on__lte=shanghai_date(at)).order_by(
        "id"
    )
    return sum(carry_out(departure_id=key, at=at) for key in list(due.values_list("pk", flat=True)))
