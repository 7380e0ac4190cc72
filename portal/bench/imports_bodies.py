"""Bodies of the import bench; run by `portal.bench.imports` in a bench database."""

import os
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg2
from django.utils import timezone

from catalog.queries import open_units
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.outbox.actions import deliver_due
from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import Authority, Duty, User
from licensing.imports.actions import load, upload
from licensing.imports.actions.check import Checker
from licensing.imports.models import Batch
from licensing.imports.parsing import read_table
from licensing.imports.queries import kinds_found
from portal.bench.imports import BARE, CHECKED, COPIED, FOUND, LOADED, READ, ROWS, RUNS
from portal.bench.imports_file import PRODUCTS, as_csv, bad_rows, rows
from portal.bench.results import Figure

KEYS = ("hazchem", "dish-detergent", "fertilizer-phosphate")


def measured() -> list[Figure]:
    """All runs of the good files, then the bad one."""
    deliver_due(queue="default", at=timezone.now(), limit=1_000_000)
    clerk, approver = _official("acceptance"), _official("approval")
    rates: dict[str, list[float]] = {name: [] for name in (READ, CHECKED, BARE, LOADED, COPIED)}
    for run in range(RUNS):
        content = as_csv(_good(run))
        rates[READ].append(_rate(lambda content=content: read_table(content)))  # type: ignore[misc]
        batch = _upload(content, clerk, f"台账 {run}")
        rates[CHECKED].append(_rate(lambda batch=batch: _check(batch)))  # type: ignore[misc]
        load.order_load(public_id=batch.public_id, clean_only=False, actor=approver, at=timezone.now())
        rates[LOADED].append(_rate(lambda batch=batch: _load(batch)))  # type: ignore[misc]
        rates[COPIED].append(_rate(_deliver))
        rates[BARE].append(_rate(lambda batch=batch: _bare(batch), rolled_back=True))  # type: ignore[misc]
    figures = [Figure(name, "rows/s", tuple(values)) for name, values in rates.items()]
    return [*figures, *_bad(clerk)]


def _official(kind: str) -> Actor:
    person = User.objects.create_user(username=f"bench-{kind}", name="测量")
    nation = Authority.objects.get(code="AQSIQ")
    Duty.objects.create(user=person, authority=nation, kind=kind, valid_from=date(2015, 8, 4))
    return actor_of(person, standing_of(person, shanghai_date(timezone.now())))


def _good(run: int) -> list[dict[str, str]]:
    key, today = KEYS[run], shanghai_date(timezone.now())
    code, category = next(row for row in PRODUCTS if row[1] == _name(key))
    unit = open_units(key, today)[0].name_zh
    return rows(ROWS, first=1_000_000 + run * ROWS, code=code, category=category, unit=unit, today=today)


def _name(key: str) -> str:
    return {"hazchem": "危险化学品", "dish-detergent": "餐具洗涤剂", "fertilizer-phosphate": "化肥(磷肥)"}[
        key
    ]


def _rate(body: Callable[[], Any], *, rolled_back: bool = False) -> float:
    """Rows a second; a body that measures a part of itself returns its seconds."""
    began = time.perf_counter()
    said = body()
    return ROWS / (said if rolled_back else time.perf_counter() - began)


def _upload(content: bytes, clerk: Actor, source: str) -> Batch:
    return upload.upload(content=content, filename="台账.csv", source=source, actor=clerk, at=timezone.now())


def _check(batch: Batch) -> None:
    checker = Checker(batch.public_id)
    while checker.portion(timezone.now()):
        continue
    batch.refresh_from_db()
    assert batch.rows_checked == ROWS


def _load(batch: Batch) -> None:
    loader = load.Loader(batch.public_id, timezone.now())
    while loader.portion(timezone.now()):
        continue
    batch.refresh_from_db()
    assert batch.rows_loaded == ROWS


