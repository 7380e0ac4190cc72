"""The one-time notice and its answer (L1 art. 32 ¶1(4)(5); DOMAIN S4, S6, K14; R-31)."""

from datetime import date

import pytest

from core.ledger.models import LedgerEntry
from core.lifecycle.errors import NotAllowed
from core.lifecycle.transitions import WrongState
from licensing.actions import acceptance, correction, drafts, filing
from licensing.actions.papers import write_papers
from licensing.correction import TARGETS, differences
from licensing.lifecycle import Status
from licensing.models import Application, CorrectionNotice, SupersededDocument
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ITEMS = {"business_licence": "扫描件缺右下角的登记机关印章", "enterprise.phone": "号码少一位，无法联系"}


@pytest.fixture
def cast():
    return world.Cast()


def fresh(application):
    return Application.objects.get(pk=application.pk)


def filed(cast):
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at(hour=10))
    return application


def notified(cast, items=ITEMS, day=world.DAY):
    application = filed(cast)
    return correction.request_correction(
        public_id=application.public_id, expected_version=application.version, items=items,
        actor=world.actor(cast.clerk), at=world.at(day, 15),
    )  # fmt: skip


def answer(cast, application, day, phone="0512-57000001", resubmit=True):
    """The applicant puts both items right, signs anew and sends."""
    who, when = world.actor(cast.applicant, day), world.at(day, 9)
    application = fresh(application)
    drafts.save_section(
        public_id=application.public_id, section="enterprise", actor=who, at=when,
        data={**application.draft["enterprise"], "phone": phone}, draft_version=application.draft_version,
    )  # fmt: skip
    drafts.attach_licence(
        public_id=application.public_id, upload=world.PDF + b"%new\n%%EOF\n", filename="营业执照新.pdf",
        draft_version=world.draft_version(application), actor=who, at=when,
    )  # fmt: skip
    drafts.sign_commitment(
        public_id=application.public_id, signer="周敏", draft_version=world.draft_version(application),
        actor=who, at=when,
    )  # fmt: skip
    if not resubmit:
        return fresh(application)
    return correction.resubmit(
        public_id=application.public_id, draft_version=world.draft_version(application), actor=who, at=when
    )


@pytest.mark.req("R-31", "S4", "S6")
def test_a_notice_tells_everything_once_with_reasons(cast):
    application = notified(cast)
    assert application.status == Status.CORRECTION_REQUESTED
    assert dict(application.correction.items.values_list("target", "reason")) == ITEMS
    assert application.correction.lapses_after == date(2026, 12, 9)
    assert application.next_due_on is None
    entry = LedgerEntry.objects.get(subject_id=str(application.public_id), act="licensing.request_correction")
    assert [row["article"] for row in entry.legal_basis] == ["第三十二条第一款第四项"]
    assert entry.public["targets"] == ["business_licence", "enterprise.phone"]


@pytest.mark.req("R-31")
@pytest.mark.parametrize(
    "target", ["environment_report", "application_form", "enterprise.tax", "", "审计报告"]
)
def test_a_notice_cannot_cite_anything_else(cast, target):
    application = filed(cast)
    with pytest.raises(correction.NotCitable):
        correction.request_correction(
            public_id=application.public_id, expected_version=application.version,
            items={target: "缺少环境影响报告"}, actor=world.actor(cast.clerk), at=world.at(hour=15),
        )  # fmt: skip
    assert fresh(application).status == Status.SUBMITTED


def test_a_notice_without_a_reason_is_none(cast):
    application = filed(cast)
    with pytest.raises(correction.NothingCited):
        correction.request_correction(
            public_id=application.public_id, expected_version=application.version,
            items={"enterprise.phone": "  "}, actor=world.actor(cast.clerk), at=world.at(hour=15),
        )  # fmt: skip


@pytest.mark.req("K13")
def test_a_notice_after_five_working_days_comes_too_late(cast):
    application = filed(cast)
    day = date(2026, 11, 17)
    with pytest.raises(acceptance.TooLate):
        correction.request_correction(
            public_id=application.public_id, expected_version=application.version, items=ITEMS,
            actor=world.actor(cast.clerk, day), at=world.at(day),
        )  # fmt: skip


