"""Two matters about one licence side by side, and what an ending leaves behind (DOMAIN §3.3, §3.7; R-84)."""

import functools
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from catalog.models import CategoryVersion
from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from core.messages.models import Message
from core.messages.render import notice_of
from core.parties.competence import standing_of
from core.parties.models import Authority
from licensing.actions import (
    acceptance,
    bars,
    correction,
    decision,
    delegation,
    deregistration,
    drafts,
    filing,
    recusal,
    renewal,
)
from licensing.actions.about_licence import RenewalUnwritten
from licensing.actions.delivery import note_certificate
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application, Deregistration, LicenceStatus, ProductionLicence
from licensing.queries import deregistrations as query
from licensing.queries.acts import acts_open_to
from licensing.queries.boards import licences_of
from licensing.queries.cases import find
from licensing.queries.checks import licence_checks
from licensing.queries.licences import own_licences
from tests.support import holders, world
from tests.support.clients import signed_in, today
from tests.support.holders import ENDS_ON, LATE, TIMELY, Holder
from tests.support.notices import hear

pytestmark = pytest.mark.django_db
AFTER = ENDS_ON + timedelta(days=1)
NEXT = TIMELY + timedelta(days=3)
STREET = {"division": "320583", "address": "新街 9 号", "full_address": "江苏省苏州市昆山市新街 9 号"}


@pytest.fixture
def devolved() -> Holder:
    """A national licence whose category has since been devolved (R-18); the province decides from now on."""
    holder = Holder(category="bridge-bearing", deciding=Authority.objects.get(level="national").code)
    CategoryVersion.objects.filter(category__key="bridge-bearing").update(
        authority_level="provincial", level_reason=""
    )
    holder.approver = world.official("320000", "approval", name="钱审批")
    return holder