def _deliver() -> None:
    deliver_due(queue="default", at=timezone.now(), limit=1_000_000)


def _bare(batch: Batch) -> float:
    """Seconds to write the rows that were loaded once more, under other numbers and codes; rolled back."""
    own = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with own.cursor() as cursor:
            began = time.perf_counter()
            for statement in (_ENTERPRISES, _LICENCES, _UNITS, _ENTRIES):
                cursor.execute(statement, {"import": str(batch.public_id)})
                assert cursor.rowcount == ROWS
            return time.perf_counter() - began
    finally:
        own.rollback()
        own.close()


def _bad(clerk: Actor) -> list[Figure]:
    """The dry run of a file that is loaded nowhere, with what was planted in it."""
    today = shanghai_date(timezone.now())
    unit = open_units("rebar", today)[0].name_zh
    good = rows(ROWS, first=2_000_000, code="XK05-001", category="建筑用钢筋", unit=unit, today=today)
    made, planted = bad_rows(good)
    batch = _upload(as_csv(made, "gb18030"), clerk, "坏台账")
    _check(batch)
    found = {row.code: row.count for row in kinds_found(batch)}
    names = [*planted, *(code for code in found if code not in planted)]
    return [
        Figure(f"{FOUND}{code}", "", (float(found.get(code, 0)),), str(planted.get(code, 0)))
        for code in names
    ]


_ENTERPRISES = """
INSERT INTO parties_enterprise (public_id, uscc, legacy_registration_number, name, legal_representative,
  registered_division, registered_address, phone, created_at, proved_at)
SELECT gen_random_uuid(), 'Y' || substr(e.uscc, 2), e.legacy_registration_number, e.name, e.legal_representative,
  e.registered_division, e.registered_address, e.phone, now(), now()
  FROM parties_enterprise e JOIN licensing_productionlicence l ON l.enterprise_id = e.id
 WHERE l.import_ref = %(import)s
"""
_LICENCES = """
INSERT INTO licensing_productionlicence (number, opaque_id, version, certificate_version, filing_division, content,
  status, holder_name, uscc, registered_address, production_addresses, category_name, issued_on, valid_from, term_start,
  valid_until, deregistered_on, deregistered_basis, next_check_at, category_id, enterprise_id, filing_authority_id,
  issuing_authority_id, imported_on, imported_from, import_ref, import_print)
SELECT '(苏)' || number, 'y' || substr(opaque_id, 2) || 'y', version, certificate_version, filing_division, content,
  status, holder_name, uscc, registered_address, production_addresses, category_name, issued_on, valid_from, term_start,
  valid_until, deregistered_on, deregistered_basis, next_check_at, category_id, enterprise_id, filing_authority_id,
  issuing_authority_id, imported_on, imported_from, gen_random_uuid(), import_print
  FROM licensing_productionlicence WHERE import_ref = %(import)s
"""
_UNITS = """
INSERT INTO licensing_licenceunit (licence_id, unit_id, name)
SELECT made.id, unit.unit_id, unit.name FROM licensing_productionlicence l
  JOIN licensing_productionlicence made ON made.number = '(苏)' || l.number
  JOIN licensing_licenceunit unit ON unit.licence_id = l.id
 WHERE l.import_ref = %(import)s
"""
_ENTRIES = """
INSERT INTO ledger_ledgerentry (act, subject_kind, subject_id, subject_version, actor_kind, actor_code, organisation,
  organisation_label, effective_at, dating, legal_basis, public, internal, personal)
SELECT e.act, e.subject_kind, '(苏)' || e.subject_id, 1, e.actor_kind, e.actor_code, '', '', e.effective_at, e.dating,
  e.legal_basis, e.public, e.internal, e.personal
  FROM ledger_ledgerentry e JOIN licensing_productionlicence l ON l.number = e.subject_id
 WHERE l.import_ref = %(import)s AND e.act = 'licensing.licence_imported'
"""
