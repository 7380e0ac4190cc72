"""What breaks on the way from the decision to the certificate costs time and nothing else (DESIGN §2, R-50)."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.http import Answer, Person

pytestmark = [pytest.mark.slow]

PENDING = """
import json
from tests.support import world
cast = world.Cast()
cases = [world.pending(cast) for _ in range(8)]
print(json.dumps({"approver": cast.approver.username, "cases": [str(case.public_id) for case in cases]}))
"""
LONGEST_ANSWER = 3.0
WITHIN = 120.0
BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = %s AND usename = 'portal_app' AND xact_start IS NOT NULL AND state = 'idle in transaction'
    AND query NOT ILIKE '%%celery%%' AND pid IN (SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
        WHERE c.relname = 'certificates_certificate' AND l.mode = 'RowShareLock')"""


@pytest.fixture(scope="module")
def pending(stack: Any) -> Iterator[tuple[str, list[str]]]:
    """Cases that wait for their decision, and who may take it."""
    stack.wait_ready()
    made = json.loads(stack.manage("shell", "-v", "0", "-c", PENDING).strip().splitlines()[-1])
    yield made["approver"], made["cases"]


class World:
    """The running portal, one approver at it, and the database seen from outside."""

    def __init__(self, stack: Any, approver: str, cases: list[str]) -> None:
        self.stack, self.cases = stack, cases
        self.person = Person(stack.url)
        link = stack.manage("demo_login", approver).strip().splitlines()[-1]
        assert self.person.get(link).status == 302

    def open(self) -> tuple[str, Answer]:
        """The decision page of the next case."""
        case = self.cases.pop()
        page = self.person.get(f"/cases/{case}/decide/")
        assert page.status == 200
        return case, page

    def grant(self, case: str, page: Answer) -> Answer:
        answer = self.person.post(
            f"/cases/{case}/decide/", page, act="grant", basis=["0", "2"], no_conflict="on"
        )
        assert (answer.status, answer.url) == (302, f"/cases/{case}/"), answer.text[:2000]
        return answer

    def sql(self, statement: str, *parameters: object) -> Any:
        """The first value of a query, read by the operator's own connection."""
        connection = self.stack.servers.postgres.connect(self.stack.database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchone()[0]
        finally:
            connection.close()

    def licence(self, case: str) -> str:
        return str(
            self.sql(
                "SELECT min(l.number) FROM licensing_productionlicence l JOIN licensing_application a"
                " ON a.id = l.application_id WHERE a.public_id = %s HAVING count(*) = 1", case,
            )
        )  # fmt: skip

    def issued(self, number: str) -> bool:
        return bool(
            self.sql(
                "SELECT count(*) FROM certificates_certificate WHERE licence_number = %s AND status = 'issued'",
                number,
            )
        )

    def until(self, there: Callable[[], bool], seconds: float) -> float:
        """Supervise until something is so; how long it took."""
        began = time.monotonic()
        while not there():
            assert time.monotonic() - began < seconds, self.stack.messages
            self.stack.supervisor.watch()
            time.sleep(0.05)
        return time.monotonic() - began

    def settled(self) -> bool:
        """Nothing is owed to anybody any more."""
        return self.sql("SELECT count(*) FROM outbox_delivery WHERE status = 'due'") == 0

    def assert_exactly_once(self, case: str) -> None:
        """One licence, one number, one certificate, one file, one entry in the ledger; and the case knows of it."""
        number = self.licence(case)
        count = self.sql
        assert count("SELECT count(*) FROM certificates_certificate WHERE licence_number = %s", number) == 1
        assert (
            count(
                "SELECT count(*) FROM files_storedfile WHERE slot = 'certificate' AND owner_id = %s", number
            )
            == 1
        )
        assert count(
            "SELECT count(*) FROM ledger_ledgerentry WHERE act = 'certificates.issued'"
            " AND public->>'licence_number' = %s", number,
        ) == 1  # fmt: skip
        for act in ("licensing.grant", "licensing.issue_certificate"):
            assert (
                count("SELECT count(*) FROM ledger_ledgerentry WHERE act = %s AND subject_id = %s", act, case)
                == 1
            )
        assert (
            count("SELECT status FROM licensing_application WHERE public_id = %s", case)
            == "certificate_issued"
        )
        fetched = self.person.get(f"/cases/{case}/certificate/")
        assert fetched.status == 200 and fetched.text.startswith("%PDF-")


@pytest.fixture
def portal(stack: Any, pending: tuple[str, list[str]]) -> Iterator[World]:
    """Ready before and after each test."""
    stack.wait_ready()
    stack.messages.clear()
    yield World(stack, *pending)
    stack.wait_ready()


@pytest.mark.req("R-50")
@pytest.mark.parametrize("worker", ["idle", "busy"])
def test_without_the_broker_the_grant_answers_at_once_and_the_certificate_comes_once(
    portal: World, worker: str
) -> None:
    earlier, page = portal.open()
    ordinary = portal.grant(earlier, page).seconds
    if worker == "idle":
        portal.until(lambda: portal.issued(portal.licence(earlier)) and portal.settled(), WITHIN)
    case, page = portal.open()
    portal.stack.stop_broker()
    try:
        answer = portal.grant(case, page)
        print(f"\ngrant answered in {answer.seconds:.2f} s without the broker, {ordinary:.2f} s with it")
        assert answer.seconds < LONGEST_ANSWER
        shown = portal.person.get(f"/cases/{case}/")
        assert shown.status == 200 and portal.licence(case) in shown.text
        assert not portal.issued(portal.licence(case))
    finally:
        portal.stack.start_broker()
    waited = portal.until(lambda: portal.issued(portal.licence(case)), WITHIN)
    portal.until(portal.settled, WITHIN)
    print(f"certificate issued {waited:.1f} s after the broker's return to {worker} workers")
    for granted in (earlier, case):
        portal.assert_exactly_once(granted)


@pytest.mark.req("R-50")
def test_a_signing_worker_killed_at_its_work_leaves_exactly_one_certificate(portal: World) -> None:
    """Killed between rendering and storing: its transaction is gone, the sweep begins anew."""
    case, page = portal.open()
    portal.grant(case, page)
    number = portal.licence(case)
    portal.until(lambda: bool(portal.sql(BUSY, portal.stack.database)) or portal.issued(number), 30)
    portal.stack.kill("worker-certificates", signal.SIGKILL)
    assert not portal.issued(number), "the worker was faster than the test: nothing was proven"
    waited = portal.until(lambda: portal.issued(number), WITHIN)
    portal.until(portal.settled, WITHIN)
    print(f"certificate issued {waited:.1f} s after kill -9 of the busy worker")
    portal.assert_exactly_once(case)


@pytest.mark.req("R-50")
def test_a_worker_dead_at_the_time_of_the_grant_finds_its_work_afterwards(portal: World) -> None:
    case, page = portal.open()
    portal.stack.kill("worker-certificates", signal.SIGKILL)
    portal.grant(case, page)
    waited = portal.until(lambda: portal.issued(portal.licence(case)), WITHIN)
    portal.until(portal.settled, WITHIN)
    print(f"certificate issued {waited:.1f} s after a grant to a dead worker")
    portal.assert_exactly_once(case)


def test_a_web_server_killed_midway_loses_nothing(portal: World) -> None:
    """Opened before, sent after: session, form and case are where they were."""
    case, page = portal.open()
    portal.stack.kill("web", signal.SIGKILL)
    portal.until(lambda: portal.stack.supervisor.unready_parts() == [], 60)
    portal.grant(case, page)
    portal.until(lambda: portal.issued(portal.licence(case)), WITHIN)
    portal.until(portal.settled, WITHIN)
    portal.assert_exactly_once(case)


def test_a_grant_sent_again_after_a_lost_answer_is_the_same_grant(portal: World) -> None:
    case, page = portal.open()
    portal.grant(case, page)
    again = portal.person.post(
        f"/cases/{case}/decide/", page, act="grant", basis=["0", "2"], no_conflict="on"
    )
    assert (again.status, again.url) == (302, f"/cases/{case}/")
    portal.until(lambda: portal.issued(portal.licence(case)), WITHIN)
    portal.until(portal.settled, WITHIN)
    portal.assert_exactly_once(case)
