"""The other ends of intake: not required, wrong authority, bars (DOMAIN S2, S5, §3.4)."""

from datetime import date

import pytest

from catalog.models import ProductCategory
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import NotAllowed
from core.parties.models import Authority
from licensing.actions import acceptance, bars, clockwork, decision, filing, forwarding
from licensing.lifecycle import GRANT_BASIS, Status
from licensing.models import Application, Bar
from tests.licensing.test_correction import filed, fresh
from tests.licensing.test_intake_clock import moment
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast():
    return world.Cast()


def at_desk(cast, application, day=world.DAY):
    return {"public_id": application.public_id, "expected_version": world.version(application),
            "actor": world.actor(cast.clerk, day), "at": world.at(day, 15)}  # fmt: skip


@pytest.mark.req("S2")
def test_what_needs_no_licence_is_told_at_once(cast):
    application = filed(cast)
    with pytest.raises(acceptance.ExplanationMissing):
        acceptance.tell_not_required(**at_desk(cast, application), explanation=" ")
    told = acceptance.tell_not_required(
        **at_desk(cast, application), explanation="所述产品为农用有机肥，不在目录内"
    )
    assert told.status == Status.NOT_REQUIRED and told.closed_on == world.DAY and told.next_check_at is None
    entry = LedgerEntry.objects.get(subject_id=str(told.public_id), act="licensing.not_required")
    assert [row["article"] for row in entry.legal_basis] == ["第三十二条第一款第一项"]


def refuse_closed(cast, application):
    return acceptance.refuse_acceptance(
        **at_desk(cast, application), ground="category_closed", explanation="该类别已停止受理"
    )


@pytest.mark.req("S5")
def test_an_open_category_cannot_be_called_closed(cast):
    with pytest.raises(acceptance.CategoryStillOpen):
        refuse_closed(cast, filed(cast))


@pytest.mark.req("S5")
def test_a_category_closed_after_filing_is_a_ground(cast):
    application = filed(cast)
    application.category.versions.update(acceptance_closed_from=world.DAY)
    refused = refuse_closed(cast, application)
    assert refused.status == Status.NOT_ACCEPTED and refused.acceptance_refusal.refused_on == world.DAY


def forward(cast, application, right="330000", day=world.DAY, explanation="住所在浙江省"):
    return forwarding.forward_elsewhere(
        **at_desk(cast, application, day), explanation=explanation,
        right_authority=Authority.objects.filter(code=right).first(),
    )  # fmt: skip


@pytest.mark.req("S2")
def test_the_wrong_authority_names_the_right_one_and_forwards_the_file(cast):
    application = filed(cast)
    day = date(2026, 11, 12)
    copy = forward(cast, application, day=day)
    old = fresh(application)
    assert old.status == Status.NOT_ACCEPTED and old.acceptance_refusal.right_authority.code == "330000"
    assert copy.status == Status.SUBMITTED and copy.forwarded_from == old
    assert copy.filing_authority.code == copy.acceptance_authority.code == "330000"
    assert copy.number.startswith("330000-N-2026-") and copy.number != old.number
    assert copy.first_received_at == application.received_at
    assert copy.received_at == world.at(day, 15) and copy.next_due_on == date(2026, 11, 19)
    assert {d.slot: d.file.sha256 for d in copy.documents.all()} == {
        d.slot: d.file.sha256 for d in old.documents.all()
    }
    assert {d.file_id for d in copy.documents.all()}.isdisjoint(d.file_id for d in old.documents.all())
    zhejiang = world.official("330000", "acceptance")
    accepted = acceptance.accept(
        public_id=copy.public_id, expected_version=copy.version, actor=world.actor(zhejiang, day),
        at=world.at(day, 16),
    )  # fmt: skip
    assert accepted.review_authority.code == "330000" and accepted.due_on is not None


@pytest.mark.req("S2", "K13")
def test_silence_does_not_cure_competence(cast):
    application = filed(cast)
    clockwork.tick(public_id=application.public_id, at=moment(date(2026, 11, 17)))
    copy = forward(cast, application, day=date(2026, 11, 18))
    assert fresh(application).status == Status.NOT_ACCEPTED and copy.status == Status.SUBMITTED
    assert copy.first_received_at == application.received_at


def test_what_was_accepted_by_hand_is_not_forwarded(cast):
    with pytest.raises(forwarding.AcceptedByHand):
        forward(cast, world.accepted(cast))


@pytest.mark.parametrize("right", ["320000", "320500", "AQSIQ", "XPCC", "000000"])
def test_only_another_province_can_be_the_right_one(cast, right):
    application = filed(cast)
    with pytest.raises((forwarding.OwnCompetence, forwarding.CorpsOnlyInXinjiang)):
        forward(cast, application, right)
    assert fresh(application).status == Status.SUBMITTED


