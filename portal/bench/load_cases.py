"""Cases by the hundred thousand for a bench database: producers, officials, applications, notices, ledger.

A case here is what lists and clocks read. It has one entry in the ledger, dated as taken over from an earlier record,
and its due dates are those the rules compute. Papers, evidence and decisions of these cases do not exist.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from core.lifecycle.dates import SHANGHAI
from core.lifecycle.memo import remembering
from core.workdays.queries import calendar_book
from core.workdays.rules import outer_limit
from licensing.alarms import HOUR
from licensing.clock import compute_due, midnight_after
from licensing.profile import PROFILE
from licensing.reminders import next_reminder
from licensing.rules import next_alarm_on
from portal.bench.load_cases_sql import APPLICATIONS, FRESH, LEDGER, NOTICES, SCAFFOLD
from portal.bench.loader import Cursor, bare, copy_rows, require_bench
from portal.bench.names import PLACES, producer

ENTERPRISES = 60_000
"""DOMAIN §9: the planning value for the whole country."""
OFFICIALS = 4
"""Of each duty at each authority."""
NATION = "AQSIQ"
DAYS = 1_000
CLOSED_FROM = 70
LIFE: dict[str, int] = {
    "draft": 50, "submitted": 20, "correction_requested": 15, "under_review": 70, "decision_pending": 15,
    "delivered": 720, "certificate_issued": 20, "lapsed": 30, "retracted": 20, "not_accepted": 25, "not_required": 15,
}  # fmt: skip
"""Per thousand, three years of a country's cases: one in eight is open."""
OPEN: dict[str, int] = {
    "submitted": 170, "correction_requested": 130, "under_review": 580, "decision_pending": 120,
}  # fmt: skip
"""Per thousand, cases that are all undecided."""
TABLES = (
    "licensing_application", "licensing_correctionnotice", "ledger_ledgerentry", "parties_enterprise", "parties_duty",
)  # fmt: skip
_FIELDS = ("uscc", "name", "legal_representative", "registered_division", "registered_address", "phone")


@dataclass(frozen=True)
class Due:
    """How many cases to add whose time has come, by what then happens to them."""

    deemed: int = 0
    reminded: int = 0
    lapsing: int = 0


def load_cases(cursor: Cursor, count: int, *, shares: dict[str, int] = LIFE, now: datetime) -> None:
    """Fill with cases of which none is due. Raises NotABench anywhere but in a bench database."""
    require_bench(cursor)
    load_enterprises(cursor, min(ENTERPRISES, max(1_000, count)))
    _scaffold(cursor, shares, now)
    numbers = _numbers(cursor, count)
    with bare(cursor, "licensing_application"):
        cursor.execute(APPLICATIONS, numbers)
    with bare(cursor, "licensing_correctionnotice"), bare(cursor, "ledger_ledgerentry"):
        _dependants(cursor, numbers)
    for table in TABLES:
        cursor.execute(f"ANALYZE {table}")


def add_due(cursor: Cursor, due: Due, *, now: datetime) -> None:
    """Add cases whose next look is in the past, to a database filled before; a lapse became due with last midnight."""
    require_bench(cursor)
    told = {"deemed": due.deemed, "reminded": due.reminded, "lapsing": due.lapsing}
    total = sum(told.values())
    _scaffold(cursor, told, now)
    numbers = _numbers(cursor, total)
    cursor.execute(APPLICATIONS, numbers)
    _dependants(cursor, numbers)


def load_enterprises(cursor: Cursor, count: int) -> None:
    """Invented producers, each with its place of production."""
    require_bench(cursor)
    cursor.execute("SELECT count(*) FROM parties_enterprise WHERE uscc LIKE '91______N%'")
    known = int(cursor.fetchone()[0])
    people = [producer(number) for number in range(known, count)]
    rows = ((p.uscc, p.name, p.person, p.division, p.address, "0512-5700 0000") for p in people)
    cursor.execute("CREATE TEMP TABLE newcomer (LIKE parties_enterprise) ON COMMIT DROP")
    cursor.execute(
        "ALTER TABLE newcomer ALTER id DROP NOT NULL, ALTER public_id DROP NOT NULL,"
        " ALTER created_at DROP NOT NULL, ALTER legacy_registration_number DROP NOT NULL"
    )
    copy_rows(cursor, "newcomer", _FIELDS, rows)
    named = ", ".join(_FIELDS)
    cursor.execute(
        f"INSERT INTO parties_enterprise (public_id, legacy_registration_number, created_at, proved_at, {named})"
        f" SELECT gen_random_uuid(), '', now(), now(), {named} FROM newcomer"
    )
    cursor.execute("DROP TABLE newcomer")


