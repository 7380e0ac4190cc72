"""Open cases of an official who leaves or hands over pass to the colleague named, or back to the desk.

Staff says who hands over to whom; here it is read again what that means for each case. What is personal in a case is
its reviewer: acceptance and decision belong to the desk until somebody acts. Who did what stays as it was: a case that
waits for its decision keeps the reviewer who reviewed it, and moves on only if it comes back to review.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.ledger.actions import record
from core.lifecycle.actors import SYSTEM
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from core.outbox.actions import emit
from core.parties.competence import Standing, standing_of
from core.parties.models import Duty, User
from core.staff.actions.handovers import note_result
from core.staff.models import HandOver
from core.staff.queries import successor_of
from licensing.actions.act import DUTY_FIELD, LOCK_ORDER, locked, subject_of
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.rules import duties_apart

BASIS = (Clause("DESIGN", "人员和职责管理"), Clause("L2", "第十四条"))


@transaction.atomic
def hand_over_cases(*, public_id: UUID | str, at: datetime) -> HandOver:
    """Carry out one hand-over for the cases under review; run again, nothing more happens.

    A case whose review the successor may not do (another duty in it, his own enterprise, no duty) goes back to the
    desk without a reviewer, and is listed with its reason.
    """
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("from_user", "to_user")
    row = rows.get(public_id=public_id)
    if row.done_at is not None:
        return row
    moved, left = 0, []
    if row.kind == Duty.Kind.REVIEW:
        standing = standing_at(row.to_user, at)
        mine = Application.objects.filter(
            reviewer=row.from_user, review_authority=row.authority_id, status=Status.UNDER_REVIEW
        )
        for key in list(mine.order_by(*LOCK_ORDER).values_list("public_id", flat=True)):
            application = locked(key)
            if application.reviewer_id != row.from_user_id or application.status != Status.UNDER_REVIEW:
                continue
            reason = obstacle(application, row.to_user, standing)
            _assign(application, None if reason else row.to_user, row.from_user, reason, at)
            if reason:
                left.append({"number": application.number or "", "reason": reason})
            else:
                moved += 1
    return note_result(public_id=row.public_id, moved=moved, left=left, at=at)


@transaction.atomic
def reassign_returned(*, public_id: UUID | str, at: datetime) -> Application:
    """A case came back to review: where its reviewer lost the duty or has recused himself since, it goes to his
    successor, or to the desk."""
    application = locked(public_id)
    reviewer = application.reviewer
    if application.status != Status.UNDER_REVIEW or reviewer is None:
        return application
    standing = standing_at(reviewer, at)
    if not obstacle(application, reviewer, standing):
        return application
    key = successor_of(reviewer.pk, application.review_authority_id or 0, Duty.Kind.REVIEW)
    successor = User.objects.filter(pk=key).first() if key else None
    reason = obstacle(application, successor, standing_at(successor, at))
    _assign(application, None if reason else successor, reviewer, reason, at)
    return application


def obstacle(application: Application, successor: User | None, standing: Standing) -> str:
    """Why the successor cannot review this case; empty when he can (DOMAIN §3.2, separation of duties, recusal)."""
    if successor is None:
        return "no_successor"
    if not standing.holds(Duty.Kind.REVIEW, application.review_authority_id):
        return "no_duty"
    if application.enterprise_id in standing.enterprise_ids or application.created_by_id == successor.pk:
        return "own_interest"
    if application.recusals.filter(user_id=successor.pk).exists():
        return "recused"
    others = {
        duty: getattr(application, f"{field}_id") for duty, field in DUTY_FIELD.items() if duty != "review"
    }
    return "duties_apart" if duties_apart(actor_id=successor.pk, others=others) else ""


def standing_at(user: User | None, at: datetime) -> Standing:
    """What somebody holds at that moment; nobody holds nothing."""
    return standing_of(user, shanghai_date(at)) if user is not None else Standing()


def _assign(application: Application, to: User | None, before: User, reason: str, at: datetime) -> None:
    application.hand_to(to)
    application.version += 1
    application.save()
    record(
        act="licensing.hand_over", subject=subject_of(application), actor=SYSTEM, effective_at=at, legal_basis=BASIS,
        internal={
            "duty": "review", "from": str(before.public_id), "to": str(to.public_id) if to else None, "reason": reason,
        },
    )  # fmt: skip
    emit(type="licensing.hand_over", subject=subject_of(application))
