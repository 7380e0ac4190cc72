"""What stopped and what extended the clock of a case, as its pages show it."""

from dataclasses import dataclass
from datetime import date

from core.parties.competence import Standing
from licensing.lifecycle import Status
from licensing.models import Application, ClockPause, Extension
from licensing.queries.hands import is_recused

HANDLED = (Status.UNDER_REVIEW, Status.DECISION_PENDING)


@dataclass(frozen=True)
class ClockEvents:
    """Pauses, newest first, and the extension that was granted or waits for the head."""

    pauses: tuple[ClockPause, ...] = ()
    extension: Extension | None = None

    @property
    def running(self) -> tuple[ClockPause, ...]:
        return tuple(row for row in self.pauses if row.ended_on is None)


def clock_events(application: Application) -> ClockEvents:
    """Two queries for an accepted case, none before."""
    if application.accepted_on is None:
        return ClockEvents()
    return ClockEvents(tuple(application.pauses.order_by("-started_on", "-pk")), _extension_of(application))


def _extension_of(application: Application) -> Extension | None:
    return application.extensions.exclude(result=Extension.Result.DECLINED).order_by("-pk").first()


def clock_acts(
    standing: Standing, application: Application, today: date, events: ClockEvents | None = None
) -> dict[str, bool]:
    """Which acts on the clock to offer, by the duties the acts ask for; one query for an approver or a head, none
    with the events the page has read already."""
    status, me = application.status, standing.user_id
    own = application.enterprise_id in standing.interests or application.created_by_id == me
    if own or is_recused(application) or status not in HANDLED:
        return {"pause": False, "propose_extension": False, "decide_extension": False}
    approves = standing.holds("approval", application.approval_authority_id) and me not in {
        application.clerk_id, application.reviewer_id,
    }  # fmt: skip
    reviews = application.is_in_hands_of(me) and standing.holds("review", application.review_authority_id)
    heads = standing.holds("head", application.deciding_authority_id)
    known = events.extension if events else _extension_of(application) if approves or heads else None
    return {
        "pause": reviews if status == Status.UNDER_REVIEW else approves,
        "propose_extension": approves
        and (application.due_on is None or today <= application.due_on)
        and known is None,
        "decide_extension": heads and known is not None and known.result == "" and known.proposed_by_id != me,
    }
