"""Pages of the workbench cost the same number of queries with one row and with fifty (DESIGN §8)."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from licensing.models import Application
from licensing.workbench.actions.notes import write_note
from licensing.workbench.models import SavedView
from tests.support import world
from tests.support.clients import signed_in
from tests.support.workbench import copies

pytestmark = pytest.mark.django_db
MANY = 50
BUDGET = {
    "list": 21, "list, every filter": 21, "export": 6, "search, a name": 12, "search, a number": 9, "views": 6,
    "notes": 8, "decision from a list": 26,
}  # fmt: skip


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def same(what: str, client: Client, address: str, more: Callable[[], object]) -> None:
    before = queries(client, address)
    more()
    after = queries(client, address)
    print(f"{what}: {before} queries with 1 row, {after} with {MANY}")
    assert after == before <= BUDGET[what]


@pytest.mark.parametrize("scope", ["mine", "desk", "unassigned", "delegated", "all"])
def test_every_list(cast: world.Cast, scope: str) -> None:
    case = world.accepted(cast)
    head = world.official("320000", "head", "review", "acceptance")
    suzhou = world.Authority.objects.get(code="320500")
    Application.objects.filter(pk=case.pk).update(approval_authority=suzhou)
    case.refresh_from_db()
    same(
        "list", signed_in(head), reverse("licensing:work") + f"?scope={scope}", lambda: copies(case, MANY - 1)
    )


def test_a_list_with_every_filter(cast: world.Cast) -> None:
    case = world.taken(cast)
    address = (
        f"{reverse('licensing:work')}?scope=desk&status=under_review&kind=new&category=fertilizer-phosphate"
        f"&person={cast.reviewer.public_id}&q={cast.enterprise.name[:4]}&sort=-received"
    )
    same("list, every filter", signed_in(cast.clerk), address, lambda: copies(case, MANY - 1))


def test_the_export(cast: world.Cast) -> None:
    case = world.submitted(cast)
    address = reverse("workbench:export") + "?scope=desk"
    same("export", signed_in(cast.clerk), address, lambda: copies(case, MANY - 1))


def test_the_search(cast: world.Cast) -> None:
    case = world.submitted(cast)
    client, there = signed_in(cast.clerk), reverse("workbench:search")
    same("search, a name", client, f"{there}?q={cast.enterprise.name[:6]}", lambda: copies(case, MANY - 1))
    same("search, a number", client, f"{there}?q=320000-N-2026", lambda: copies(case, MANY - 1))


def test_saved_views(cast: world.Cast) -> None:
    def save(first: int, last: int) -> None:
        for place in range(first, last + 1):
            SavedView.objects.create(user=cast.clerk, name=f"{place}", query="scope=desk", place=place)

    save(1, 1)
    same("views", signed_in(cast.clerk), reverse("workbench:views"), lambda: save(2, 20))


def note(case: Application, person: world.User, number: int) -> None:
    for _serial in range(number):
        write_note(
            public_id=case.public_id,
            note_id=uuid.uuid4(),
            text="一条",
            actor=world.actor(person),
            at=timezone.now(),
        )


def test_notes(cast: world.Cast) -> None:
    case = world.taken(cast)
    note(case, cast.reviewer, 1)
    address = reverse("workbench:notes", args=[case.public_id])
    same("notes", signed_in(cast.reviewer), address, lambda: note(case, cast.reviewer, MANY - 1))


def test_the_decision_from_a_list(cast: world.Cast) -> None:
    case = world.pending(cast)
    note(case, cast.approver, 1)
    copies(case, 2)
    address = reverse("licensing:decide", args=[case.public_id]) + "?list=scope%3Dmine"

    def more() -> None:
        copies(case, MANY - 3)
        note(case, cast.approver, MANY - 1)

    same("decision from a list", signed_in(cast.approver), address, more)
