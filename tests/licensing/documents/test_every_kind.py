"""Every act of legal effect freezes its document: what it says, on which provision, whose seal (R-4; L1 art. 32)."""

import pytest

from certificates.documents.facts import DocumentFacts, Kind
from certificates.models import OfficialDocument
from core.lifecycle.law import Clause
from core.outbox.models import Event
from core.parties.models import Authority
from licensing.actions import delegation
from licensing.documents.frame import WORDS, printed_clauses
from licensing.documents.requests import WRITERS
from licensing.lifecycle import LIFE_CYCLE, Status
from licensing.models import Application
from tests.support import documents as docs
from tests.support import holders, world

pytestmark = pytest.mark.django_db

SAYS: dict[str, tuple[str, str, str]] = {
    "receipt": ("《行政许可法》第三十二条", "已经收到", "苏质监许收"),
    "receipt of an answer": ("《电子签名法》第十一条", "补正后的申请材料", "苏质监许收"),
    "acceptance": ("《行政许可法》第三十二条第一款第五项", "决定予以受理", "苏质监许受"),
    "acceptance by silence": ("《行政许可法》第三十二条第一款第四项", "即为受理", "苏质监许受"),
    "correction": ("《行政许可法》第三十二条第一款第四项", "号码少一位", "苏质监许补"),
    "non_acceptance": ("《行政许可法》第三十二条第二款", "联系电话", "苏质监许不受"),
    "non_acceptance, forwarded": ("第三十二条第一款第二项", "浙江省质量技术监督局", "苏质监许不受"),
    "not_required": ("《行政许可法》第三十二条第一款第一项", "不需要取得", "苏质监许免"),
    "pause": ("《工业产品生产许可证管理条例》第二十四条第二款", "产品检验所需时间依法不计入", "苏质监许停"),
    "hearing": ("《行政许可法》第四十六条", "陈述意见", "苏质监许听"),
    "extension": ("《行政许可法》第四十二条第一款", "须向省外核实", "苏质监许延"),
    "grant": ("《行政许可法》第三十八条第一款", "准予许可", "苏质监许准"),
    "grant of a renewal": ("《行政许可法》第三十八条第一款", "准予延续", "苏质监许准"),
    "grant of a change": ("《行政许可法》第四十九条", "准予变更", "苏质监许准"),
    "grant of a replacement": ("《工业产品生产许可证管理条例》第三十条", "准予补领", "苏质监许准"),
    "refusal": ("《行政许可法》第三十八条第二款", "不符合条件", "苏质监许不准"),
    "renewal": ("《行政许可法》第五十条第二款", "视为准予延续，现予确认", "苏质监许续"),
    "deregistration": ("《工业产品生产许可证管理条例》第三十一条", "准予注销", "苏质监许注"),
    "termination": ("《行政许可法》第七十条", "终止办理", "苏质监许终"),
    "termination by lapse": ("《行政许可法》第三十二条第一款第四项", "没有收到补正", "苏质监许终"),
}
"""Provision, words of the body, and sign of each."""

REMEDIED = {"non_acceptance", "refusal", "termination"}
"""What takes something from the applicant says where to turn (L1 art. 38 ¶2)."""


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def said(facts: DocumentFacts) -> str:
    return "\n".join(
        (*(b.text for b in facts.body), *(f"{a} {b}" for block in facts.body for a, b in block.rows))
    )


@pytest.mark.req("R-4", "R-31")
@pytest.mark.parametrize("scene", docs.SCENES)
def test_what_each_document_says(scene: str, cast: world.Cast) -> None:
    case = docs.SCENES[scene](cast)
    row = docs.last_of(case)
    facts, (clause, words, series) = row.printed, SAYS[scene]
    kind = scene.partition(" ")[0].rstrip(",")
    assert (row.kind, row.series, row.status) == (kind, series, "requested")
    assert any(clause in printed for printed in facts.basis), facts.basis
    assert not any("系统规则" in printed for printed in facts.basis)
    assert words in said(facts)
    assert case.number is not None and case.number in facts.reference
    assert facts.addressee == case.filed["enterprise"]["name"]
    assert facts.authority_name == "江苏省质量技术监督局"
    assert bool(facts.remedies) == (kind in REMEDIED)
    assert all(line.isprintable() and line for line in facts.summary)


