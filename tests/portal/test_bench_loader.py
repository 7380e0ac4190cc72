"""The loader of the benches: it refuses everywhere else, what it loads obeys every rule, and the real pages show it."""

import re
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.ledger.queries import verify
from core.lifecycle.dates import shanghai_date
from core.parties.identifiers import normalise_licence_number, validate_uscc
from core.parties.models import Authority, Enterprise, User
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.tasks import sweep_clocks
from portal.bench import paper, sweep, sweep_bodies
from portal.bench.load_cases import LIFE, OPEN, Due, add_due, load_cases
from portal.bench.load_register import load_register
from portal.bench.loader import NotABench, require_bench
from portal.bench.servers import PREFIX, mark
from portal.embedded.postgres import APP, OWNER
from register.models import Licence, LicenceEvent
from register.queries.licences import Filters, search
from register.search import searchable
from tests.support.clients import signed_in
from tests.support.servers import TestServers

SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
 UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid
   FROM pg_index WHERE indrelid > 16384
 UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text, tgisinternal FROM pg_trigger WHERE NOT tgisinternal
 ORDER BY 1, 2, 3
"""


@pytest.fixture
def bench(django_db_setup: None, django_db_blocker: Any, servers: TestServers) -> Iterator[Any]:
    """A marked bench database that every connection of this test uses; yields the owner's cursor."""
    name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    servers.clone(name, servers.template())
    mark(servers.postgres, name)
    with django_db_blocker.unblock():
        try:
            point_at(name)
            call_command("create_world", "--simulated", verbosity=0)
            owner = psycopg2.connect(servers.postgres.url(OWNER, name))
            with owner.cursor() as cursor:
                yield cursor
            owner.close()
        finally:
            point_at(servers.database)
            servers.drop(name)


def point_at(database: str) -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
    for alias in ("default", "owner", "public"):
        connections.settings[alias]["NAME"] = database


def shape(cursor: Any) -> list[Any]:
    """Definitions without casts and brackets, which the server writes anew each time it reads one."""
    cursor.execute(SHAPE)
    return [(*row[:2], re.sub(r"::[a-z ]+|[\[\]()]", "", str(row[2])), row[3]) for row in cursor.fetchall()]


def by_status() -> dict[str, int]:
    rows = Application.objects.values_list("status", flat=True)
    return {status: list(rows).count(status) for status in set(rows)}


@pytest.mark.parametrize("marked", [True, False])
def test_it_refuses_in_any_other_database(fresh_database: str, servers: TestServers, marked: bool) -> None:
    """Neither an ordinary database nor one that only bears the mark is filled."""
    if marked:
        mark(servers.postgres, fresh_database)
    owner = psycopg2.connect(servers.postgres.url(OWNER, fresh_database))
    with owner.cursor() as cursor:
        for load in (
            lambda: require_bench(cursor),
            lambda: load_cases(cursor, 10, now=timezone.now()),
            lambda: add_due(cursor, Due(1, 1, 1), now=timezone.now()),
            lambda: load_register(cursor, 10, today=date(2026, 11, 28)),
        ):
            with pytest.raises(NotABench, match=fresh_database):
                load()
    owner.close()
    assert (
        not Application.objects.exists() and not Enterprise.objects.exists() and not Licence.objects.exists()
    )


def test_a_bench_name_without_the_mark_is_refused(servers: TestServers, django_db_setup: None) -> None:
    name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    servers.clone(name, servers.template())
    owner = psycopg2.connect(servers.postgres.url(OWNER, name))
    try:
        with owner.cursor() as cursor, pytest.raises(NotABench, match="nothing was loaded"):
            require_bench(cursor)
    finally:
        owner.close()
        servers.drop(name)


def test_cases_as_in_life_leave_every_constraint_index_and_trigger_standing(bench: Any) -> None:
    before = shape(bench)
    load_cases(bench, 2_000, now=timezone.now())
    bench.connection.commit()
    assert shape(bench) == before
    found = by_status()
    assert found == {status: 2 * share for status, share in LIFE.items()}
    assert not Application.objects.filter(next_check_at__lte=timezone.now()).exists()
    filed = Application.objects.exclude(status=Status.DRAFT)
    assert len({case.filing_authority_id for case in filed}) == 20
    assert verify().ok
    for case in filed.select_related("enterprise", "category").order_by("-id")[:20]:
        assert (
            validate_uscc(case.enterprise.uscc) and case.filed["enterprise"]["name"] == case.enterprise.name
        )


