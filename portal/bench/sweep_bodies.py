"""Bodies of the sweep bench, each beside its floor; run by `portal.bench.sweep` in a bench database."""

import os
import time
from collections.abc import Iterable
from typing import Any

import psycopg2
from django.db import connection
from django.utils import timezone

from core.outbox.subscriptions import subscribers_of
from licensing.actions.clockwork import due_for_check
from licensing.tasks import BUDGET_SECONDS, sweep_clocks
from portal.bench.load_cases import Due, add_due
from portal.bench.results import Figure
from portal.bench.runner import interleave
from portal.bench.sweep import ALL_DUE, BARE, NONE_DUE, ROUND_TRIP
from portal.celery import CLOCK_SECONDS

DUE = Due(deemed=4_000, reminded=4_000, lapsing=2_000)
ROUNDS = 3
CALLS = 50
PLANNED = 7_000
ACTS = {
    "deemed": ("deem_accepted", "open_review"),
    "reminded": ("correction_reminder",),
    "lapsing": ("lapse",),
}


def measured() -> list[Figure]:
    """All figures: first while nothing is due, then with ten thousand due, loaded anew before each run."""
    idle = interleave({ROUND_TRIP: _often(_round_trip), NONE_DUE: _often(sweep_clocks)}, unit="ms")
    busy = interleave({BARE: _bare, ALL_DUE: _swept}, unit="s", runs=ROUNDS)
    return [*idle, *busy, *_against_the_plan(busy[-1])]


def _against_the_plan(swept: Figure) -> list[Figure]:
    """What the measured pace means for the deadline job of DOMAIN §9."""
    due = DUE.deemed + DUE.reminded + DUE.lapsing
    work = tuple(seconds * PLANNED / due for seconds in swept.runs)
    return [
        Figure("one case", "ms", tuple(seconds * 1000 / due for seconds in swept.runs)),
        Figure("7,000 cases, the sweeps' own time", "s", work),
        Figure("7,000 cases, from the first sweep to the last act", "s", tuple(map(_elapsed, work))),
    ]


def _elapsed(work: float) -> float:
    """By the clock: a sweep begins every `CLOCK_SECONDS` and works `BUDGET_SECONDS` of them at most."""
    full, rest = divmod(work, BUDGET_SECONDS)
    return full * CLOCK_SECONDS + rest


def _round_trip() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _often(body: Any) -> Any:
    """Milliseconds of one of fifty calls."""

    def milliseconds() -> float:
        began = time.perf_counter()
        for _call in range(CALLS):
            body()
        return (time.perf_counter() - began) * 1000 / CALLS

    return milliseconds


def _swept() -> float:
    """Seconds the sweeps took until nothing was due."""
    _fill()
    seconds, done = 0.0, 1
    while done:
        began = time.perf_counter()
        done = sweep_clocks()
        seconds += time.perf_counter() - began
    assert not due_for_check(at=timezone.now(), most=1)
    return seconds


def _fill() -> None:
    with _owner() as owner, owner.cursor() as cursor:
        add_due(cursor, DUE, now=timezone.now())
    owner.close()


def _owner() -> Any:
    return psycopg2.connect(os.environ["OWNER_DATABASE_URL"])


def _bare() -> float:
    """Seconds to write, case by case, the rows the acts write."""
    _fill()
    cases = [(kind, row) for kind, rows in _waiting().items() for row in rows]
    own = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with own.cursor() as cursor:
            began = time.perf_counter()
            for kind, (pk, public_id) in cases:
                _write(cursor, kind, pk, public_id)
                own.commit()
            return time.perf_counter() - began
    finally:
        own.close()


def _waiting() -> dict[str, list[tuple[int, str]]]:
    """The due cases by what awaits them."""
    found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in ACTS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.public_id::text, CASE WHEN a.status = 'submitted' THEN 'deemed'"
            " WHEN n.lapses_after < (now() AT TIME ZONE 'Asia/Shanghai')::date THEN 'lapsing' ELSE 'reminded' END"
            " FROM licensing_application a LEFT JOIN licensing_correctionnotice n ON n.application_id = a.id"
            " WHERE a.next_check_at <= now()"
        )
        for pk, public_id, kind in cursor.fetchall():
            found[kind].append((pk, public_id))
    return found


def _write(cursor: Any, kind: str, pk: int, public_id: str) -> None:
    cursor.execute("SELECT * FROM licensing_application WHERE id = %s FOR UPDATE", [pk])
    cursor.fetchone()
    if kind == "deemed":
        cursor.execute(_TRACKS, {"pk": pk})
    for version, act in enumerate(ACTS[kind], start=2):
        cursor.execute(_CASE, {"pk": pk, "version": version})
        cursor.execute(_ENTRY, {"act": f"licensing.{act}", "subject": public_id, "version": version})
        cursor.execute(_EVENT, {"act": f"licensing.{act}", "subject": public_id, "version": version})
        _owe(cursor, cursor.fetchone()[0], (one.name for one in subscribers_of(f"licensing.{act}")))


def _owe(cursor: Any, event: int, subscribers: Iterable[str]) -> None:
    for name in subscribers:
        cursor.execute(_DELIVERY, {"event": event, "name": name})


_CASE = "UPDATE licensing_application SET version = %(version)s, next_check_at = NULL WHERE id = %(pk)s"
_TRACKS = """
INSERT INTO licensing_evidence (public_id, application_id, track, outcome, rule, clause, body, finding, facts, items)
SELECT gen_random_uuid(), %(pk)s, track, 'required', 'new_application', '{}', '', '', '{}', '[]'
  FROM unnest(ARRAY['onsite', 'testing']) track
"""
_ENTRY = """
INSERT INTO ledger_ledgerentry (act, subject_kind, subject_id, subject_version, actor_kind, actor_code, organisation,
  organisation_label, effective_at, dating, legal_basis, public, internal, personal)
VALUES (%(act)s, 'licensing.application', %(subject)s, %(version)s, 'system', 'system', '', '', now(), 'legal_date',
  '[{"instrument": "L1", "article": "第三十二条第一款第四项"}]', '{}', '{}', '{}')
"""
_EVENT = """
INSERT INTO outbox_event (type, subject_kind, subject_id, subject_version, recorded_at, correlation)
VALUES (%(act)s, 'licensing.application', %(subject)s, %(version)s, now(), '') RETURNING id
"""
_DELIVERY = """
INSERT INTO outbox_delivery (event_id, subscriber, queue, status, attempts, due_at, last_error)
VALUES (%(event)s, %(name)s, 'default', 'due', 0, now(), '')
"""