def test_forwarding_is_once(cast):
    application = filed(cast)
    version = world.version(application)
    forward(cast, application)
    with pytest.raises(Exception, match="新的进展"):
        forwarding.forward_elsewhere(
            public_id=application.public_id, expected_version=version, explanation="再转一次",
            right_authority=Authority.objects.get(code="330000"), actor=world.actor(cast.clerk), at=world.at(hour=16),
        )  # fmt: skip
    assert Application.objects.filter(forwarded_from=application).count() == 1


def bar(cast, category="fertilizer-phosphate", cause="penalty", decided_on=date(2025, 3, 2)):
    return bars.record_bar(
        enterprise=cast.enterprise, category=ProductCategory.objects.get(key=category), cause=cause,
        decided_on=decided_on, instrument="（苏）质监罚字〔2025〕17 号", document=world.PDF, filename="决定书.pdf",
        actor=world.actor(cast.approver), at=world.at(hour=8),
    )  # fmt: skip


@pytest.mark.req("DOMAIN-3.4")
@pytest.mark.parametrize(("cause", "years"), [("false_material", 1), ("fraud", 3), ("penalty", 3)])
def test_a_bar_lasts_what_the_law_says(cast, cause, years):
    found = bar(cast, cause=cause)
    assert found.valid_to == date(2025 + years, 3, 2)


@pytest.mark.req("DOMAIN-3.4")
def test_a_barred_enterprise_cannot_file_and_keeps_its_draft(cast):
    bar(cast)
    with pytest.raises(filing.Barred, match="2028-03-02"):
        world.submitted(cast)
    assert Application.objects.get().is_draft
    world.submitted(cast, "cable")


@pytest.mark.req("DOMAIN-3.4")
def test_a_bar_found_after_filing_stops_acceptance(cast):
    application = filed(cast)
    with pytest.raises(acceptance.NotBarred):
        acceptance.refuse_acceptance(**at_desk(cast, application), ground="barred", explanation="曾被吊销")
    bar(cast)
    with pytest.raises(filing.Barred):
        acceptance.accept(**at_desk(cast, application))
    refused = acceptance.refuse_acceptance(
        **at_desk(cast, application), ground="barred", explanation="曾被吊销"
    )
    assert refused.status == Status.NOT_ACCEPTED


@pytest.mark.req("DOMAIN-3.4", "K13")
def test_deemed_acceptance_does_not_cure_a_bar(cast):
    application = world.pending(cast)
    bar(cast)
    call = {"public_id": application.public_id, "expected_version": application.version,
            "actor": world.actor(cast.approver), "at": world.at(hour=17)}  # fmt: skip
    with pytest.raises(filing.Barred):
        decision.grant(**call, no_conflict=True, basis=GRANT_BASIS)
    refused = decision.refuse(
        **call, no_conflict=True, basis=(GRANT_BASIS[0],), reasons="申请时处于不得申请的期限内"
    )
    assert refused.status == Status.REFUSED


def test_a_lifted_or_ended_bar_bars_no_more(cast):
    found = bar(cast)
    bars.lift_bar(
        public_id=found.public_id,
        reason="处罚决定经复议撤销",
        actor=world.actor(cast.approver),
        at=world.at(),
    )
    world.submitted(cast)
    with pytest.raises(bars.BarLifted):
        bars.lift_bar(
            public_id=found.public_id, reason="再次", actor=world.actor(cast.approver), at=world.at()
        )
    bar(cast, cause="false_material", decided_on=date(2025, 11, 9))
    world.submitted(cast)


def test_bars_are_the_business_of_an_approver_and_of_the_past(cast):
    for person in (cast.clerk, cast.reviewer, cast.applicant):
        with pytest.raises(NotAllowed):
            bars.record_bar(
                enterprise=cast.enterprise, category=ProductCategory.objects.get(key="cable"), cause="penalty",
                decided_on=date(2025, 3, 2), instrument="一号", document=world.PDF, filename="a.pdf",
                actor=world.actor(person), at=world.at(),
            )  # fmt: skip
    with pytest.raises(bars.BarAhead):
        bar(cast, decided_on=date(2026, 11, 10))
    bar(cast)
    with pytest.raises(bars.BarredAlready):
        bar(cast)
    other = world.Cast("330000", "330109")
    with pytest.raises(NotAllowed):
        bars.lift_bar(
            public_id=Bar.objects.get().public_id,
            reason="无权",
            actor=world.actor(other.approver),
            at=world.at(),
        )
