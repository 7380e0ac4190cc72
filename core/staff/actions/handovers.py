"""Open work passes from one official to another holding the same duty."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import in_force
from core.parties.models import Authority, Duty, User
from core.staff.actions.common import administrators, locked, own_key, require_own, write
from core.staff.errors import SuccessorLacksDuty
from core.staff.models import HandOver
from core.staff.notices import duty_in_both, tell

HANDED_OVER = "staff.handed_over"
SUBJECT = "staff.hand_over"
HANDED_OVER_KINDS = ("acceptance", "review", "approval", "supervision")
"""Duties with work of one's own that somebody can take over."""


@transaction.atomic
def hand_over(
    *, public_id: UUID | str, kind: str, successor: UUID | str | None, actor: Actor, at: datetime
) -> HandOver:
    """Pass on the open work of one duty now, to a colleague holding the same duty or back to the desk.

    Raises NotTheirAdministrator, SuccessorLacksDuty.
    """
    user, official = locked(public_id, at)
    authority, today = official.authority, shanghai_date(at)
    acting = require_own(actor, authority, at)
    to_user = check_successor(successor, user, authority, kind, today) if successor else None
    row = HandOver.objects.create(
        authority=authority,
        kind=kind,
        from_user=user,
        to_user=to_user,
        recorded_by_id=own_key(actor),
        recorded_at=at,
    )
    subject = write(
        official, "work_handed_over", actor=acting, at=at,
        internal={"kind": kind, "successor": str(to_user.public_id) if to_user else None},
    )  # fmt: skip
    if to_user is not None:
        params = {"person": user.name, "duty": duty_in_both(kind), "from_on": today.isoformat()}
        tell("staff.taking_over", [to_user.pk], subject, at, params)
    start_hand_over(row, at)
    return row


def check_successor(public_id: UUID | str, user: User, authority: Authority, kind: str, on: date) -> User:
    """The colleague named, if he holds the same duty here on the day in his own right. Raises SuccessorLacksDuty."""
    held = Duty.objects.filter(
        in_force(on), user__public_id=public_id, user__is_active=True, authority=authority, kind=kind,
        substitute_for__isnull=True,
    ).exclude(user=user)  # fmt: skip
    duty = held.select_related("user").first()
    if duty is None:
        raise SuccessorLacksDuty(f"successor_{kind}", day=on)
    return duty.user


def start_hand_over(row: HandOver, at: datetime) -> None:
    """Tell those who own the work. Once only."""
    if row.started_at is not None:
        return
    row.started_at = at
    row.save(update_fields=["started_at"])
    emit(type=HANDED_OVER, subject=Subject(SUBJECT, str(row.public_id), 1))


@transaction.atomic
def note_result(
    *, public_id: UUID | str, moved: int, left: Sequence[dict[str, str]], at: datetime
) -> HandOver:
    """Whoever owns the work reports: how much passed over, and what did not, by its number and reason. Counts once.

    `left`: [{"number": "…", "reason": "duties_apart" | "own_interest" | "recused" | "no_successor" | "no_duty"}].
    """
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("authority", "from_user")
    row = rows.get(public_id=public_id)
    if row.done_at is not None:
        return row
    row.moved, row.left, row.done_at = moved, list(left), at
    row.save(update_fields=["moved", "left", "done_at"])
    if moved or left:
        tell(
            "staff.hand_over_done",
            {row.recorded_by_id, *administrators(row.authority, shanghai_date(at), but=(row.from_user_id,))},
            Subject(SUBJECT, str(row.public_id), 2), at,
            {"person": row.from_user.name, "moved": str(moved), "left": str(len(left))},
            {"public_id": str(row.from_user.public_id)},
        )  # fmt: skip
    return row
