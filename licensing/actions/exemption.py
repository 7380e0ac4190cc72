"""What the rules say of both tracks, written down: at acceptance, when a fact arrives, and before the decision.

A result somebody recorded is never touched; an exemption or adoption stands only as long as its facts do (R-23…R-27,
R-40). Whoever calls holds the lock of the case.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from core.lifecycle.dates import shanghai_date
from licensing.actions.act import Stale, advance_system, drop_held, is_deemed, locked, note
from licensing.exemptions import Verdict
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application, Evidence, Outcome, Track
from licensing.queries.evidence import verdicts
from licensing.rules import review_state

BY_RULE = frozenset({Outcome.REQUIRED, Outcome.EXEMPT, Outcome.ADOPTED})
"""Outcomes that the rules give; the others somebody found."""


def weigh(application: Application, at: datetime) -> list[str]:
    """Bring both tracks up to what the rules say now; returns the tracks that changed, each noted in the record."""
    found = verdicts(application, shanghai_date(at))
    rows = Evidence.objects.select_for_update().filter(application=application).order_by("pk")
    return [
        row.track
        for row in rows
        if row.outcome in BY_RULE and _take(application, row, found[Track(row.track)], at)
    ]


def _take(application: Application, row: Evidence, verdict: Verdict, at: datetime) -> bool:
    """Whether the verdict is another one than the row has; what it rests on is kept up to date either way."""
    changed = row.outcome != verdict.outcome
    if not changed and row.rule == verdict.rule and row.facts == dict(verdict.facts):
        return False
    row.outcome, row.rule = Outcome(verdict.outcome), verdict.rule
    row.clause, row.facts = verdict.clause.as_json(), dict(verdict.facts)
    row.save()
    row.rests_on.set(verdict.rests_on)
    if changed:
        note(
            application, "evidence_weighed", at=at, basis=(verdict.clause,),
            public={"track": row.track, "outcome": verdict.outcome, "rule": verdict.rule},
        )  # fmt: skip
    return changed


def go_straight(application: Application, at: datetime) -> Application:
    """A renewal without a visit goes to the decision as soon as its test is settled: no further review (R-25)."""
    if (
        application.kind != Kind.RENEWAL
        or application.status != Status.UNDER_REVIEW
        or application.has_procedure
    ):
        return application
    rows = dict(application.evidence.values_list("track", "outcome"))
    if review_state(rows) != "passed" or rows.get(Track.ONSITE) != Outcome.EXEMPT:
        return application
    if not application.reviewer_stated:
        application.hand_to(None)
    advance_system(application, "settle_review", at=at)
    return advance_system(application, "forward", at=at)


def weigh_again(application: Application, at: datetime) -> bool:
    """Weigh an accepted, undecided case anew: on to the decision, or back to the review when a later fact defeats what
    it rested on. Returns whether a track changed.

    A renewal that the law has granted, noticed or not, is left to it: nothing is decided or reviewed there any more.
    """
    if is_deemed(application, at):
        return False
    changed = weigh(application, at)
    if application.status == Status.DECISION_PENDING and changed and not _settled(application):
        drop_held(application, "evidence", at)
        advance_system(application, "reopen_review", at=at, public={"tracks": changed})
    elif application.status == Status.UNDER_REVIEW:
        go_straight(application, at)
    return bool(changed)


def _settled(application: Application) -> bool:
    """Passed, or failed: what a decision can rest on."""
    return review_state(dict(application.evidence.values_list("track", "outcome"))) != "open"


def weigh_cases_of(enterprise_id: int, units: Iterable[int], at: datetime) -> None:
    """A fact about a holder has arrived: every open case it may carry or defeat is weighed anew, one after the other.

    Units empty: whatever the units. Cases are locked in the order every act on several cases takes them. Nothing about
    a case keeps the fact from being recorded: the decision weighs it again.
    """
    wanted = set(units)
    rows = Application.objects.filter(
        Q(status__in=[Status.UNDER_REVIEW, Status.DECISION_PENDING]), enterprise_id=enterprise_id
    )
    if wanted:
        rows = rows.filter(units__unit_id__in=wanted).distinct()
    for public_id in list(rows.order_by("licence_id", "pk").values_list("public_id", flat=True)):
        application = _latest(public_id)
        if (
            application is not None
            and application.status in (Status.UNDER_REVIEW, Status.DECISION_PENDING)
            and application.rules.reviewed
        ):
            weigh_again(application, at)


TRIES = 3


def _latest(public_id: UUID) -> Application | None:
    """The case, locked. One that got another licence at this moment is looked up again; None where it does not rest."""
    for _try in range(TRIES):
        try:
            return locked(public_id)
        except Stale:
            continue
    return None
