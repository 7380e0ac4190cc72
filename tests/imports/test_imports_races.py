"""Two people, or a person and the machine, act on one import in the same moment, each in a session of his own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from core.ledger.models import LedgerEntry
from core.ledger.queries import verify
from core.lifecycle.errors import DomainError
from core.parties.models import Enterprise
from licensing.actions import decision
from licensing.imports import tasks
from licensing.imports.actions import upload
from licensing.imports.models import Batch
from licensing.lifecycle import GRANT_BASIS
from licensing.models import ProductionLicence
from tests.support import imports, world
from tests.support.imports import Office, as_csv, row

pytestmark = [pytest.mark.database, pytest.mark.req("R-90")]
DONE = "done"


@pytest.fixture(autouse=True)
def _own_world(fresh_database: str) -> Iterator[None]:
    call_command("create_world", "--simulated", verbosity=0)
    yield
    assert verify().ok


def together(*acts: Callable[[], Any]) -> list[str]:
    """All at once, each on a connection of its own: done, or the code of the refusal."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        barrier.wait(10)
        try:
            act()
            return DONE
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(one.result(60) for one in [pool.submit(run, act) for act in acts])


def test_two_approvers_decide_in_the_same_moment() -> None:
    office = Office()
    batch = office.checked(as_csv(row(1), row(2)))
    second = world.official("320000", "approval", name="孙审批")
    said = together(lambda: office.ordered(batch), lambda: office.ordered(batch, by=second))
    assert said == [DONE, "lifecycle.wrong_state"]
    assert LedgerEntry.objects.filter(act="imports.order").count() == 1
    assert imports.finish(batch, world.at()).rows_loaded == 2


def test_one_withdraws_while_another_decides() -> None:
    office = Office()
    batch = office.checked(as_csv(row(1)))
    said = together(
        lambda: office.ordered(batch),
        lambda: upload.withdraw(public_id=batch.public_id, actor=world.actor(office.clerk), at=world.at()),
    )
    assert said == [DONE, "lifecycle.wrong_state"]
    assert imports.fresh(batch).status in ("loading", "withdrawn")


def test_two_workers_load_the_same_import() -> None:
    office = Office()
    batch = office.checked(as_csv(*(row(serial) for serial in range(1, 8))))
    office.ordered(batch)
    together(*[lambda: tasks.go_on(world.at)] * 3)
    while tasks.go_on(world.at):
        pass
    batch = imports.fresh(batch)
    assert (batch.status, batch.rows_loaded) == ("loaded", 7)
    assert ProductionLicence.objects.count() == 7
    assert LedgerEntry.objects.filter(act="licensing.licence_imported").count() == 7


def test_two_imports_of_the_same_rows_load_each_number_once() -> None:
    office = Office()
    rows = [row(serial) for serial in range(1, 6)]
    first, second = office.checked(as_csv(*rows)), office.checked(as_csv(*reversed(rows)))
    office.ordered(first)
    office.ordered(second)
    said = together(*(lambda one=one: imports.finish(one, world.at()) for one in (first, second)))
    assert said == [DONE, DONE]
    counts = [(one.rows_loaded, one.rows_left_out) for one in Batch.objects.order_by("pk")]
    assert sorted(counts) == [(0, 5), (5, 0)] or sum(loaded for loaded, _left in counts) == 5
    assert ProductionLicence.objects.count() == 5 and Enterprise.objects.count() == 5


def test_grants_during_the_loading_and_the_file_never_share_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes first has the number: a row that comes second is left out and said."""
    monkeypatch.setattr("licensing.imports.actions.load.PORTION", 5)
    office, casts = Office(), [world.Cast(), world.Cast()]
    cases = [world.pending(cast) for cast in casts]
    batch = office.checked(as_csv(*(row(serial) for serial in range(1, 30))))
    office.ordered(batch)

    def grant(place: int) -> None:
        decision.grant(
            public_id=cases[place].public_id, expected_version=cases[place].version, basis=GRANT_BASIS,
            no_conflict=True, actor=world.actor(casts[place].approver), at=world.at(hour=16),
        )  # fmt: skip

    said = together(lambda: imports.finish(batch, world.at()), lambda: grant(0), lambda: grant(1))
    assert said == [DONE] * 3
    granted = ProductionLicence.objects.filter(imported_on__isnull=True)
    among = [one for one in granted if int(one.number[-5:]) <= 29]
    assert granted.count() == 2 and imports.fresh(batch).rows_left_out == len(among)
    assert ProductionLicence.objects.count() == 31 - len(among)


def test_the_same_file_uploaded_twice_at_once_is_one_import() -> None:
    office, content = Office(), as_csv(row(1))
    said = together(*[lambda: office.uploaded(content)] * 2)
    assert said == [DONE, "imports.same_file_open"]
    assert Batch.objects.count() == 1
