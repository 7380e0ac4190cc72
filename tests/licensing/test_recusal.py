"""Recusal: who has a conflict of interest says so once, and takes no part in the case any more."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.ledger.models import LedgerEntry
from core.ledger.queries import timeline
from core.messages.models import Message
from core.messages.render import notice_of
from core.parties.models import User
from core.staff.models import HandOver
from licensing.actions import acceptance, conversation, decision, extension, handover, recusal, review
from licensing.actions.act import NoConflictUndeclared, NotYourCase, OwnInterest, Recused
from licensing.actions.hands import ReviewerUnfit, assign_review
from licensing.actions.papers import write_papers
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS
from licensing.models import Application, Recusal
from tests.support import world
from tests.support.clients import signed_in
from tests.support.notices import hear, kinds_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def head() -> User:
    return world.official("320000", "head", name="方正")


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def step(person: User, case: Application, hour: int = 16) -> dict[str, Any]:
    return {
        "public_id": case.public_id, "expected_version": world.version(case), "actor": world.actor(person),
        "at": world.at(hour=hour),
    }  # fmt: skip


def recuse(person: User, case: Application, **more: Any) -> Recusal:
    return recusal.recuse(
        **step(person, case), **({"reason": "interest", "explanation": "配偶在该企业任职"} | more)
    )


@pytest.mark.req("DOMAIN-3.2")
def test_a_reviewer_who_has_a_conflict_lets_the_case_go_and_the_head_is_told(
    cast: world.Cast, head: User
) -> None:
    case = world.taken(cast)
    row = recuse(cast.reviewer, case)
    assert row.released and fresh(case).reviewer is None
    act = LedgerEntry.objects.get(act="licensing.recuse")
    assert act.internal == {"released": True} and act.organisation == "320000"
    assert "配偶" not in str(act.public) + str(act.internal) and act.legal_basis[0]["article"] == "第五条"
    hear("licensing.recuse")
    assert kinds_of(head) == ["licensing.desk.recused_released"]
    notice = notice_of(Message.objects.get(recipient=head))
    assert "赵审查声明回避" in notice.title and "配偶" not in notice.title + notice.body


@pytest.mark.req("DOMAIN-3.2")
def test_from_then_on_he_does_nothing_in_the_case(cast: world.Cast, head: User) -> None:
    case = world.taken(cast)
    recuse(cast.reviewer, case)
    with pytest.raises(Recused) as caught:
        review.take_review(**step(cast.reviewer, case), no_conflict=True)
    assert caught.value.code == "licensing.recused"
    with pytest.raises(Recused):
        recuse(cast.reviewer, case)
    with pytest.raises(ReviewerUnfit, match="回避"):
        assign_review(**step(head, case), reviewer=cast.reviewer.public_id, reason="没有别人")
    waiting = world.pending(cast)
    recuse(cast.approver, waiting)
    common = {**step(cast.approver, waiting), "no_conflict": True}
    with pytest.raises(Recused):
        decision.grant(**common, basis=GRANT_BASIS)
    with pytest.raises(Recused):
        decision.refuse(**common, basis=REFUSAL_BASIS, reasons="不合格")
    with pytest.raises(Recused):
        extension.propose_extension(**step(cast.approver, waiting), days=3, reasons="核实")
    recuse(head, waiting)
    with pytest.raises(Recused):
        extension.decide_extension(**step(head, waiting), granted=True)


def test_a_clerk_who_recused_himself_neither_accepts_nor_writes(cast: world.Cast) -> None:
    case = world.submitted(cast)
    write_papers(public_id=case.public_id, at=world.at(hour=10))
    recuse(cast.clerk, case)
    with pytest.raises(Recused):
        acceptance.accept(**step(cast.clerk, case))
    with pytest.raises(Recused):
        conversation.send_message(
            public_id=case.public_id, message_id=case.public_id, text="请补材料", wants_reply=False,
            actor=world.actor(cast.clerk), at=world.at(hour=16),
        )  # fmt: skip
    client = signed_in(cast.clerk)
    page = client.get(reverse("licensing:case", args=[case.public_id]))
    assert not any(page.context["acts"].values()) and "你已回避" in page.content.decode()
    assert str(case.public_id) not in client.get(reverse("licensing:work")).content.decode()
    led = client.get(reverse("licensing:accept", args=[case.public_id]), follow=True)
    assert "你已对这件申请声明回避" in led.content.decode()
    other = world.official("320000", "acceptance", name="另一受理")
    assert acceptance.accept(**step(other, case)).reviewer is None


def test_who_has_no_part_in_the_case_declares_nothing(cast: world.Cast) -> None:
    case = world.submitted(cast)
    for person in (
        world.official("330000", "review"),
        cast.applicant,
        world.official("320000", "supervision"),
    ):
        with pytest.raises(NotYourCase):
            recuse(person, case)
    world.Membership.objects.create(
        user=cast.clerk, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH
    )
    with pytest.raises(OwnInterest):
        recuse(cast.clerk, case)


def test_what_it_is_must_be_said_and_comes_from_the_list(cast: world.Cast) -> None:
    case = world.submitted(cast)
    with pytest.raises(recusal.ConflictUnexplained) as caught:
        recuse(cast.clerk, case, explanation=" ")
    assert caught.value.field == "explanation" and not Recusal.objects.exists()
    row = recuse(cast.clerk, case)
    with pytest.raises(IntegrityError, match="recusal_once"), transaction.atomic():
        Recusal.objects.create(
            application=case, user=cast.clerk, authority=row.authority, reason="other", explanation="再来",
            declared_at=world.at(),
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="recusal_reason_known"), transaction.atomic():
        Recusal.objects.update(reason="lazy")


def test_a_finished_review_stays_and_comes_back_to_somebody_else(cast: world.Cast, head: User) -> None:
    case = world.pending(cast)
    assert not recuse(cast.reviewer, case).released and fresh(case).reviewer == cast.reviewer
    hear("licensing.recuse")
    assert kinds_of(head) == ["licensing.desk.recused_after"]
    decision.return_to_review(**step(cast.approver, case), reasons="审查人员回避，重新审查")
    handover.reassign_returned(public_id=case.public_id, at=world.at(hour=17))
    assert fresh(case).reviewer is None


def test_open_work_does_not_pass_to_somebody_who_recused_himself(cast: world.Cast) -> None:
    case, colleague = world.taken(cast), world.official("320000", "review", name="孙审查")
    recuse(colleague, case)
    admin = world.official("320000", "organisation_admin")
    row = HandOver.objects.create(
        authority=case.review_authority, kind="review", from_user=cast.reviewer, to_user=colleague, recorded_by=admin,
        recorded_at=world.at(), started_at=world.at(),
    )  # fmt: skip
    done = handover.hand_over_cases(public_id=row.public_id, at=world.at(hour=17))
    assert done.left == [{"number": case.number, "reason": "recused"}] and fresh(case).reviewer is None


def test_the_applicant_reads_nothing_of_it_and_officials_read_why(cast: world.Cast, head: User) -> None:
    case = world.taken(cast)
    recuse(cast.reviewer, case)
    page = reverse("licensing:case", args=[case.public_id])
    outside = signed_in(cast.applicant).get(page).content.decode()
    assert "回避" not in outside and "配偶" not in outside
    inside = signed_in(head).get(page).content.decode()
    assert "声明回避" in inside and "本人或近亲属与该企业有利害关系 · 配偶在该企业任职" in inside
    assert timeline("licensing.application", str(case.public_id), personal=False)[0].personal == {}


def test_the_page_asks_for_both_and_keeps_what_was_typed(cast: world.Cast) -> None:
    case = world.taken(cast)
    client, page = signed_in(cast.reviewer), reverse("licensing:recuse", args=[case.public_id])
    assert page in client.get(reverse("licensing:case", args=[case.public_id])).content.decode()
    refused = client.post(page, {"version": case.version, "explanation": "曾在该厂任职"})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["reason"]
    assert "曾在该厂任职" in refused.content.decode()
    sent = {"version": case.version, "reason": "employed", "explanation": "曾在该厂任职"}
    assert client.post(page, sent)["Location"] == reverse("licensing:work")
    assert Recusal.objects.get().reason == "employed"


@pytest.mark.req("DOMAIN-3.2")
@pytest.mark.parametrize("act", ["grant", "refuse"])
def test_a_decision_carries_the_statement(cast: world.Cast, act: str) -> None:
    case = world.pending(cast, failed=act == "refuse")
    facts: dict[str, Any] = {"basis": GRANT_BASIS} if act == "grant" else {
        "basis": REFUSAL_BASIS, "reasons": "设备不符",
    }  # fmt: skip
    call = getattr(decision, act)
    with pytest.raises(NoConflictUndeclared) as caught:
        call(**step(cast.approver, case), **facts, no_conflict=False)
    assert caught.value.field == "no_conflict"
    page = reverse("licensing:decide", args=[case.public_id])
    sent = {"act": act, "version": case.version, "basis": ["0", "2"], "reasons": "设备不符"}
    refused = signed_in(cast.approver).post(page, sent)
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["no_conflict"]
    call(**step(cast.approver, case), **facts, no_conflict=True)
    entry = LedgerEntry.objects.get(subject_id=str(case.public_id), act=f"licensing.{act}")
    assert entry.internal == {"no_conflict": True}


def test_who_recused_himself_is_not_told_of_the_case_any_more(cast: world.Cast) -> None:
    case = world.submitted(cast)
    recuse(cast.clerk, case)
    other = world.official("320000", "acceptance", name="另一受理")
    hear("licensing.submit")
    assert kinds_of(cast.clerk) == [] and kinds_of(other) == ["licensing.desk.filed"]
