"""Many cases at once: each by its own act, none for all; a decision on many does not exist."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.lifecycle.law import Clause
from core.parties.models import User
from licensing.actions.act import note
from licensing.lifecycle import Status
from licensing.models import Application, ApplicationDocument
from licensing.workbench.actions import bulk
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.workbench import to_accept

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def marks(*cases: Application) -> list[str]:
    return [f"{case.public_id}:{Application.objects.get(pk=case.pk).version}" for case in cases]


def confirm(client: Client, act: str, *cases: Application) -> Any:
    return client.post(reverse("workbench:bulk"), {"act": act, "case": marks(*cases), "list": "scope=mine"})


def moved_on(case: Application) -> None:
    """Somebody else went on with the case, by an act that leaves it where it is."""
    row = Application.objects.get(pk=case.pk)
    public = {"from": str(today()), "to": str(today()), "notice": ""}
    note(row, "due_recomputed", at=timezone.now(), basis=(Clause("DESIGN", "日历变动"),), public=public)


def entries(case: Application, act: str) -> int:
    return LedgerEntry.objects.filter(subject_id=str(case.public_id), act=act).count()


def test_nine_of_ten_are_accepted_and_the_stale_one_says_so(cast: world.Cast) -> None:
    cases = [to_accept(world.Cast()) for _number in range(10)]
    client = signed_in(cast.clerk)
    page = confirm(client, "accept", *cases)
    assert len(page.context["going"]) == 10 and page.context["left_out"] == []
    chosen = marks(*cases)
    moved_on(cases[4])
    done = client.post(reverse("workbench:bulk_accept"), {"case": chosen, "list": "scope=mine&due=2"})
    assert done.status_code == 200 and done.context["done"] == 9
    refused = [row for row, _case in done.context["lines"] if not row.done]
    assert [row.chosen.public_id for row in refused] == [cases[4].public_id] and "新的进展" in refused[0].why
    for place, case in enumerate(cases):
        fresh = Application.objects.get(pk=case.pk)
        assert fresh.status == (Status.SUBMITTED if place == 4 else Status.UNDER_REVIEW)
        assert entries(case, "licensing.accept") == (place != 4)
    again = done.content.decode()
    assert f"{cases[4].public_id}:{cases[4].version + 1}" in again and "scope=mine&amp;due=2" in again
    retried = client.post(reverse("workbench:bulk_accept"), {"case": marks(cases[4])})
    assert retried.context["done"] == 1 and entries(cases[4], "licensing.accept") == 1


def test_each_case_runs_in_its_own_transaction(cast: world.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails in the middle of one act leaves nothing of it, and all of the others."""
    cases = [to_accept(world.Cast()) for _number in range(3)]

    def stumbling(**facts: Any) -> Application:
        from licensing.actions.acceptance import CategoryClosed, accept

        done = accept(**facts)
        if facts["public_id"] == cases[1].public_id:
            raise CategoryClosed()
        return done

    from django.db import transaction

    outcomes = bulk.each(
        bulk.read_marks(marks(*cases)), transaction.atomic(stumbling), actor=world.actor(cast.clerk, today()),
        at=world.at(today(), 12),
    )  # fmt: skip
    assert [row.code for row in outcomes] == ["", "licensing.category_closed", ""]
    assert [Application.objects.get(pk=case.pk).status for case in cases] == [
        Status.UNDER_REVIEW, Status.SUBMITTED, Status.UNDER_REVIEW,
    ]  # fmt: skip


def test_a_case_with_an_open_warning_is_left_out_with_the_reason(cast: world.Cast) -> None:
    good, bare, moved, late = (to_accept(world.Cast()) for _number in range(4))
    ApplicationDocument.objects.filter(application=bare, slot="commitment_letter").delete()
    moved.filed["enterprise"]["name"] = "换了名字的企业有限公司"
    moved.save()
    Application.objects.filter(pk=late.pk).update(next_due_on=today() - timedelta(days=1))
    client = signed_in(cast.clerk)
    page = confirm(client, "accept", good, bare, moved, late)
    assert [row.application.pk for row in page.context["going"]] == [good.pk]
    why = {row.application.pk: "；".join(row.why) for row in page.context["left_out"]}
    assert "材料齐全" in why[bare.pk] and "承诺书" in why[bare.pk]
    assert "与账号登记的企业信息一致" in why[moved.pk] and "视为受理" in why[late.pk]
    done = client.post(reverse("workbench:bulk_accept"), {"case": marks(good, bare, moved, late)})
    assert done.context["done"] == 1
    assert Application.objects.filter(status=Status.SUBMITTED).count() == 3, "the form cannot be talked round"


