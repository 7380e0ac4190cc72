"""Inviting, admitting and parting with agents; the answer never tells which accounts exist (R-88; L1 art. 29)."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress

from core.claims import errors
from core.claims.actions import agents, filing, review
from core.claims.models import Invitation
from core.claims.queries import invitations_for
from core.ledger.models import LedgerEntry
from core.parties.competence import standing_of
from core.parties.models import User
from tests.support import claims, world
from tests.support.claims import agent_of, filed, granted, invited

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


def roles(person: User, on: date = world.DAY) -> list[str]:
    return [m.role for m in standing_of(person, on).memberships]


def answer(act, invitation: Invitation, person: User, at=None):  # type: ignore[no-untyped-def]
    return act(public_id=invitation.public_id, actor=world.actor(person), at=at or world.at(hour=11))


def test_an_invited_person_accepts_and_is_an_agent_without_power() -> None:
    enterprise = world.enterprise()
    lead, person = world.member(enterprise), world.user("吴代理")
    invitation = invited(enterprise, lead, f" {person.username.upper()} ")
    assert claims.told(person) == ["claims.invited"]
    answer(agents.accept_invitation, invitation, person)
    standing = standing_of(person, world.DAY)
    assert [(m.role, m.may_file) for m in standing.memberships] == [("agent", False)]
    assert claims.told(lead) == ["claims.invitation_accepted"]
    acts = LedgerEntry.objects.filter(subject_kind="claims.roster", subject_id=str(enterprise.public_id))
    assert list(acts.order_by("subject_version").values_list("act", "subject_version")) == [
        ("claims.invite", 1), ("claims.accept_invitation", 2),
    ]  # fmt: skip
    assert {str(entry.legal_basis) for entry in acts} == {"[{'article': '第二十九条', 'instrument': 'L1'}]"}


@pytest.mark.parametrize("address", ["nobody-here", "nobody@example.com"])
def test_inviting_nobody_looks_like_inviting_somebody(address: str) -> None:
    enterprise = world.enterprise()
    lead, person = world.member(enterprise), world.user()
    real, unreal = invited(enterprise, lead, person.username), invited(enterprise, lead, address)
    looks = ("status", "expires_on", "answered_at", "answered_by_id", "invited_by_id")
    assert [getattr(real, f) for f in looks] == [getattr(unreal, f) for f in looks]


def test_only_a_proved_e_mail_receives_an_invitation() -> None:
    enterprise = world.enterprise()
    lead, owner, pretender = world.member(enterprise), world.user(), world.user()
    EmailAddress.objects.create(user=owner, email="Chen@Example.com", verified=True)
    EmailAddress.objects.create(user=pretender, email="chen@example.com", verified=False)
    disguised = User.objects.create_user(username="chen@example.com", name="冒名", password="correct horse")
    invitation = invited(enterprise, lead, "chen@EXAMPLE.com")
    assert [len(invitations_for(p, world.DAY)) for p in (owner, pretender, disguised)] == [1, 0, 0]
    for person in (pretender, disguised, world.user()):
        with pytest.raises(Invitation.DoesNotExist):
            answer(agents.accept_invitation, invitation, person)
    answer(agents.accept_invitation, invitation, owner)
    assert roles(owner) == ["agent"]


def test_an_invitation_is_answered_once_and_runs_out() -> None:
    enterprise = world.enterprise()
    lead, person = world.member(enterprise), world.user()
    invitation = invited(enterprise, lead, person.username)
    late = world.at(world.DAY + timedelta(days=30))
    with pytest.raises(errors.InvitationClosed):
        answer(agents.accept_invitation, invitation, person, late)
    answer(agents.decline_invitation, invitation, person)
    assert claims.told(lead) == ["claims.invitation_declined"]
    with pytest.raises(errors.InvitationClosed):
        answer(agents.accept_invitation, invitation, person)
    assert roles(person) == []


def test_an_invitation_taken_back_is_void() -> None:
    enterprise = world.enterprise()
    lead, person = world.member(enterprise), world.user()
    invitation = invited(enterprise, lead, person.username)
    with pytest.raises(errors.NotRepresentative):
        answer(agents.withdraw_invitation, invitation, world.member(world.enterprise()))
    answer(agents.withdraw_invitation, invitation, lead)
    with pytest.raises(errors.InvitationClosed):
        answer(agents.accept_invitation, invitation, person)


@pytest.mark.parametrize("typed", ["", "有 空格@", "a@b", "<script>", "x" * 255, "两个@@例.com"])
def test_an_odd_address_is_refused_at_its_field(typed: str) -> None:
    enterprise = world.enterprise()
    with pytest.raises(errors.AddressMalformed) as refused:
        invited(enterprise, world.member(enterprise), typed)
    assert refused.value.field == "address"


def test_nobody_invites_himself_or_twice() -> None:
    enterprise = world.enterprise()
    lead = world.member(enterprise)
    with pytest.raises(errors.AlreadyRepresentative):
        invited(enterprise, lead, lead.username)
    invited(enterprise, lead, "zhangsan")
    with pytest.raises(errors.InvitedAlready):
        invited(enterprise, lead, "ＺＨＡＮＧＳＡＮ")
    later = world.at(world.DAY + timedelta(days=30))
    assert invited(enterprise, lead, "zhangsan", later).status == "open"


def test_only_the_legal_representative_invites_and_removes() -> None:
    enterprise = world.enterprise()
    world.member(enterprise)
    agent = agent_of(enterprise)
    for person in (agent, world.user(), world.member(world.enterprise())):
        with pytest.raises(errors.NotRepresentative):
            invited(enterprise, person, "zhangsan")
        with pytest.raises(errors.NotRepresentative):
            agents.remove_agent(
                enterprise_id=enterprise.public_id,
                agent=agent.public_id,
                actor=world.actor(person),
                at=world.at(),
            )
    assert roles(agent) == ["agent"]


def test_a_removed_agent_loses_seat_and_powers_at_once_and_may_come_back_the_same_day() -> None:
    enterprise = world.enterprise()
    lead, agent = world.member(enterprise), agent_of(enterprise)
    power = granted(enterprise, agent, lead)
    coming = granted(enterprise, agent, lead, date(2027, 1, 1), date(2027, 6, 1))
    call = {"enterprise_id": enterprise.public_id, "agent": agent.public_id, "actor": world.actor(lead)}
    agents.remove_agent(**call, at=world.at(hour=10))
    for row in (power, coming):
        row.refresh_from_db()
        assert row.revoked_at == world.at(hour=10)
    assert roles(agent) == []
    assert claims.told(agent)[-1] == "claims.agent_removed"
    with pytest.raises(errors.NotAnAgent):
        agents.remove_agent(**call, at=world.at(hour=11))
    answer(
        agents.accept_invitation,
        invited(enterprise, lead, agent.username, world.at(hour=12)),
        agent,
        world.at(hour=13),
    )
    assert [(m.role, m.may_file) for m in standing_of(agent, world.DAY).memberships] == [("agent", False)]


def test_the_representative_admits_an_agent_who_claimed() -> None:
    enterprise = claims.proved(world.enterprise())
    lead, person = world.member(enterprise), world.user("吴代理")
    claim = filed(person, uscc=enterprise.uscc, role="agent")
    assert claims.told(lead) == ["claims.agent_asks"]
    done = review.admit(
        public_id=claim.public_id,
        expected_version=claim.version,
        actor=world.actor(lead),
        at=world.at(hour=10),
    )
    assert (done.status, done.proof, done.decided_by_id) == ("proved", "representative", lead.pk)
    assert [(m.role, m.may_file) for m in standing_of(person, world.DAY).memberships] == [("agent", False)]
    enterprise.refresh_from_db()
    assert enterprise.name != claim.name


def test_the_representative_says_no_with_reasons() -> None:
    enterprise = claims.proved(world.enterprise())
    lead, person = world.member(enterprise), world.user()
    claim = filed(person, uscc=enterprise.uscc, role="agent")
    review.decline(
        public_id=claim.public_id, reasons="不认识此人", expected_version=claim.version, actor=world.actor(lead),
        at=world.at(hour=10),
    )  # fmt: skip
    claim.refresh_from_db()
    assert (claim.status, claim.reasons) == ("refused", "不认识此人")
    assert claims.told(person)[-1] == "claims.refused"


def test_the_desk_does_not_get_past_the_representative_and_he_not_past_the_approver() -> None:
    enterprise = claims.proved(world.enterprise())
    lead, clerk = world.member(enterprise), world.official("320000", "acceptance")
    claim = claims.shown(filed(world.user(), uscc=enterprise.uscc, role="agent"))
    assert claim.status == "pending"
    with pytest.raises(errors.NothingToReview):
        claims.accepted(claim, clerk)
    rival = claims.disputed(enterprise)
    for act in (review.admit, lambda **call: review.decline(reasons="不", **call)):
        with pytest.raises(errors.NotYourClaim):
            act(
                public_id=rival.public_id,
                expected_version=rival.version,
                actor=world.actor(lead),
                at=world.at(hour=11),
            )


def test_without_a_representative_the_desk_decides_about_an_agent() -> None:
    person, clerk = world.user(), world.official("320000", "acceptance")
    claims.accepted(claims.shown(filed(person, role="agent")), clerk)
    assert [(m.role, m.may_file) for m in standing_of(person, world.DAY).memberships] == [("agent", False)]


def test_accepting_an_invitation_closes_the_own_claim() -> None:
    enterprise = world.enterprise()
    lead, person = world.member(enterprise), world.user()
    claim = filed(person, uscc=enterprise.uscc, role="agent")
    answer(agents.accept_invitation, invited(enterprise, lead, person.username), person)
    claim.refresh_from_db()
    assert claim.status == "withdrawn"
    assert roles(person) == ["agent"]


def test_an_agent_who_withdraws_his_claim_to_lead_stays_an_agent() -> None:
    enterprise = world.enterprise()
    world.member(enterprise)
    agent = agent_of(enterprise)
    claim = filed(agent, uscc=enterprise.uscc)
    filing.withdraw(public_id=claim.public_id, actor=world.actor(agent), at=world.at(hour=10))
    assert roles(agent) == ["agent"]
