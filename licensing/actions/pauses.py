"""Stopping and restarting the decision clock, each with its written notice (L1 art. 45, L2 art. 24 ¶2; K5–K7, K26).

Until laboratories and review bodies deliver these events themselves, whoever has the case in hand records them.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.workdays.rules import add_months
from licensing.actions.act import advance, locked, require_in_hand, require_official, require_unheld
from licensing.actions.delivery import dates_of
from licensing.actions.exemption import go_straight
from licensing.alarms import next_look
from licensing.clock import PAUSE_CLAUSES, refresh_clock
from licensing.lifecycle import LIFE_CYCLE, Status
from licensing.models import Application, ClockPause, Outcome, PauseEnd, PauseGround, Track
from licensing.rules import counts_from, testing_may_follow

IN_REVIEW = (PauseGround.TESTING, PauseGround.APPRAISAL, PauseGround.EXPERT_REVIEW)
BEFORE_DECISION = (PauseGround.HEARING, PauseGround.APPRAISAL, PauseGround.EXPERT_REVIEW)
GROUNDS = {Status.UNDER_REVIEW: IN_REVIEW, Status.DECISION_PENDING: BEFORE_DECISION}
"""What may stop the clock at which desk."""
LONGEST_MONTHS = 12
"""A procedure expected to take longer is a slip of the keyboard."""


class NoNotice(Invalid):
    code = "licensing.pause_without_notice"
    message = _("须书面告知申请人所需时间，否则时限不停（《行政许可法》第四十五条）")


class GroundNotHere(Invalid):
    code = "licensing.pause_ground_not_here"
    message = _("这一环节不能以此为由停计时限")


class PausedAlready(Conflict):
    code = "licensing.paused_already"
    message = _("时限已经因此停计，不能重复停计")


class PauseDateWrong(Invalid):
    code = "licensing.pause_date_wrong"
    message = _("日期须在 %(first)s 至 %(last)s 之间")


class ExpectedDateWrong(Invalid):
    code = "licensing.pause_expected_wrong"
    message = _("预计完成日须在今天之后一年之内")


class NotPaused(Conflict):
    code = "licensing.not_paused"
    message = _("这次停计已经结束")


class NothingToTest(Invalid):
    code = "licensing.nothing_to_test"
    message = _("现在没有要做的产品检验：实地核查还没有合格，或检验已有结果")


class PauseStillOpen(Conflict):
    code = "licensing.pause_still_open"
    message = _("时限还在停计：先登记收到报告或记录的日期")


@transaction.atomic
def pause(
    *,
    public_id: UUID | str,
    expected_version: int,
    ground: str,
    started_on: date,
    expected_until: date,
    notice: str,
    actor: Actor,
    at: datetime,
) -> ClockPause:
    """Take a procedure out of the limit from the day it had begun and the applicant was told; telling is this act.

    `started_on`: the sample was handed to the laboratory (K5, K23), or the written notice of the procedure went out
    (K6). Raises NoNotice, GroundNotHere, NothingToTest, PauseDateWrong, ExpectedDateWrong or PausedAlready.
    """
    application, actor = _in_hand(public_id, expected_version, "pause", actor, at)
    today, chosen = shanghai_date(at), PauseGround(ground)
    if chosen not in GROUNDS[Status(application.status)]:
        raise GroundNotHere("ground")
    if chosen == PauseGround.TESTING:
        _require_test(application)
    assert application.received_at is not None and application.accepted_on is not None
    require_between(shanghai_date(application.received_at), started_on, today, "started_on")
    if not notice.strip():
        raise NoNotice("notice")
    if not max(today, started_on) <= expected_until <= add_months(today, LONGEST_MONTHS):
        raise ExpectedDateWrong("expected_until")
    if application.pauses.filter(ground=chosen, ended_on__isnull=True).exists():
        raise PausedAlready("ground")
    row = ClockPause.objects.create(
        application=application, ground=chosen, started_on=started_on, notice=notice.strip(),
        counts_from=counts_from(accepted_on=application.accepted_on, started_on=started_on, told_on=today),
        expected_until=expected_until, told_at=at, opened_by_id=actor.user_id,
    )  # fmt: skip
    _moved(application, "pause", row, actor, at)
    return row


@transaction.atomic
def resume(
    *,
    public_id: UUID | str,
    expected_version: int,
    pause_id: UUID | str,
    ended_on: date,
    because: str = PauseEnd.RESULT,
    actor: Actor,
    at: datetime,
) -> ClockPause:
    """The clock runs again from the day after the report or record came, or the laboratory was barred (K5, K6, K26).

    Raises NotPaused or PauseDateWrong.
    """
    application, actor = _in_hand(public_id, expected_version, "resume", actor, at)
    row = application.pauses.filter(public_id=pause_id, ended_on__isnull=True).first()
    if row is None:
        raise NotPaused()
    if PauseEnd(because) == PauseEnd.BARRED and row.ground != PauseGround.TESTING:
        raise GroundNotHere("because")
    require_between(row.started_on, ended_on, shanghai_date(at), "ended_on")
    end(application, row, ended_on, because, actor, at)
    go_straight(application, at)
    return row


def end(
    application: Application, row: ClockPause, ended_on: date, because: str, actor: Actor, at: datetime
) -> None:
    """Close one pause of a case in hand: an act of its own, with the dates it moves."""
    row.ended_on, row.ended_because, row.closed_by_id = ended_on, PauseEnd(because), actor.user_id
    row.save()
    _moved(application, "resume", row, actor, at)


def require_running(application: Application) -> None:
    """Nothing is concluded or decided while a procedure is under way. Raises PauseStillOpen."""
    if application.pauses.filter(ended_on__isnull=True).exists():
        raise PauseStillOpen()


def recompute(application: Application, at: datetime) -> dict[str, dict[str, str | bool]]:
    """Compute the clock anew after one of its events; what the ledger says of the move."""
    before = dates_of(application)
    refresh_clock(application)
    application.next_check_at = next_look(application, at)
    return {"before": before, "after": dates_of(application)}


def _in_hand(
    public_id: UUID | str, expected_version: int, act: str, actor: Actor, at: datetime
) -> tuple[Application, Actor]:
    """The case at the desk that has it: the reviewer who took it, or an approver it waits for."""
    application = locked(public_id, expected_version=expected_version)
    row = LIFE_CYCLE.find(act, application.status)
    actor = require_official(application, row.duty, actor, at)
    require_unheld(application)
    if row.duty == "review":
        require_in_hand(application, actor)
    return application, actor


def _require_test(application: Application) -> None:
    outcomes = dict(application.evidence.values_list("track", "outcome"))
    early = application.test_before_visit
    if outcomes.get(Track.TESTING) != Outcome.REQUIRED or not testing_may_follow(outcomes, early=early):
        raise NothingToTest("ground")


def require_between(first: date, day: date, last: date, field: str) -> None:
    """Raises PauseDateWrong at the field."""
    if not first <= day <= last:
        raise PauseDateWrong(field, first=first, last=last)


def _moved(application: Application, act: str, row: ClockPause, actor: Actor, at: datetime) -> None:
    """Save the clock as it now stands, and write down why it moved."""
    moved = recompute(application, at)
    advance(
        application, act, actor=actor, at=at, basis=(PAUSE_CLAUSES[row.ground],),
        public={
            "ground": row.ground, "from": str(row.counts_from), "to": str(row.ended_on or ""),
            "expected_until": str(row.expected_until), "because": row.ended_because,
            "due_on": str(application.due_on or ""), **moved,
        },
        personal={"notice": row.notice} if act == "pause" else {},
    )  # fmt: skip
