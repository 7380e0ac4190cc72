"""What waits for an official, and the cases of an enterprise, paged in SQL (keyset)."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from catalog.queries import categories_on
from core.parties.competence import Standing
from core.parties.models import Duty
from core.workdays.clock import ClockView
from core.workdays.queries import calendar_book
from licensing.clock import clock_of
from licensing.lifecycle import Status
from licensing.models import Application, HeldDecision
from licensing.queries.cases import own_cases_of
from licensing.queries.hands import recused_from, to_take_over


@dataclass(frozen=True)
class Row:
    application: Application
    clock: ClockView | None
    product: str = ""
    held: HeldDecision | None = None
    """A decision that waits to take effect; for officials with no part in the enterprise alone."""


def for_desk(standing: Standing) -> Q:
    """Cases that wait for a duty this person holds, where separation of duties still lets them act and they have not
    recused themselves; those of an absent reviewer wait for his stand-in too. What is decided
    and waits to take effect does not."""
    me = standing.user_id
    kind = Duty.Kind
    waiting = (
        Q(status=Status.SUBMITTED, acceptance_authority_id__in=standing.authorities(kind.ACCEPTANCE))
        | Q(
            status=Status.UNDER_REVIEW,
            review_authority_id__in=standing.authorities(kind.REVIEW),
            reviewer=None,
        )
        & ~Q(clerk_id=me)
        | Q(status=Status.UNDER_REVIEW, reviewer_id=me)
        | to_take_over(standing) & ~Q(clerk_id=me)
        | Q(status=Status.DECISION_PENDING, approval_authority_id__in=standing.authorities(kind.APPROVAL))
        & ~Q(clerk_id=me)
        & ~Q(reviewer_id=me)
        & ~Q(Exists(HeldDecision.objects.filter(application=OuterRef("pk"))))
    )
    return waiting & ~Q(recused_from(standing))


def held_for(application: Application, standing: Standing) -> HeldDecision | None:
    """The decision that waits to take effect, never for who belongs to the enterprise."""
    hidden = application.enterprise_id in standing.interests
    return None if hidden else getattr(application, "held_decision", None)


NEEDED = ("enterprise", "category", "filing_authority", "clerk", "reviewer", "approver", "correction")


OWN_PAGE = 50
_POSITION = re.compile(r"(draft|filed)_([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class OwnCases:
    """One page of an enterprise's cases; `next_cursor` continues behind its last row, empty on the last page."""

    rows: tuple[Row, ...]
    next_cursor: str = ""
    first_url: str = ""


def own_cases(standing: Standing, today: date, after: str = "") -> OwnCases:
    """An enterprise's cases, newest first, drafts on top; paged in SQL (keyset). An odd position starts at the top."""
    cases = Application.objects.filter(own_cases_of(standing)).annotate(
        drawer=Case(When(status=Status.DRAFT, then=Value("draft")), default=Value("filed"))
    )
    if position := _POSITION.fullmatch(after):
        drawer, pk = position[1], int(position[2])
        cases = cases.filter(Q(drawer__gt=drawer) | Q(drawer=drawer, pk__lt=pk))
    page = list(cases.order_by("drawer", "-id").select_related(*NEEDED, "licence")[: OWN_PAGE + 1])
    book = calendar_book()
    names = {entry.category_id: entry.name for entry in categories_on(today)}
    rows = tuple(
        Row(case, clock_of(case, today, book), names.get(case.category_id or 0, ""))
        for case in page[:OWN_PAGE]
    )
    last = page[OWN_PAGE - 1] if len(page) > OWN_PAGE else None
    return OwnCases(rows, f"{last.drawer}_{last.pk}" if last else "", "?" if position else "")
