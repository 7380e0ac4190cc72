"""`tests/authority_matrix.csv` as values, and what one cell comes to when it is tried."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction

from core.lifecycle.errors import DomainError, NotAllowed
from tests.support.authority.acts import ACTS
from tests.support.authority.cases import Office
from tests.support.authority.registry import Act, Attempt
from tests.support.clients import signed_in

MATRIX = Path(__file__).resolve().parents[2] / "authority_matrix.csv"
REFUSALS = (NotAllowed, ObjectDoesNotExist)
"""How the portal says no to a person: the act is not his, or the thing does not exist for him."""

WRITTEN = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
    WHERE relname <> 'django_session'
"""
"""Rows written so far in this transaction, whatever became of them; a session is the browser's."""


@dataclass(frozen=True)
class Cell:
    """One row of the matrix. `open` says why the portal does not behave so yet; such a cell must still fail."""

    object: str
    act: str
    case: str
    role: str
    place: str
    expected: str
    cell: str
    note: str
    open: str

    @property
    def allowed(self) -> bool:
        return self.expected == "allow"

    def __str__(self) -> str:
        return f"{self.act} [{self.case or '-'}] {self.role}, {self.place}: {self.expected}"


def cells() -> list[Cell]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return [Cell(**row) for row in csv.DictReader(file)]


def written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Outcome:
    """What happened: the error, if any, and how many rows were written on the way."""

    error: Exception | None
    writes: int

    @property
    def refused(self) -> bool:
        return isinstance(self.error, REFUSALS)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is done inside never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tried(office: Office, cell: Cell, act: Act) -> Outcome:
    """Let the person of a cell do its act, and take everything back."""
    thing = office.get(act.thing, cell.case)
    with taken_back():
        attempt = _attempt(office, cell, thing)
        before, error = written(), None
        try:
            act.run(attempt)
        except (DomainError, ObjectDoesNotExist) as raised:
            error = raised
        return Outcome(error, written() - before)


def _attempt(office: Office, cell: Cell, thing: Any) -> Attempt:
    return Attempt.by(office, thing, office.people.find(cell.role, cell.place, thing))


def wrong(office: Office, cell: Cell) -> str:
    """What is wrong with a cell; empty when an allowed act succeeds, and a denied one is refused and writes nothing."""
    found = tried(office, cell, ACTS[cell.act])
    if cell.allowed:
        return "" if found.error is None else f"{cell} → {found.error!r}"
    if not found.refused:
        return f"{cell} → {found.error!r}" if found.error else f"{cell} → done"
    return f"{cell} → refused after {found.writes} rows were written" if found.writes else ""


def answered(client: Any, office: Office, cell: Cell, act: Act) -> tuple[int, int]:
    """The page's status for the person of a cell, and the rows written; everything is taken back."""
    thing = office.get(act.thing, cell.case)
    with taken_back():
        attempt = _attempt(office, cell, thing)
        browser = signed_in(attempt.person) if attempt.person else client
        assert act.page is not None
        page, before = act.page(attempt), written()
        answer = browser.get(page.address) if page.sent is None else browser.post(page.address, page.sent)
        return answer.status_code, written() - before
