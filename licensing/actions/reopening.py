"""A decision finds that an exemption or adoption no longer stands: the review is reopened instead (ADR 14).

The exemption is weighed again inside the decision. One that a later fact, or a change of policy nobody told the case
of, has defeated supports no grant, and is no ground to refuse either: the case goes back to review by an act of the
system, which stands although the decision is not made.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict
from licensing.actions.act import Stale, locked
from licensing.actions.exemption import weigh_again
from licensing.actions.turns import in_turn_of
from licensing.lifecycle import Status
from licensing.models import Application, Outcome
from licensing.queries.evidence import defeated
from licensing.verdict_words import said_of

P = ParamSpec("P")
T = TypeVar("T")


class EvidenceDefeated(Conflict):
    code = "licensing.evidence_defeated"
    message = _("免于或者采信的条件不再具备，应当恢复审查")


class ReviewReopened(EvidenceDefeated):
    """Nothing was decided; that the review is open again stands (`kept`)."""

    code = "licensing.review_reopened"
    message = _("没有作出决定：免于或者采信的条件不再具备，已恢复审查。%(why)s")
    kept = True


def require_undefeated(application: Application, at: datetime) -> None:
    """What the case is spared is spared on the facts of today. Raises EvidenceDefeated."""
    if defeated(application, shanghai_date(at)):
        raise EvidenceDefeated()


def reopening(act: Callable[P, T]) -> Callable[P, T]:
    """Around the transaction of a decision: where the exemption proves defeated, the decision is undone and the review
    reopened in a transaction of its own. Raises ReviewReopened, or Stale where the case has moved on meanwhile."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return act(*args, **kwargs)
        except EvidenceDefeated as error:
            facts: Any = kwargs
            why = _reopen(facts["public_id"], facts["at"])
            if why is None:
                raise Stale() from error
            raise ReviewReopened(why=why) from error

    return run


@transaction.atomic
def _reopen(public_id: UUID | str, at: datetime) -> str | None:
    """Back to review by what the rules say now; why, in words. None where there is nothing to reopen any more."""
    in_turn_of(public_id)
    application = locked(public_id)
    if application.status != Status.DECISION_PENDING:
        return None
    weigh_again(application, at)
    if application.status != Status.UNDER_REVIEW:
        return None
    rows = application.evidence.filter(outcome=Outcome.REQUIRED).order_by("pk")
    said = [_("%(title)s：%(why)s") % {"title": row.title, "why": row.why} for row in map(said_of, rows)]
    return str(_("；")).join(map(str, said))
