"""The enterprise may have its product tested before the visit, where that is tried (R-39, R-41)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from licensing.actions.act import advance, locked, require_enterprise
from licensing.lifecycle import LIFE_CYCLE, Status
from licensing.models import Application, Outcome, Track
from licensing.queries.evidence import tests_before_visit


class NotOffered(Invalid):
    code = "licensing.test_timing_not_offered"
    message = _("这个省没有试行实地核查前检验，产品检验在实地核查合格后进行")


class TimingChosen(Conflict):
    code = "licensing.test_timing_chosen"
    message = _("已经选择实地核查前检验，或者核查、检验已有结论")


@transaction.atomic
def choose_before_visit(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> Application:
    """Choose to have the product tested before the visit: the enterprise's choice, for national products too (R-39).

    Raises NotOffered or TimingChosen.
    """
    application = locked(public_id, expected_version=expected_version, outside=True)
    LIFE_CYCLE.find("choose_test_timing", application.status)
    actor = require_enterprise(application, actor, at)
    if not tests_before_visit(application, shanghai_date(at)):
        raise NotOffered()
    if not may_choose(application):
        raise TimingChosen()
    application.test_before_visit = True
    return advance(application, "choose_test_timing", actor=actor, at=at, public={"timing": "before_onsite"})


def may_choose(application: Application) -> bool:
    """Whether both tracks are still to be done and nothing was chosen."""
    rows = dict(application.evidence.values_list("track", "outcome"))
    return (
        application.status == Status.UNDER_REVIEW
        and not application.test_before_visit
        and rows.get(Track.ONSITE) == Outcome.REQUIRED == rows.get(Track.TESTING)
    )
