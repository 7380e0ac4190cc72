"""The acts on a case and its licence in one form: case, person, moment and the version the person has seen.

Races and state machines choose among them by name, so each takes the same four arguments and fills in the rest with
what an official would type.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.test import override_settings

from core.lifecycle.dates import shanghai_date
from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import Duty, User
from licensing.actions import (
    acceptance,
    correction,
    decision,
    delivery,
    deregistration,
    drafts,
    extension,
    filing,
    hands,
    holding,
    pauses,
    recusal,
    renewal,
    review,
)
from licensing.lifecycle import REFUSAL_BASIS
from licensing.models import Application, Deregistration, RecusalReason
from tests.support import world

Move = Callable[[Application, User, datetime, int], Any]
NOTICE = "所需时间约二十日，期间不计入许可时限。"


def _by(case: Application, who: User, at: datetime) -> dict[str, Any]:
    return {
        "public_id": case.public_id,
        "actor": actor_of(who, standing_of(who, shanghai_date(at))),
        "at": at,
    }


def _on(case: Application, who: User, at: datetime, version: int) -> dict[str, Any]:
    return {**_by(case, who, at), "expected_version": version}


def submit(case: Application, who: User, at: datetime, version: int) -> Any:
    return filing.submit(**_by(case, who, at), draft_version=world.draft_version(case))


def accept(case: Application, who: User, at: datetime, version: int) -> Any:
    return acceptance.accept(**_on(case, who, at, version))


def tell_not_required(case: Application, who: User, at: datetime, version: int) -> Any:
    return acceptance.tell_not_required(**_on(case, who, at, version), explanation="不在目录内")


def request_correction(case: Application, who: User, at: datetime, version: int) -> Any:
    return correction.request_correction(
        **_on(case, who, at, version), items={"enterprise.phone": "号码少一位"}
    )


def refuse_acceptance(case: Application, who: User, at: datetime, version: int) -> Any:
    return acceptance.refuse_acceptance(
        **_on(case, who, at, version), ground="items_missing", explanation="仍未补正",
        missing=("enterprise.phone",),
    )  # fmt: skip


def correct(case: Application, who: User, at: datetime, version: int) -> Any:
    """Put the cited telephone number right and sign again; the answer itself is `resubmit`."""
    by = _by(case, who, at)
    phone = {**case.draft["enterprise"], "phone": f"0512-570000{world.draft_version(case):02d}"}
    saved = drafts.save_section(
        **by, section="enterprise", data=phone, draft_version=world.draft_version(case)
    )
    if case.rules.has_commitment:
        drafts.sign_commitment(**by, signer="周敏", draft_version=saved.draft_version)
    return saved


def resubmit(case: Application, who: User, at: datetime, version: int) -> Any:
    return correction.resubmit(**_by(case, who, at), draft_version=world.draft_version(case))


def retract(case: Application, who: User, at: datetime, version: int) -> Any:
    return filing.retract(**_on(case, who, at, version))


def take_review(case: Application, who: User, at: datetime, version: int) -> Any:
    return review.take_review(**_on(case, who, at, version), no_conflict=True)


def assign_review(case: Application, who: User, at: datetime, version: int) -> Any:
    """The head gives the review to the first colleague who does not have it."""
    held = Duty.objects.filter(kind="review", authority=case.review_authority).exclude(user=case.reviewer)
    chosen = held.order_by("pk").first()
    to = chosen.user.public_id if chosen else case.public_id
    return hands.assign_review(**_on(case, who, at, version), reviewer=to, reason="原承办人不在岗")


def take_over(case: Application, who: User, at: datetime, version: int) -> Any:
    return hands.take_over(**_on(case, who, at, version), no_conflict=True)


def recuse(case: Application, who: User, at: datetime, version: int) -> Any:
    return recusal.recuse(
        **_on(case, who, at, version), reason=RecusalReason.values[0], explanation="与申请人有亲属关系"
    )


def _recorded(track: str, outcome: str) -> Move:
    def record(case: Application, who: User, at: datetime, version: int) -> Any:
        today = shanghai_date(at)
        return review.record_evidence(
            **_on(case, who, at, version), track=track, outcome=outcome, body="省质检院", concluded_on=today,
            finding="关键设备不符" if outcome == "failed" else "", document=world.PDF, filename="报告.pdf",
            received_on=today, verifiers=world.VERIFIERS if track == "onsite" else (),
        )  # fmt: skip

    return record


def conclude_review(case: Application, who: User, at: datetime, version: int) -> Any:
    return review.conclude_review(**_on(case, who, at, version))


def _paused(ground: str) -> Move:
    def pause(case: Application, who: User, at: datetime, version: int) -> Any:
        today = shanghai_date(at)
        return pauses.pause(
            **_on(case, who, at, version), ground=ground, started_on=today,
            expected_until=today + timedelta(days=20), notice=NOTICE,
        )  # fmt: skip

    return pause


def pause_untold(case: Application, who: User, at: datetime, version: int) -> Any:
    """A pause of which the applicant is not told, which the law does not know (K7)."""
    today = shanghai_date(at)
    return pauses.pause(
        **_on(case, who, at, version), ground="appraisal", started_on=today, expected_until=today, notice=" "
    )


def resume(case: Application, who: User, at: datetime, version: int) -> Any:
    """End the oldest pause under way; without one, name one that does not exist."""
    row = case.pauses.filter(ended_on__isnull=True).order_by("pk").first()
    pause_id = row.public_id if row else case.public_id
    return pauses.resume(**_on(case, who, at, version), pause_id=pause_id, ended_on=shanghai_date(at))


def propose_extension(case: Application, who: User, at: datetime, version: int) -> Any:
    return extension.propose_extension(**_on(case, who, at, version), days=5, reasons="须向省外核实")


def extend(case: Application, who: User, at: datetime, version: int) -> Any:
    return extension.decide_extension(**_on(case, who, at, version), granted=True)


def decline_extension(case: Application, who: User, at: datetime, version: int) -> Any:
    return extension.decide_extension(**_on(case, who, at, version), granted=False)


def grant(case: Application, who: User, at: datetime, version: int) -> Any:
    return decision.grant(**_on(case, who, at, version), no_conflict=True, basis=case.rules.basis[:1])


def refuse(case: Application, who: User, at: datetime, version: int) -> Any:
    return decision.refuse(
        **_on(case, who, at, version), no_conflict=True, basis=REFUSAL_BASIS[:1], reasons="不符合条件"
    )


def hold_grant(case: Application, who: User, at: datetime, version: int) -> Any:
    """Grant where decisions are held for ten minutes."""
    with override_settings(DECISION_HOLD_MINUTES=10):
        holding.decide("grant", **_on(case, who, at, version), no_conflict=True, basis=case.rules.basis[:1])
    return True


def hold_refusal(case: Application, who: User, at: datetime, version: int) -> Any:
    with override_settings(DECISION_HOLD_MINUTES=10):
        holding.decide(
            "refuse",
            **_on(case, who, at, version),
            no_conflict=True,
            basis=REFUSAL_BASIS[:1],
            reasons="不符合条件",
        )
    return True


def recall_decision(case: Application, who: User, at: datetime, version: int) -> Any:
    return holding.recall(**_on(case, who, at, version))


def return_to_review(case: Application, who: User, at: datetime, version: int) -> Any:
    return decision.return_to_review(**_on(case, who, at, version), reasons="请补充核查记录")


def confirm_renewal(case: Application, who: User, at: datetime, version: int) -> Any:
    return renewal.confirm_renewal(**_on(case, who, at, version))


def deliver(case: Application, who: User, at: datetime, version: int) -> Any:
    return delivery.deliver(**_by(case, who, at))


def propose_deregistration(case: Application, who: User, at: datetime, version: int) -> Any:
    number = case.licence.number if case.licence else "XK00-000-00000"
    by = _by(case, who, at)
    return deregistration.propose_deregistration(
        number=number, ground="stopped", facts="现场已停产", actor=by["actor"], at=at
    )


def open_task(case: Application) -> Deregistration | None:
    """The task of deregistration that stands open for the licence of a case."""
    return Deregistration.objects.filter(licence=case.licence_id, result="").first()


def deregister(case: Application, who: User, at: datetime, version: int) -> Any:
    """Decide the open task on the licence of the case."""
    row = open_task(case)
    if row is None:
        raise deregistration.DecidedAlready()
    by = {**_by(case, who, at), "public_id": row.public_id}
    return deregistration.deregister(**by, expected_version=row.version)


MOVES: Mapping[str, Move] = {
    **{
        move.__name__: move
        for move in (
            submit, accept, tell_not_required, request_correction, refuse_acceptance, correct, resubmit, retract,
            take_review, conclude_review, pause_untold, resume, propose_extension, extend, decline_extension, grant,
            refuse, return_to_review, confirm_renewal, deliver, propose_deregistration, deregister, assign_review,
            take_over, recuse, hold_grant, hold_refusal, recall_decision,
        )
    },
    **{
        f"{track}_{outcome}": _recorded(track, outcome)
        for track in ("onsite", "testing")
        for outcome in ("passed", "failed")
    },
    **{
        f"pause_{ground}": _paused(ground) for ground in ("testing", "hearing", "appraisal", "expert_review")
    },
}  # fmt: skip
"""Every act on a case by name."""