@pytest.mark.req("R-31")
def test_only_what_was_noticed_can_be_changed(cast):
    application = notified(cast)
    who = world.actor(cast.applicant)
    save = {"public_id": application.public_id, "draft_version": application.draft_version, "actor": who,
            "at": world.at(hour=16)}  # fmt: skip
    with pytest.raises(drafts.NotInNotice):
        drafts.save_section(**save, section="sites", data={"rows": []})
    with pytest.raises(drafts.NotInNotice):
        drafts.save_section(
            **save, section="enterprise", data={**application.draft["enterprise"], "name": "另一家有限公司"}
        )
    with pytest.raises(drafts.NotInNotice):
        drafts.choose_units(
            public_id=application.public_id, units=[], draft_version=application.draft_version, actor=who,
            at=world.at(hour=16),
        )  # fmt: skip


def test_what_the_applicant_prepares_is_unseen_until_it_is_sent(cast):
    application = notified(cast)
    before = application.documents.get(slot="business_licence").file_id
    prepared = answer(cast, application, date(2026, 11, 12), resubmit=False)
    assert prepared.documents.get(slot="business_licence").file_id == before
    assert prepared.filed["enterprise"]["phone"] == "0512-57000000"
    assert prepared.replacements.count() == 1


@pytest.mark.req("K14")
def test_the_answer_is_a_new_receipt_and_keeps_the_first(cast):
    day = date(2026, 11, 12)
    application = answer(cast, notified(cast), day)
    assert application.status == Status.SUBMITTED
    assert application.first_received_at == world.at(hour=10)
    assert application.received_at == world.at(day, 9)
    assert application.next_due_on == date(2026, 11, 19)
    assert application.filed["enterprise"]["phone"] == "0512-57000001"
    assert not application.replacements.exists()
    assert write_papers(public_id=application.public_id, at=world.at(day, 9)) == 2
    assert set(SupersededDocument.objects.values_list("slot", flat=True)) == {
        "business_licence", "application_form", "commitment_letter",
    }  # fmt: skip
    entry = LedgerEntry.objects.get(subject_id=str(application.public_id), act="licensing.resubmit")
    assert entry.public["changed"] == ["business_licence", "enterprise.phone"]
    first, second = (row.facts for row in application.filings.order_by("ordinal"))
    assert [(d.target.code, d.before, d.after) for d in differences(first, second)] == [
        ("enterprise.phone", ("0512-57000000",), ("0512-57000001",))
    ]


@pytest.mark.req("K14")
def test_no_new_demands_after_the_answer(cast):
    day = date(2026, 11, 12)
    application = answer(cast, notified(cast), day)
    with pytest.raises(correction.NotifiedAlready):
        correction.request_correction(
            public_id=application.public_id, expected_version=application.version,
            items={"conditions.staff": "人员写得太少"}, actor=world.actor(cast.clerk, day), at=world.at(day, 15),
        )  # fmt: skip
    assert CorrectionNotice.objects.count() == 1


@pytest.mark.req("K14")
def test_items_still_missing_are_a_ground_and_nothing_else_is(cast):
    day = date(2026, 11, 12)
    application = answer(cast, notified(cast), day)
    write_papers(public_id=application.public_id, at=world.at(day, 9))
    call = {"public_id": application.public_id, "expected_version": application.version, "ground": "items_missing",
            "explanation": "新的扫描件仍看不到印章", "actor": world.actor(cast.clerk, day),
            "at": world.at(day, 15)}  # fmt: skip
    for missing in ((), ("conditions.staff",), ("business_licence", "sites.rows")):
        with pytest.raises(acceptance.NothingMissing):
            acceptance.refuse_acceptance(**call, missing=missing)
    refused = acceptance.refuse_acceptance(**call, missing=("business_licence",))
    assert refused.status == Status.NOT_ACCEPTED and refused.closed_on == day
    assert refused.correction.items.get(target="business_licence").still_missing


def test_items_missing_needs_a_notice(cast):
    application = filed(cast)
    with pytest.raises(acceptance.NothingMissing):
        acceptance.refuse_acceptance(
            public_id=application.public_id, expected_version=application.version, ground="items_missing",
            missing=("business_licence",), explanation="缺", actor=world.actor(cast.clerk), at=world.at(hour=15),
        )  # fmt: skip


