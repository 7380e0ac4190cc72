"""Pages of cases cost the same number of queries with one row and with fifty (DESIGN §8)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.ledger.actions import record
from core.ledger.models import LedgerEntry
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.parties.models import Delegation, Duty
from licensing.actions.papers import write_papers
from licensing.kinds import Kind
from licensing.models import Application, Deregistration, ProductionLicence
from tests.support import holders, world
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

MANY = 50
BUDGET = {
    "work list": 19, "own cases": 11, "case page, applicant": 14, "case page, official": 18, "days": 14,
    "acceptance page": 26, "decision page": 22, "own licences": 10, "deregistrations": 9,
}  # fmt: skip
"""The most a page may ask of the database, session and rights included."""


def queries(client: Client, address: str) -> int:
    """Queries of one page, after it has been drawn once (caches that live longer than a request are warm)."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@contextmanager
def same(what: str, count: Callable[[], int]) -> Iterator[None]:
    """The page costs the same before and after, and stays within its budget."""
    before = count()
    yield
    after = count()
    print(f"{what}: {before} queries with 1 row, {after} with {MANY}")
    assert after == before
    assert after <= BUDGET[what]


def copies(application: Application, number: int, /, **changes: Any) -> None:
    """More cases like this one, but for `changes`, with their units left out: lists do not show them."""
    for serial in range(number):
        Application.objects.create(
            **{
                field.attname: getattr(application, field.attname)
                for field in Application._meta.concrete_fields
                if field.attname not in ("id", "public_id", "number")
            }
            | {"number": f"{application.number}-{serial}" if application.number else None}
            | changes,
        )


def path(application: Application, name: str) -> str:
    return reverse(f"licensing:{name}", kwargs={"public_id": application.public_id})


@pytest.mark.parametrize("scope", ["mine", "desk", "all"])
def test_the_work_list(scope: str) -> None:
    cast = world.Cast()
    application = world.submitted(cast)
    client = signed_in(cast.clerk)
    address = reverse("licensing:work") + f"?scope={scope}"
    with same("work list", lambda: queries(client, address)):
        copies(application, MANY - 1)
        for person in range(3):
            copies(world.submitted(world.Cast()), person)
    assert len(client.get(address).context["work"].rows) == 25


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_the_cases_of_an_enterprise(state: str) -> None:
    cast = world.Cast()
    application = {"draft": world.filled_draft, "submitted": world.submitted}[state](cast)
    client = signed_in(cast.applicant)
    with same("own cases", lambda: queries(client, reverse("licensing:cases"))):
        copies(application, MANY - 1)
    assert len(client.get(reverse("licensing:cases")).context["rows"]) == MANY


def longer(application: Application, entries: int) -> None:
    """A long history: more acts in the ledger, each by a person."""
    last = (
        LedgerEntry.objects.filter(subject_id=str(application.public_id)).order_by("-subject_version").first()
    )
    assert last is not None
    for version in range(1, entries + 1):
        record(
            act="licensing.record_evidence", actor=world.actor(world.official("320000", "review")),
            effective_at=world.at(),
            subject=Subject("licensing.application", str(application.public_id), last.subject_version + version),
            legal_basis=(Clause("L2", "第十四条"),),
            public={"track": "onsite", "outcome": "passed", "concluded_on": "2026-11-09"},
        )  # fmt: skip


@pytest.mark.parametrize("who", ["applicant", "official"])
def test_the_case_page(who: str) -> None:
    cast = world.Cast()
    application = world.pending(cast)
    client = signed_in(cast.applicant if who == "applicant" else cast.approver)
    with same(f"case page, {who}", lambda: queries(client, path(application, "case"))):
        longer(application, MANY)


def test_the_day_table() -> None:
    cast = world.Cast()
    application = world.pending(cast)
    client = signed_in(cast.approver)
    with same("days", lambda: queries(client, path(application, "days"))):
        Application.objects.filter(pk=application.pk).update(accepted_on="2026-03-02")


def test_the_acceptance_page() -> None:
    cast = world.Cast()
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at())
    client = signed_in(cast.clerk)
    with same("acceptance page", lambda: queries(client, path(application, "accept"))):
        longer(application, MANY)
        copies(application, MANY - 1)


def test_the_decision_page() -> None:
    cast = world.Cast()
    application = world.pending(cast)
    client = signed_in(cast.approver)
    with same("decision page", lambda: queries(client, path(application, "decide"))):
        longer(application, MANY)
        copies(world.submitted(cast), MANY)


def test_many_duties_and_delegations_cost_nothing_more() -> None:
    cast = world.Cast()
    world.submitted(cast)
    client = signed_in(cast.clerk)
    with same("work list", lambda: queries(client, reverse("licensing:work"))):
        for authority in world.Authority.objects.filter(level="prefecture")[:MANY]:
            Duty.objects.create(
                user=cast.clerk, authority=authority, kind="acceptance", valid_from=world.EPOCH
            )
        assert Delegation.objects.count() == 0


def licences_like(licence: ProductionLicence, number: int) -> None:
    """More licences like this one, each with a case of its own under way."""
    case = Application.objects.get(licence=licence, kind=Kind.CHANGE)
    for serial in range(number):
        copied = ProductionLicence.objects.get(pk=licence.pk)
        copied.pk, copied.number, copied.opaque_id = (
            None,
            f"(苏)XK13-002-{serial + 70000}",
            f"copy{serial:016d}",
        )
        copied.save()
        copies(case, 1, licence_id=copied.pk, number=f"320000-C-2026-{serial + 500000:06d}-7K")


def test_the_licences_of_an_enterprise() -> None:
    holder = holders.Holder(granted_on=world.DAY)
    holders.filed(holder, Kind.CHANGE, world.DAY)
    client, address = signed_in(holder.applicant), reverse("licensing:own_licences")
    with same("own licences", lambda: queries(client, address)):
        licences_like(holder.fresh(), MANY - 1)
    assert len(client.get(address).context["licences"]) == MANY


def test_the_deregistrations() -> None:
    holder = holders.Holder(granted_on=world.DAY)
    holders.filed(holder, Kind.CHANGE, world.DAY)
    Deregistration.objects.create(licence=holder.licence, ground="expired", opened_on=world.DAY)
    client, address = signed_in(holder.approver), reverse("licensing:deregistrations")
    with same("deregistrations", lambda: queries(client, address)):
        licences_like(holder.fresh(), MANY - 1)
        for licence in ProductionLicence.objects.exclude(pk=holder.licence.pk):
            Deregistration.objects.create(
                licence=licence,
                ground="stopped",
                facts="停产",
                opened_on=world.DAY,
                proposed_by=holder.reviewer,
            )
    assert len(client.get(address).context["page"].rows) == 30
