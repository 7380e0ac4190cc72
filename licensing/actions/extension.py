"""The one extension of a case: proposed by an approver, decided by the head, before the due date (K11; L1 art. 42)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, NotAllowed
from core.workdays.rules import MAX_EXTENSION
from licensing.actions.act import advance, locked, require_duty, require_official, require_unheld
from licensing.actions.pauses import recompute
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application, Extension


class ExtendedAlready(Conflict):
    code = "licensing.extended_already"
    message = _("每件申请只能延长一次")


class ProposedAlready(Conflict):
    code = "licensing.extension_proposed_already"
    message = _("已有一份延长建议等负责人决定")


class TooLateToExtend(Conflict):
    code = "licensing.too_late_to_extend"
    message = _("时限 %(due)s 已经届满，不能再延长")


class ExtensionTooLong(Invalid):
    code = "licensing.extension_too_long"
    message = _("延长须在 1 至 %(most)s 个工作日之间（《行政许可法》第四十二条）")


class ExtensionReasonsMissing(Invalid):
    code = "licensing.extension_reasons_missing"
    message = _("请写明延长的理由，申请人会看到")


class NothingProposed(Conflict):
    code = "licensing.nothing_proposed"
    message = _("没有等你决定的延长建议")


class ProposerDecides(NotAllowed):
    code = "licensing.proposer_decides"
    message = _("提出延长的人不能自己批准")


@transaction.atomic
def propose_extension(
    *, public_id: UUID | str, expected_version: int, days: int, reasons: str, actor: Actor, at: datetime
) -> Extension:
    """Ask the head for more time. Raises ExtendedAlready, ProposedAlready, TooLateToExtend, or names the field."""
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("propose_extension", application.status)
    actor = require_official(application, "approval", actor, at)
    require_unheld(application)
    _require_in_time(application, at)
    if not 1 <= days <= MAX_EXTENSION:
        raise ExtensionTooLong("days", most=MAX_EXTENSION)
    if not reasons.strip():
        raise ExtensionReasonsMissing("reasons")
    if application.extensions.filter(result=Extension.Result.GRANTED).exists():
        raise ExtendedAlready()
    if application.extensions.filter(result="").exists():
        raise ProposedAlready()
    row = Extension.objects.create(
        application=application,
        days=days,
        reasons=reasons.strip(),
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    advance(application, "propose_extension", actor=actor, at=at, internal={"days": days},
            personal={"reasons": row.reasons})  # fmt: skip
    return row


@transaction.atomic
def decide_extension(
    *, public_id: UUID | str, expected_version: int, granted: bool, actor: Actor, at: datetime
) -> Extension:
    """The head of the deciding authority, or who stands in for him, in time; the applicant is told the reasons (K11).

    Delegation does not reach this far: it is the head of the authority in whose name the case is decided. Raises
    NothingProposed, ProposerDecides or TooLateToExtend.
    """
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("extend", application.status)
    actor = require_duty(application, "head", application.deciding_authority_id, actor, at)
    row = application.extensions.select_for_update().filter(result="").first()
    if row is None:
        raise NothingProposed()
    if row.proposed_by_id == actor.user_id:
        raise ProposerDecides()
    if granted:
        _require_in_time(application, at)
    row.result = Extension.Result.GRANTED if granted else Extension.Result.DECLINED
    row.decided_by_id, row.decided_at = actor.user_id, at
    row.save()
    if not granted:
        advance(application, "decline_extension", actor=actor, at=at, internal={"days": row.days})
        return row
    moved = recompute(application, at)
    advance(
        application, "extend", actor=actor, at=at, personal={"reasons": row.reasons},
        public={"days": row.days, "due_on": str(application.due_on or ""), **moved},
    )  # fmt: skip
    return row


def _require_in_time(application: Application, at: datetime) -> None:
    """Until the end of the due date (K4); while the clock stands still the date is unknown and not past."""
    if application.due_on is not None and shanghai_date(at) > application.due_on:
        raise TooLateToExtend(due=application.due_on)
