"""The term of a licence on a day, the same for desks, holders, register and verification (L1 art. 50 ¶2)."""

from collections.abc import Collection, Iterable
from datetime import date

from licensing.clock import renewal_facts
from licensing.kinds import Kind
from licensing.lifecycle import UNDER_CLOCK
from licensing.models import Application, LicenceStatus, ProductionLicence
from licensing.terms import TermOn, deemed_term, term_on


def renewed_by_law(licences: Iterable[ProductionLicence]) -> set[int]:
    """Those the law renews at the end of their term, unless the renewal under way is decided before; one query."""
    renewals = Application.objects.filter(licence__in=licences, kind=Kind.RENEWAL, status__in=UNDER_CLOCK)
    facts = ((case.licence_id, renewal_facts(case)) for case in renewals)
    return {licence for licence, found in facts if licence and found is not None and found.may_be_deemed}


def term_of(licence: ProductionLicence, renewed: Collection[int], today: date) -> TermOn:
    """The word and the term of the day; `renewed` from `renewed_by_law`."""
    stored = TermOn(LicenceStatus(licence.status), licence.valid_from, licence.valid_until, today)
    return term_on(stored, deemed_term(licence.valid_until).valid_until if licence.pk in renewed else None)


def term_today(licence: ProductionLicence, today: date) -> TermOn:
    """The same for one licence; a query only when its stored term is over."""
    over = licence.is_running and today > licence.valid_until
    return term_of(licence, renewed_by_law([licence]) if over else (), today)
