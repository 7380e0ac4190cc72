"""A second claimant does not displace the first: both are told, both are heard, a person decides (R-88)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.claims.actions import filing, review
from core.claims.errors import HolderNotHeard, NotYourClaim, OwnInterest, Stale, StatedAlready
from core.claims.models import Claim, Statement
from core.ledger.models import LedgerEntry
from core.lifecycle.transitions import WrongState
from core.parties.competence import standing_of
from core.parties.models import Enterprise, PowerOfAttorney, User
from tests.support import claims, world
from tests.support.claims import disputed, filed, shown

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


class Quarrel:
    """An enterprise with its representative, and a second one who says to be it."""

    def __init__(self) -> None:
        self.enterprise = claims.proved(world.enterprise())
        self.first = world.member(self.enterprise)
        self.second = world.user("吴新任")
        self.approver = world.official("320000", "approval")
        self.clerk = world.official("320000", "acceptance")
        self.claim = disputed(self.enterprise, self.second)

    def decide(self, act: str, by: User | None = None, reasons: str = "新营业执照载明变更") -> Claim:
        """The decision, the first having been heard."""
        heard = {"author": self.first, "text": "我是", "made_at": world.at(hour=14)}
        Statement.objects.get_or_create(claim=self.claim, side="holder", defaults=heard)
        return getattr(review, act)(
            public_id=self.claim.public_id, reasons=reasons, expected_version=self.claim.version,
            actor=world.actor(by or self.approver), at=world.at(hour=15),
        )  # fmt: skip

    def state(self, who: User, text: str = "我是", document: bytes | None = None) -> Statement:
        return review.state_case(
            public_id=self.claim.public_id, text=text, document=document, filename="照.pdf", actor=world.actor(who),
            at=world.at(hour=12),
        )  # fmt: skip


@pytest.fixture
def quarrel() -> Quarrel:
    return Quarrel()


def roles(person: User) -> list[tuple[str, bool]]:
    return [(m.role, m.may_file) for m in standing_of(person, world.DAY).memberships]


LEADS = [("legal_representative", True)]


def test_a_second_claim_with_a_document_is_a_dispute_and_the_first_keeps_everything(quarrel: Quarrel) -> None:
    claim = quarrel.claim
    assert (claim.status, claim.holder_id) == ("disputed", quarrel.first.pk)
    assert roles(quarrel.first) == LEADS
    assert roles(quarrel.second) == []
    assert claims.told(quarrel.first) == ["claims.disputed_holder"]
    assert claims.told(quarrel.second) == ["claims.filed", "claims.disputed_claimant"]
    assert claims.told(quarrel.approver) == ["claims.to_decide"]
    assert claims.told(quarrel.clerk) == []
    assert [act for act, _v in claims.acts_on(claim)] == [
        "claims.file", "claims.submit_document", "claims.dispute",
    ]  # fmt: skip


def test_upheld_nothing_changes_for_the_first(quarrel: Quarrel) -> None:
    done = quarrel.decide("uphold")
    assert (done.status, done.decided_by_id) == ("refused", quarrel.approver.pk)
    assert roles(quarrel.first) == LEADS
    assert standing_of(quarrel.second, world.DAY).claims == ()
    assert claims.told(quarrel.first)[-1] == "claims.upheld"
    assert claims.told(quarrel.second)[-1] == "claims.refused"


def test_replaced_the_first_leaves_that_day_and_every_power_ends_at_that_instant(quarrel: Quarrel) -> None:
    agent = claims.agent_of(quarrel.enterprise)
    power = claims.granted(quarrel.enterprise, agent, quarrel.first)
    invitation = claims.invited(quarrel.enterprise, quarrel.first, "somebody")
    assert roles(agent) == [("agent", True)]
    done = quarrel.decide("replace")
    assert (done.status, done.proof) == ("proved", "decision")
    assert roles(quarrel.first) == []
    assert roles(quarrel.second) == LEADS
    assert roles(agent) == [("agent", False)]
    power.refresh_from_db()
    assert power.revoked_at == world.at(hour=15)
    invitation.refresh_from_db()
    assert invitation.status == "withdrawn"
    assert claims.told(quarrel.first)[-1] == "claims.replaced"
    assert claims.told(agent)[-1] == "claims.powers_ended"
    assert LedgerEntry.objects.filter(act="claims.end_powers").count() == 1
    assert PowerOfAttorney.objects.filter(revoked_at__isnull=True).count() == 0


def test_the_first_has_five_working_days_to_speak_before_anybody_takes_over() -> None:
    enterprise = claims.proved(world.enterprise())
    first, second = world.member(enterprise), world.user("吴新任")
    claim, approver = disputed(enterprise, second), world.official("320000", "approval")

    def replace_on(day: date) -> Claim:
        return review.replace(
            public_id=claim.public_id, reasons="新营业执照载明变更", expected_version=claim.version,
            actor=world.actor(approver), at=world.at(day),
        )  # fmt: skip

    until = date(2026, 11, 16)
    for day in (world.DAY, until):
        with pytest.raises(HolderNotHeard):
            replace_on(day)
    assert roles(first) == LEADS
    assert replace_on(until + timedelta(days=1)).status == "proved"
    assert standing_of(second, until + timedelta(days=1)).memberships[0].may_file


def test_replacing_changes_only_the_representative_s_name_of_a_proved_enterprise(quarrel: Quarrel) -> None:
    before = quarrel.enterprise
    Claim.objects.filter(pk=quarrel.claim.pk).update(legal_representative="吴新任", name="另一个名字")
    quarrel.decide("replace")
    after = Enterprise.objects.get(pk=before.pk)
    assert (after.name, after.registered_address) == (before.name, before.registered_address)
    assert after.legal_representative == "吴新任"


def test_each_side_is_heard_once_and_only_the_sides(quarrel: Quarrel) -> None:
    assert quarrel.state(quarrel.first, document=world.PDF).side == "holder"
    assert quarrel.state(quarrel.second).side == "claimant"
    for who in (quarrel.first, quarrel.second):
        with pytest.raises(StatedAlready):
            quarrel.state(who, "再说一次")
    with pytest.raises(NotYourClaim):
        quarrel.state(world.user())
    with pytest.raises(IntegrityError, match="statement_once"), transaction.atomic():
        Statement.objects.create(
            claim=quarrel.claim, side="holder", author=quarrel.first, text="x", made_at=world.at()
        )


@pytest.mark.parametrize(
    ("authority", "duty"), [("320000", "acceptance"), ("330000", "approval"), ("320500", "approval")]
)
def test_only_an_approver_of_the_province_decides(quarrel: Quarrel, authority: str, duty: str) -> None:
    for act in ("uphold", "replace"):
        with pytest.raises(NotYourClaim):
            quarrel.decide(act, world.official(authority, duty))


def test_neither_side_decides_its_own_dispute(quarrel: Quarrel) -> None:
    for side in (quarrel.first, quarrel.second):
        side.duties.create(authority=quarrel.claim.authority, kind="approval", valid_from=world.EPOCH)
        with pytest.raises(OwnInterest):
            quarrel.decide("replace", side)


def test_a_dispute_is_decided_once(quarrel: Quarrel) -> None:
    quarrel.decide("uphold")
    with pytest.raises(Stale):
        quarrel.decide("replace")
    quarrel.claim.refresh_from_db()
    with pytest.raises(WrongState):
        quarrel.decide("replace")


def test_the_clerk_cannot_accept_a_disputed_claim(quarrel: Quarrel) -> None:
    with pytest.raises(WrongState):
        claims.accepted(quarrel.claim, quarrel.clerk)


def test_a_withdrawn_dispute_is_over_and_the_first_is_told(quarrel: Quarrel) -> None:
    filing.withdraw(
        public_id=quarrel.claim.public_id, actor=world.actor(quarrel.second), at=world.at(hour=13)
    )
    assert claims.told(quarrel.first)[-1] == "claims.dispute_over"
    with pytest.raises(Stale):
        quarrel.decide("replace")


def test_the_province_of_the_proved_address_decides_whatever_was_typed() -> None:
    enterprise = claims.proved(world.enterprise("320583"))
    world.member(enterprise)
    claim = shown(filed(world.user(), uscc=enterprise.uscc, division="330109"))
    assert (claim.status, claim.authority.code) == ("disputed", "320000")


def test_when_one_of_two_pending_claims_is_proved_the_other_becomes_a_dispute() -> None:
    code, clerk = claims.new_uscc(), world.official("320000", "acceptance")
    first, second, bare = (world.user() for _number in range(3))
    one, two, three = (filed(who, uscc=code) for who in (first, second, bare))
    shown(one), shown(two)
    claims.accepted(one, clerk)
    two.refresh_from_db()
    three.refresh_from_db()
    assert (two.status, two.holder_id) == ("disputed", first.pk)
    assert three.status == "pending"
    assert "claims.disputed_holder" in claims.told(first)


def test_after_a_replacement_the_next_dispute_is_with_the_new_representative(quarrel: Quarrel) -> None:
    third = disputed(quarrel.enterprise, world.user("郑第三"), "unreachable")
    quarrel.decide("replace")
    third.refresh_from_db()
    assert (third.status, third.holder_id) == ("disputed", quarrel.second.pk)
    assert claims.told(quarrel.second)[-1] == "claims.disputed_holder"
    review.uphold(
        public_id=third.public_id, reasons="前案已裁定", expected_version=third.version,
        actor=world.actor(quarrel.approver), at=world.at(hour=16),
    )  # fmt: skip
    assert roles(quarrel.second) == LEADS