def test_a_rule_of_the_system_is_never_printed_as_law() -> None:
    printed = printed_clauses((Clause("DESIGN", "补正期限"), Clause("L1", "第三十二条")))
    assert printed == ("《行政许可法》第三十二条",)


def test_every_kind_has_a_scene_and_a_sign() -> None:
    assert {scene.partition(" ")[0].rstrip(",") for scene in docs.SCENES} == set(Kind.values)
    assert set(WORDS) == set(Kind) and len(set(WORDS.values())) == len(Kind)
    assert SAYS.keys() == docs.SCENES.keys()


def test_every_act_that_ends_or_moves_a_case_for_the_applicant_has_its_document() -> None:
    """An act that comes later is decided on here: it has a paper, or it is named as having none."""
    silent = {
        "open_review", "open_decision", "take_review", "record_evidence", "complete_review", "fail_review", "forward",
        "return_to_review", "deem_renewed", "issue_certificate", "deliver", "deliver_notice", "assign_review",
        "take_over", "recuse", "resume", "propose_extension", "decline_extension", "retract",
        "settle_review", "reopen_review", "choose_test_timing", "hold_decision", "recall_decision",
    }  # fmt: skip
    assert {row.act for row in LIFE_CYCLE.transitions} == set(WRITERS) | silent
    assert not set(WRITERS) & silent


@pytest.mark.req("R-20")
def test_a_delegate_acts_in_its_delegators_name() -> None:
    jiangsu, suzhou = (Authority.objects.get(code=code) for code in ("320000", "320500"))
    delegation.delegate(
        delegator=jiangsu, to=suzhou, stage="acceptance", category_key="", valid_from=world.DAY, valid_to=None,
        basis_instrument="某省行政许可委托办法", basis_article="第三条", document=world.PDF, filename="委托书.pdf",
        actor=world.actor(world.official("320000", "head")), at=world.at(hour=8),
    )  # fmt: skip
    facts = docs.last_of(docs.on_desk(world.Cast())).printed
    assert (facts.authority_code, facts.authority_name) == ("320000", "江苏省质量技术监督局")
    assert facts.issued_for == "受江苏省质量技术监督局委托，由苏州市质量技术监督局办理。"


def test_a_national_product_is_accepted_by_the_province_and_decided_by_the_nation() -> None:
    cast = world.Cast("500000", "500113", deciding="AQSIQ")
    accepted = docs.move("accept", _filed(cast, "bridge-bearing"), cast.clerk)
    assert docs.last_of(accepted).printed.authority_code == "500000"
    taken = docs.move("take_review", accepted, cast.reviewer, hour=13)
    for track in ("onsite", "testing"):
        world.record(cast, taken, track)
    concluded = docs.move("conclude_review", taken, cast.reviewer, hour=15)
    row = docs.last_of(docs.move("grant", concluded, cast.approver, hour=16))
    assert (row.authority_code, row.series) == ("AQSIQ", "国质检许准")
    assert row.printed.issued_for == ""


def _filed(cast: world.Cast, category: str) -> Application:
    from licensing.actions.papers import write_papers

    case = world.submitted(cast, category)
    write_papers(public_id=case.public_id, at=world.at(hour=10))
    return case


@pytest.mark.req("R-47")
def test_no_name_stands_in_the_event(cast: world.Cast) -> None:
    case = docs.on_desk(cast)
    row = docs.last_of(case)
    event = Event.objects.get(type="certificates.document_requested", subject_id=row.public_id)
    assert (event.subject_kind, event.subject_version) == ("certificates.document", 1)


def test_a_case_of_two_answers_has_its_papers_in_order(cast: world.Cast) -> None:
    case = docs.answered(cast)
    rows = OfficialDocument.objects.filter(subject_id=str(case.public_id)).order_by("subject_version")
    assert [row.kind for row in rows] == ["receipt", "correction", "receipt"]
    assert case.status == Status.SUBMITTED


def test_what_was_granted_stands_as_it_was_granted() -> None:
    """A later change of the licence leaves the paper of the grant alone."""
    holder = holders.Holder()
    first = docs.last_of(Application.objects.get(pk=holder.licence.application_id))
    before = first.facts
    holders.granted(holder, "change")
    first.refresh_from_db()
    assert first.facts == before and holder.enterprise.name in str(before)