def _scaffold(cursor: Cursor, shares: dict[str, int], now: datetime) -> None:
    """Temporary tables the great insert joins: who handles what, what is due when, which share has which state."""
    _officials(cursor)
    cursor.execute(SCAFFOLD)
    with remembering():
        days = [_day(age, now) for age in range(DAYS)]
    copy_rows(cursor, "bench_day", tuple(days[0]), (tuple(day.values()) for day in days))
    ranges = _ages(days, now)
    slots = [status for status, share in shares.items() for _slot in range(share)]
    copy_rows(
        cursor, "bench_share", ("slot", "status", "youngest", "span"),
        ((slot, status, *_range(ranges.get(status))) for slot, status in enumerate(slots)),
    )  # fmt: skip


def _ages(days: list[dict[str, Any]], now: datetime) -> dict[str, tuple[int, int]]:
    """How many days ago a case of each state came: from (inclusive) to (exclusive)."""
    today = now.astimezone(SHANGHAI).date()
    silent = sum(day["look_at"] > now for day in days)
    open_for = sum(day["lapses_after"] > today for day in days)
    lapsed = sum(day["lapses_after"] >= today for day in days)
    return {
        "draft": (0, DAYS), "submitted": (0, silent), "correction_requested": (0, open_for), "under_review": (1, 62),
        "decision_pending": (20, 62), "deemed": (silent, silent + 5), "reminded": (open_for - 8, open_for),
        "lapsing": (lapsed, lapsed + 2),
    }  # fmt: skip


def _range(ages: tuple[int, int] | None) -> tuple[int, int]:
    youngest, oldest = ages or (CLOSED_FROM, DAYS)
    return youngest, oldest - youngest


def _day(age: int, now: datetime) -> dict[str, Any]:
    """What follows, by the rules, for a case that was received or accepted so many days ago."""
    on: date = now.astimezone(SHANGHAI).date() - timedelta(days=age)
    intake, decision = compute_due(on, PROFILE.intake, ""), compute_due(on, PROFILE.decision, "")
    lapses, calendar = compute_due(on, PROFILE.correction, "").on, calendar_book().for_division()
    statutory = outer_limit(on, PROFILE.statutory.days, (), calendar).earlier
    assert statutory is not None
    today = now.astimezone(SHANGHAI).date()
    warned = next_alarm_on(today=today, due_on=decision.on, statutory_on=statutory, calendar=calendar)
    return {
        "age": age, "day": on, "received_at": min(datetime.combine(on, time(9), tzinfo=SHANGHAI), now),
        "intake_due": intake.on, "look_at": midnight_after(intake.on), "decision_due": decision.on,
        "provisional": decision.provisional, "statutory": statutory, "lapses_after": lapses,
        "remind_at": next_reminder(lapses, now), "warn_at": datetime.combine(warned, HOUR, tzinfo=SHANGHAI),
    }  # fmt: skip


def _numbers(cursor: Cursor, count: int) -> dict[str, int]:
    """Where the numbering of loaded cases goes on, over how many, and the last row before them."""
    cursor.execute(
        "SELECT count(*) FILTER (WHERE e.uscc LIKE '91______N%'), coalesce(max(a.id), 0)"
        "  FROM licensing_application a JOIN parties_enterprise e ON e.id = a.enterprise_id"
    )
    first, before = cursor.fetchone()
    return {"first": first, "last": first + count - 1, "before": before}


def _dependants(cursor: Cursor, numbers: dict[str, int]) -> None:
    """What hangs on a loaded case: the one notice of a case sent back, and the entry that took it over."""
    cursor.execute(NOTICES, numbers)
    cursor.execute(FRESH, numbers)
    cursor.execute(LEDGER)
    cursor.execute("DROP TABLE bench_desk, bench_kind, bench_day, bench_share, bench_producer, fresh")


def _officials(cursor: Cursor) -> None:
    """Officials of each duty in each province that takes filings and in the nation, beside those that are there."""
    for code in (*sorted({place[2] for place in PLACES}), NATION):
        for duty in ("acceptance", "review", "approval"):
            cursor.execute(_MISSING, {"code": code, "duty": duty, "wanted": OFFICIALS})


_MISSING = """
WITH desk AS (SELECT id FROM parties_authority WHERE code = %(code)s),
     held AS (SELECT count(*) AS n FROM parties_duty d JOIN desk ON d.authority_id = desk.id WHERE d.kind = %(duty)s),
     made AS (
  INSERT INTO parties_user (public_id, password, is_superuser, username, name, email, is_active, is_staff, date_joined)
  SELECT gen_random_uuid(), '!', false, 'bench-' || %(duty)s || '-' || %(code)s || '-' || k, '测量员' || k, '',
         true, false, now()
    FROM held, generate_series(held.n + 1, %(wanted)s) k
  RETURNING id)
INSERT INTO parties_duty (user_id, authority_id, kind, valid_from)
SELECT made.id, desk.id, %(duty)s, DATE '2015-08-04' FROM made, desk
"""
