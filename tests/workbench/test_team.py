"""The team's figures: who has how much, how long each stage took, what came and went; for heads and approvers."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.parties.models import Authority
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.workbench.queries.team import team_of
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.workbench import copies, standing

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def head() -> world.User:
    return world.official("320000", "head", name="方正")


def test_who_has_how_much(cast: world.Cast, head: world.User) -> None:
    taken = world.taken(cast)
    copies(taken, 2, next_due_on=today() - timedelta(days=1))
    copies(taken, 1, reviewer_id=None, reviewer_stated=False, next_due_on=today() + timedelta(days=1))
    people = {row.name: (row.open, row.soon, row.overdue) for row in team_of(standing(head), today()).people}
    assert people == {"赵审查": (3, 0, 2), "": (1, 1, 0)}
    desks = {row.key: row.open for row in team_of(standing(head), today()).desks}
    assert desks == {Status.UNDER_REVIEW: 4}


def test_days_by_stage_come_from_the_dates_of_the_acts(cast: world.Cast, head: world.User) -> None:
    """Received on the 2nd, accepted on the 5th, reviewed on the 12th, decided on the 20th: 3, 7, 8, 18 days."""
    cases = []
    for shift in (0, 10):
        own = world.Cast()
        own.clerk, own.reviewer, own.approver = cast.clerk, cast.reviewer, cast.approver
        start = today() - timedelta(days=40)
        case = world.pending(own, day=start + timedelta(days=7))
        Application.objects.filter(pk=case.pk).update(
            received_at=world.at(start - timedelta(days=shift)),
            first_received_at=world.at(start - timedelta(days=shift)),
            accepted_on=start + timedelta(days=3), decided_on=start + timedelta(days=15), status=Status.GRANTED,
            approver=cast.approver, next_due_on=None,
        )  # fmt: skip
        cases.append(case)
    spans = {row.stage: (row.cases, row.median, row.most) for row in team_of(standing(head), today()).spans}
    assert spans == {
        "acceptance": (2, 3, 13),
        "review": (2, 4, 4),
        "decision": (2, 8, 8),
        "whole": (2, 15, 25),
    }
    Application.objects.filter(pk=cases[0].pk).update(decided_on=today() - timedelta(days=90))
    assert {row.cases for row in team_of(standing(head), today()).spans} == {1}


def test_what_came_and_what_went_by_week(cast: world.Cast, head: world.User) -> None:
    monday = today() - timedelta(days=today().weekday())
    case = world.submitted(cast)
    for weeks, received in ((0, 2), (3, 1)):
        on = world.at(monday - timedelta(weeks=weeks), 0, 5)
        copies(case, received, received_at=on, first_received_at=on)
    copies(case, 1, status=Status.RETRACTED, closed_on=monday - timedelta(weeks=1), next_due_on=None)
    found = team_of(standing(head), today())
    assert len(found.came) == len(found.went) == 12 and list(found.came) == sorted(found.came)
    assert found.came[monday] == 2 and found.came[monday - timedelta(weeks=3)] >= 1
    assert found.went[monday - timedelta(weeks=1)] == 1 and sum(found.went.values()) == 1


def test_a_delegate_s_cases_are_told_apart_and_filter_everything(cast: world.Cast, head: world.User) -> None:
    suzhou = Authority.objects.get(code="320500")
    case = world.submitted(cast)
    copies(case, 3, acceptance_authority_id=suzhou.pk, next_due_on=today() - timedelta(days=1))
    found = team_of(standing(head), today())
    assert [(row.key, row.open, row.overdue) for row in found.delegates] == [("320500", 3, 3)]
    narrowed = team_of(standing(head), today(), "320500")
    assert [row.open for row in narrowed.desks] == [3] and len(narrowed.delegates) == 1
    page = signed_in(head).get(reverse("workbench:team"), {"at": "320500"})
    assert page.context["team"].delegate == "320500"
    assert signed_in(head).get(reverse("workbench:team"), {"at": "'--"}).context["team"].delegate == ""


def test_a_team_is_one_s_own(cast: world.Cast) -> None:
    world.taken(cast)
    other = team_of(standing(world.official("330000", "head", "approval")), today())
    assert other.people == other.desks == other.spans == () and not any(other.came.values())
    both = world.official("320000", "acceptance")
    for person in (both, cast.reviewer, cast.applicant, world.official("320000", "audit")):
        assert signed_in(person).get(reverse("workbench:team")).status_code == 403
    mixed = world.official("320000", "acceptance")
    world.Duty.objects.create(
        user=mixed, authority=Authority.objects.get(code="330000"), kind="head", valid_from=world.EPOCH
    )
    assert team_of(standing(mixed), today()).people == (), "what a clerk sees is not a head's team"


def test_the_page_costs_the_same_with_one_case_and_with_fifty(cast: world.Cast, head: world.User) -> None:
    case = world.taken(cast)
    client, address = signed_in(head), reverse("workbench:team")

    def queries() -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    before = queries()
    copies(case, 25)
    copies(case, 24, status=Status.GRANTED, approver_id=cast.approver.pk, decided_on=date(2026, 11, 20))
    print(f"team: {before} queries with 1 row, {queries()} with 50")
    assert queries() == before <= 14
