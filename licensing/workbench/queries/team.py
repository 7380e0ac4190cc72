"""The team's work, for heads and approvers: who has how much, what takes how long, what comes and goes.

Everything is counted in SQL from dated rows; the number of queries does not depend on how much there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, DateField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, TruncDate, TruncWeek

from core.lifecycle.dates import SHANGHAI, shanghai_midnight
from core.parties.competence import Standing
from core.workdays.queries import calendar_book
from core.workdays.rules import due_date
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application
from licensing.queries.cases import visible
from licensing.workbench.queries.lists import ENTRUSTED

WATCH = ("head", "approval")
WEEKS = 12
WINDOW = timedelta(days=90)
SOON = 5
"""Working days left at which a case counts as due soon."""
MOST = 40
"""People and authorities named; a larger office is asked by delegate."""
STAGES = ("acceptance", "review", "decision", "whole")


@dataclass(frozen=True)
class Share:
    """Open cases of one person, desk or authority; `name` is empty for nobody."""

    name: str
    key: str
    open: int
    soon: int
    overdue: int


@dataclass(frozen=True)
class Span:
    """Calendar days of one stage, over the cases decided in the window."""

    stage: str
    cases: int
    median: int
    most: int


@dataclass(frozen=True)
class Team:
    """Everything on the page; `delegate` narrows all of it to what that authority has in hand."""

    people: tuple[Share, ...]
    desks: tuple[Share, ...]
    delegates: tuple[Share, ...]
    spans: tuple[Span, ...]
    came: Mapping[date, int]
    went: Mapping[date, int]
    delegate: str = ""


def watching(standing: Standing) -> Standing:
    """The person in these two duties alone: what other duties show is not the team's."""
    duties = tuple(duty for duty in standing.duties if duty.kind in WATCH)
    return Standing(standing.user_id, duties, interests=standing.interests, on=standing.on)


def team_of(standing: Standing, today: date, delegate: str = "") -> Team:
    """Six queries, and one for the calendar."""
    everything = visible(watching(standing)).exclude(status=Status.DRAFT)
    mine = standing.authorities(*WATCH)
    delegates = _delegates(everything, mine, today)
    cases = _in_hands_of(everything, delegate) if delegate else everything
    still = cases.filter(status__in=UNDECIDED)
    return Team(
        people=_shares(still.filter(status=Status.UNDER_REVIEW), "reviewer__name", "reviewer__public_id", today),
        desks=_shares(still, "status", "status", today), delegates=delegates, spans=_spans(cases, today),
        came=_came(cases, today), went=_went(cases, today), delegate=delegate,
    )  # fmt: skip


def _in_hands_of(cases: QuerySet[Application], code: str) -> QuerySet[Application]:
    """Cases of which this authority handles a stage."""
    return cases.filter(
        Q(acceptance_authority__code=code) | Q(review_authority__code=code) | Q(approval_authority__code=code)
    )


def _shares(cases: QuerySet[Application], name: str, key: str, today: date) -> tuple[Share, ...]:
    """Open cases by whatever the names say; the most laden first."""
    last = due_date(today, SOON, "workday", (), calendar_book().for_division())
    rows = (
        cases.values(name, key)
        .annotate(
            total=Count("pk"),
            soon=Count("pk", filter=Q(next_due_on__range=(today, last or today))),
            overdue=Count("pk", filter=Q(next_due_on__lt=today)),
        )
        .order_by("-overdue", "-total", name, key)[:MOST]
    )
    return tuple(
        Share(str(row[name] or ""), str(row[key] or ""), row["total"], row["soon"], row["overdue"])
        for row in rows
    )


