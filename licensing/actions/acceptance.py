"""Acceptance: accept, tell that no licence is needed, or refuse on the closed list, within five working days.

L1 art. 32; S2, S5. The one-time notice has a file of its own, and so has forwarding to the right authority.
"""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.queries import category_on
from catalog.rules import filing_open
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from licensing.actions.act import advance, advance_system, is_deemed, locked, person_of, require_official
from licensing.actions.exemption import go_straight, weigh
from licensing.actions.filing import check_bars, close, resolve_authorities
from licensing.actions.renewal import deem_renewed
from licensing.actions.turns import in_turn_of
from licensing.alarms import next_look
from licensing.clock import received_on, refresh_clock
from licensing.kinds import filing_kind
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import AcceptanceRefusal, Application, Evidence, Ground, NotRequired, Outcome, Track
from licensing.policy import profile_on
from licensing.queries.bars import CLAUSES, bar_against
from licensing.queries.limits import decision_days
from licensing.rules import missing_documents

DEEMED = Clause("L1", "第三十二条第一款第四项")
REFUSED = Clause("L1", "第三十二条第二款")


class DocumentsMissing(Invalid):
    code = "licensing.documents_missing"
    message = _("申请书和承诺书正在生成，请稍候再受理")


class CategoryStillOpen(Invalid):
    code = "licensing.category_still_open"
    message = _("该产品类别正在受理，不能以停止受理为由不予受理")


class CategoryClosed(Invalid):
    code = "licensing.category_closed"
    message = _("该产品类别已停止受理，不能受理；请以此为由作出不予受理的决定")


class NotBarred(Invalid):
    code = "licensing.not_barred"
    message = _("没有登记在案、仍在期限内的限制，不能以此为由不予受理")


class NothingMissing(Invalid):
    code = "licensing.nothing_missing"
    message = _("请指出补正通知中哪一项仍未补正；通知里没有的内容，不能作为理由")


class ForwardInstead(Invalid):
    code = "licensing.forward_instead"
    message = _("不属于本机关职权范围的，请转有权机关")


class ExplanationMissing(Invalid):
    code = "licensing.explanation_missing"
    message = _("请写明理由")


class TooLate(Conflict):
    code = "licensing.too_late"
    message = _("收到后已满 %(days)s 个工作日没有答复，依法自收到之日起视为受理，不能再这样办理")


def at_desk(
    public_id: UUID | str, expected_version: int, act: str, actor: Actor, at: datetime
) -> tuple[Application, Actor]:
    """The case, locked, for an act of the acceptance desk. Raises WrongState, NotYourCase and its kin, Stale."""
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find(act, application.status)
    return application, require_official(application, "acceptance", actor, at)


def require_in_time(application: Application, at: datetime) -> None:
    """Silence for five working days has accepted the filing; only acceptance itself can follow (K13)."""
    if application.next_due_on is not None and shanghai_date(at) > application.next_due_on:
        raise TooLate(days=application.intake_days)


