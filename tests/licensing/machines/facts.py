"""What the database says after a step, read once, and the print of everything an act could have changed."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.outbox.models import Event
from licensing.models import Application, Deregistration, ProductionLicence
from tests.licensing.machines.stage import Stage

SUBJECTS = ("licensing.application", "licensing.licence", "licensing.deregistration")
TABLES = (
    "licensing_application", "licensing_applicationdocument", "licensing_evidence", "licensing_clockpause",
    "licensing_extension", "licensing_decision", "licensing_productionlicence", "licensing_licencegap",
    "licensing_licenceunit", "licensing_deregistration", "licensing_correctionnotice", "licensing_correctionitem",
    "licensing_clockalarm", "licensing_commitment", "licensing_filing", "licensing_numbercounter",
    "licensing_casecounter", "licensing_helddecision",
    "licensing_acceptancerefusal", "licensing_notrequired", "certificates_certificate",
)  # fmt: skip
_PRINT = "SELECT {}, (SELECT count(*) FROM ledger_ledgerentry), (SELECT count(*) FROM outbox_event)".format(
    ", ".join(f"(SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {name} t)" for name in TABLES)
)


def print_of_everything() -> tuple[Any, ...]:
    """A digest of each table an act writes, and how many entries and events there are."""
    with connection.cursor() as cursor:
        cursor.execute(_PRINT)
        found: tuple[Any, ...] = cursor.fetchone()
    return found


@dataclass
class Facts:
    """Cases, licences and what hangs on them. `swept`: the sweep has just looked at everything at `now`."""

    stage: Stage
    now: datetime
    swept: bool
    moved_at: datetime
    cases: list[Application] = field(init=False)
    licences: list[ProductionLicence] = field(init=False)
    tasks: list[Deregistration] = field(init=False)
    certificates: dict[str, list[Certificate]] = field(init=False)
    entries: dict[tuple[str, str], list[LedgerEntry]] = field(init=False)
    events: set[tuple[str, str, str, int]] = field(init=False)

    def __post_init__(self) -> None:
        related = (
            "evidence", "pauses", "extensions", "alarms", "decision", "correction", "approval_authority", "licence",
        )  # fmt: skip
        rows = Application.objects.filter(enterprise=self.stage.enterprise).exclude(status="draft")
        self.cases = list(rows.prefetch_related(*related).order_by("pk"))
        owned = ProductionLicence.objects.filter(enterprise=self.stage.enterprise)
        self.licences = list(owned.prefetch_related("gaps").order_by("pk"))
        self.tasks = list(Deregistration.objects.filter(licence__in=self.licences).order_by("pk"))
        self.certificates = defaultdict(list)
        for certificate in Certificate.objects.order_by("licence_version"):
            self.certificates[certificate.licence_number].append(certificate)
        self.entries = defaultdict(list)
        for entry in LedgerEntry.objects.filter(subject_kind__in=SUBJECTS).order_by("id"):
            self.entries[entry.subject_kind, entry.subject_id].append(entry)
        self.events = set(
            Event.objects.filter(subject_kind__in=SUBJECTS).values_list(
                "type", "subject_kind", "subject_id", "subject_version"
            )
        )

    def on(self, licence: ProductionLicence) -> list[Application]:
        """Cases about a licence."""
        return [case for case in self.cases if case.licence_id == licence.pk]
