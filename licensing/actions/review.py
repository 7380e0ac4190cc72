"""Review: the reviewer takes the case, records both tracks with a document, and sends it up (L2 arts. 14–21)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.files.actions import store
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from licensing.actions import pauses
from licensing.actions.act import (
    NO_CONFLICT,
    SUBJECT,
    advance,
    advance_system,
    locked,
    person_of,
    require_in_hand,
    require_no_conflict,
    require_official,
)
from licensing.actions.exemption import go_straight
from licensing.exemptions import Item, report_passes
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application, Evidence, Outcome, PauseEnd, PauseGround, Track
from licensing.models.review import VERIFIER_NAME, VERIFIERS_LEAST, VERIFIERS_MOST
from licensing.rules import review_state, testing_may_follow

RECORDABLE = (Outcome.PASSED, Outcome.FAILED)
TRACK_CLAUSES = {
    Track.ONSITE: (Clause("L2", "第十七条"), Clause("L1", "第三十四条第三款")),
    Track.TESTING: (Clause("L2", "第二十一条"),),
}


class ReviewTaken(Conflict):
    code = "licensing.review_taken"
    message = _("这件申请已由另一位审查人员承办")


class ResultDateWrong(Invalid):
    code = "licensing.result_date_wrong"
    message = _("结果日期须在受理日 %(accepted)s 至今天之间")


class NoTestBeforeVisit(Invalid):
    code = "licensing.no_test_before_visit"
    message = _("实地核查合格后才安排产品检验（《条例》第十九条）")


class ReceiptMissing(Invalid):
    code = "licensing.receipt_missing"
    message = _("检验期间时限停计：请填写收到报告的日期，时限从第二天起恢复")


class FindingMissing(Invalid):
    code = "licensing.finding_missing"
    message = _("不合格须写明事实和理由")


class VerifiersNumber(Invalid):
    code = "licensing.verifiers_number"
    message = _("实地核查须由 %(least)s 至 %(most)s 名核查人员进行，现在填了 %(count)s 名")


class VerifierTwice(Invalid):
    code = "licensing.verifier_twice"
    message = _("核查人员不能重复：%(name)s")


class VerifierNameLong(Invalid):
    code = "licensing.verifier_name_long"
    message = _("核查人员姓名最多 %(limit)s 个字")


class NoVerifiersHere(Invalid):
    code = "licensing.no_verifiers_here"
    message = _("产品检验没有核查人员，不填")


class ItemsNotHere(Invalid):
    code = "licensing.items_not_here"
    message = _("检验项目只属于产品检验")


class ItemsSayOtherwise(Invalid):
    code = "licensing.items_say_otherwise"
    message = _("结论与检验项目不一致：只有涉及产品质量安全的项目决定合格与否，其他项目仅供参考")


class ReviewNotFinished(Invalid):
    code = "licensing.review_not_finished"
    message = _("两项审查都有结果后才能报送决定")


@transaction.atomic
def take_review(
    *, public_id: UUID | str, expected_version: int, no_conflict: bool, actor: Actor, at: datetime
) -> Application:
    """Take a case under review in hand, unassigned or given to oneself, saying that there is no interest in the
    enterprise. Raises ReviewTaken or NoConflictUndeclared."""
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("take_review", application.status)
    actor = require_official(application, "review", actor, at)
    given = application.reviewer_id == actor.user_id and not application.reviewer_stated
    if application.reviewer_id is not None and not given:
        raise ReviewTaken()
    require_no_conflict(no_conflict)
    application.hand_to(person_of(actor), stated=True)
    return advance(application, "take_review", actor=actor, at=at, internal=NO_CONFLICT)


def _in_hand(
    public_id: UUID | str, expected_version: int, act: str, actor: Actor, at: datetime
) -> tuple[Application, Actor]:
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find(act, application.status)
    actor = require_official(application, "review", actor, at)
    require_in_hand(application, actor)
    return application, actor


@transaction.atomic
def record_evidence(
    *,
    public_id: UUID | str,
    expected_version: int,
    track: str,
    outcome: str,
    body: str,
    concluded_on: date,
    finding: str,
    document: File | bytes,
    filename: str,
    verifiers: Sequence[str] = (),
    received_on: date | None = None,
    items: Sequence[Item] = (),
    actor: Actor,
    at: datetime,
) -> Application:
    """Record the outcome of one track with its document; recording again replaces it, the ledger keeps both.

    A visit names its `verifiers`, two to four (L1 art. 34 ¶3, L2 arts. 15–16): officials read them, nobody else.
    A report ends the pause of its test: `received_on` is the day it came, and the clock runs again after it (K5). Its
    `items`, where they are given, decide: one that does not concern safety fails nothing (R-32). With the test of a
    renewal exempt from the visit the case goes to the decision at once (R-25).
    """
    application, actor = _in_hand(public_id, expected_version, "record_evidence", actor, at)
    check_items(track, outcome, items)
    names = _check_result(application, track, outcome, concluded_on, finding, verifiers, at)
    _end_of_test(application, track, received_on, concluded_on, actor, at)
    row = Evidence.objects.select_for_update().get(application=application, track=track)
    row.outcome, row.body, row.concluded_on = Outcome(outcome), body, concluded_on
    row.finding, row.verifiers = finding.strip(), list(names) or None
    row.rule, row.clause = "recorded_by_reviewer", TRACK_CLAUSES[Track(track)][0].as_json()
    row.recorded_by_id, row.recorded_at = actor.user_id, at
    row.document = store(
        content=document, filename=filename, owner=Subject(SUBJECT, str(application.public_id)),
        slot=f"evidence_{track}", actor=actor, at=at,
    )  # fmt: skip
    row.facts, row.items = {}, [asdict(item) for item in items]
    row.save()
    row.rests_on.clear()
    advance(
        application, "record_evidence", actor=actor, at=at, basis=TRACK_CLAUSES[Track(track)],
        public={"track": track, "outcome": outcome, "concluded_on": str(concluded_on)},
        internal={"body": body, "document_sha256": row.document.sha256},
        personal=_personal(finding=row.finding, verifiers="、".join(names)),
    )  # fmt: skip
    return go_straight(application, at)


def check_items(track: str, outcome: str, items: Sequence[Item]) -> None:
    """The outcome of a report is what its items say. Raises ItemsNotHere or ItemsSayOtherwise at the field."""
    if not items:
        return
    if track != Track.TESTING:
        raise ItemsNotHere("items")
    if report_passes(items) != (outcome == Outcome.PASSED):
        raise ItemsSayOtherwise("outcome")


def _personal(**values: str) -> dict[str, str]:
    """What there is to keep of these, erasable."""
    return {name: value for name, value in values.items() if value}


def visit_by(track: str, verifiers: Sequence[str]) -> tuple[str, ...]:
    """The verifiers of a visit, by name; a test has none. Raises what is wrong with them at their field."""
    names = tuple(" ".join(name.split()) for name in verifiers if name.strip())
    if track != Track.ONSITE:
        if names:
            raise NoVerifiersHere("verifiers")
        return ()
    if not VERIFIERS_LEAST <= len(names) <= VERIFIERS_MOST:
        raise VerifiersNumber("verifiers", least=VERIFIERS_LEAST, most=VERIFIERS_MOST, count=len(names))
    for place, name in enumerate(names):
        if len(name) > VERIFIER_NAME:
            raise VerifierNameLong("verifiers", limit=VERIFIER_NAME)
        if name in names[:place]:
            raise VerifierTwice("verifiers", name=name)
    return names


def _end_of_test(
    application: Application,
    track: str,
    received_on: date | None,
    concluded_on: date,
    actor: Actor,
    at: datetime,
) -> None:
    """The report ends the pause of its test, if one is open. Raises ReceiptMissing or PauseDateWrong at the field."""
    row = application.pauses.filter(ground=PauseGround.TESTING, ended_on__isnull=True).first()
    if track != Track.TESTING or row is None:
        return
    if received_on is None:
        raise ReceiptMissing("received_on")
    first = max(row.started_on, concluded_on)
    pauses.require_between(first, received_on, shanghai_date(at), "received_on")
    pauses.end(application, row, received_on, PauseEnd.RESULT, actor, at)


def _check_result(
    application: Application,
    track: str,
    outcome: str,
    concluded_on: date,
    finding: str,
    verifiers: Sequence[str],
    at: datetime,
) -> tuple[str, ...]:
    """The verifiers, by name. Raises ResultDateWrong, FindingMissing, NoTestBeforeVisit, or what is wrong with the
    verifiers; ValueError for what no reviewer records."""
    if Outcome(outcome) not in RECORDABLE:
        raise ValueError(f"outcome {outcome!r} is not for a reviewer to record")
    assert application.accepted_on is not None
    if not application.accepted_on <= concluded_on <= shanghai_date(at):
        raise ResultDateWrong("concluded_on", accepted=application.accepted_on)
    if outcome == Outcome.FAILED and not finding.strip():
        raise FindingMissing("finding")
    outcomes = dict(application.evidence.values_list("track", "outcome"))
    if track == Track.TESTING and not testing_may_follow(outcomes, early=application.test_before_visit):
        raise NoTestBeforeVisit("track")
    return visit_by(track, verifiers)


@transaction.atomic
def conclude_review(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> Application:
    """Send the case up for decision once the tracks say so: all passing, or one failed (DOMAIN §3.2 guard)."""
    application, actor = _in_hand(public_id, expected_version, "complete_review", actor, at)
    state = review_state(dict(application.evidence.values_list("track", "outcome")))
    if state == "open":
        raise ReviewNotFinished()
    pauses.require_running(application)
    advance(application, "complete_review" if state == "passed" else "fail_review", actor=actor, at=at)
    return advance_system(application, "forward", at=at)
