"""What the rules of a correction ask of the database: the certificate's words, their bounds, the lawful term."""

from datetime import date

from catalog.models import CategoryVersion, UnitVersion
from certificates.glyphs import missing
from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from licensing.actions.effects import ACTS, LICENCE
from licensing.corrections.errors import DatesRight, NotPrintable, RenewalOpen, TermUnknown
from licensing.corrections.rules import DATES, Bounds, Change, Given, lawful_term, places_of, words_of
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, ProductionLicence
from licensing.rules import Term

ISSUING = tuple(f"licensing.{act}" for act in ("licence_granted", *ACTS.values(), "licence_deemed_renewed"))
"""Acts on a licence after which a certificate is of their day."""
GRANTED = (Status.GRANTED, Status.DEEMED_RENEWED, Status.CERTIFICATE_ISSUED, Status.DELIVERED)


def words_on(licence: ProductionLicence) -> dict[str, str]:
    """Every word on the certificate that a correction may alter; one query."""
    units = list(licence.units.order_by("id").values_list("unit_id", "name"))
    return words_of(licence.content, licence.category_name, units)


def bounds_of(licence: ProductionLicence) -> Bounds:
    """The bounds a corrected word keeps; four queries."""
    names = {"category_name": _other_categories(licence)}
    printed = dict(licence.units.values_list("unit_id", "name"))
    listed: dict[str, set[int]] = {}
    rows = UnitVersion.objects.filter(unit__category=licence.category_id).values_list("unit_id", "name_zh")
    for unit_id, name in (*rows, *printed.items()):
        listed.setdefault(name, set()).add(unit_id)
    for unit_id in printed:
        names[f"unit-{unit_id}"] = frozenset(name for name, ids in listed.items() if unit_id not in ids)
    return Bounds(licence.enterprise.uscc, places_of(licence.content), names, _wished(licence))


def _other_categories(licence: ProductionLicence) -> frozenset[str]:
    rows = CategoryVersion.objects.exclude(category=licence.category_id)
    return frozenset(rows.values_list("name_zh", flat=True))


def _wished(licence: ProductionLicence) -> frozenset[str]:
    """Names and addresses that the holder asks for in a change under way: his own, and no error (L2 art. 29)."""
    cases = Application.objects.filter(licence=licence, kind=Kind.CHANGE, status__in=UNDECIDED)
    found: set[str] = set()
    for case in cases:
        before, filed = case.filed.get("before", {}), case.filed
        known = {before.get("enterprise", {}).get(part) for part in ("name", "full_address")}
        known |= {site["full_address"] for site in before.get("sites", ())}
        mine = {filed["enterprise"][part] for part in ("name", "full_address")}
        found |= (mine | {site["full_address"] for site in filed["sites"]}) - known
    return frozenset(found)


def require_printable(changes: tuple[Change, ...]) -> None:
    """Raise NotPrintable at the first word that the certificate's fonts cannot set."""
    for change in changes:
        if odd := missing(change.after):
            raise NotPrintable(change.key, characters=" ".join(sorted(odd)))


def lawful_dates(licence: ProductionLicence) -> tuple[Term, date]:
    """The term the licence has by law, and the day its certificate is of. Raises TermUnknown without its decision.

    The day is that of the act which issued the licence as it is, by the ledger: a renewal the law gave is decided on
    the day the old term ended, and the province that confirms it may issue its own licence later (R-84).
    """
    chain = [licence.pk, *([licence.replaces_id] if licence.replaces_id else [])]
    decided = Application.objects.filter(licence__in=chain, status__in=GRANTED, decided_on__isnull=False)
    term = decided.filter(kind__in=(Kind.NEW, Kind.RENEWAL)).order_by("-decided_on", "-pk").first()
    issued_on = _issued_on(licence)
    if term is None or issued_on is None or term.decided_on is None:
        raise TermUnknown("dates")
    deemed = term.deemed_renewal_on is not None
    return lawful_term(Given(term.kind, term.decided_on, term.term_ends_on, deemed)), issued_on


def _issued_on(licence: ProductionLicence) -> date | None:
    """The legal date of the latest act that issued it, under the number it has or one it had in error; two queries."""
    numbers = [licence.number, *licence.former_numbers.values_list("number", flat=True)]
    entries = LedgerEntry.objects.filter(subject_kind=LICENCE, subject_id__in=numbers, act__in=ISSUING)
    latest = entries.order_by("-id").first()
    return shanghai_date(latest.effective_at) if latest else None


def date_changes(licence: ProductionLicence) -> tuple[Change, ...]:
    """Dates on the certificate that differ from what the decision gave; never anything else can be put in their place.

    Raises TermUnknown, DatesRight, or RenewalOpen while a renewal rests on the term.
    """
    term, issued_on = lawful_dates(licence)
    lawful = {"issued_on": issued_on, "valid_from": term.valid_from, "valid_until": term.valid_until}
    found = tuple(
        Change(key, str(getattr(licence, key)), str(lawful[key]))
        for key in DATES
        if getattr(licence, key) != lawful[key]
    )
    if not found:
        raise DatesRight("dates")
    renewals = Application.objects.filter(licence=licence, kind=Kind.RENEWAL, status__in=UNDECIDED)
    if renewals.exists():
        raise RenewalOpen("dates")
    return found
