"""A person's desk: his open cases, his licences, what comes first, and how the office fares. Counted in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek

from core.parties.competence import Standing
from core.workdays.queries import calendar_book
from core.workdays.rules import due_date
from licensing.clock import clock_of
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, ProductionLicence
from licensing.queries.cases import own_cases_of, visible
from licensing.queries.terms import renewed_by_law, term_of
from licensing.queries.worklist import NEEDED, Row, for_desk
from licensing.terms import TermOn

SHOWN = 5
WEEKS = 8
APPLICANT_HAS_IT = frozenset({Status.DRAFT, Status.CORRECTION_REQUESTED})
GOING_ON = UNDECIDED | {Status.GRANTED, Status.REFUSED, Status.CERTIFICATE_ISSUED}
STEPS = (2, 5, 10, 20)
"""Upper ends, in working days left, of the groups open cases are counted in."""


@dataclass(frozen=True)
class Few:
    """The first rows of something, and how many there are."""

    rows: tuple[Row, ...]
    total: int


def going_on(standing: Standing, today: date) -> Few:
    """Cases of the person's enterprises that have not ended, the next due first; drafts are to-dos, not cases."""
    found = Application.objects.filter(own_cases_of(standing), status__in=GOING_ON)
    return _few(found, today)


def first_at_desk(standing: Standing, today: date) -> Few:
    """What waits for this official, the most urgent first."""
    return _few(visible(standing).filter(for_desk(standing)), today)


def _few(found: QuerySet[Application], today: date) -> Few:
    cases = found.order_by("next_due_on", "id").select_related(*NEEDED, "licence")[:SHOWN]
    book = calendar_book()
    rows = tuple(Row(case, clock_of(case, today, book)) for case in cases)
    return Few(rows, len(rows) if len(rows) < SHOWN else found.count())


@dataclass(frozen=True)
class Held:
    """Licences of the person's enterprises with their terms of the day, those that end first on top."""

    rows: tuple[tuple[ProductionLicence, TermOn], ...]
    total: int


def licences_of(standing: Standing, today: date) -> Held:
    """Licences held, two queries or three."""
    found = ProductionLicence.objects.filter(enterprise_id__in=standing.enterprise_ids)
    rows = tuple(found.select_related("application").order_by("valid_until", "number")[:SHOWN])
    renewed = renewed_by_law(rows)
    terms = tuple((row, term_of(row, renewed, today)) for row in rows)
    return Held(terms, len(rows) if len(rows) < SHOWN else found.count())


@dataclass(frozen=True)
class Load:
    """Open cases by working days left. `groups` has one count per step of `STEPS`, then the rest.

    `with_applicant` wait for an answer of the applicant and `paused` for a test or another procedure: no limit runs.
    """

    open: int
    overdue: int
    groups: tuple[int, ...]
    with_applicant: int
    paused: int


def load_of(standing: Standing, today: date) -> Load:
    """How much there is to do and how pressing it is; one query."""
    calendar = calendar_book().for_division()
    ends = [due_date(today, days, "workday", (), calendar) for days in STEPS]
    answering = Q(status=Status.CORRECTION_REQUESTED)
    running = ~answering & Q(paused=False)
    starts = [today, *(end + timedelta(days=1) for end in ends if end)]
    spans = [Q(next_due_on__range=(start, end)) for start, end in zip(starts, ends, strict=False)]
    later = Q(next_due_on__gte=starts[-1]) | Q(next_due_on__isnull=True)
    counted = (
        visible(standing).filter(status__in=UNDECIDED).aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=running & Q(next_due_on__lt=today)),
            with_applicant=Count("pk", filter=answering), still=Count("pk", filter=Q(paused=True)),
            **{f"g{n}": Count("pk", filter=running & span) for n, span in enumerate([*spans, later])},
        )
    )  # fmt: skip
    groups = tuple(counted[f"g{n}"] for n in range(len(STEPS) + 1))
    return Load(counted["open"], counted["overdue"], groups, counted["with_applicant"], counted["still"])


def decided_by_week(standing: Standing, today: date) -> Mapping[date, int]:
    """Decisions of the last eight weeks by the Monday of their week, empty weeks included; one query."""
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    found = (
        visible(standing)
        .filter(decided_on__gte=weeks[0])
        .annotate(week=TruncWeek("decided_on"))
        .order_by("week")
        .values_list("week")
        .annotate(count=Count("pk"))
    )
    counted = dict(found)
    return {week: counted.get(week, 0) for week in weeks}


@dataclass(frozen=True)
class Province:
    """One filing authority: its open cases, those past their due date, and what it decided in thirty days."""

    name_zh: str
    name_en: str
    open: int
    overdue: int
    decided: int


PROVINCES = 33


def provinces(standing: Standing, today: date) -> tuple[Province, ...]:
    """The authorities with cases, those with most overdue first; one query."""
    name = "filing_authority__name_zh", "filing_authority__name_en"
    undecided = Q(status__in=UNDECIDED)
    rows = (
        visible(standing)
        .filter(undecided | Q(decided_on__gte=today - timedelta(days=30)), filing_authority__isnull=False)
        .values(*name)
        .annotate(
            open=Count("pk", filter=undecided),
            overdue=Count("pk", filter=undecided & Q(next_due_on__lt=today)),
            decided=Count("pk", filter=Q(decided_on__gte=today - timedelta(days=30))),
        )
        .order_by("-overdue", "-open", name[0])[:PROVINCES]
    )
    return tuple(
        Province(row[name[0]], row[name[1]], row["open"], row["overdue"], row["decided"]) for row in rows
    )