def test_an_answer_in_another_province_says_what_to_do(cast):
    application = notified(cast, {"enterprise.address": "与营业执照不一致"})
    who, day = world.actor(cast.applicant), date(2026, 11, 12)
    facts = {**application.draft["enterprise"], "province": "330000", "division": "330109", "address": "市心北路 1 号",
             "full_address": "浙江省杭州市萧山区市心北路 1 号"}  # fmt: skip
    drafts.save_section(
        public_id=application.public_id, section="enterprise", data=facts, actor=who, at=world.at(day),
        draft_version=application.draft_version,
    )  # fmt: skip
    drafts.sign_commitment(
        public_id=application.public_id, signer="周敏", draft_version=world.draft_version(application), actor=who,
        at=world.at(day),
    )  # fmt: skip
    with pytest.raises(correction.AnotherProvince, match="浙江"):
        correction.resubmit(
            public_id=application.public_id, draft_version=world.draft_version(application), actor=who,
            at=world.at(day),
        )  # fmt: skip
    assert fresh(application).status == Status.CORRECTION_REQUESTED


def test_a_changed_form_wants_a_new_signature(cast):
    application = notified(cast)
    who = world.actor(cast.applicant)
    drafts.save_section(
        public_id=application.public_id, section="enterprise", actor=who, at=world.at(hour=16),
        data={**application.draft["enterprise"], "phone": "0512-57000009"}, draft_version=application.draft_version,
    )  # fmt: skip
    with pytest.raises(filing.Incomplete):
        correction.resubmit(
            public_id=application.public_id, draft_version=world.draft_version(application), actor=who,
            at=world.at(hour=16),
        )  # fmt: skip


def test_only_the_desk_sends_notices_and_only_the_enterprise_answers(cast):
    application = filed(cast)
    stranger = world.Cast("330000", "330109")
    for person in (cast.reviewer, cast.approver, cast.applicant, stranger.clerk):
        with pytest.raises(NotAllowed):
            correction.request_correction(
                public_id=application.public_id, expected_version=application.version, items=ITEMS,
                actor=world.actor(person), at=world.at(hour=15),
            )  # fmt: skip
    application = notified(cast)
    with pytest.raises(NotAllowed):
        correction.resubmit(
            public_id=application.public_id, draft_version=application.draft_version,
            actor=world.actor(stranger.applicant), at=world.at(hour=16),
        )  # fmt: skip


def test_a_case_under_correction_can_be_taken_back_and_not_accepted(cast):
    application = notified(cast)
    with pytest.raises(WrongState):
        acceptance.accept(
            public_id=application.public_id, expected_version=application.version,
            actor=world.actor(cast.clerk), at=world.at(hour=16),
        )  # fmt: skip
    gone = filing.retract(
        public_id=application.public_id, expected_version=application.version, actor=world.actor(cast.applicant),
        at=world.at(hour=16),
    )  # fmt: skip
    assert gone.status == Status.RETRACTED and gone.next_check_at is None


@pytest.mark.req("R-29", "R-31")
def test_the_closed_list_names_only_documents_and_fields_of_the_form(cast):
    facts = filed(cast).filed
    documents = {code for code, target in TARGETS.items() if not target.keys}
    assert documents == {"business_licence", "commitment_letter"}
    for target in TARGETS.values():
        if target.keys and target.section in ("enterprise", "conditions"):
            assert target.keys[-1] in facts[target.section] or target.keys[0] in facts[target.section]


@pytest.mark.usefixtures("typeset")
def test_a_paper_of_the_system_is_no_business_licence(cast):
    first = filed(cast)
    form = first.documents.get(slot="application_form").file.read()
    second = world.signed_draft(cast)
    with pytest.raises(drafts.GeneratedPaper, match="申请书"):
        drafts.attach_licence(
            public_id=second.public_id, upload=form, filename="营业执照.pdf", draft_version=second.draft_version,
            actor=world.actor(cast.applicant), at=world.at(hour=16),
        )  # fmt: skip
    assert second.documents.get(slot="business_licence").file.filename == "营业执照.pdf"