def refused(code: str, act: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def submit(holder: Holder, draft: Application, day: date = TIMELY) -> Application:
    return filing.submit(
        public_id=draft.public_id, draft_version=world.draft_version(draft), actor=world.actor(holder.applicant, day),
        at=world.at(day, 10),
    )  # fmt: skip


def confirm(holder: Holder, case: Application, day: date = AFTER) -> Application:
    return renewal.confirm_renewal(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(holder.approver, day),
        at=world.at(day, 10),
    )  # fmt: skip


def proposed(holder: Holder, day: date = TIMELY, ground: str = "dissolved", **by: Any) -> Deregistration:
    return deregistration.propose_deregistration(
        number=holder.licence.number, ground=ground, facts="登记机关已注销",
        actor=world.actor(by.get("by", holder.reviewer), day), at=world.at(day),
    )  # fmt: skip


def deregister(person: Any, row: Deregistration, day: date) -> Deregistration:
    row = Deregistration.objects.get(pk=row.pk)
    return deregistration.deregister(
        public_id=row.public_id, expected_version=row.version, actor=world.actor(person, day), at=world.at(day, 15)
    )  # fmt: skip


# What a grant must leave alone


def test_a_change_of_name_does_not_undo_a_relocation_granted_meanwhile(holder: Holder) -> None:
    change = holders.pending(holder, Kind.CHANGE)
    holders.granted(holder, Kind.RELOCATION)
    moved = holder.fresh().production_addresses
    assert moved != holder.licence.production_addresses
    holders.grant(holder, change, TIMELY)
    assert holder.fresh().holder_name.endswith("股份有限公司")
    assert holder.fresh().production_addresses == moved


def test_a_draft_follows_what_is_decided_meanwhile_and_is_signed_anew(holder: Holder) -> None:
    draft = holders.ready(holder, Kind.RENEWAL)
    mine = fresh(draft).draft["conditions"]["staff"]
    holders.granted(holder, Kind.CHANGE)
    holders.granted(holder, Kind.SCOPE_EXTENSION)
    now = fresh(draft)
    assert now.draft["enterprise"]["name"] == holder.fresh().holder_name
    assert set(now.units.values_list("unit_id", flat=True)) == {
        unit["id"] for unit in holder.fresh().content["units"]
    }
    assert now.draft["conditions"]["staff"] == mine, "what the holder wrote stays"
    refused("licensing.incomplete", submit, holder, draft)
    drafts.sign_commitment(
        public_id=draft.public_id, signer="周敏", draft_version=now.draft_version,
        actor=world.actor(holder.applicant, TIMELY), at=world.at(TIMELY, 9),
    )  # fmt: skip
    assert holder.fresh().holder_name in fresh(draft).commitment.text
    assert submit(holder, draft).filed["enterprise"]["name"] == holder.fresh().holder_name


def test_a_licence_that_covers_more_takes_the_signature_too(holder: Holder) -> None:
    """The letter was signed for what the licence covered then; the draft says why it has to be signed again."""
    same = {key: value for key, value in holder.licence.content["conditions"].items() if key != "confirmed"}
    draft = holders.ready(holder, Kind.RENEWAL)
    case = holders.pending(holder, Kind.SCOPE_EXTENSION, conditions=same)
    signed = fresh(draft)
    assert hasattr(signed, "commitment")
    holders.grant(holder, case, TIMELY)
    now = fresh(draft)
    assert not hasattr(now, "commitment") and now.draft_version == signed.draft_version + 1
    assert now.draft["conditions"] == signed.draft["conditions"]
    with pytest.raises(drafts.DraftMoved):
        filing.submit(
            public_id=draft.public_id, draft_version=signed.draft_version,
            actor=world.actor(holder.applicant, TIMELY), at=world.at(TIMELY, 17),
        )  # fmt: skip
    page = (
        signed_in(holder.applicant).get(reverse("licensing:tasks", args=[draft.public_id])).content.decode()
    )
    assert "已按现在的许可证更新" in page and "重新签署承诺书" in page
    drafts.sign_commitment(
        public_id=draft.public_id, signer="周敏", draft_version=now.draft_version,
        actor=world.actor(holder.applicant, TIMELY), at=world.at(TIMELY, 17),
    )  # fmt: skip
    page = (
        signed_in(holder.applicant).get(reverse("licensing:tasks", args=[draft.public_id])).content.decode()
    )
    assert "已按现在的许可证更新" not in page


def test_what_the_law_renews_is_followed_by_drafts_as_well(holder: Holder) -> None:
    draft = holders.ready(holder, Kind.CONDITION_CHANGE)
    case = holders.accepted(holder, Kind.RENEWAL)
    assert case.filed["conditions"] != holder.licence.content["conditions"]
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    now = fresh(draft)
    assert now.draft["followed_on"] == AFTER.isoformat() and not hasattr(now, "commitment")
    assert now.draft["before"]["conditions"]["staff"] == holder.fresh().content["conditions"]["staff"]


def test_until_the_renewal_by_law_is_written_down_nothing_is_decided_on_the_old_term(holder: Holder) -> None:
    """The sweep is away past midnight: nobody is told that the licence has ended, and nothing is printed wrongly."""
    change = holders.pending(holder, Kind.CHANGE)
    renewal = holders.accepted(holder, Kind.RENEWAL)
    refused("licensing.renewal_unwritten", holders.grant, holder, change, AFTER)
    assert all(check.ok for check in licence_checks(fresh(change), AFTER))
    begin = functools.partial(holders.begun, holder, Kind.REPLACEMENT, AFTER)
    refused("licensing.renewal_unwritten", begin)
    holders.tick_case(renewal, AFTER)
    holders.grant(holder, change, AFTER)
    assert holder.fresh().holder_name.endswith("股份有限公司") and holder.fresh().valid_until > AFTER
    assert begin().licence_id == holder.licence.pk


def test_my_licences_and_the_desk_say_the_same_while_nobody_sweeps(holder: Holder, time_machine: Any) -> None:
    holders.accepted(holder, Kind.RENEWAL)
    time_machine.move_to(world.at(AFTER, 9), tick=False)
    held = own_licences(standing_of(holder.applicant, AFTER), world.at(AFTER, 9), AFTER)[0]
    assert (held.term.word, held.term.valid_from) == ("valid_deemed", AFTER)
    assert {str(offer.reason) for offer in held.offers if offer.kind is not Kind.RENEWAL} == {
        str(RenewalUnwritten(number=holder.licence.number))
    }
    _row, term = licences_of(standing_of(holder.applicant, AFTER), AFTER).rows[0]
    assert term == held.term
    client = signed_in(holder.applicant)
    for address in (reverse("licensing:own_licences"), "/desk/"):
        page = client.get(address).content.decode()
        assert "视为延续" in page and "过期，不能再" not in page, address


@pytest.mark.parametrize("later", [Kind.RENEWAL, Kind.SCOPE_EXTENSION, Kind.RELOCATION])
def test_a_case_that_repeats_the_old_conditions_does_not_undo_a_condition_change(
    holder: Holder, later: Kind
) -> None:
    same = {key: value for key, value in holder.licence.content["conditions"].items() if key != "confirmed"}
    case = holders.pending(holder, later, conditions=same)
    holders.granted(holder, Kind.CONDITION_CHANGE)
    changed = holder.fresh().content["conditions"]
    holders.grant(holder, case, TIMELY)
    assert holder.fresh().content["conditions"] == changed


def test_a_renewal_granted_by_law_does_not_undo_it_either(holder: Holder) -> None:
    same = {key: value for key, value in holder.licence.content["conditions"].items() if key != "confirmed"}
    case = holders.accepted(holder, Kind.RENEWAL, conditions=same)
    holders.granted(holder, Kind.CONDITION_CHANGE)
    changed = holder.fresh().content["conditions"]
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    assert holder.fresh().content["conditions"] == changed


def test_a_draft_begun_before_a_relocation_does_not_move_the_plant_back(holder: Holder) -> None:
    draft = holders.ready(holder, Kind.CHANGE)
    holders.granted(holder, Kind.RELOCATION, sites={"rows": [STREET]})
    case = submit(holder, draft)
    assert case.filed["sites"] == [STREET]


def test_the_places_of_production_may_be_named_in_any_order(holder: Holder) -> None:
    """A page that takes an address away and adds it again puts it last."""
    first, other = holder.licence.content["sites"][0], {**STREET, "division": "320582"}
    holders.granted(holder, Kind.RELOCATION, sites={"rows": [first, other]})
    draft = holders.ready(holder, Kind.CHANGE, NEXT, sites={"rows": [other, STREET]})
    assert submit(holder, draft, NEXT).status == Status.SUBMITTED


# Renewed by law, and something else meanwhile


def deemed(holder: Holder) -> Application:
    case = holders.accepted(holder, Kind.RENEWAL)
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    return fresh(case)


def test_a_change_granted_before_the_confirmation_does_not_swallow_it(holder: Holder) -> None:
    case = deemed(holder)
    change = holders.granted(holder, Kind.CHANGE, AFTER)
    note_certificate(public_id=change.public_id, at=world.at(AFTER, 17))
    confirm(holder, case, AFTER + timedelta(days=1))
    orders = [fresh(row).licence_version for row in (case, change)]
    assert len(set(orders)) == 2
    ordered = Certificate.objects.get(
        licence_number=holder.licence.number, licence_version=fresh(case).licence_version
    )
    assert ordered.status == Certificate.Status.REQUESTED


def test_a_licence_deregistered_gets_no_certificate_of_a_renewal(holder: Holder) -> None:
    case = deemed(holder)
    row = proposed(holder, AFTER)
    refused("licensing.renewal_to_confirm", deregister, holder.approver, row, AFTER)
    own = holders.pending(holder, Kind.DEREGISTRATION, AFTER)
    refused("licensing.renewal_to_confirm", holders.grant, holder, own, AFTER)
    confirm(holder, case)
    note_certificate(public_id=case.public_id, at=world.at(AFTER, 11))
    deregister(holder.approver, row, AFTER)
    assert holder.fresh().status == LicenceStatus.DEREGISTERED


def test_what_nobody_examined_is_unfinished(holder: Holder) -> None:
    """Accepted after expiry and granted by law at once: no track was ever opened."""
    case = holders.filed(holder, Kind.RENEWAL)
    Application.objects.filter(pk=case.pk).update(received_at=world.at(ENDS_ON, 10))
    case = fresh(case)
    acceptance.accept(
        public_id=case.public_id, expected_version=case.version, actor=world.actor(holder.clerk, AFTER),
        at=world.at(AFTER, 11),
    )  # fmt: skip
    entry = LedgerEntry.objects.get(act="licensing.deem_renewed")
    assert [row["track"] for row in entry.internal["unfinished"]] == ["onsite", "testing"]


# A national licence replaced by a provincial one


@pytest.mark.req("R-84")
def test_a_renewal_by_law_follows_its_licence_to_the_province(devolved: Holder) -> None:
    case = deemed(devolved)
    holders.granted(devolved, Kind.CHANGE, AFTER)
    new = ProductionLicence.objects.get(replaces=devolved.licence)
    confirm(devolved, case, AFTER + timedelta(days=1))
    case = fresh(case)
    assert case.licence_id == new.pk
    moved = LedgerEntry.objects.get(act="licensing.licence_replaced")
    assert moved.subject_id == str(case.public_id)
    assert moved.public == {"licence": new.number, "replaces": devolved.licence.number}
    page = signed_in(devolved.applicant).get(reverse("licensing:case", args=[case.public_id]))
    assert f"{devolved.licence.number} → {new.number}" in page.content.decode()
    note_certificate(public_id=case.public_id, at=world.at(AFTER + timedelta(days=1), 11))
    new.refresh_from_db()
    assert new.status == LicenceStatus.VALID


@pytest.mark.req("R-84")
def test_drafts_follow_their_licence_to_the_province(devolved: Holder) -> None:
    draft = holders.ready(devolved, Kind.REPLACEMENT)
    holders.granted(devolved, Kind.CHANGE)
    assert submit(devolved, draft).status == Status.SUBMITTED


@pytest.mark.req("R-84")
def test_a_proposal_follows_its_licence_to_the_province(devolved: Holder) -> None:
    national = Authority.objects.get(level="national").code
    row = proposed(devolved, by=world.official(national, "review"))
    holders.granted(devolved, Kind.CHANGE)
    new = ProductionLicence.objects.get(replaces=devolved.licence)
    row.refresh_from_db()
    entry = LedgerEntry.objects.get(act="licensing.deregistration_moved", subject_id=str(row.public_id))
    assert (entry.subject_version, entry.internal["licence"]) == (row.version, new.number)
    deregister(devolved.approver, row, TIMELY)
    new.refresh_from_db()
    assert new.status == LicenceStatus.DEREGISTERED
    acts = LedgerEntry.objects.filter(
        act="licensing.licence_deregistered", subject_id=devolved.licence.number
    )
    assert acts.count() == 1


@pytest.mark.req("R-84")
def test_a_late_renewal_by_the_province_leaves_no_expiry_to_deregister(devolved: Holder) -> None:
    case = holders.accepted(devolved, Kind.RENEWAL, LATE)
    assert holders.tick_term(devolved.licence, AFTER) == "licence_expired"
    day = AFTER + timedelta(days=6)
    holders.grant(devolved, holders.reviewed(devolved, case, day), day)
    assert not Deregistration.objects.filter(result="").exists()


# Deregistration


def test_a_licence_ends_once(holder: Holder) -> None:
    row = proposed(holder, ground="stopped")
    holders.granted(holder, Kind.DEREGISTRATION)
    row.refresh_from_db()
    assert row.result == "set_aside"
    refused("licensing.deregistration_decided", deregister, holder.approver, row, NEXT)
    assert holder.fresh().deregistered_on == TIMELY


def test_a_renewal_asked_for_does_not_keep_a_dissolved_enterprise_licensed(holder: Holder) -> None:
    """Held is what follows an expiry alone (DOMAIN §3.7)."""
    case = holders.accepted(holder, Kind.RENEWAL)
    deregister(holder.approver, proposed(holder), TIMELY)
    assert holder.fresh().status == LicenceStatus.DEREGISTERED
    assert fresh(case).status == Status.TERMINATED


def test_after_expiry_it_waits_for_the_renewal(holder: Holder) -> None:
    holders.accepted(holder, Kind.RENEWAL, LATE)
    holders.tick_term(holder.licence, AFTER)
    refused("licensing.held_by_renewal", deregister, holder.approver, Deregistration.objects.get(), AFTER)


def test_a_renewal_refused_after_expiry_leaves_no_case_behind(holder: Holder) -> None:
    change = holders.pending(holder, Kind.CHANGE, LATE)
    case = holders.accepted(holder, Kind.RENEWAL, LATE)
    holders.tick_term(holder.licence, AFTER)
    case = holders.reviewed(holder, case, AFTER, failed=True)
    decision.refuse(
        public_id=case.public_id, expected_version=case.version, basis=case.rules.basis[:1], reasons="核查不合格",
        no_conflict=True, actor=world.actor(holder.approver, AFTER), at=world.at(AFTER, 16),
    )  # fmt: skip
    assert fresh(change).status == Status.DECISION_PENDING
    holders.tick_term(holder.licence, AFTER + timedelta(days=1))
    assert fresh(change).status == Status.TERMINATED
    assert holder.fresh().next_check_at is None


# What the desk is offered, and what people hear


def answered(holder: Holder, kind: Kind) -> Application:
    """A filing that answered its notice and left what was noticed as it was."""
    case = holders.filed(holder, kind)
    correction.request_correction(
        public_id=case.public_id, expected_version=world.version(case), items={"statement.detail": "不清楚"},
        actor=world.actor(holder.clerk, TIMELY), at=world.at(TIMELY, 11),
    )  # fmt: skip
    return correction.resubmit(
        public_id=case.public_id, draft_version=world.draft_version(case),
        actor=world.actor(holder.applicant, TIMELY), at=world.at(TIMELY, 12),
    )  # fmt: skip


@pytest.mark.req("S5")
def test_the_desk_can_refuse_to_accept_a_case_about_a_licence() -> None:
    holder = Holder(granted_on=today() - timedelta(days=400))
    case = answered(holder, Kind.REPLACEMENT)
    page = signed_in(holder.clerk).get(reverse("licensing:refuse_acceptance", args=[case.public_id]))
    assert page.status_code == 200
    choices = [value for value, _label in page.context["form"].fields["ground"].choices]
    assert choices == ["items_missing"]


def test_without_a_ground_the_page_says_so() -> None:
    holder = Holder(granted_on=today() - timedelta(days=400))
    case = holders.filed(holder, Kind.REPLACEMENT)
    page = signed_in(holder.clerk).get(
        reverse("licensing:refuse_acceptance", args=[case.public_id]), follow=True
    )
    assert page.redirect_chain[-1][0].endswith("/accept/") and "不予受理" in page.content.decode()


@pytest.mark.req("DOMAIN-3.4")
def test_a_bar_on_applying_does_not_stop_the_news_of_a_new_name(holder: Holder) -> None:
    case = holders.filed(holder, Kind.CHANGE)
    bars.record_bar(
        enterprise=holder.enterprise, category=holder.licence.category, cause="penalty", decided_on=TIMELY,
        instrument="一号", document=world.PDF, filename="a.pdf", actor=world.actor(holder.approver, TIMELY),
        at=world.at(TIMELY, 11),
    )  # fmt: skip
    refused(
        "licensing.not_barred", acceptance.refuse_acceptance, public_id=case.public_id,
        expected_version=world.version(case), ground="barred", explanation="限制期内",
        actor=world.actor(holder.clerk, TIMELY), at=world.at(TIMELY, 12),
    )  # fmt: skip


def test_who_renews_late_is_not_told_to_begin_anew(holder: Holder) -> None:
    holders.accepted(holder, Kind.RENEWAL, LATE)
    holders.tick_term(holder.licence, AFTER)
    hear("licensing.licence_expired")
    told = Message.objects.get(recipient=holder.applicant)
    assert "延续申请继续办理" in notice_of(told).body


@pytest.mark.req("DOMAIN-8")
def test_a_proposal_is_read_by_those_who_decide_and_audit_alone(holder: Holder) -> None:
    row = proposed(holder)
    nation = Authority.objects.get(level="national").code

    def sees(*duties: str, at: str = "320000") -> bool:
        return query.visible(standing_of(world.official(at, *duties), TIMELY)).filter(pk=row.pk).exists()

    assert sees("approval") and sees("audit", at=nation)
    assert not sees("national_admin", at=nation)
    assert not sees("approval", at="330000") and not sees("acceptance")
    assert not query.visible(standing_of(holder.applicant, TIMELY)).exists()


def test_what_is_only_proposed_is_not_public(holder: Holder) -> None:
    proposed(holder)
    assert LedgerEntry.objects.get(act="licensing.deregistration_proposed").public == {}


def test_a_recused_approver_is_not_offered_the_confirmation(holder: Holder) -> None:
    case = holders.pending(holder, Kind.RENEWAL)
    recusal.recuse(
        public_id=case.public_id, expected_version=world.version(case), reason="interest", explanation="亲属",
        actor=world.actor(holder.approver, TIMELY), at=world.at(TIMELY, 16),
    )  # fmt: skip
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    standing = standing_of(holder.approver, AFTER)
    assert not acts_open_to(standing, find(standing, case.public_id))["confirm_renewal"]


@pytest.mark.req("R-21")
def test_a_confirmation_comes_back_with_the_delegation(holder: Holder) -> None:
    head = world.actor(world.official("320000", "head"), TIMELY)
    row = delegation.delegate(
        delegator=Authority.objects.get(code="320000"), to=Authority.objects.get(code="320500"), stage="approval",
        category_key="", valid_from=TIMELY, valid_to=None, document=world.PDF, filename="委托书.pdf",
        basis_instrument="某省行政许可委托办法", basis_article="第三条", actor=head, at=world.at(TIMELY, 8),
    )  # fmt: skip
    case = deemed(holder)
    assert fresh(case).approval_authority.code == "320500"
    ending = {"public_id": row.public_id, "reason": "收回", "actor": head, "at": world.at(AFTER, 9)}
    refused("licensing.delegation_choice_missing", delegation.end, choices={}, **ending)
    delegation.end(choices={str(case.public_id): delegation.MOVE}, **ending)
    assert confirm(holder, case).approver == holder.approver
