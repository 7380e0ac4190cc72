"""Who may do what, cell by cell: each row of `tests/authority_matrix.csv` is tried on the real act (DESIGN §8).

The matrix is written from the law and the roles it gives, never from the code. How an act is performed stands in
`tests/support/authority/acts.py`.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.support.authority.matrix import MATRIX, Cell, answered, cells, wrong

CELLS = cells()
ACTS = list(dict.fromkeys(cell.act for cell in CELLS))
VISITOR = ("public", "visitor")


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One world for the whole matrix, in one transaction that is rolled back; every cell has its savepoint."""
    from tests.support.authority.cases import Office
    from tests.support.authority.people import People

    with django_db_blocker.unblock(), transaction.atomic():
        yield Office(People())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _quiet_refusals(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are what these tests ask for; their tracebacks are not."""
    caplog.set_level(logging.CRITICAL, "django.request")


def of(act: str) -> list[Cell]:
    return [cell for cell in CELLS if cell.act == act]


@pytest.mark.req("R-19", "R-20")
@pytest.mark.parametrize("act", ACTS)
def test_every_cell_is_as_the_matrix_says(office: Any, act: str) -> None:
    assert [found for cell in of(act) if not cell.open and (found := wrong(office, cell))] == []


@pytest.mark.parametrize("act", sorted({cell.act for cell in CELLS if cell.open}))
def test_a_cell_left_open_still_is(office: Any, act: str) -> None:
    """Once the portal does what the matrix says, the reason comes out of the column `open`."""
    assert [str(cell) for cell in of(act) if cell.open and not wrong(office, cell)] == []


def first(act: str, expected: str) -> Cell:
    """The first person of the matrix to try the page: one who has an account."""
    return next(c for c in of(act) if c.expected == expected and not c.open and (c.role, c.place) != VISITOR)


WITH_PAGE = [act for act in ACTS if act != "delegate_further"]
"""There is no page on which a prefecture could delegate."""


@pytest.mark.req("R-19")
@pytest.mark.parametrize("act", WITH_PAGE)
def test_the_page_lets_one_in(office: Any, client: Client, act: str) -> None:
    from tests.support.authority.acts import ACTS as HOW

    status, writes = answered(client, office, first(act, "allow"), HOW[act])
    reads = act.startswith("read_")
    assert status == 200 if reads else status == 302, status
    assert reads or writes


def kept_out(act: str) -> list[Cell]:
    """Everybody with an account whom a page shows nothing; of those who may not act, the nearest."""
    denied = sorted((c for c in of(act) if not c.allowed), key=lambda c: not c.place.startswith("own "))
    with_account = [cell for cell in denied if cell.role != "public"] or denied
    return with_account if act.startswith("read_") else with_account[:1]


@pytest.mark.req("R-19")
@pytest.mark.parametrize("act", WITH_PAGE)
def test_the_page_keeps_another_out(office: Any, client: Client, act: str) -> None:
    """Refused, or led elsewhere; and nothing is written."""
    from tests.support.authority.acts import ACTS as HOW

    for cell in kept_out(act):
        status, writes = answered(client, office, cell, HOW[act])
        assert status in (302, 403, 404, 422), (str(cell), status)
        assert status != 302 or not act.startswith("read_") or cell.role == "public"
        assert writes == 0, str(cell)


def test_matrix_and_acts_know_each_other() -> None:
    from tests.support.authority.acts import ACTS as HOW

    assert set(ACTS) == set(HOW), "a row without its act, or an act without a row"


def test_the_matrix_is_well_formed() -> None:
    keys = [(cell.act, cell.case, cell.role, cell.place) for cell in CELLS]
    assert len(keys) == len(set(keys)), MATRIX
    assert {cell.expected for cell in CELLS} == {"allow", "deny"}
    assert {cell.case for cell in CELLS} <= {"", "delegated", "national"}
    assert all(cell.object and cell.cell for cell in CELLS)
    for act in ACTS:
        assert any(cell.allowed for cell in of(act)) or act == "delegate_further"
        assert any(not cell.allowed for cell in of(act)) or act == "read_delegation"