@pytest.mark.parametrize("who", ["zhejiang", "reviewer", "applicant", "head"])
def test_nobody_accepts_many_that_he_could_not_accept_alone(cast: world.Cast, who: str) -> None:
    case = to_accept(cast)
    person = {
        "zhejiang": lambda: world.official("330000", "acceptance"), "reviewer": lambda: cast.reviewer,
        "applicant": lambda: cast.applicant, "head": lambda: world.official("320000", "head"),
    }[who]()  # fmt: skip
    answer = signed_in(person).post(reverse("workbench:bulk_accept"), {"case": marks(case)})
    assert answer.status_code == 403 or answer.context["done"] == 0
    assert case.number not in answer.content.decode()
    assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED


@pytest.fixture
def head() -> User:
    return world.official("320000", "head", name="方正")


def assign(client: Client, to: User, *cases: Application, reason: str = "专业对口") -> Any:
    sent = {"case": marks(*cases), "reviewer": str(to.public_id), "reason": reason}
    return client.post(reverse("workbench:bulk_assign"), sent)


def test_a_head_gives_out_several_and_the_unfit_one_says_why(cast: world.Cast, head: User) -> None:
    cases = [world.accepted(world.Cast()) for _number in range(3)]
    reviewer = world.official("320000", "review", name="孙审查")
    Application.objects.filter(pk=cases[1].pk).update(clerk=reviewer)
    client = signed_in(head)
    page = confirm(client, "assign", *cases, world.submitted(cast))
    assert len(page.context["going"]) == 3 and len(page.context["left_out"]) == 1
    assert "孙审查（在办 0 件）" in page.content.decode()
    done = assign(client, reviewer, *cases)
    assert done.context["done"] == 2
    refused = [row for row, _case in done.context["lines"] if not row.done]
    assert [row.code for row in refused] == ["licensing.reviewer_unfit"]
    assert Application.objects.filter(reviewer=reviewer, reviewer_stated=False).count() == 2
    assert [entries(case, "licensing.assign_review") for case in cases] == [1, 0, 1]


def test_an_assignment_needs_a_person_and_a_reason(cast: world.Cast, head: User) -> None:
    case, client = world.accepted(cast), signed_in(head)
    answer = client.post(reverse("workbench:bulk_assign"), {"case": marks(case), "list": "scope=unassigned"})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"reviewer", "reason"}
    stranger = world.official("330000", "review", name="外省")
    assert assign(client, stranger, case).status_code == 422, "not among those offered"
    assert Application.objects.get(pk=case.pk).reviewer is None
    other = signed_in(world.official("330000", "head"))
    assert assign(other, stranger, case).status_code == 422
    assert Application.objects.get(pk=case.pk).reviewer is None


@pytest.mark.parametrize("chosen", [[], ["x"], ["x:1", "00000000-0000-4000-8000-000000000001"], [":"]])
def test_an_empty_choice_is_told_on_the_list(cast: world.Cast, chosen: list[str]) -> None:
    client = signed_in(cast.clerk)
    answer = client.post(
        reverse("workbench:bulk"), {"act": "accept", "case": chosen, "list": "scope=desk"}, follow=True
    )
    assert answer.redirect_chain[0][0].endswith("?scope=desk") and "请先选择案件" in answer.content.decode()


def test_there_is_an_end_to_how_many(cast: world.Cast) -> None:
    with pytest.raises(bulk.TooMany):
        bulk.read_marks(f"00000000-0000-4000-8000-{n:012d}:1" for n in range(bulk.MOST + 1))
    twice = [f"00000000-0000-4000-8000-{1:012d}:1"] * 3
    assert len(bulk.read_marks(twice)) == 1


@pytest.mark.parametrize("act", ["grant", "decide", "refuse", ""])
def test_there_is_no_decision_on_many(cast: world.Cast, act: str) -> None:
    case = world.pending(cast)
    everybody = world.official("320000", "acceptance", "head", "approval")
    answer = confirm(signed_in(everybody), act, case)
    assert answer.status_code == 302 and Application.objects.get(pk=case.pk).status == Status.DECISION_PENDING
    with pytest.raises(NoReverseMatch):
        reverse(f"workbench:bulk_{act or 'decide'}")
    page = signed_in(cast.approver).get(reverse("licensing:work"), {"scope": "mine"}).content.decode()
    assert 'name="case"' not in page


def test_what_a_confirmation_costs_grows_with_the_cases_and_with_nothing_else(cast: world.Cast) -> None:
    case = to_accept(cast)
    client = signed_in(cast.clerk)
    confirm(client, "accept", case)
    with CaptureQueriesContext(connection) as one:
        confirm(client, "accept", case)
    cases = [case, *(to_accept(world.Cast()) for _number in range(4))]
    with CaptureQueriesContext(connection) as five:
        confirm(client, "accept", *cases)
    each = (len(five) - len(one)) / 4
    print(f"confirmation of 1: {len(one)} queries, each further case {each}")
    assert each <= 8
