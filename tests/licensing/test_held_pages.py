"""A decision that waits to take effect: recalled at a button, known inside alone (DOMAIN §3.2)."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from core.outbox.subscriptions import subscribers_of
from core.parties.models import Membership
from licensing.actions import act, holding
from licensing.lifecycle import Status
from licensing.models import Application, Decision, HeldDecision
from register.actions import refresh_progress
from register.models import Progress
from tests.support import holders, world
from tests.support.clients import signed_in
from tests.support.holders import TIMELY, Holder
from tests.support.kind_pages import at, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten_minutes(settings: Any, time_machine: Any) -> Any:
    settings.DECISION_HOLD_MINUTES = 10
    time_machine.move_to(world.at(TIMELY, 16, 30), tick=False)
    return time_machine


def decided(holder: Holder, act: str = "grant") -> Application:
    """Decided on the page by the approver, and waiting."""
    case = holders.pending(holder, "renewal")
    sent = {
        "version": fresh(case).version,
        "act": act,
        "basis": ["0"],
        "no_conflict": "on",
        "reasons": "设备不符",
    }
    answer = signed_in(holder.approver).post(at(case, "decide"), sent, follow=True)
    assert answer.redirect_chain and HeldDecision.objects.filter(application=case).exists(), (
        answer.content.decode()
    )
    assert "决定将于 16:40 生效，在此之前可以撤回" in answer.content.decode()
    return fresh(case)


def test_the_installation_holds_ten_minutes_unless_told_otherwise() -> None:
    assert configured.DECISION_HOLD_MINUTES == 0, "tests decide at once"


def test_a_grant_waits_and_is_recalled_at_the_button(ten_minutes: Any) -> None:
    holder = Holder()
    case = decided(holder)
    assert case.status == Status.DECISION_PENDING and not Decision.objects.filter(application=case).exists()
    desk = signed_in(holder.approver)
    page = desk.get(at(case, "case")).content.decode()
    assert at(case, "recall_decision") in page and at(case, "decide") not in page
    assert desk.get(at(case, "decide"))["Location"] == at(case, "case")
    answer = desk.post(at(case, "recall_decision"), {"version": case.version}, follow=True)
    assert "决定已经撤回，没有生效" in answer.content.decode()
    assert not HeldDecision.objects.exists() and at(case, "decide") in answer.content.decode()


def test_only_whoever_decided_and_the_head_recall(ten_minutes: Any) -> None:
    holder = Holder()
    case = decided(holder)
    other, head = (
        world.official("320000", "approval", name="另批"),
        world.official("320000", "head", name="方正"),
    )
    for person in (other, holder.reviewer, holder.applicant):
        page = signed_in(person).get(at(case, "case")).content.decode()
        assert at(case, "recall_decision") not in page, person
        signed_in(person).post(at(case, "recall_decision"), {"version": case.version})
        assert HeldDecision.objects.exists(), person
    answer = signed_in(head).post(at(case, "recall_decision"), {"version": case.version})
    assert answer.status_code == 302 and not HeldDecision.objects.exists()


def test_too_late_is_said_in_words(ten_minutes: Any) -> None:
    holder = Holder()
    case = decided(holder)
    ten_minutes.move_to(world.at(TIMELY, 16, 41), tick=False)
    answer = signed_in(holder.approver).post(
        at(case, "recall_decision"), {"version": case.version}, follow=True
    )
    assert "没有等待生效的决定" in answer.content.decode()
    assert holding.take_effect(public_id=case.public_id, at=world.at(TIMELY, 16, 41))
    page = signed_in(holder.applicant).get(at(case, "case")).content.decode()
    assert "准予许可" in page and "等待生效" not in page
    assert fresh(case).status == Status.GRANTED


@pytest.mark.req("R-47")
@pytest.mark.parametrize("then", ["held", "recalled", "lapsed"])
def test_the_applicant_and_the_public_learn_nothing(ten_minutes: Any, then: str) -> None:
    holder = Holder()
    case = holders.pending(holder, "renewal")
    applicant = signed_in(holder.applicant)
    assert refresh_progress(public_id=case.public_id, at=world.at(TIMELY, 16, 30))
    before = _read(applicant, case), _public(case)
    held = _hold(holder, case)
    assert held is not None
    if then == "recalled":
        holding.recall(
            public_id=case.public_id, expected_version=fresh(case).version,
            actor=world.actor(holder.approver, TIMELY), at=world.at(TIMELY, 16, 31),
        )  # fmt: skip
    if then == "lapsed":
        act.drop_held(fresh(case), "evidence", world.at(TIMELY, 16, 31))
    assert refresh_progress(public_id=case.public_id, at=world.at(TIMELY, 16, 32))
    assert (_read(applicant, case), _public(case)) == before


def _hold(holder: Holder, case: Application) -> HeldDecision | None:
    return holding.decide(
        "grant", public_id=case.public_id, expected_version=fresh(case).version, basis=case.rules.basis[:1],
        no_conflict=True, actor=world.actor(holder.approver, TIMELY), at=world.at(TIMELY, 16, 30),
    )  # fmt: skip


def _read(applicant: Client, case: Application) -> tuple[Any, ...]:
    """What the page and the desk tell whoever applied, as far as it can tell a decision."""
    context = applicant.get(at(case, "case")).context
    view = context["view"]
    acts = tuple(row.act for row in view.timeline)
    listed = applicant.get(reverse("licensing:cases")).content.decode()
    desk = applicant.get(reverse("portal:desk")).content.decode()
    words = tuple(word in listed + desk for word in ("等待生效", "已决定"))
    return acts, view.held, view.application.status, context["acts"]["recall"], words, context["rail"]


def _public(case: Application) -> dict[str, Any]:
    """What the public login can read of a case; how many acts there were is shown nowhere."""
    row = Progress.objects.filter(number=case.number).values().get()
    return {key: value for key, value in row.items() if key not in ("as_of", "version")}


def test_no_news_of_it_reaches_the_register() -> None:
    for name in ("hold_decision", "recall_decision", "held_decision_lapsed"):
        assert not [row for row in subscribers_of(f"licensing.{name}") if row.name.startswith("register.")]


def test_an_official_of_the_enterprise_itself_sees_no_more_than_it(ten_minutes: Any) -> None:
    holder = Holder()
    case = decided(holder)
    insider = world.official("320000", "acceptance", "approval", name="内亲")
    Membership.objects.create(
        user=insider, enterprise=holder.enterprise, role=Membership.Role.AGENT, valid_from=world.EPOCH
    )
    window = signed_in(insider)
    pages = [at(case, "case"), reverse("licensing:work") + "?scope=desk", reverse("portal:desk")]
    for page in pages:
        assert "16:40" not in window.get(page).content.decode(), page


def test_inside_it_stands_on_desk_list_and_timeline(ten_minutes: Any) -> None:
    holder = Holder()
    case = decided(holder)
    desk = signed_in(holder.approver)
    assert "决定等待生效" in desk.get(reverse("portal:desk")).content.decode()
    listed = desk.get(reverse("licensing:work"), {"scope": "desk"}).content.decode()
    assert "已决定，16:40 生效" in listed
    mine = desk.get(reverse("licensing:work"), {"scope": "mine"}).context["work"]
    assert not mine.rows and mine.counts["mine"] == 0
    assert "准予许可，16:40 生效" in signed_in(holder.reviewer).get(at(case, "case")).content.decode()
