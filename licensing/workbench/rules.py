"""Which desk a case stands at, and who has it: pure, from the case's own row and what a person holds."""

from typing import Any

OPEN = {"submitted": "accept", "under_review": "review", "decision_pending": "decide"}
"""The page at which a case in this state is worked on."""
DESKS = {
    "accept": ("acceptance", "acceptance_authority_id"), "review": ("review", "review_authority_id"),
    "decide": ("approval", "approval_authority_id"),
}  # fmt: skip
STAGES = {
    "submitted": "acceptance_authority", "correction_requested": "acceptance_authority",
    "accepted": "review_authority", "under_review": "review_authority",
}  # fmt: skip


def desk_of(standing: Any, case: Any) -> str:
    """The desk at which this person can work on the case now, by duty and by what he has done in it; or none.

    What only the database knows, a declared conflict or somebody's absence, the desk itself asks.
    """
    page = OPEN.get(case.status, "")
    if not page or case.enterprise_id in standing.interests or case.created_by_id == standing.user_id:
        return ""
    duty, place = DESKS[page]
    if not standing.holds(duty, getattr(case, place)):
        return ""
    me = standing.user_id
    if page == "review":
        return page if case.reviewer_id in (None, me) and case.clerk_id != me else ""
    return "" if page == "decide" and me in (case.clerk_id, case.reviewer_id) else page


def authority_in_charge(case: Any) -> Any:
    """The authority that has the case at its stage."""
    return getattr(case, STAGES.get(case.status, "approval_authority")) or case.deciding_authority
