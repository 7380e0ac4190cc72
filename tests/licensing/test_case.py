"""One case from draft to delivery, and every door that must stay shut on the way."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from catalog.queries import open_units
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import NotAllowed
from core.lifecycle.transitions import WrongState
from core.parties.models import Authority, Duty, Membership
from licensing.actions import acceptance, decision, delivery, drafts, filing, review
from licensing.actions.act import DutiesNotApart, NotYourCase, OwnInterest, Stale
from licensing.actions.papers import write_papers
from licensing.commitment import letter_hash
from licensing.lifecycle import GRANT_BASIS, Status
from licensing.models import Application
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast():
    return world.Cast()


def acts(application):
    rows = LedgerEntry.objects.filter(subject_id=str(application.public_id)).order_by("subject_version")
    return [row.act.removeprefix("licensing.") for row in rows]


@pytest.mark.req("R-43", "R-29")
def test_the_whole_way(cast):
    licence = world.granted_licence(cast)
    application = licence.application
    assert application.status == Status.GRANTED
    assert licence.number.startswith("(苏)XK") and licence.valid_until == date(2031, 11, 8)
    assert acts(application) == [
        "submit", "accept", "open_review", "take_review", "record_evidence", "record_evidence", "complete_review",
        "forward", "grant",
    ]  # fmt: skip
    assert {d.slot for d in application.documents.all()} == {
        "business_licence", "application_form", "commitment_letter",
    }  # fmt: skip
    assert delivery.note_certificate(public_id=application.public_id, at=world.at())
    assert not delivery.note_certificate(public_id=application.public_id, at=world.at())
    who = world.actor(cast.applicant)
    assert delivery.deliver(public_id=application.public_id, actor=who, at=world.at())
    assert not delivery.deliver(public_id=application.public_id, actor=who, at=world.at())
    assert Application.objects.get(pk=application.pk).status == Status.DELIVERED


@pytest.mark.req("R-17", "R-45")
def test_filing_resolves_authorities_and_the_clock(cast):
    application = world.submitted(cast)
    assert application.filing_authority.code == application.deciding_authority.code == "320000"
    assert application.number.startswith("320000-N-2026-")
    assert application.next_due_on == date(2026, 11, 16)
    application = world.accepted(world.Cast(), day=date(2015, 8, 4))
    assert application.due_on == date(2015, 9, 16)
    assert application.statutory_due_on == date(2015, 10, 8)


@pytest.mark.req("R-17")
def test_a_national_product_is_filed_with_the_province_and_decided_by_aqsiq():
    cast = world.Cast("500000", "500112", deciding="AQSIQ")
    application = world.submitted(cast, "bridge-bearing")
    assert (application.filing_authority.code, application.deciding_authority.code) == ("500000", "AQSIQ")
    licence = world.granted_licence(world.Cast("500000", "500112", deciding="AQSIQ"), "bridge-bearing")
    assert licence.number.startswith("XK") and licence.issuing_authority.code == "AQSIQ"


def test_a_due_date_in_a_year_without_notice_is_provisional(cast):
    application = world.accepted(cast, day=date(2026, 11, 23))
    assert application.due_on == date(2027, 1, 5) and application.due_provisional


def test_the_same_form_sent_twice_files_once(cast):
    application = world.signed_draft(cast)
    who = world.actor(cast.applicant)
    call = {"public_id": application.public_id, "draft_version": application.draft_version, "actor": who}
    filed = filing.submit(**call, at=world.at())
    with pytest.raises(filing.AlreadyFiled, match=filed.number):
        filing.submit(**call, at=world.at())
    assert acts(application) == ["submit"]


def test_the_same_draft_started_twice_is_one_draft(cast):
    application = world.filled_draft(cast)
    again = drafts.start_draft(
        public_id=application.public_id,
        enterprise=cast.enterprise,
        actor=world.actor(cast.applicant),
        at=world.at(),
    )
    assert again.pk == application.pk


def test_a_draft_open_in_two_tabs_tells_the_second(cast):
    application = world.filled_draft(cast)
    who = world.actor(cast.applicant)
    save = {"public_id": application.public_id, "section": "conditions", "actor": who, "at": world.at()}
    drafts.save_section(**save, data={"equipment": [1]}, draft_version=application.draft_version)
    with pytest.raises(drafts.DraftMoved):
        drafts.save_section(**save, data={"equipment": [2]}, draft_version=application.draft_version)
    drafts.save_section(**save, data={"equipment": [1]}, draft_version=application.draft_version)


def test_a_filed_case_cannot_be_edited_or_deleted(cast):
    application = world.submitted(cast)
    who = world.actor(cast.applicant)
    with pytest.raises(drafts.DraftClosed):
        drafts.save_section(
            public_id=application.public_id, section="sites", data={}, draft_version=application.draft_version,
            actor=who, at=world.at(),
        )  # fmt: skip
    with pytest.raises(drafts.DraftClosed):
        drafts.discard_draft(public_id=application.public_id, actor=who, at=world.at())


def test_a_unit_no_longer_listed_stops_the_submission_and_keeps_the_draft(cast):
    application = world.signed_draft(cast)
    unit = application.units.first().unit
    unit.versions.update(valid_to=world.DAY)
    with pytest.raises(filing.UnitNoLongerListed) as refused:
        filing.submit(
            public_id=application.public_id, draft_version=application.draft_version,
            actor=world.actor(cast.applicant), at=world.at(),
        )  # fmt: skip
    assert unit.versions.first().name_zh in str(refused.value)
    assert Application.objects.get(pk=application.pk).is_draft


@pytest.mark.parametrize("name", ["㐀𠮷镕甦·木业", "阿·买提玻璃厂"])
def test_rare_characters_in_a_name_are_filed_and_printed(cast, name):
    application = world.submitted(cast, **{"name": name})
    assert application.filed["enterprise"]["name"] == name
    assert write_papers(public_id=application.public_id, at=world.at()) == 2


def test_an_emoji_in_a_name_is_refused_by_name(cast):
    application = world.signed_draft(cast, **{"name": "金穗😀肥业"})
    with pytest.raises(filing.NameNotPrintable, match="😀"):
        filing.submit(
            public_id=application.public_id, draft_version=application.draft_version,
            actor=world.actor(cast.applicant), at=world.at(),
        )  # fmt: skip


@pytest.mark.req("R-28")
def test_the_commitment_keeps_its_text_signer_and_hash(cast):
    signed = world.signed_draft(cast).commitment
    assert signed.sha256 == letter_hash(
        version=signed.text_version, text=signed.text, signer=signed.signer, signed_at=signed.signed_at
    )
    with pytest.raises(drafts.SignerMismatch):
        application = world.filled_draft(world.Cast())
        drafts.sign_commitment(
            public_id=application.public_id, signer="别人", draft_version=application.draft_version,
            actor=world.actor(application.created_by), at=world.at(),
        )  # fmt: skip


def test_a_later_change_asks_for_a_new_signature(cast):
    application = world.signed_draft(cast)
    drafts.save_section(
        public_id=application.public_id, section="conditions", data={"equipment": [9]},
        draft_version=application.draft_version, actor=world.actor(cast.applicant), at=world.at(),
    )  # fmt: skip
    assert not hasattr(Application.objects.get(pk=application.pk), "commitment")


def test_acceptance_waits_for_the_papers(cast):
    application = world.submitted(cast)
    with pytest.raises(acceptance.DocumentsMissing):
        acceptance.accept(
            public_id=application.public_id, expected_version=application.version, actor=world.actor(cast.clerk),
            at=world.at(),
        )  # fmt: skip


def test_an_official_of_another_province_may_not_act(cast):
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at())
    stranger = world.official("330000", "acceptance")
    with pytest.raises(NotYourCase):
        acceptance.accept(
            public_id=application.public_id, expected_version=application.version, actor=world.actor(stranger),
            at=world.at(),
        )  # fmt: skip


def test_a_duty_that_has_ended_counts_no_more(cast):
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at())
    Duty.objects.filter(user=cast.clerk).update(valid_to=world.DAY)
    with pytest.raises(NotAllowed):
        acceptance.accept(
            public_id=application.public_id, expected_version=application.version,
            actor=world.actor(cast.clerk), at=world.at(),
        )  # fmt: skip


def test_the_clerk_may_not_decide_the_case_he_accepted(cast):
    Duty.objects.create(
        user=cast.clerk,
        authority=Authority.objects.get(code="320000"),
        kind="approval",
        valid_from=world.EPOCH,
    )
    application = world.pending(cast)
    with pytest.raises(DutiesNotApart):
        decision.grant(
            public_id=application.public_id, expected_version=application.version, no_conflict=True, basis=GRANT_BASIS,
            actor=world.actor(cast.clerk), at=world.at(),
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="application_duties_apart"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(approver=cast.clerk)


def test_an_act_on_an_old_page_is_refused(cast):
    application = world.taken(cast)
    world.record(cast, application, "onsite")
    with pytest.raises(Stale):
        review.conclude_review(
            public_id=application.public_id, expected_version=application.version,
            actor=world.actor(cast.reviewer), at=world.at(),
        )  # fmt: skip


def test_retraction_ends_an_undecided_case_and_no_other(cast):
    application = world.pending(cast)
    who = world.actor(cast.applicant)
    gone = filing.retract(
        public_id=application.public_id, expected_version=application.version, actor=who, at=world.at()
    )
    assert gone.status == Status.RETRACTED and gone.next_due_on is None
    with pytest.raises(WrongState):
        filing.retract(
            public_id=application.public_id, expected_version=gone.version, actor=who, at=world.at()
        )


def test_another_enterprise_may_not_retract(cast):
    application = world.submitted(cast)
    stranger = world.member(world.enterprise())
    with pytest.raises(NotYourCase):
        filing.retract(
            public_id=application.public_id, expected_version=application.version, actor=world.actor(stranger),
            at=world.at(),
        )  # fmt: skip


@pytest.mark.parametrize("day", [world.DAY - timedelta(days=1), world.DAY + timedelta(days=1)])
def test_a_result_is_dated_between_acceptance_and_today(cast, day):
    application = world.taken(cast)
    with pytest.raises(review.ResultDateWrong):
        review.record_evidence(
            public_id=application.public_id, expected_version=application.version, track="onsite",
            outcome="passed", body="省中心", concluded_on=day, finding="", document=world.PDF, filename="x.pdf",
            verifiers=world.VERIFIERS,
            actor=world.actor(cast.reviewer), at=world.at(),
        )  # fmt: skip


def test_a_result_without_document_cannot_stand_in_the_database(cast):
    application = world.taken(cast)
    with pytest.raises(IntegrityError, match="evidence_result_has_document"), transaction.atomic():
        application.evidence.update(outcome="passed")


@pytest.mark.req("R-7")
def test_a_unit_of_another_category_cannot_be_chosen(cast):
    application = world.filled_draft(cast)
    other = open_units("cable", world.DAY).first().unit
    with pytest.raises(drafts.UnitOutsideCategory):
        drafts.choose_units(
            public_id=application.public_id, units=[other], draft_version=application.draft_version,
            actor=world.actor(cast.applicant), at=world.at(),
        )  # fmt: skip


@pytest.mark.req("K13")
def test_silence_of_five_working_days_accepts_as_of_the_receipt(cast):
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at())
    late = date(2026, 11, 17)
    accepted = acceptance.accept(
        public_id=application.public_id, expected_version=application.version,
        actor=world.actor(cast.clerk, late), at=world.at(late),
    )  # fmt: skip
    assert accepted.deemed_accepted and accepted.accepted_on == world.DAY
    entry = LedgerEntry.objects.get(subject_id=str(application.public_id), act="licensing.accept")
    assert entry.legal_basis == [{"instrument": "L1", "article": "第三十二条第一款第四项"}]


def test_an_official_may_not_handle_the_case_of_an_enterprise_he_acts_for(cast):
    Membership.objects.create(
        user=cast.clerk, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH
    )
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at())
    with pytest.raises(OwnInterest):
        acceptance.accept(
            public_id=application.public_id, expected_version=application.version,
            actor=world.actor(cast.clerk), at=world.at(),
        )  # fmt: skip


def test_an_agent_may_fill_in_but_not_sign(cast):
    application = world.filled_draft(cast)
    agent = world.user("代理人")
    Membership.objects.create(user=agent, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    with pytest.raises(drafts.OnlyTheLegalRepresentative):
        drafts.sign_commitment(
            public_id=application.public_id, signer="周敏", draft_version=application.draft_version,
            actor=world.actor(agent), at=world.at(),
        )  # fmt: skip


@pytest.mark.req("R-18")
def test_the_level_that_counts_is_that_of_the_acceptance_date(cast):
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at())
    application.category.versions.update(authority_level="national", level_reason="sensitive")
    accepted = acceptance.accept(
        public_id=application.public_id, expected_version=application.version,
        actor=world.actor(cast.clerk), at=world.at(),
    )  # fmt: skip
    assert (accepted.filing_authority.code, accepted.deciding_authority.code) == ("320000", "AQSIQ")
