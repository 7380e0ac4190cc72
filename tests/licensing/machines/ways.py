"""The straight way of a case: what comes next by whom, and how far it has come when a machine takes it over."""

from licensing.lifecycle import Status
from licensing.models import Application
from tests.licensing.machines.stage import MAY, Stage

Step = tuple[str, str]
CERTIFICATE = "certificate"
"""A step of the signing worker and of no person."""

FILED: tuple[Step, ...] = (("submit", "applicant"),)
ACCEPTED = (*FILED, ("accept", "clerk"))
TAKEN = (*ACCEPTED, ("take_review", "reviewer"))
VISITED = (*TAKEN, ("onsite_passed", "reviewer"))
PASSED = (*VISITED, ("testing_passed", "reviewer"), ("conclude_review", "reviewer"))
FAILED = (*TAKEN, ("onsite_failed", "reviewer"), ("conclude_review", "reviewer"))
BEGINNINGS: dict[str, tuple[Step, ...]] = {
    "draft": (), "filed": FILED, "noticed": (*FILED, ("request_correction", "clerk")), "accepted": ACCEPTED,
    "taken": TAKEN, "visited": VISITED, "passed": PASSED, "failed": FAILED,
}  # fmt: skip
_REVIEW = {"take_review", "onsite_passed", "onsite_failed", "testing_passed", "conclude_review"}

_CLOCK = ("resume", "propose_extension", "extend", "extend", "decline_extension")
PLAUSIBLE: dict[str, tuple[str, ...]] = {
    Status.DRAFT: ("submit",),
    Status.SUBMITTED: (
        "accept", "accept", "request_correction", "request_correction", "refuse_acceptance", "tell_not_required",
        "retract",
    ),
    Status.CORRECTION_REQUESTED: ("resubmit", "resubmit", "retract"),
    Status.UNDER_REVIEW: (
        "take_review", "onsite_passed", "onsite_passed", "onsite_failed", "testing_passed", "testing_passed",
        "testing_failed", "pause_testing", "pause_testing", "pause_appraisal", "pause_expert_review", *_CLOCK,
        "conclude_review", "conclude_review", "assign_review", "recuse", "retract",
    ),
    Status.DECISION_PENDING: (
        "grant", "grant", "refuse", "hold_grant", "hold_grant", "hold_refusal", "recall_decision",
        "return_to_review", "pause_hearing", "pause_appraisal", "pause_expert_review",
        *_CLOCK, "recuse", "retract",
    ),
    Status.DEEMED_RENEWED: ("confirm_renewal", "refuse", "retract", "grant"),
    Status.GRANTED: ("deliver", "retract"),
    Status.REFUSED: ("deliver", "grant"),
    Status.CERTIFICATE_ISSUED: ("deliver", "refuse"),
}  # fmt: skip
"""What somebody might well do at each point of the way; the likelier stands twice."""


def beginning(name: str, *, reviewed: bool) -> list[Step]:
    """The steps to a point of the way, for kinds with tracks and without."""
    return [step for step in BEGINNINGS[name] if reviewed or step[0] not in _REVIEW]


def next_step(stage: Stage, case: Application) -> Step | None:
    """What an office that does its work does next with a case, and who; None at its end."""
    paused = case.pauses.filter(ended_on__isnull=True).exists()
    match case.status:
        case Status.DRAFT:
            return ("submit", "applicant")
        case Status.SUBMITTED:
            return ("accept", "clerk")
        case Status.CORRECTION_REQUESTED:
            return ("resubmit", "applicant")
        case Status.UNDER_REVIEW:
            return _in_review(stage, case, paused)
        case Status.DECISION_PENDING:
            decider = "second_approver" if case.clerk_id == stage.people["approver"].pk else "approver"
            return ("resume" if paused else _decision(case), decider)
        case Status.DEEMED_RENEWED if case.approver_id is None:
            return ("confirm_renewal", "approver")
        case Status.GRANTED | Status.DEEMED_RENEWED:
            return (CERTIFICATE, "")
        case Status.CERTIFICATE_ISSUED | Status.REFUSED:
            return ("deliver", "applicant")
    return None


def plausible_step(stage: Stage, case: Application, what: int, who: int) -> Step | None:
    """Something people do at this point, by somebody who holds the duty; mostly by who has the case."""
    moves = PLAUSIBLE.get(case.status)
    if moves is None:
        return None
    name = moves[what % len(moves)]
    holders = sorted(MAY[name])
    if case.status == Status.UNDER_REVIEW and "reviewer" in holders and case.reviewer_id and who:
        return (name, stage.name_of(case.reviewer_id))
    return (name, holders[who % len(holders)])


def _decision(case: Application) -> str:
    failed = any(row.outcome == "failed" for row in case.evidence.all())
    return "refuse" if failed else "grant"


def _in_review(stage: Stage, case: Application, paused: bool) -> Step:
    """The reviewer who has the case, or the one who takes it."""
    if case.reviewer_id is None:
        return ("take_review", "all_duties" if case.clerk_id == stage.people["reviewer"].pk else "reviewer")
    who = stage.name_of(case.reviewer_id)
    if not case.reviewer_stated:
        return ("take_review", who)
    tracks = {row.track: row.outcome for row in case.evidence.all()}
    if "failed" not in tracks.values():
        waiting = [track for track in ("onsite", "testing") if tracks[track] == "required"]
        if waiting:
            return (f"{waiting[0]}_passed", who)
    return ("resume" if paused else "conclude_review", who)
