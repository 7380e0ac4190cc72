"""Claims and powers of attorney as pure functions: what a proof leads to, and which dates a power may have (R-88)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

MAX_YEARS: Final = 3
START_WITHIN_DAYS: Final = 365
WARN_DAYS: Final = 14
INVITATION_DAYS: Final = 30
MAX_OPEN_CLAIMS: Final = 5
MAX_REFUSED_CLAIMS: Final = 3
REFUSED_WITHIN_DAYS: Final = 365
ATTEMPT_MINUTES: Final = 10
HEARING_WORKDAYS: Final = 5

Outcome = Literal["proved", "review", "representative", "dispute"]


def outcome_of_proof(*, role: str, method: str, represented: bool) -> Outcome:
    """What a claim comes to once something is shown for it.

    Nobody gets past a legal representative in place: who says to be one himself meets him in a dispute, who says
    to be an agent waits for his word. Without one, an identity asserted by the port proves at once and a sealed
    authorisation goes to the acceptance desk.
    """
    if represented:
        return "dispute" if role == "legal_representative" else "representative"
    return "proved" if method == "identity" else "review"


@dataclass(frozen=True)
class Span:
    """Days of a power of attorney as people say them: from the first to the last, both counted."""

    first: date
    last: date

    @property
    def until(self) -> date:
        """The day it no longer counts, as the database keeps it."""
        return self.last + timedelta(days=1)


def latest_last_day(first: date) -> date:
    """The day before the third anniversary: the longest a power may run."""
    year = first.year + MAX_YEARS
    try:
        anniversary = first.replace(year=year)
    except ValueError:
        anniversary = date(year, 3, 1)
    return anniversary - timedelta(days=1)


SpanFault = Literal[
    "starts_before_today", "starts_too_late", "ends_before_start", "ended_already", "too_long"
]


def span_fault(span: Span, *, today: date) -> SpanFault | None:
    """The first thing wrong with the dates of a new power; None when they may stand."""
    if span.last < today:
        return "ended_already"
    if span.first < today:
        return "starts_before_today"
    if span.first > today + timedelta(days=START_WITHIN_DAYS):
        return "starts_too_late"
    if span.last < span.first:
        return "ends_before_start"
    if span.last > latest_last_day(span.first):
        return "too_long"
    return None


def renewal_of(until: date, *, today: date) -> date:
    """First day of a power that follows another: where that one ends, or today if it has ended."""
    return max(until, today)


PowerState = Literal["in_force", "ends_soon", "not_yet", "expired", "revoked"]


def power_state(*, valid_from: date, valid_to: date, revoked: bool, today: date) -> PowerState:
    """How a power stands on a day; its last fourteen days are announced."""
    if revoked:
        return "revoked"
    if today < valid_from:
        return "not_yet"
    if today >= valid_to:
        return "expired"
    return "ends_soon" if valid_to - today <= timedelta(days=WARN_DAYS) else "in_force"
