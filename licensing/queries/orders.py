"""Standing orders and the sampling review as the offices see them (R-85; DOMAIN §8)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from catalog.queries import categories_on
from core.parties.competence import Standing
from core.parties.models import Authority, Level
from licensing.models import Application, Evidence, Recusal, SamplingReview, StandingOrder

READERS = ("review", "approval", "head", "audit", "national_admin")
"""Duties with which the orders of one's own authority are read; the public reads its own page."""
SAMPLERS = ("review", "audit", "national_admin")
"""Duties with which drawn decisions are read: whoever examines, audits, or administers for the nation."""
PAGE = 25


def visible_orders(standing: Standing) -> QuerySet[StandingOrder]:
    """Orders of one's own authority, all of them for the nation's administrators and auditors."""
    rows = StandingOrder.objects.select_related("authority", "category", "signed_by", "revoked_by")
    if standing.is_national_admin or standing.audits_everything:
        return rows
    return rows.filter(authority_id__in=standing.authorities(*READERS))


def counted(rows: QuerySet[StandingOrder]) -> QuerySet[StandingOrder]:
    """With what was decided under each, and what became of the reviews drawn."""
    return rows.annotate(
        decided=Count("decisions", distinct=True),
        drawn=Count("reviews", distinct=True),
        open_reviews=Count("reviews", filter=Q(reviews__finding=""), distinct=True),
        wrong=Count("reviews", filter=Q(reviews__finding=SamplingReview.Finding.WRONG), distinct=True),
    )


def find_order(standing: Standing, public_id: UUID | str) -> StandingOrder | None:
    """One visible order with its figures."""
    return counted(visible_orders(standing)).filter(public_id=public_id).first()


def state_at(row: StandingOrder, now: datetime, today: date) -> str:
    """revoked, coming, in_force or ended; a revocation counts from its instant."""
    if row.revoked_at is not None and row.revoked_at <= now:
        return "revoked"
    if row.valid_to <= today:
        return "ended"
    return "coming" if row.valid_from > today else "in_force"


def also_covering(row: StandingOrder, today: date) -> list[StandingOrder]:
    """Other orders not over that carry some of the same cases: they go on when this one is revoked."""
    rows = StandingOrder.objects.filter(authority_id=row.authority_id, revoked_at=None, valid_to__gt=today)
    if row.category_id:
        rows = rows.filter(Q(category=None) | Q(category_id=row.category_id))
    return list(rows.exclude(pk=row.pk).order_by("pk"))


@dataclass(frozen=True)
class OrderRow:
    """An order with its state and the name of its category of the day; empty for all categories."""

    order: StandingOrder
    state: str
    category: str

    @property
    def open(self) -> bool:
        """Whether it can still be revoked."""
        return self.state in ("coming", "in_force")


def as_row(order: StandingOrder, now: datetime, today: date, names: dict[int, str] | None = None) -> OrderRow:
    found = names if names is not None else category_names(today)
    name = (
        found.get(order.category_id, order.category.key if order.category else "")
        if order.category_id
        else ""
    )
    return OrderRow(order, state_at(order, now, today), name)


def category_names(today: date) -> dict[int, str]:
    return {entry.category_id: entry.name for entry in categories_on(today)}


@dataclass(frozen=True)
class OrderList:
    rows: tuple[OrderRow, ...]
    next_before: str


def order_list(standing: Standing, *, before: str, now: datetime, today: date) -> OrderList:
    """One page, newest first; `before` is the key of the last row seen, odd ones start at the top."""
    found = visible_orders(standing)
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(counted(found).order_by("-pk")[: PAGE + 1])
    names = category_names(today)
    rows = tuple(as_row(row, now, today, names) for row in page[:PAGE])
    return OrderList(rows, str(page[PAGE - 1].pk) if len(page) > PAGE else "")


def signing_authorities(standing: Standing) -> QuerySet[Authority]:
    """Issuing authorities at which this person approves: in whose name an order can be signed."""
    rows = Authority.objects.filter(
        pk__in=standing.authorities("approval"), level__in=[Level.NATIONAL, Level.PROVINCIAL]
    )
    return rows.order_by("code")


def may_revoke(standing: Standing, row: StandingOrder) -> bool:
    return row.revoked_at is None and standing.holds("approval", row.authority_id)


def visible_samples(standing: Standing) -> QuerySet[SamplingReview]:
    """Drawn decisions this person may look into: of his authority where he did not sign the order, had no part in the
    case and belongs to no such enterprise, all of these for the nation's administrators and auditors."""
    rows = SamplingReview.objects.select_related(
        "order__authority", "application__filing_authority", "application__enterprise", "reviewed_by"
    )
    if not (standing.is_national_admin or standing.audits_everything):
        rows = rows.filter(order__authority_id__in=standing.authorities("review", "audit"))
    rows = rows.exclude(order__signed_by_id=standing.user_id or 0)
    rows = rows.exclude(application__in=with_part_in(standing.user_id).values("pk"))
    return rows.exclude(application__enterprise_id__in=standing.interests)


def with_part_in(user_id: int | None) -> QuerySet[Application]:
    """Cases this person has handled, recorded the evidence of, or declared a conflict in.

    The sampling review takes the place of three persons on a case (DOMAIN §3.2): it is made by one more.
    """
    person = user_id or 0
    recorded = Evidence.objects.filter(Q(recorded_by_id=person) | Q(rests_on__recorded_by_id=person))
    return Application.objects.filter(
        Q(clerk_id=person)
        | Q(reviewer_id=person)
        | Q(approver_id=person)
        | Q(created_by_id=person)
        | Q(pk__in=recorded.values("application_id"))
        | Q(pk__in=Recusal.objects.filter(user_id=person).values("application_id"))
    )


def to_examine(standing: Standing) -> QuerySet[SamplingReview]:
    """Drawn decisions that wait for this reviewer."""
    return visible_samples(standing).filter(
        finding="", order__authority_id__in=standing.authorities("review")
    )


def find_sample(standing: Standing, public_id: UUID | str) -> SamplingReview | None:
    return visible_samples(standing).filter(public_id=public_id).first()


@dataclass(frozen=True)
class SampleList:
    rows: tuple[SamplingReview, ...]
    state: str
    next_before: str


def sample_list(standing: Standing, *, state: str, before: str) -> SampleList:
    """One page, newest first; `state` is open (asked for as a rule) or all."""
    found = visible_samples(standing)
    state = state if state in ("open", "all") else "open"
    if state == "open":
        found = found.filter(finding="")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found.order_by("-pk")[: PAGE + 1])
    return SampleList(tuple(page[:PAGE]), state, str(page[PAGE - 1].pk) if len(page) > PAGE else "")