def test_the_real_work_list_shows_what_was_loaded(bench: Any) -> None:
    load_cases(bench, 3_000, shares=OPEN, now=timezone.now())
    bench.connection.commit()
    client = signed_in(User.objects.get(username="bench-acceptance-320000-1"))
    for query in ("", "?scope=desk", "?scope=all"):
        listed = client.get(reverse("licensing:work") + query).context["work"]
        assert len(listed.rows) == 25 and listed.next_cursor, query
    name = listed.rows[0].application.enterprise.name
    found = client.get(reverse("licensing:work"), {"scope": "all", "q": name[2:4]}).context["work"]
    assert found.rows and all(name[2:4] in row.application.enterprise.name for row in found.rows)
    desk = Authority.objects.get(code="320000")
    assert listed.counts["desk"] == Application.objects.filter(filing_authority=desk).count()


def test_a_page_of_delivered_cases_takes_no_query_a_row(bench: Any) -> None:
    load_cases(bench, 1_000, now=timezone.now())
    bench.connection.commit()
    client = signed_in(User.objects.get(username="bench-acceptance-320000-1"))
    taken = {}
    for query in ("?scope=all", "?scope=all&status=delivered"):
        client.get(reverse("licensing:work") + query)
        with CaptureQueriesContext(connections["default"]) as queries:
            listed = client.get(reverse("licensing:work") + query).context["work"]
        taken[query] = len(queries)
        assert len(listed.rows) == 25
    assert len(set(taken.values())) == 1, taken


def test_cases_that_are_due_are_swept_by_the_real_task(bench: Any) -> None:
    load_cases(bench, 100, shares=OPEN, now=timezone.now())
    bench.connection.commit()
    assert sweep_clocks() == 0
    for _round in range(2):
        add_due(bench, Due(deemed=3, reminded=2, lapsing=2), now=timezone.now())
        bench.connection.commit()
        assert sweep_clocks() == 7
        assert sweep_clocks() == 0
    assert Application.objects.filter(deemed_accepted=True).count() == 6
    assert by_status()["lapsed"] == 4
    assert verify().ok


def test_the_sweep_is_measured_beside_the_same_rows_bare(
    bench: Any, servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role, variable in ((OWNER, "OWNER_DATABASE_URL"), (APP, "DATABASE_URL")):
        monkeypatch.setenv(variable, servers.postgres.url(role, bench.connection.info.dbname))
    for name, value in {"DUE": Due(2, 2, 1), "ROUNDS": 1, "CALLS": 1}.items():
        monkeypatch.setattr(sweep_bodies, name, value)
    load_cases(bench, 100, shares=OPEN, now=timezone.now())
    bench.connection.commit()
    text = paper.page(sweep.result(sweep_bodies.measured(), "100 loaded in 1 s"), paper.circumstances())
    for words in (
        sweep.ROUND_TRIP,
        sweep.NONE_DUE,
        sweep.BARE,
        sweep.ALL_DUE,
        "7,000 cases",
        "100 loaded in 1 s",
    ):
        assert f"| {words}" in text, words
    acts = LedgerEntry.objects.exclude(dating="import").values_list("act", flat=True)
    assert sorted(acts) == sorted(2 * [f"licensing.{act}" for act in (
        *2 * ["deem_accepted", "open_review", "correction_reminder"], "lapse",
    )])  # fmt: skip


def test_the_register_is_found_as_if_it_had_been_written_by_the_acts(bench: Any) -> None:
    before = shape(bench)
    load_register(bench, 500, today=shanghai_date(timezone.now()))
    bench.connection.commit()
    assert shape(bench) == before
    assert Licence.objects.count() == 500 and LicenceEvent.objects.count() == 1_000
    row = Licence.objects.filter(status="valid").order_by("number").last()
    assert row is not None
    assert normalise_licence_number(row.number) == row.number and validate_uscc(row.uscc)
    parts = [row.number, row.holder_name, row.uscc, row.category_name, row.category_name_en]
    parts += [unit[tongue] for unit in row.units for tongue in ("zh", "en")]
    parts.append(Authority.objects.get(code=row.province).short_zh)
    assert (row.folded, row.grams) == searchable(parts)
    for words in (row.number, row.holder_name[2:4], row.holder_name):
        now = timezone.now()
        page = search(Filters.read({"q": words}), now=now, today=shanghai_date(now))
        assert row.number in {view.row.number for view in page.rows} or page.next_cursor, words
