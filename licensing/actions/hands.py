"""In whose hands a review is: assigned or reassigned by the head, taken over from somebody who is away.

The reviewer is the one person a case under review belongs to; the head of the authority that reviews answers for its
work (DOMAIN §3.2, §8). Separation of duties, own interest and recusal hold for everybody it is given to.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.parties.models import Duty, User
from core.staff.queries import stands_in_for
from licensing.actions.act import (
    NO_CONFLICT,
    advance,
    locked,
    person_of,
    require_duty,
    require_no_conflict,
    require_official,
)
from licensing.actions.handover import obstacle, standing_at
from licensing.actions.review import ReviewTaken
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application

OBSTACLES: dict[str, Promise] = {
    "no_duty": _("没有本机关的审查职责"),
    "own_interest": _("代表申请企业"),
    "recused": _("已声明回避"),
    "duties_apart": _("已办过这件申请的另一环节"),
}


class ReviewerMissing(Invalid):
    code = "licensing.reviewer_missing"
    message = _("请选择一名审查人员")


class ReviewerUnfit(Invalid):
    code = "licensing.reviewer_unfit"
    message = _("不能指派给%(name)s：%(why)s")


class AssignedAlready(Invalid):
    code = "licensing.assigned_already"
    message = _("这件申请本来就由%(name)s承办")


class AssignedToOneself(Invalid):
    code = "licensing.assigned_to_oneself"
    message = _("不能指派给自己；自己有审查职责的，请在审查页承办")


class AssignmentReasonMissing(Invalid):
    code = "licensing.assignment_reason_missing"
    message = _("请写明指派的理由")


class NothingToTakeOver(Conflict):
    code = "licensing.nothing_to_take_over"
    message = _("这件申请没有别人承办，不用代为承办")


@transaction.atomic
def assign_review(
    *,
    public_id: UUID | str,
    expected_version: int,
    reviewer: UUID | str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Application:
    """Give a case under review to a reviewer of the authority, or take it from one and give it to another.

    The act of the head of the review authority, who cannot mean himself. Whoever is given it takes it in hand with a
    statement of his own before he does anything else with it (`review.take_review`). Raises ReviewerMissing,
    ReviewerUnfit, AssignedAlready or AssignedToOneself at `reviewer`, AssignmentReasonMissing at `reason`.
    """
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("assign_review", application.status)
    actor = require_duty(application, Duty.Kind.HEAD, application.review_authority_id, actor, at)
    chosen, before = _fit(application, reviewer, actor, at), application.reviewer
    if not reason.strip():
        raise AssignmentReasonMissing("reason")
    application.hand_to(chosen)
    return advance(
        application, "assign_review", actor=actor, at=at, personal={"reason": reason.strip(), "to": chosen.name},
        internal={"from": str(before.public_id) if before else None, "to": str(chosen.public_id)},
    )  # fmt: skip


def _fit(application: Application, reviewer: UUID | str, actor: Actor, at: datetime) -> User:
    """The colleague chosen, when he can review this case."""
    chosen = User.objects.filter(public_id=reviewer).first()
    if chosen is None:
        raise ReviewerMissing("reviewer")
    if chosen.pk == actor.user_id:
        raise AssignedToOneself("reviewer")
    why = obstacle(application, chosen, standing_at(chosen, at))
    if why:
        named = chosen.name if why != "no_duty" else str(_("此人"))
        raise ReviewerUnfit("reviewer", name=named, why=OBSTACLES[why])
    if chosen.pk == application.reviewer_id:
        raise AssignedAlready("reviewer", name=chosen.name)
    return chosen


@transaction.atomic
def take_over(
    *, public_id: UUID | str, expected_version: int, no_conflict: bool, actor: Actor, at: datetime
) -> Application:
    """Take over a case from a reviewer who cannot go on with it; the ledger says for whom.

    By his stand-in on the days he is away, or by any reviewer of the authority once he holds the duty no more (a
    stand-in whose days are over, a duty that has ended). The case stays with whoever took it over. Raises
    NothingToTakeOver, ReviewTaken while its reviewer is there, or NoConflictUndeclared.
    """
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("take_over", application.status)
    actor = require_official(application, Duty.Kind.REVIEW, actor, at)
    before = application.reviewer
    if before is None or before.pk == actor.user_id:
        raise NothingToTakeOver()
    because = _unable(application, before, actor, at)
    if not because:
        raise ReviewTaken()
    require_no_conflict(no_conflict)
    application.hand_to(person_of(actor), stated=True)
    return advance(
        application, "take_over", actor=actor, at=at, personal={"for": before.name},
        internal={"from": str(before.public_id), "because": because, **NO_CONFLICT},
    )  # fmt: skip


def _unable(application: Application, reviewer: User, actor: Actor, at: datetime) -> str:
    """Why the reviewer cannot go on, as far as it lets this actor take over; empty when he can."""
    authority = application.review_authority_id
    if not standing_at(reviewer, at).holds(Duty.Kind.REVIEW, authority):
        return "no_duty"
    if actor.user_id in stands_in_for(reviewer.pk, authority, shanghai_date(at)):
        return "absent"
    return ""
