"""Delegations as the offices see them: what is entrusted to whom, which open cases hang on it, how well it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from core.parties.competence import Standing
from core.parties.models import Authority, Delegation, Level, Stage
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application

AT_STAGE = {
    Stage.ACCEPTANCE: frozenset({Status.SUBMITTED, Status.CORRECTION_REQUESTED}),
    Stage.REVIEW: frozenset({Status.ACCEPTED, Status.UNDER_REVIEW}),
    Stage.APPROVAL: UNDECIDED - {Status.SUBMITTED, Status.CORRECTION_REQUESTED},
}
"""States in which a case still needs the stage; before acceptance review and approval are not settled yet (R-18)."""
YEAR = timedelta(days=365)


def visible_delegations(standing: Standing) -> QuerySet[Delegation]:
    """A province's head sees what it has given, a delegate's head what it holds, nation and auditors all (R-20)."""
    rows = Delegation.objects.select_related(
        "delegator", "delegate", "file__document__blob", "file__given_by"
    )
    if standing.is_national_admin or standing.audits_everything:
        return rows
    mine = standing.authorities("head", "audit")
    return rows.filter(Q(delegator_id__in=mine) | Q(delegate_id__in=mine))


PAGE = 25


def delegation_page(standing: Standing, after: str = "") -> tuple[list[Delegation], str]:
    """One page of the visible delegations, the newest first, and the position behind it; paged in SQL (keyset).

    A malformed position starts at the top.
    """
    rows = visible_delegations(standing)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def version_of(row: Delegation) -> int:
    """How many acts there were on it; 0 for one taken over without its file."""
    return row.file.version if hasattr(row, "file") else 0


def find_delegation(standing: Standing, public_id: UUID | str) -> Delegation | None:
    """One visible delegation."""
    return visible_delegations(standing).filter(public_id=public_id).first()


def state_on(row: Delegation, on: date) -> str:
    """coming, in_force, suspended or ended."""
    if row.valid_to is not None and row.valid_to <= on:
        return "ended"
    if row.suspended_on is not None and row.suspended_on <= on:
        return "suspended"
    return "coming" if row.valid_from > on else "in_force"


def cases_under(row: Delegation) -> QuerySet[Application]:
    """Open cases the delegate still has to do this stage of."""
    stage = Stage(row.stage)
    found = Application.objects.filter(
        status__in=AT_STAGE[stage], deciding_authority=row.delegator,
        **{f"{stage}_authority": row.delegate},  # type: ignore[arg-type]
    )  # fmt: skip
    return found.filter(category__key=row.category_key) if row.category_key else found


@dataclass(frozen=True)
class Quality:
    """How a delegate fares with a province's cases over a year: the figures R-21 asks for."""

    open: int = 0
    open_overdue: int = 0
    decided: int = 0
    decided_late: int = 0
    sent_back: int = 0

    @property
    def late_rate(self) -> int:
        """Percent of the decided cases that came late."""
        return round(100 * self.decided_late / self.decided) if self.decided else 0


Held = tuple[int, int, str]
"""A delegator, its delegate and the stage."""


def quality_of(rows: Sequence[Delegation], today: date) -> dict[Held, Quality]:
    """Figures of each delegate at each stage it holds of a province's cases; one query a stage."""
    found: dict[Held, Quality] = {}
    for stage in Stage.values:
        held = [row for row in rows if row.stage == stage]
        if not held:
            continue
        field = f"{stage}_authority_id"
        cases = Application.objects.filter(
            **{f"{field}__in": {row.delegate_id for row in held}},
            deciding_authority_id__in={row.delegator_id for row in held},
        )
        for row in cases.values("deciding_authority_id", field).annotate(**_figures(today)):
            figures = {name: row[name] for name in Quality.__dataclass_fields__}
            found[row["deciding_authority_id"], row[field], stage] = Quality(**figures)
    return found


def _figures(today: date) -> dict[str, Count]:
    undecided, lately = Q(status__in=UNDECIDED), Q(decided_on__gte=today - YEAR)
    return {
        "open": Count("pk", filter=undecided),
        "open_overdue": Count("pk", filter=undecided & Q(next_due_on__lt=today)),
        "decided": Count("pk", filter=lately),
        "decided_late": Count("pk", filter=lately & Q(decided_on__gt=F("due_on"))),
        "sent_back": Count("pk", filter=lately & Q(returned_once=True)),
    }


def possible_delegates(authority: Authority) -> QuerySet[Authority]:
    """The prefecture-level authorities below a province; nothing further down (R-20)."""
    return Authority.objects.filter(parent=authority, level=Level.PREFECTURE).order_by("code")
