"""The work list: what first? Authorised, filtered, ordered and paged in SQL (keyset)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from catalog.queries import categories_on
from core.parties.competence import Standing
from core.parties.models import Duty, Enterprise
from core.parties.queries import named
from core.workdays.clock import ClockView
from core.workdays.queries import calendar_book
from licensing.clock import clock_of
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, HeldDecision
from licensing.queries.cases import own_cases_of, visible
from licensing.queries.hands import recused_from, to_take_over

PAGE = 25
SCOPES = ("mine", "desk", "all")


@dataclass(frozen=True)
class Filters:
    """What the URL asks for; anything unknown in it falls back to the default."""

    scope: str = "mine"
    status: str = ""
    words: str = ""
    after: str = ""
    category: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> "Filters":
        scope = query.get("scope", "mine")
        status = query.get("status", "")
        return cls(
            scope=scope if scope in SCOPES else "mine",
            status=status if status in Status.values else "",
            words=query.get("q", "").replace("\0", "").strip()[:100],
            after=query.get("after", ""),
            category=query.get("category", "").replace("\0", "")[:48],
        )

    def url(self, **changes: str) -> str:
        values = {
            "scope": self.scope,
            "status": self.status,
            "q": self.words,
            "category": self.category,
        } | changes
        return "?" + urlencode({key: value for key, value in values.items() if value})


@dataclass(frozen=True)
class Row:
    application: Application
    clock: ClockView | None
    product: str = ""
    held: HeldDecision | None = None
    """A decision that waits to take effect; for officials with no part in the enterprise alone."""


@dataclass(frozen=True)
class WorkList:
    rows: tuple[Row, ...]
    filters: Filters
    counts: dict[str, int] = field(default_factory=dict)
    next_cursor: str = ""
    next_url: str = ""
    first_url: str = ""


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


def work_list(standing: Standing, filters: Filters, today: date) -> WorkList:
    """One page of the work list, most urgent first; closed cases come last in scope "all"."""
    base = visible(standing).exclude(status=Status.DRAFT)
    found = _after(_filtered(base, standing, filters), filters.after)
    page = _rows(list(found.order_by("next_due_on", "id").values_list("pk", flat=True)[: PAGE + 1]))
    book = calendar_book()
    rows = tuple(
        Row(application, clock_of(application, today, book), held=_held(application, standing))
        for application in page[:PAGE]
    )
    cursor = _position(page[PAGE - 1]) if len(page) > PAGE else ""
    return WorkList(
        rows=rows,
        filters=filters,
        counts=_counts(base, standing, today),
        next_cursor=cursor,
        next_url=filters.url(after=cursor) if cursor else "",
        first_url=filters.url() if filters.after else "",
    )


def _held(application: Application, standing: Standing) -> HeldDecision | None:
    hidden = application.enterprise_id in standing.interests
    return None if hidden else getattr(application, "held_decision", None)


def _rows(chosen: list[int]) -> list[Application]:
    """What a row shows of the chosen cases, by a query of its own: before the choice, every case would be joined."""
    cases = Application.objects.filter(pk__in=chosen).order_by("next_due_on", "id")
    return list(cases.select_related(*NEEDED, "licence", "held_decision").defer("draft"))


NEEDED = ("enterprise", "category", "filing_authority", "clerk", "reviewer", "approver", "correction")


def _filtered(base: QuerySet[Application], standing: Standing, filters: Filters) -> QuerySet[Application]:
    found = base
    if filters.scope == "mine":
        found = found.filter(for_desk(standing), status__in=UNDECIDED)
    elif filters.scope == "desk":
        found = found.filter(status__in=UNDECIDED)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.category:
        found = found.filter(category__key=filters.category)
    if filters.words:
        found = found.filter(_answering(filters.words))
    return found


def _answering(words: str) -> Q:
    """Part of the holder's name, the beginning of a case number, or a credit code; the last two are ASCII."""
    holders = named(words)
    if not words.isascii():
        return Q(enterprise__in=holders.values("pk"))
    holders |= Enterprise.objects.filter(uscc=words.upper())
    return Q(enterprise__in=holders.values("pk")) | Q(number__istartswith=words)


def _position(application: Application) -> str:
    return f"{application.next_due_on or ''}_{application.pk}"


def _after(found: QuerySet[Application], position: str) -> QuerySet[Application]:
    """Continue behind a position `date_id`; NULL dates sort last. A malformed position starts at the top."""
    day, _, key = position.partition("_")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return found
    if not day:
        return found.filter(next_due_on__isnull=True, pk__gt=int(key))
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return found
    return found.filter(
        Q(next_due_on__gt=due) | Q(next_due_on=due, pk__gt=int(key)) | Q(next_due_on__isnull=True)
    )


def _counts(base: QuerySet[Application], standing: Standing, today: date) -> dict[str, int]:
    """How many open cases, and which of them press; what is decided waits for nobody and is not looked at."""
    return base.filter(status__in=UNDECIDED).aggregate(
        mine=Count("pk", filter=for_desk(standing)),
        desk=Count("pk"),
        soon=Count("pk", filter=Q(next_due_on__range=(today, today + timedelta(days=3)))),
        overdue=Count("pk", filter=Q(next_due_on__lt=today)),
    )


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
