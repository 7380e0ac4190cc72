"""What a holder asks for, and the answer within its limit (R-89)."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from licensing.corrections.actions import asking, deciding, proposing
from licensing.corrections.models import CorrectionRequest
from tests.support import claims, world
from tests.support.corrections import DAY, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-89")]


def refused(act: Any, *args: Any, **more: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as error, transaction.atomic():
        act(*args, **more)
    return error.value.code, error.value.field


def at_desk(desk: Desk, row: CorrectionRequest, person: Any = None) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "public_id": row.public_id,
        "expected_version": row.version,
        **desk.who(person or desk.clerk),
    }


def test_a_holder_asks_and_is_owed_an_answer_in_three_working_days(desk: Desk) -> None:
    row = desk.ask(day=date(2026, 3, 13))
    assert (row.status, row.reply_due_on) == ("open", date(2026, 3, 18)), "over a weekend"
    entry = LedgerEntry.objects.get(act="corrections.asked")
    assert "explanation" in entry.personal and "188" not in f"{entry.internal}{entry.public}"


def test_a_paper_may_be_added(desk: Desk) -> None:
    row = desk.ask(attachment=world.PDF, filename="营业执照.pdf")
    assert row.attachment is not None and row.attachment.owner_kind == "corrections.request"


def test_an_agent_asks_under_a_power_in_force_and_not_without(desk: Desk) -> None:
    agent = claims.agent_of(desk.enterprise)
    assert refused(desk.ask, by=agent)[0] == "corrections.not_authorised"
    claims.granted(
        desk.enterprise, agent, desk.applicant, first=DAY, last=date(2026, 12, 1), at=world.at(DAY, 8)
    )
    assert desk.ask(by=agent).asked_by == agent


def test_nobody_asks_for_others(desk: Desk) -> None:
    for person in (world.member(world.enterprise()), desk.clerk, desk.approver):
        assert refused(desk.ask, by=person)[0] == "corrections.not_authorised"


def test_what_and_why_are_told(desk: Desk) -> None:
    assert refused(desk.ask, wrong=[]) == ("corrections.explanation_missing", "wrong")
    assert refused(desk.ask, wrong=["price"]) == ("corrections.explanation_missing", "wrong")
    assert refused(desk.ask, explanation="  ") == ("corrections.explanation_missing", "explanation")


def test_one_request_at_a_time(desk: Desk) -> None:
    row = desk.ask()
    assert refused(desk.ask)[0] == "corrections.asked_already"
    asking.take_back(**at_desk(desk, row, desk.applicant))
    assert desk.ask().status == "open"


def test_an_answer_says_why_nothing_is_corrected(desk: Desk) -> None:
    row = desk.ask()
    assert refused(asking.answer, text=" ", **at_desk(desk, row)) == ("corrections.answer_missing", "text")
    done = asking.answer(text="证书与营业执照一致", **at_desk(desk, row))
    assert (done.status, done.answered_by) == ("answered", desk.clerk)
    assert refused(asking.answer, text="再答", **at_desk(desk, row))[0] == "lifecycle.wrong_state"


def test_only_who_may_propose_answers(desk: Desk) -> None:
    row = desk.ask()
    for person in (desk.approver, desk.applicant, world.official("330000", "acceptance")):
        found = refused(asking.answer, text="不更正", **at_desk(desk, row, person))
        assert found[0] == "corrections.not_yours"


def test_a_request_becomes_a_proposal_and_settles_with_it(desk: Desk) -> None:
    row = desk.ask()
    correction = desk.propose(request=row.public_id)
    row.refresh_from_db()
    assert row.status == "taken_up"
    desk.approve(correction)
    row.refresh_from_db()
    assert row.status == "settled"


def test_a_proposal_taken_back_leaves_the_request_to_answer(desk: Desk) -> None:
    row = desk.ask()
    correction = desk.propose(request=row.public_id)
    proposing.withdraw(
        public_id=correction.public_id, expected_version=correction.version, **desk.who(desk.clerk)
    )
    row.refresh_from_db()
    assert row.status == "open"
    again = desk.propose(request=row.public_id)
    deciding.decline(
        public_id=again.public_id,
        expected_version=again.version,
        reasons="没有印错",
        **desk.who(desk.approver),
    )
    row.refresh_from_db()
    assert row.status == "settled"


def test_the_request_of_another_licence_is_none_of_this(desk: Desk) -> None:
    other = Desk()
    row = other.ask()
    assert refused(desk.propose, request=row.public_id)[0] == "corrections.request_elsewhere"
