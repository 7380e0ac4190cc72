"""Loading: decided by a second person, done by the system portion by portion (R-90; DOMAIN §8 last paragraph).

A portion is one transaction: licences, their entries in the ledger, counters, progress and one event. A crash loses at
most the portion under way; doing it again finds every number of the others in the register and writes nothing twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from certificates.facts import new_public_id
from core.ledger.actions import Taken, record_many
from core.ledger.models import Dating
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.actions import Recorded, take_in
from core.parties.identifiers import parse_licence_number
from core.parties.jurisdiction import XPCC
from core.parties.models import Authority, Enterprise, Level
from licensing.actions.effects import LICENCE, print_content, term_facts
from licensing.clock import midnight_after
from licensing.imports.actions.act import advance, at_hand, counts, locked, require
from licensing.imports.actions.check import as_row, met
from licensing.imports.comparing import fingerprint
from licensing.imports.errors import NothingToLoad, RowsWrong, SamePerson
from licensing.imports.lifecycle import ENDED, LIFE_CYCLE, RECORDED, Status
from licensing.imports.models import Batch, Found, Row
from licensing.imports.reading import Place, street_of
from licensing.imports.reference import Listed, held, listed, reference_of
from licensing.models import RUNNING, LicenceStatus, LicenceUnit, ProductionLicence
from licensing.numbers import advance_counters

PORTION = 500
PART = "imports.part"


@transaction.atomic
def order_load(
    *,
    public_id: UUID | str,
    clean_only: bool,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Batch:
    """Decide that the rows without error become licences; the system loads them from here on.

    By an approver of this very authority who did not upload the file. Raises NotYourImport, SamePerson, Stale,
    NothingToLoad, RowsWrong while there are wrong rows and `clean_only` does not say that they stay out, and WrongState
    the second time.
    """
    batch = locked(public_id, expected_version=expected_version)
    acting = require(batch, "approval", actor, at)
    if batch.uploaded_by_id == actor.user_id:
        raise SamePerson()
    LIFE_CYCLE.find("order", batch.status)
    if not batch.rows_ready:
        raise NothingToLoad()
    if batch.rows_wrong and not clean_only:
        raise RowsWrong("clean_only", wrong=batch.rows_wrong, ready=batch.rows_ready)
    batch.decided_by_id, batch.decided_at = actor.user_id, at
    batch.clean_only = bool(batch.rows_wrong)
    facts = {**counts(batch), "source": batch.source, "sha256": batch.sha256}
    return advance(batch, "order", actor=acting, at=at, public=facts)


class Loader:
    """One import being loaded; what does not change meanwhile is read once."""

    def __init__(self, public_id: UUID | str, at: datetime) -> None:
        self.public_id, self.today = public_id, shanghai_date(at)
        batch = Batch.objects.select_related("authority").get(public_id=public_id)
        self.listed = listed()
        self.places = reference_of(batch.authority, self.today).places
        provinces = Authority.objects.filter(level=Level.PROVINCIAL)
        self.provinces = {row.division_code: row for row in provinces.exclude(division_code="")}

    @transaction.atomic
    def portion(self, at: datetime) -> int:
        """Load the next rows; returns how many, 0 when nothing is left or another worker is at it."""
        batch = at_hand(self.public_id, Status.LOADING)
        if batch is None:
            return 0
        waiting = batch.rows.filter(verdict=Row.Verdict.READY, loaded_in__isnull=True, left_out=False)
        rows = list(waiting.order_by("line")[:PORTION])
        numbers = [parse_licence_number(row.number) for row in rows]
        advance_counters(authority=batch.authority, numbers=numbers)
        fresh = _not_there(batch, rows)
        if fresh:
            batch.part += 1
            self._write(batch, fresh, at)
            batch.rows_loaded += len(fresh)
        batch.failures, batch.next_attempt_at = 0, None
        if len(rows) < PORTION:
            batch.closed_at = at
            advance(batch, "load", actor=SYSTEM, at=at, public=counts(batch))
        else:
            batch.save()
        return len(rows)

    def _write(self, batch: Batch, rows: Sequence[Row], at: datetime) -> None:
        enterprises = take_in((self._recorded(row.facts) for row in rows), at)
        made = [self._licence(batch, row, enterprises[row.facts["uscc"]], at) for row in rows]
        ProductionLicence.objects.bulk_create(made)
        LicenceUnit.objects.bulk_create(
            LicenceUnit(licence=licence, unit_id=unit["id"], name=unit["name_zh"])
            for licence in made
            for unit in licence.content["units"]
        )
        record_many(
            act="licensing.licence_imported",
            taken=(_taken(licence, batch, row) for licence, row in zip(made, rows, strict=True)),
            actor=SYSTEM, legal_basis=RECORDED, dating=Dating.IMPORT,
        )  # fmt: skip
        Row.objects.filter(pk__in=[row.pk for row in rows]).update(loaded_in=batch.part)
        emit(type="imports.part_loaded", subject=Subject(PART, str(batch.public_id), batch.part))

    def _recorded(self, facts: dict[str, Any]) -> Recorded:
        return Recorded(
            uscc=facts["uscc"], name=facts["name"], division=facts["division"],
            address=street_of(facts["address"], self.places[facts["division"]])[:200],
            legal_representative=facts["legal_representative"], legacy=facts["legacy"],
        )  # fmt: skip

    def _licence(self, batch: Batch, row: Row, enterprise: Enterprise, at: datetime) -> ProductionLicence:
        """What the paper says, with words as printed and content as cases are filed, so that the next one begins
        from it."""
        facts, authority = row.facts, batch.authority
        product = self.listed[facts["category"]]
        status = self._status(facts)
        licence = ProductionLicence(
            number=row.number, opaque_id=new_public_id(), enterprise=enterprise, category_id=product.pk,
            issuing_authority=authority, filing_authority=self._filing(batch, facts["division"]),
            filing_division=facts["division"], category_name=product.names["name_zh"], status=status,
            content=self._content(batch, facts, product), issued_on=date.fromisoformat(facts["issued_on"]),
            valid_from=date.fromisoformat(facts["valid_from"]), term_start=date.fromisoformat(facts["valid_from"]),
            valid_until=date.fromisoformat(facts["valid_until"]), imported_on=shanghai_date(at),
            imported_from=batch.source, import_ref=batch.public_id, import_print=fingerprint(facts),
        )  # fmt: skip
        if facts["deregistered_on"]:
            licence.deregistered_on = date.fromisoformat(facts["deregistered_on"])
            licence.deregistered_basis = [clause.as_json() for clause in ENDED]
        if status in RUNNING:
            licence.next_check_at = midnight_after(licence.valid_until)
        print_content(licence)
        licence.registered_address = facts["address"]
        licence.production_addresses = [site["address"] for site in facts["sites"]]
        return licence

    def _status(self, facts: dict[str, Any]) -> str:
        """The word of the record; a term that has run out since the check has run out."""
        over = date.fromisoformat(facts["valid_until"]) < self.today
        return LicenceStatus.EXPIRED if over and facts["status"] == LicenceStatus.VALID else facts["status"]

    def _filing(self, batch: Batch, division: str) -> Authority:
        """Where cases about it are filed: with the province that issued it, or for the nation the enterprise's own."""
        if batch.authority.level != Level.NATIONAL:
            return batch.authority
        return self.provinces[f"{division[:2]}0000"]

    def _content(self, batch: Batch, facts: dict[str, Any], product: Listed) -> dict[str, Any]:
        home = self._address(facts["address"], self.places[facts["division"]])
        enterprise = {
            "name": facts["name"],
            "uscc": facts["uscc"],
            "province": f"{home['division'][:2]}0000",
            **home,
        }
        if batch.authority.code == XPCC:
            enterprise["xpcc"] = True
        return {
            "enterprise": enterprise,
            "sites": [self._address(row["address"], self.places[row["division"]]) for row in facts["sites"]],
            "conditions": {"equipment": [], "instruments": [], "process": "", "staff": ""},
            "units": [dict(product.units[key]) for key in facts["units"]],
            "group": [],
            "category": dict(product.names),
        }

    def _address(self, printed: str, place: Place) -> dict[str, str]:
        street = street_of(printed, place)
        return {"division": place.code, "address": street, "full_address": place.full_name + street}


def _not_there(batch: Batch, rows: Iterable[Row]) -> list[Row]:
    """Rows whose number nobody has taken since the check; the others are left out, each with the reason.

    Grants and other imports of this authority wait for the counters that the caller holds.
    """
    rows = list(rows)
    there = held(row.number for row in rows)
    late = [row for row in rows if row.number in there]
    Found.objects.bulk_create(as_row(batch, row.line, met(row.facts, there[row.number])) for row in late)
    Row.objects.filter(pk__in=[row.pk for row in late]).update(left_out=True)
    batch.rows_left_out += len(late)
    return [row for row in rows if row.number not in there]


def _taken(licence: ProductionLicence, batch: Batch, row: Row) -> Taken:
    """The entry of one licence: dated as it was issued, recorded now, with the import it came by."""
    issued = datetime.combine(licence.issued_on, time(), tzinfo=SHANGHAI)
    public = {
        **term_facts(licence), "imported_on": str(licence.imported_on), "imported_from": licence.imported_from,
    }  # fmt: skip
    internal = {"import": str(batch.public_id), "row": row.line, "print": licence.import_print}
    return Taken(Subject(LICENCE, licence.number, 1), issued, public, internal)
