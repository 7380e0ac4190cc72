"""Deregistrations ex officio as their officials see them (L1 art. 70; DOMAIN §3.7, §8)."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from core.parties.competence import Standing
from core.parties.models import Duty
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED
from licensing.models import Application, Deregistration, LicenceStatus

_KIND = Duty.Kind
READERS = (_KIND.REVIEW, _KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT, _KIND.SUPERVISION)
PAGE = 30


def visible(standing: Standing) -> QuerySet[Deregistration]:
    """Tasks of licences the person's authority issued or filed, and what the person proposed; all for national
    auditors."""
    rows = Deregistration.objects.select_related(
        "licence__enterprise", "licence__issuing_authority", "proposed_by", "decided_by"
    ).annotate(held=_held())
    if standing.audits_everything:
        return rows
    mine = standing.authorities(_KIND.REVIEW, _KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT)
    return rows.filter(
        Q(licence__issuing_authority_id__in=mine)
        | Q(licence__filing_authority_id__in=mine)
        | Q(proposed_by_id=standing.user_id, proposed_by__isnull=False)
    )


def _held() -> ExpressionWrapper:
    """Held after an expiry while a renewal of the licence is open, and while one granted by law is not confirmed."""
    renewals = Application.objects.filter(
        licence=OuterRef("licence"), kind=Kind.RENEWAL, status__in=UNDECIDED
    )
    return ExpressionWrapper(
        Q(Exists(renewals), ground=Deregistration.Ground.EXPIRED)
        | Q(licence__status=LicenceStatus.VALID_DEEMED),
        output_field=BooleanField(),
    )


def find(standing: Standing, public_id: UUID) -> Deregistration | None:
    return visible(standing).filter(public_id=public_id).first()


@dataclass(frozen=True)
class Page:
    """One page of tasks; `next_after` leads on, empty on the last."""

    rows: tuple[Deregistration, ...]
    state: str
    next_after: str


def tasks(standing: Standing, *, state: str, after: str) -> Page:
    """Open tasks, the oldest first, or with `state` = `closed` those decided; one query."""
    found = visible(standing)
    found = found.exclude(result="") if state == "closed" else found.filter(result="")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    page = list(found.order_by("pk")[: PAGE + 1])
    more = str(page[PAGE - 1].pk) if len(page) > PAGE else ""
    return Page(tuple(page[:PAGE]), "closed" if state == "closed" else "open", more)


def waiting(standing: Standing) -> int:
    """Tasks an approver can decide now; one query."""
    mine = standing.authorities(_KIND.APPROVAL)
    if not mine:
        return 0
    found = visible(standing).filter(result="", held=False, licence__issuing_authority_id__in=mine)  # type: ignore[misc]
    return found.exclude(proposed_by_id=standing.user_id).count()


def may_decide(standing: Standing, row: Deregistration) -> bool:
    """Whether to offer the decision, by what the act itself asks."""
    return (
        not row.result
        and not row.held  # type: ignore[attr-defined]
        and standing.holds(_KIND.APPROVAL, row.licence.issuing_authority_id)
        and row.proposed_by_id != standing.user_id
        and row.licence.enterprise_id not in standing.interests
    )
