"""The read side of the ledger: a subject's time line, and the proof that nothing was altered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.ledger.models import LedgerEntry
from core.ledger.personal import digest, open_sealed
from core.lifecycle.law import Clause, clauses_from_json


@dataclass(frozen=True)
class TimelineRow:
    """One act as a page shows it; `personal` holds only what has not been erased."""

    act: str
    version: int
    actor_kind: str
    actor_code: str
    organisation_label: str
    effective_at: datetime
    recorded_at: datetime | None
    basis: tuple[Clause, ...]
    public: dict[str, Any]
    internal: dict[str, Any]
    personal: dict[str, str]

    @property
    def actor_label(self) -> str:
        return self.personal.get("actor_label", "")


def timeline(kind: str, subject_id: str, *, personal: bool) -> list[TimelineRow]:
    """All acts on one subject, newest first, in two queries; personal values only where the viewer may see them."""
    entries = LedgerEntry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by(
        "-subject_version"
    )
    if personal:
        entries = entries.prefetch_related("personal_values")
    return [_row(entry, personal) for entry in entries]


def timelines(kind: str, subject_ids: Collection[str]) -> dict[str, list[TimelineRow]]:
    """All acts on many subjects, the oldest first, without personal values; one query."""
    entries = LedgerEntry.objects.filter(subject_kind=kind, subject_id__in=subject_ids)
    found: dict[str, list[TimelineRow]] = {}
    for entry in entries.order_by("subject_version"):
        found.setdefault(entry.subject_id, []).append(_row(entry, False))
    return found


def _row(entry: LedgerEntry, personal: bool) -> TimelineRow:
    values = {v.field: open_sealed(v.ciphertext) for v in entry.personal_values.all()} if personal else {}
    return TimelineRow(
        act=entry.act,
        version=entry.subject_version,
        actor_kind=entry.actor_kind,
        actor_code=entry.actor_code,
        organisation_label=entry.organisation_label,
        effective_at=entry.effective_at,
        recorded_at=entry.recorded_at,
        basis=clauses_from_json(entry.legal_basis),
        public=entry.public,
        internal=entry.internal,
        personal=values,
    )


@dataclass(frozen=True)
class Verification:
    """Outcome of checking the whole ledger: counts, and the ids of entries that do not hold."""

    entries: int
    personal_present: int
    personal_erased: int
    broken_chain: tuple[int, ...]
    broken_personal: tuple[int, ...]

    @property
    def ok(self) -> bool:
        return not self.broken_chain and not self.broken_personal


def verify() -> Verification:
    """Recompute every hash in the database and every digest of a personal value that is still there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT e.id, e.entry_hash, e.prev_hash, e.subject_version,"
            " ledger_entry_digest(e) AS expected,"
            " lag(e.entry_hash) OVER w AS before, lag(e.subject_version) OVER w AS version_before"
            " FROM ledger_ledgerentry e"
            " WINDOW w AS (PARTITION BY e.subject_kind, e.subject_id ORDER BY e.subject_version)) t"
            " WHERE entry_hash IS DISTINCT FROM expected OR prev_hash IS DISTINCT FROM before"
            " OR subject_version <> coalesce(version_before, 0) + 1 ORDER BY id"
        )
        broken_chain = tuple(row[0] for row in cursor.fetchall())
    entries = present = declared = 0
    broken_personal: list[int] = []
    for entry in LedgerEntry.objects.prefetch_related("personal_values").iterator(chunk_size=1000):
        entries += 1
        declared += len(entry.personal)
        for value in entry.personal_values.all():
            present += 1
            if digest(bytes(value.salt), open_sealed(value.ciphertext)) != entry.personal.get(value.field):
                broken_personal.append(entry.id)
    return Verification(entries, present, declared - present, broken_chain, tuple(broken_personal))