def _delegates(cases: QuerySet[Application], mine: frozenset[int], today: date) -> tuple[Share, ...]:
    """Open cases that another authority has in hand by delegation, by that authority."""
    at_acceptance = Q(status__in=(Status.SUBMITTED, Status.CORRECTION_REQUESTED))
    at_review = Q(status__in=(Status.ACCEPTED, Status.UNDER_REVIEW))
    for_each = partial(
        Case,
        When(at_acceptance, then=F("acceptance_authority_id")),
        When(at_review, then=F("review_authority_id")),
        default=F("approval_authority_id"),
    )
    held = cases.filter(ENTRUSTED, status__in=UNDECIDED).annotate(holder=for_each())
    names = {"acceptance_authority": at_acceptance, "review_authority": at_review}
    label = Case(
        *(When(at, then=F(f"{place}__name_zh")) for place, at in names.items()),
        default=F("approval_authority__name_zh"),
    )
    code = Case(
        *(When(at, then=F(f"{place}__code")) for place, at in names.items()),
        default=F("approval_authority__code"),
    )
    others = held.exclude(holder__in=mine).annotate(holder_name=label, holder_code=code)
    return _shares(others, "holder_name", "holder_code", today)


def _weeks(today: date) -> list[date]:
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def _came(cases: QuerySet[Application], today: date) -> Mapping[date, int]:
    """Filings by the Monday of the week in which they were received, empty weeks included."""
    weeks = _weeks(today)
    day = TruncDate("received_at", tzinfo=SHANGHAI)
    rows = cases.filter(received_at__gte=shanghai_midnight(weeks[0])).annotate(week=TruncWeek(day))
    return _filled(weeks, rows)


def _went(cases: QuerySet[Application], today: date) -> Mapping[date, int]:
    """Cases decided, or ended otherwise, by week."""
    weeks = _weeks(today)
    over = Coalesce("decided_on", "closed_on", output_field=DateField())
    rows = cases.annotate(over=over).filter(over__gte=weeks[0]).annotate(week=TruncWeek("over"))
    return _filled(weeks, rows)


def _filled(weeks: list[date], rows: QuerySet[Any]) -> Mapping[date, int]:
    counted = dict(rows.order_by("week").values_list("week").annotate(count=Count("pk")))
    return {week: counted.get(week, 0) for week in weeks}


_SPANS = """
WITH chosen AS (
  SELECT a.public_id, a.accepted_on, a.decided_on, (a.received_at AT TIME ZONE 'Asia/Shanghai')::date AS received_on
    FROM licensing_application a WHERE a.id IN ({cases})),
reviewed AS (
  SELECT c.public_id, max((l.effective_at AT TIME ZONE 'Asia/Shanghai')::date) AS reviewed_on
    FROM chosen c JOIN ledger_ledgerentry l
      ON l.subject_kind = 'licensing.application' AND l.subject_id = c.public_id::text
     AND l.act IN ('licensing.complete_review', 'licensing.fail_review')
   GROUP BY c.public_id),
span AS (
  SELECT 'acceptance' AS stage, accepted_on - received_on AS days FROM chosen WHERE accepted_on IS NOT NULL
  UNION ALL
  SELECT 'review', r.reviewed_on - c.accepted_on FROM chosen c JOIN reviewed r USING (public_id)
  UNION ALL
  SELECT 'decision', c.decided_on - coalesce(r.reviewed_on, c.accepted_on)
    FROM chosen c LEFT JOIN reviewed r USING (public_id) WHERE c.accepted_on IS NOT NULL
  UNION ALL
  SELECT 'whole', decided_on - received_on FROM chosen)
SELECT stage, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY days),
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
  FROM span GROUP BY stage
"""


def _spans(cases: QuerySet[Application], today: date) -> tuple[Span, ...]:
    """Median and ninth decile of each stage, from the dates of the acts; one query."""
    decided = cases.filter(decided_on__gt=today - WINDOW, decided_on__lte=today).order_by().values("pk")
    try:
        sql, params = decided.query.sql_with_params()
    except EmptyResultSet:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_SPANS.replace("{cases}", sql), params)
        found = {row[0]: Span(*row) for row in cursor.fetchall()}
    return tuple(found[stage] for stage in STAGES if stage in found)
