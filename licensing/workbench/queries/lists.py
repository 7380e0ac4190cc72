"""The work list: what first? Authorised, filtered, ordered and paged in SQL (keyset)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from catalog.queries import categories_on
from core.parties.competence import Standing, in_force
from core.parties.models import Duty, Enterprise
from core.parties.queries import named
from core.workdays.queries import CalendarBook, calendar_book
from core.workdays.rules import due_date
from licensing.clock import clock_of
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application
from licensing.queries.cases import visible
from licensing.queries.worklist import NEEDED, Row, for_desk, held_for
from licensing.workbench.filters import Filters
from licensing.workbench.queries.counting import Count, bounded
from licensing.workbench.rules import authority_in_charge, desk_of

PAGE = 25
SOON = 2
"""Working days left at which a case is called pressing."""
EXPORT = 5_000
"""Rows of a table that somebody takes away: what a person can still work through."""
_HANDS = ("acceptance_authority", "review_authority", "approval_authority")
_PEOPLE = 200
"""Names offered in the list of people; a larger office asks by another filter."""

ENTRUSTED = (
    ~Q(acceptance_authority=F("filing_authority"))
    | Q(review_authority__isnull=False) & ~Q(review_authority=F("filing_authority"))
    | Q(approval_authority__isnull=False) & ~Q(approval_authority=F("deciding_authority"))
)
"""Cases of which another authority than the law's own handles a stage, by delegation (R-19)."""


@dataclass(frozen=True)
class WorkRow(Row):
    """One case in the list: the page of its desk, empty where this person only reads; `at`, the authority that has it
    where that is another one; `marks` is what the form for many cases sends of it, empty where no such act is open."""

    desk: str = ""
    at: str = ""
    marks: str = ""


@dataclass(frozen=True)
class WorkList:
    rows: tuple[WorkRow, ...]
    filters: Filters
    counts: dict[str, Count] = field(default_factory=dict)
    next_cursor: str = ""
    next_url: str = ""
    first_url: str = ""


@dataclass(frozen=True)
class Choices:
    """What the filters of a list offer."""

    categories: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def work_list(standing: Standing, filters: Filters, today: date) -> WorkList:
    """One page of the work list, the most urgent first unless it is sorted otherwise."""
    book = calendar_book()
    base = visible(standing).exclude(status=Status.DRAFT)
    found = chosen(standing, filters, today, book)
    if (further := filters.order.beyond(filters.after)) is not None:
        found = found.filter(further)
    page = _rows(list(found.order_by(*filters.order.by()).values_list("pk", flat=True)[: PAGE + 1]), filters)
    rows = tuple(_row(case, standing, filters, today, book) for case in page[:PAGE])
    cursor = filters.order.position(page[PAGE - 1]) if len(page) > PAGE else ""
    return WorkList(
        rows=rows,
        filters=filters,
        counts=_counts(base, standing, today, book),
        next_cursor=cursor,
        next_url=filters.url(after=cursor) if cursor else "",
        first_url=filters.url() if filters.after else "",
    )


def _row(case: Application, standing: Standing, filters: Filters, today: date, book: CalendarBook) -> WorkRow:
    other = authority_in_charge(case) if filters.scope == "delegated" else None
    bulk = (
        case.status == Status.SUBMITTED and standing.holds("acceptance", case.acceptance_authority_id)
    ) or (case.status == Status.UNDER_REVIEW and standing.holds("head", case.review_authority_id))
    return WorkRow(
        case, clock_of(case, today, book), desk=desk_of(standing, case), at=other.name if other else "",
        marks=f"{case.public_id}:{case.version}" if bulk else "", held=held_for(case, standing),
    )  # fmt: skip


def _rows(keys: list[int], filters: Filters) -> list[Application]:
    """What a row shows of the chosen cases, by a query of its own: before the choice, every case would be joined."""
    cases = Application.objects.filter(pk__in=keys).order_by(*filters.order.by())
    return list(cases.select_related(*NEEDED, *_HANDS, "licence", "held_decision").defer("draft"))


def chosen(
    standing: Standing, filters: Filters, today: date, book: CalendarBook | None = None
) -> QuerySet[Application]:
    """The cases a list holds, wherever one stands in it."""
    found = scoped(visible(standing).exclude(status=Status.DRAFT), standing, filters.scope)
    plain = {"status": filters.status, "category__key": filters.category, "kind": filters.kind,
             "reviewer__public_id": filters.person}  # fmt: skip
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if filters.due:
        found = found.filter(_pressing(filters.due, today, book or calendar_book()))
    return found.filter(answering(filters.words)) if filters.words else found


def scoped(base: QuerySet[Application], standing: Standing, scope: str) -> QuerySet[Application]:
    """One of the lists, out of what the person sees."""
    if scope == "all":
        return base
    still = base.filter(status__in=UNDECIDED)
    if scope == "mine":
        return still.filter(for_desk(standing))
    if scope == "unassigned":
        return still.filter(status=Status.UNDER_REVIEW, reviewer__isnull=True)
    return still.filter(ENTRUSTED) if scope == "delegated" else still


def _pressing(bucket: str, today: date, book: CalendarBook) -> Q:
    """How pressing, by the date stored; decided cases have none. With the applicant no limit of the office runs."""
    if bucket == "paused":
        return Q(paused=True)
    if bucket == "overdue":
        return Q(next_due_on__lt=today)
    last = due_date(today, int(bucket), "workday", (), book.for_division())
    return Q(next_due_on__range=(today, last or today + timedelta(days=int(bucket))))


def answering(words: str) -> Q:
    """Part of the holder's name, the beginning of a case number, or a credit code; the last two are ASCII."""
    holders = named(words)
    if not words.isascii():
        return Q(enterprise__in=holders.values("pk"))
    holders |= Enterprise.objects.filter(uscc=words.upper())
    return Q(enterprise__in=holders.values("pk")) | Q(number__startswith=words.upper())


def _counts(
    base: QuerySet[Application], standing: Standing, today: date, book: CalendarBook
) -> dict[str, Count]:
    """How many there are in each list and which of them press, each counted as far as anybody wants to know."""
    still = base.filter(status__in=UNDECIDED)
    lists = {scope: scoped(base, standing, scope) for scope in ("mine", "desk", "unassigned", "delegated")}
    soon = {
        "soon": still.filter(_pressing(str(SOON), today, book)),
        "overdue": still.filter(next_due_on__lt=today),
    }
    return bounded(lists | soon)


def choices(standing: Standing, today: date) -> Choices:
    """Categories of the day and the reviewers of the person's authorities; two queries."""
    mine = {duty.authority_id for duty in standing.duties}
    held = Duty.objects.filter(in_force(today), kind=Duty.Kind.REVIEW, authority_id__in=mine)
    people = held.order_by("user__name", "user_id").values_list("user__public_id", "user__name").distinct()
    return Choices(
        tuple((entry.category.key, entry.name) for entry in categories_on(today)),
        tuple((str(key), name) for key, name in people[:_PEOPLE]),
    )


def taken_away(standing: Standing, filters: Filters, today: date) -> Iterator[Application]:
    """The rows of the list as far as they are given away, in its order; one query."""
    found = chosen(standing, replace(filters, after=""), today).order_by(*filters.order.by())
    rows = found.select_related(*NEEDED, *_HANDS).defer("draft")
    return rows[:EXPORT].iterator(chunk_size=500)
