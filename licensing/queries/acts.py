"""Which acts to offer whom: pages draw their buttons from it, the interface names them."""

from core.parties.competence import Standing
from licensing.actions.timing import may_choose
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, HeldDecision
from licensing.queries.evidence import tests_before_visit
from licensing.queries.hands import hand_acts, is_recused


def acts_open_to(standing: Standing, application: Application) -> dict[str, bool]:
    """Which acts to offer, by the same duties the acts themselves ask for."""
    status, me = application.status, standing.user_id
    own = application.enterprise_id in standing.interests or application.created_by_id == me
    able = not own and not is_recused(application)
    at_desk = able and standing.holds("acceptance", application.acceptance_authority_id)
    held = getattr(application, "held_decision", None)
    done = {application.clerk_id, application.reviewer_id, application.approver_id} - {None}
    return {
        "accept": status == Status.SUBMITTED and at_desk,
        "correct": status == Status.SUBMITTED and at_desk and not hasattr(application, "correction"),
        "forward": at_desk
        and application.licence_id is None
        and (status == Status.SUBMITTED or (status == Status.UNDER_REVIEW and application.clerk_id is None)),
        "answer": status == Status.CORRECTION_REQUESTED and own,
        "review": status == Status.UNDER_REVIEW
        and able
        and standing.holds("review", application.review_authority_id)
        and application.is_in_hands_of(me),
        "decide": status == Status.DECISION_PENDING
        and held is None
        and able
        and standing.holds("approval", application.approval_authority_id)
        and me not in done,
        "recall": held is not None and not own and _may_recall(standing, application, held),
        "choose_test_timing": status == Status.UNDER_REVIEW
        and application.enterprise_id in standing.enterprise_ids
        and _timing_open(application),
        "confirm_renewal": status == Status.DEEMED_RENEWED
        and application.approver_id is None
        and able
        and standing.holds("approval", application.approval_authority_id)
        and me not in done,
        "retract": own and status in UNDECIDED,
        "acknowledge": own and status == Status.REFUSED,
        **hand_acts(standing, application),
    }


def _may_recall(standing: Standing, application: Application, held: HeldDecision) -> bool:
    """Whoever made it, or the head of the authority; until it takes effect."""
    mine = held.made_by_id == standing.user_id and standing.holds(
        "approval", application.approval_authority_id
    )
    return mine or standing.holds("head", application.deciding_authority_id)


def _timing_open(application: Application) -> bool:
    """Whether the enterprise may still choose, and may choose at all (R-39, R-41)."""
    assert application.accepted_on is not None
    return may_choose(application) and tests_before_visit(application, application.accepted_on)
