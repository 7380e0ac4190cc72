"""The term of a licence as pure functions: what may begin when, timeliness, new dates, gaps (DOMAIN §3.3, K21)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.workdays.rules import add_months, last_timely_renewal_day
from licensing.kinds import Kind
from licensing.lifecycle import UNDER_CLOCK, Status
from licensing.profile import PROFILE
from licensing.rules import Term, licence_term


class LicenceStatus(TextChoices):
    """The words of DOMAIN §3.7; expiry comes from the date (`term_on`) and is stored when the sweep comes by."""

    VALID = "valid", _("有效")
    VALID_DEEMED = "valid_deemed", _("视为延续")
    EXPIRED = "expired", _("过期")
    WITHDRAWN = "withdrawn", _("撤回")
    REVOKED = "revoked", _("撤销")
    PENALTY_REVOKED = "penalty_revoked", _("吊销")
    DEREGISTERED = "deregistered", _("注销")


RUNNING = frozenset({LicenceStatus.VALID, LicenceStatus.VALID_DEEMED})


Obstacle = Literal["", "ended", "expired", "renewing", "too_early", "unconfirmed"]
"""Why nothing of a kind can be filed for a licence; empty when it can."""


@dataclass(frozen=True)
class Held:
    """What the rules ask of a licence: its stored word, its term, whether the law renews it at the end of it."""

    running: bool
    deemed: bool
    valid_until: date
    renews: bool = False


def obstacle(kind: str, held: Held, today: date) -> Obstacle:
    """Whether a case of this kind may begin from the licence today.

    After expiry only a new application can be filed; a renewal is filed within the last year of the term, so that no
    second term is stacked on one that has not begun (DESIGN). A deemed renewal is confirmed first; until the sweep has
    written it down (`renewing`), there is no new term to alter.
    """
    if not held.running:
        return "ended"
    if today > held.valid_until:
        return "renewing" if held.renews else "expired"
    if kind != Kind.RENEWAL:
        return ""
    if held.deemed:
        return "unconfirmed"
    return "too_early" if today < renewal_opens_on(held.valid_until) else ""


def renewal_opens_on(valid_until: date) -> date:
    """The first day on which a renewal can be filed."""
    return add_months(valid_until, -PROFILE.renewal_opens_months)


def last_timely_day(valid_until: date) -> date:
    """First receipt on or before this day makes a renewal timely: 2020-08-31 ⇒ 2020-02-29 (L2 art. 25, K17)."""
    return last_timely_renewal_day(valid_until)


@dataclass(frozen=True)
class Renewal:
    """The new term and, after a late decision, the days between the two terms, both included."""

    term: Term
    gap_from: date | None = None
    gap_to: date | None = None


def renewal(decided_on: date, ends_on: date) -> Renewal:
    """Decided by expiry: the new term follows the old one. Later: it runs from the decision, and the gap shows.

    2015-09-16, old expiry 2015-09-28 ⇒ until 2020-09-28.
    """
    after = ends_on + timedelta(days=1)
    if decided_on > ends_on:
        gap_to = decided_on - timedelta(days=1)
        term = licence_term(decided_on, PROFILE.term_years)
        return Renewal(term, after, gap_to) if gap_to >= after else Renewal(term)
    following = licence_term(after, PROFILE.term_years)
    return Renewal(Term(decided_on, after, following.valid_until))


def deemed_term(ends_on: date) -> Term:
    """A deemed renewal runs from the day after the old expiry, whatever day it was noticed (L1 art. 50 ¶2, K21)."""
    return licence_term(ends_on + timedelta(days=1), PROFILE.term_years)


@dataclass(frozen=True)
class TermOn:
    """What a licence is on a day: its word of DOMAIN §3.7 and the term that counts."""

    word: LicenceStatus
    valid_from: date
    valid_until: date
    today: date

    @property
    def in_force(self) -> bool:
        """Whether the holder may produce under it today."""
        return self.word in RUNNING and self.valid_from <= self.today <= self.valid_until


def term_on(stored: TermOn, renews_until: date | None) -> TermOn:
    """A term is over at 00:00 after its last day, whatever is stored, so that nothing has to run at midnight.

    With a timely renewal undecided the law has then renewed it, and `renews_until` is the last day of the new term
    (L1 art. 50 ¶2, K21); without one the licence has expired.
    """
    if stored.word not in RUNNING or stored.today <= stored.valid_until:
        return stored
    if renews_until is None:
        return replace(stored, word=LicenceStatus.EXPIRED)
    after = stored.valid_until + timedelta(days=1)
    return replace(stored, word=LicenceStatus.VALID_DEEMED, valid_from=after, valid_until=renews_until)


@dataclass(frozen=True)
class Filed:
    """What decides whether a renewal is deemed granted: dates of receipt and the expiry it carries on."""

    status: str
    first_received_on: date
    received_on: date
    ends_on: date

    @property
    def is_timely(self) -> bool:
        return self.first_received_on <= last_timely_day(self.ends_on)

    @property
    def may_be_deemed(self) -> bool:
        """Timely, and complete with the authority by expiry; still awaiting a correction it is not (DOMAIN §3.3)."""
        return (
            self.is_timely
            and self.received_on <= self.ends_on
            and (self.status == Status.SUBMITTED or self.status in UNDER_CLOCK)
        )

    def is_deemed(self, today: date) -> bool:
        """Accepted, undecided, and the licence has expired: granted by law, nothing moves or prevents it (K21)."""
        return self.may_be_deemed and self.status in UNDER_CLOCK and today > self.ends_on
