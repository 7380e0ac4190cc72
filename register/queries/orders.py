"""What the system may grant at once, in whose name: announced to everybody, without the signer's name (R-85)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from register.models import CatalogueCategory, PublicOrder
from register.queries.licences import english

SHOWN_AFTER = timedelta(days=366)
"""How long an order is still listed after its last day."""


@dataclass(frozen=True)
class Ordered:
    """One standing order in the reader's language, with its state: coming, in_force, ended or revoked."""

    row: PublicOrder
    authority: str
    category: str
    state: str


def announced_orders(now: datetime, today: date) -> tuple[Ordered, ...]:
    """Orders in force or to come, and those of the last year; by authority, the newest first; two queries."""
    names = {row.key: row.name_en if english() else row.name_zh for row in CatalogueCategory.public.all()}
    rows = PublicOrder.public.filter(valid_to__gt=today - SHOWN_AFTER)
    return tuple(
        Ordered(
            row, row.authority_en if english() else row.authority_zh, names.get(row.category_key, row.category_key),
            _state(row, now, today),
        )
        for row in rows.order_by("authority_code", "-valid_from", "-id")
    )  # fmt: skip


def _state(row: PublicOrder, now: datetime, today: date) -> str:
    if row.revoked_at is not None and row.revoked_at <= now:
        return "revoked"
    if row.valid_to <= today:
        return "ended"
    return "coming" if row.valid_from > today else "in_force"