@transaction.atomic
def accept(*, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> Application:
    """Accept a complete filing: the clock starts the next working day (K1) and the review opens at once.

    Five silent working days after receipt it counts as accepted on the day of receipt, whoever presses the button
    (K13). A fact about the holder that arrives at this moment waits for it, and then finds the case (R-26). Raises
    DocumentsMissing, CategoryClosed or Barred.
    """
    in_turn_of(public_id)
    application, actor = at_desk(public_id, expected_version, "accept", actor, at)
    present = frozenset(application.documents.values_list("slot", flat=True))
    if missing_documents(present, application.rules.documents):
        raise DocumentsMissing()
    if not _category_open(application, at):
        raise CategoryClosed()
    assert application.received_at is not None and application.next_due_on is not None
    deemed = shanghai_date(at) > application.next_due_on
    if not deemed and application.rules.reviewed:
        check_bars(application, at)
    application.clerk = person_of(actor)
    start_clock(
        application,
        received_on(application.received_at) if deemed else shanghai_date(at),
        at=at,
        deemed=deemed,
    )
    advance(
        application, "accept", actor=actor, at=at,
        basis=(DEEMED,) if deemed else (), public=clock_facts(application),
        internal={"statutory_due_on": str(application.statutory_due_on)},
    )  # fmt: skip
    if is_deemed(application, at):
        deem_renewed(application, at)
        return application
    return go_on(application, at)


def start_clock(application: Application, start: date, *, at: datetime, deemed: bool) -> None:
    """Start the decision clock on a day that is not counted (K1).

    Resolves the authorities anew: the level that counts is that of the acceptance date (R-17, R-18), and so is the
    limit the deciding authority has set itself (R-46).
    """
    resolved = resolve_authorities(application, start)
    application.deciding_authority = resolved.deciding
    application.review_authority, application.approval_authority = resolved.review, resolved.approval
    application.accepted_on, application.deemed_accepted = start, deemed
    rules = profile_on(start, resolved.filing.pk)
    national = rules.decision if application.rules.reviewed else rules.simple
    application.profile = rules.code
    application.target_days = min(national.days, decision_days(resolved.deciding, start))
    refresh_clock(application, just_begun=True)
    application.next_check_at = next_look(application, at)


def clock_facts(application: Application) -> dict[str, object]:
    """What the ledger says of a clock that has started."""
    return {
        "due_on": str(application.due_on),
        "provisional": application.due_provisional,
        "deemed": application.deemed_accepted,
        "accepted_on": str(application.accepted_on),
        "days": application.clock_days,
    }


TRACKS = ((Track.ONSITE, Clause("L2", "第十五条")), (Track.TESTING, Clause("L2", "第十九条")))


def go_on(application: Application, at: datetime) -> Application:
    """What follows acceptance: both tracks open with the review (L2 arts. 14, 15, 19), or, for kinds without
    them, the case waits for its decision at once (DOMAIN §3.2)."""
    outcome = Outcome.REQUIRED if application.rules.reviewed else Outcome.NOT_APPLICABLE
    Evidence.objects.bulk_create(
        Evidence(
            application=application, track=track, rule=f"kind_{application.kind}", outcome=outcome,
            clause=(clause if application.rules.reviewed else application.rules.when).as_json(),
        )
        for track, clause in TRACKS
    )  # fmt: skip
    if not application.rules.reviewed:
        return advance_system(application, "open_decision", at=at)
    advance_system(application, "open_review", at=at)
    weigh(application, at)
    return go_straight(application, at)


@transaction.atomic
def tell_not_required(
    *, public_id: UUID | str, expected_version: int, explanation: str, actor: Actor, at: datetime
) -> Application:
    """Tell the applicant that what he applied for needs no licence (L1 art. 32 ¶1(1)). Raises TooLate."""
    application, actor = at_desk(public_id, expected_version, "not_required", actor, at)
    require_in_time(application, at)
    if not explanation.strip():
        raise ExplanationMissing("explanation")
    application.clerk = person_of(actor)
    close(application, at)
    NotRequired.objects.create(
        application=application, explanation=explanation.strip(), told_on=shanghai_date(at)
    )
    return advance(
        application, "not_required", actor=actor, at=at, personal={"explanation": explanation.strip()}
    )


@transaction.atomic
def refuse_acceptance(
    *,
    public_id: UUID | str,
    expected_version: int,
    ground: str,
    explanation: str,
    missing: tuple[str, ...] = (),
    actor: Actor,
    at: datetime,
) -> Application:
    """Refuse to accept, on a ground of the closed list that the record bears out (S5).

    `missing` names the noticed items still missing. Raises ForwardInstead, CategoryStillOpen, NotBarred,
    NothingMissing, ExplanationMissing or TooLate.
    """
    application, actor = at_desk(public_id, expected_version, "refuse_acceptance", actor, at)
    if ground == Ground.WRONG_AUTHORITY:
        raise ForwardInstead("ground")
    require_in_time(application, at)
    if not explanation.strip():
        raise ExplanationMissing("explanation")
    clause = _borne_out(application, Ground(ground), missing, at)
    application.clerk = person_of(actor)
    close(application, at)
    AcceptanceRefusal.objects.create(
        application=application, ground=ground, explanation=explanation.strip(), refused_on=shanghai_date(at)
    )
    return advance(
        application, "refuse_acceptance", actor=actor, at=at, basis=(clause, REFUSED),
        public={"ground": ground, "missing": list(missing)}, personal={"explanation": explanation.strip()},
    )  # fmt: skip


def _borne_out(application: Application, ground: Ground, missing: tuple[str, ...], at: datetime) -> Clause:
    """The clause of a ground that holds; raises when the record says otherwise."""
    if ground == Ground.CATEGORY_CLOSED:
        if _category_open(application, at):
            raise CategoryStillOpen("ground")
        return Clause("L1", "第三十二条第一款第一项")
    if ground == Ground.BARRED:
        bar = bar_against(application, shanghai_date(at)) if application.rules.reviewed else None
        if bar is None:
            raise NotBarred("ground")
        return CLAUSES[bar.cause]  # type: ignore[index]
    _mark_missing(application, missing)
    return DEEMED


def _mark_missing(application: Application, missing: tuple[str, ...]) -> None:
    """Only what the notice named and the answer left open can stop a resubmission (K14)."""
    notice = getattr(application, "correction", None)
    if not missing or notice is None or notice.answered_at is None:
        raise NothingMissing("missing")
    if notice.items.filter(target__in=missing).update(still_missing=True) != len(set(missing)):
        raise NothingMissing("missing")


def _category_open(application: Application, at: datetime) -> bool:
    today = shanghai_date(at)
    assert application.category is not None
    version = category_on(application.category.key, today)
    return (
        version is not None
        and filing_open(version.facts, today, settings.WORLD, filing_kind(application.kind)).open
    )
