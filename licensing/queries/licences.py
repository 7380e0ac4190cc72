"""Is a licence in force? One answer for verification, register and desks; and what its holder may do with it."""

from dataclasses import dataclass
from datetime import date, datetime

from certificates.models import Certificate
from certificates.queries import current_certificate
from certificates.status import UNKNOWN, Standing
from core.parties import competence
from licensing.corrections.queries import licence_numbered
from licensing.kinds import FROM_LICENCE, Kind
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, ProductionLicence
from licensing.queries.cases import own_cases_of
from licensing.queries.offers import Offer, openings
from licensing.queries.terms import term_of, term_today
from licensing.terms import RUNNING, TermOn, last_timely_day, renewal_opens_on


def standing_of_licence(number: str, today: date) -> Standing:
    """In force on a legal date: a status that holds, within the term. The reason is the status word otherwise.

    A number that was an error leads to the licence that had it (R-89).
    """
    licence = licence_numbered(number)
    if licence is None:
        return UNKNOWN
    term = term_today(licence, today)
    reason = "" if term.in_force else "not_yet" if term.word in RUNNING else term.word.value
    return Standing(term.in_force, reason, licence.certificate_version)


def certificate_of(application: Application) -> Certificate | None:
    """The signed certificate that a case led to; while it is being made, none."""
    if application.status not in (Status.CERTIFICATE_ISSUED, Status.DELIVERED) or application.licence is None:
        return None
    found = current_certificate(application.licence.number) if application.licence_version else None
    return found if found and found.pdf_id else None


@dataclass(frozen=True)
class HeldLicence:
    """A licence as its holder sees it today."""

    licence: ProductionLicence
    today: date
    term: TermOn
    offers: tuple[Offer, ...]

    @property
    def days_left(self) -> int:
        """Calendar days until the term is over; negative afterwards."""
        return (self.term.valid_until - self.today).days

    @property
    def renewal_opens_on(self) -> date:
        return renewal_opens_on(self.term.valid_until)

    @property
    def last_timely_day(self) -> date:
        return last_timely_day(self.term.valid_until)

    @property
    def renewal_state(self) -> str:
        """`open` in time, `late` when the last timely day is past, empty when a renewal cannot be filed today."""
        renewal = next(offer for offer in self.offers if offer.kind is Kind.RENEWAL)
        if renewal.reason or renewal.under_way:
            return ""
        return "late" if self.today > self.last_timely_day else "open"


def own_licences(standing: competence.Standing, at: datetime, today: date) -> list[HeldLicence]:
    """Licences of the enterprises a person acts for, the soonest to expire first: five queries."""
    rows = ProductionLicence.objects.filter(enterprise_id__in=standing.enterprise_ids)
    licences = list(
        rows.select_related("enterprise", "category", "issuing_authority").order_by("valid_until", "pk")
    )
    open_cases = (
        Application.objects.filter(
            own_cases_of(standing), licence__in=licences, status__in=[*UNDECIDED, Status.DRAFT]
        )
        .exclude(kind=Kind.NEW)
        .select_related("filing_authority")
    )
    under_way = {(case.licence_id, case.kind): case for case in open_cases}
    day = openings(licences, at)
    return [
        HeldLicence(
            row, today, term_of(row, day.renewed, today),
            tuple(day.offer(kind, row, under_way.get((row.pk, kind))) for kind in FROM_LICENCE),
        )
        for row in licences
    ]  # fmt: skip


def offer_of(standing: competence.Standing, kind: Kind, licence: ProductionLicence, at: datetime) -> Offer:
    """Whether a case of this kind can begin from the licence now, why not, and the one that is open; four queries."""
    open_cases = Application.objects.filter(
        own_cases_of(standing), licence=licence, kind=kind, status__in=[*UNDECIDED, Status.DRAFT]
    )
    return openings([licence], at).offer(kind, licence, open_cases.order_by("-pk").first())


def own_licence(standing: competence.Standing, number: str) -> ProductionLicence | None:
    """One licence of an enterprise the person acts for; None for hidden and absent alike."""
    rows = ProductionLicence.objects.filter(enterprise_id__in=standing.enterprise_ids, number=number)
    return rows.select_related("enterprise", "category").first()
