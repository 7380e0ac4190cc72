"""Exemptions weighed at acceptance, when facts arrive, and at the decision (R-23…R-28, R-40, R-41)."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from core.ledger.models import LedgerEntry
from core.lifecycle.actors import Actor
from core.lifecycle.errors import DomainError
from licensing.actions import pilots, review, standing, timing
from licensing.exemptions import Item
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application, PilotSwitch, StandingEvidence
from tests.support import exempt, holders, world
from tests.support.exempt import HonestHolder
from tests.support.holders import TIMELY

pytestmark = pytest.mark.django_db
NEXT = TIMELY + timedelta(days=3)
INSIDE, EDGE = date(2026, 3, 2), date(2025, 12, 12)
"""The window of a renewal received on 2026-06-12 begins on 2025-12-12."""


@pytest.fixture(scope="module")
def kept_holder(kept: Any) -> HonestHolder:
    return kept(lambda: HonestHolder(pilot=False))


@pytest.fixture
def holder(kept_holder: HonestHolder, db: None) -> HonestHolder:
    """With the pilot of his province; who makes one of his own begins without."""
    holder = deepcopy(kept_holder)
    exempt.switch(holder.national)
    return holder


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def tracks(case: Application) -> dict[str, str]:
    return dict(case.evidence.values_list("track", "outcome"))


def take(case: Application, who: Actor) -> None:
    review.take_review(
        public_id=case.public_id, no_conflict=True, expected_version=world.version(case), actor=who,
        at=world.at(NEXT, 9),
    )  # fmt: skip


def refused(code: str, act, *args, **kwargs) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def acts_of(case: Application) -> list[str]:
    rows = LedgerEntry.objects.filter(subject_id=str(case.public_id)).order_by("id")
    return [row.act.removeprefix("licensing.") for row in rows]


@pytest.mark.req("R-23", "R-24")
def test_an_honest_renewal_needs_no_visit(holder: HonestHolder) -> None:
    case = exempt.renewal(holder)
    row = case.evidence.get(track="onsite")
    assert (row.outcome, row.rule, row.clause["article"]) == ("exempt", "onsite_no_major_change", "四(一)")
    assert tracks(case)["testing"] == "required"
    assert acts_of(case)[-1] == "evidence_weighed"


@pytest.mark.req("R-24")
def test_no_pilot_no_exemption_and_the_day_of_acceptance_counts() -> None:
    holder = HonestHolder(pilot=False)
    row = exempt.renewal(holder).evidence.get(track="onsite")
    assert (row.outcome, row.rule) == ("required", "onsite_pilot_off")
    exempt.switch(holder.national, day=NEXT)
    other = HonestHolder(pilot=False)
    assert tracks(exempt.renewal(other, NEXT))["onsite"] == "exempt"
    assert tracks(fresh(row.application))["onsite"] == "required"


@pytest.mark.req("R-24")
def test_a_pilot_that_ends_leaves_accepted_cases_alone(holder: HonestHolder) -> None:
    case = exempt.renewal(holder)
    row = PilotSwitch.objects.get()
    end = {"pk": row.pk, "actor": world.actor(holder.national, TIMELY), "at": world.at(TIMELY, 15)}
    refused("licensing.pilot_over", pilots.switch_off, **end, valid_to=TIMELY)
    pilots.switch_off(**end, valid_to=NEXT)
    exempt.tested(holder, case, NEXT + timedelta(days=1))
    assert fresh(case).status == Status.DECISION_PENDING
    holders.grant(holder, case, NEXT + timedelta(days=1))
    assert tracks(exempt.renewal(HonestHolder(pilot=False), NEXT))["onsite"] == "required"


@pytest.mark.req("R-24")
def test_a_row_of_one_category_goes_before_the_rest(holder: HonestHolder) -> None:
    exempt.switch(holder.national, category=holder.licence.category, least_class="A")
    assert exempt.renewal(holder).evidence.get(track="onsite").rule == "onsite_class_unmet"


@pytest.mark.req("R-24")
def test_a_class_given_later_exempts_and_one_taken_away_reopens(holder: HonestHolder) -> None:
    PilotSwitch.objects.update(least_class="A")
    case = exempt.renewal(holder)
    assert tracks(case)["onsite"] == "required"
    put = {"enterprise": holder.enterprise, "actor": world.actor(holder.supervisor, NEXT)}
    standing.classify(**put, level="AA", reasons="年度评价", at=world.at(NEXT, 8))
    assert tracks(case)["onsite"] == "exempt"
    exempt.tested(holder, case, NEXT)
    assert fresh(case).status == Status.DECISION_PENDING
    standing.classify(**put, level="C", reasons="抽查不合格", at=world.at(NEXT, 16))
    assert (fresh(case).status, tracks(case)["onsite"]) == (Status.UNDER_REVIEW, "required")
    assert acts_of(case)[-2:] == ["evidence_weighed", "reopen_review"]


@pytest.mark.req("R-23")
def test_a_condition_change_dressed_as_a_renewal_is_visited(holder: HonestHolder) -> None:
    honest = exempt.unchanged(holder)
    more = [*honest["conditions"]["equipment"], {"name": "造粒机", "model": "ZL-1", "quantity": 1}]
    case = exempt.renewal(holder, conditions={**honest["conditions"], "equipment": more})
    row = case.evidence.get(track="onsite")
    assert (row.outcome, row.rule, row.facts["questions"]) == (
        "required",
        "onsite_conditions_differ",
        "equipment",
    )


@pytest.mark.req("R-23")
def test_a_yes_hidden_by_going_back_stays_on_the_paper(holder: HonestHolder) -> None:
    draft = holders.begun(holder, Kind.RENEWAL)
    yes = {**holders.UNCHANGED, "equipment": "yes", "detail": "新线"}
    holders.save(holder, draft, "statement", yes, TIMELY)
    holders.save(holder, draft, "statement", {**holders.UNCHANGED, "withdrawn": []}, TIMELY)
    kept = fresh(draft).draft["statement"]
    assert kept["withdrawn"] == [{"question": "equipment", "on": str(TIMELY)}]


@pytest.mark.req("R-25")
def test_the_last_report_sends_an_exempt_renewal_to_the_decision(holder: HonestHolder) -> None:
    case = exempt.tested(holder, exempt.renewal(holder), NEXT)
    assert case.status == Status.DECISION_PENDING
    assert acts_of(case)[-3:] == ["record_evidence", "settle_review", "forward"]


@pytest.mark.req("R-26")
@pytest.mark.parametrize("sampled_on, outcome", [(EDGE, "exempt"), (EDGE - timedelta(days=1), "required")])
def test_a_spot_check_carries_the_test(holder: HonestHolder, sampled_on: date, outcome: str) -> None:
    check = exempt.spot_check(holder, sampled_on, TIMELY)
    case = exempt.renewal(holder)
    row = case.evidence.get(track="testing")
    assert row.outcome == outcome
    if outcome == "exempt":
        assert list(row.rests_on.all()) == [check]
        assert (case.status, case.reviewer) == (Status.DECISION_PENDING, None)


@pytest.mark.req("R-26")
def test_a_check_that_becomes_final_later_exempts_then(holder: HonestHolder) -> None:
    check = exempt.spot_check(holder, INSIDE, TIMELY, final_on=None)
    case = exempt.renewal(holder)
    assert tracks(case)["testing"] == "required"
    act = {"public_id": check.public_id, "actor": world.actor(holder.above, NEXT), "at": world.at(NEXT)}
    standing.make_final(**act, final_on=NEXT)
    assert (fresh(case).status, tracks(case)["testing"]) == (Status.DECISION_PENDING, "exempt")
    refused("licensing.result_final", standing.make_final, **act, final_on=NEXT)


@pytest.mark.req("R-26")
def test_a_later_failed_check_defeats_and_a_passed_retest_mends(holder: HonestHolder) -> None:
    exempt.spot_check(holder, INSIDE, TIMELY)
    case = exempt.renewal(holder)
    failed = exempt.spot_check(holder, NEXT, NEXT, "county", passed=False, reported_on=NEXT, final_on=None)
    row = case.evidence.get(track="testing")
    assert (fresh(case).status, row.outcome, row.rule) == (
        Status.UNDER_REVIEW,
        "required",
        "testing_failed_check",
    )
    day = NEXT + timedelta(days=9)
    again = exempt.result(holder, NEXT, reference="SC-again", reported_on=day, final_on=day)
    standing.supersede(
        public_id=failed.public_id, result=again, document=world.PDF, filename="复检.pdf",
        actor=world.actor(holder.supervisor, day), at=world.at(day),
    )  # fmt: skip
    assert (fresh(case).status, tracks(case)["testing"]) == (Status.DECISION_PENDING, "exempt")
    failed.refresh_from_db()
    assert failed.superseded_by is not None


@pytest.mark.req("R-26")
def test_a_grant_on_facts_that_no_longer_stand_is_refused(holder: HonestHolder) -> None:
    """Whatever brought the row there: the decision asks the rules again, and the review is open again."""
    check = exempt.spot_check(holder, INSIDE, TIMELY)
    case = exempt.renewal(holder)
    StandingEvidence.objects.filter(pk=check.pk).update(level="county")
    refused("licensing.review_reopened", holders.grant, holder, case, NEXT)
    assert (fresh(case).status, tracks(case)["testing"]) == (Status.UNDER_REVIEW, "required")


@pytest.mark.req("R-26")
def test_an_enterprise_may_still_choose_to_test(holder: HonestHolder) -> None:
    exempt.spot_check(holder, INSIDE, TIMELY)
    changed = {**exempt.unchanged(holder), "statement": holders.STATEMENTS[Kind.RENEWAL]}
    case = exempt.renewal(holder, **changed)
    assert tracks(case) == {"onsite": "required", "testing": "exempt"}
    review.take_review(
        public_id=case.public_id, no_conflict=True, expected_version=world.version(case),
        actor=world.actor(holder.reviewer, NEXT), at=world.at(NEXT, 10),
    )  # fmt: skip
    world.record(holder, case, "onsite", "passed", NEXT)
    world.record(holder, case, "testing", "failed", NEXT)
    exempt.spot_check(holder, date(2026, 3, 5), NEXT)
    assert tracks(case)["testing"] == "failed"


@pytest.mark.req("R-40", "R-41")
def test_a_report_from_before_the_visit_is_adopted_where_the_switch_is_on(holder: HonestHolder) -> None:
    exempt.switch(holder.national, PilotSwitch.Measure.TEST_BEFORE_VISIT)
    case = exempt.renewal(holder)
    who = world.actor(holder.reviewer, NEXT)
    take(case, who)
    sample = standing.Sample("名单第 12 号", case.filed["sites"][0]["full_address"], "A 型", "封样 0001")
    common = {
        "case_id": case.public_id,
        "document": world.PDF,
        "filename": "报告.pdf",
        "actor": who,
        "at": world.at(NEXT, 10),
    }
    incomplete = standing.Sample("", sample.site_address, sample.model, sample.sample_identity)
    with pytest.raises(standing.WordsMissing) as error:
        standing.record_report(
            **common,
            expected_version=world.version(case),
            sample=incomplete,
            result=exempt.result(holder, INSIDE),
        )
    assert error.value.field == "listing"
    standing.record_report(
        **common, expected_version=world.version(case), sample=sample, result=exempt.result(holder, INSIDE)
    )
    assert (tracks(case)["testing"], fresh(case).status) == ("adopted", Status.DECISION_PENDING)


@pytest.mark.req("R-39", "R-41")
def test_the_test_may_come_first_where_the_province_follows(holder: HonestHolder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    choose = {
        "public_id": case.public_id,
        "actor": world.actor(holder.applicant, NEXT),
        "at": world.at(NEXT, 9),
    }
    version = world.version(case)
    refused(
        "licensing.test_timing_not_offered", timing.choose_before_visit, **choose, expected_version=version
    )
    exempt.switch(holder.national, PilotSwitch.Measure.TEST_BEFORE_VISIT)
    timing.choose_before_visit(**choose, expected_version=version)
    review.take_review(
        public_id=case.public_id, no_conflict=True, expected_version=world.version(case),
        actor=world.actor(holder.reviewer, NEXT), at=world.at(NEXT, 10),
    )  # fmt: skip
    world.record(holder, case, "testing", "passed", NEXT)
    assert tracks(case) == {"onsite": "required", "testing": "passed"}
    refused(
        "licensing.test_timing_chosen",
        timing.choose_before_visit,
        **choose,
        expected_version=world.version(case),
    )


@pytest.mark.req("R-32")
def test_an_item_that_does_not_concern_safety_fails_nothing(holder: HonestHolder) -> None:
    case = exempt.renewal(holder)
    who = world.actor(holder.reviewer, NEXT)
    take(case, who)
    facts = {
        "public_id": case.public_id, "track": "testing", "body": "省质检院", "concluded_on": NEXT,
        "document": world.PDF, "filename": "报告.pdf", "actor": who, "at": world.at(NEXT, 10), "finding": "外观不符",
        "items": [Item("总养分", True, True), Item("外观", False, False)],
    }  # fmt: skip
    version = world.version(case)
    refused(
        "licensing.items_say_otherwise",
        review.record_evidence,
        **facts,
        outcome="failed",
        expected_version=version,
    )
    review.record_evidence(**facts, outcome="passed", expected_version=version)
    row = case.evidence.get(track="testing")
    assert (row.outcome, row.items[1]) == ("passed", {"name": "外观", "safety": False, "passed": False})


def test_who_does_not_supervise_there_records_nothing(holder: HonestHolder) -> None:
    elsewhere = world.official("330000", "supervision")
    facts = {
        "enterprise": holder.enterprise, "result": exempt.result(holder, INSIDE), "level": "county",
        "document": world.PDF, "filename": "抽查.pdf", "at": world.at(NEXT),
    }  # fmt: skip
    for person in (elsewhere, holder.clerk, holder.approver, holder.applicant):
        refused(
            "licensing.not_your_holder", standing.record_spot_check, **facts, actor=world.actor(person, NEXT)
        )
    for above in ("320500", "320000"):
        person = world.official(above, "supervision")
        result = exempt.result(holder, INSIDE, reference=above)
        standing.record_spot_check(**{**facts, "result": result}, actor=world.actor(person, NEXT))


@pytest.mark.req("R-26")
def test_a_county_makes_no_provincial_check_and_overwrites_none(holder: HonestHolder) -> None:
    by_county = {"document": world.PDF, "filename": "抽查.pdf", "actor": world.actor(holder.supervisor, NEXT)}
    facts = {**by_county, "at": world.at(NEXT, 9)}
    for level in ("national", "provincial", "prefecture"):
        new = exempt.result(holder, INSIDE, reference=level)
        refused(
            "licensing.level_above", standing.record_spot_check, **facts, enterprise=holder.enterprise,
            result=new, level=level,
        )  # fmt: skip
    failed = exempt.spot_check(holder, INSIDE, TIMELY, passed=False, final_on=None)
    retest = exempt.result(holder, NEXT, reference="SC-r", reported_on=NEXT, final_on=NEXT)
    refused("licensing.level_above", standing.supersede, **facts, public_id=failed.public_id, result=retest)
    refused(
        "licensing.level_above", standing.make_final, public_id=failed.public_id, final_on=NEXT,
        actor=facts["actor"], at=facts["at"],
    )  # fmt: skip
    StandingEvidence.objects.update(level="county")
    refused("licensing.level_above", standing.supersede, **facts, public_id=failed.public_id, result=retest)
    above = {**facts, "actor": world.actor(holder.above, NEXT)}
    assert standing.supersede(**above, public_id=failed.public_id, result=retest).level == "county"
    national = exempt.result(holder, INSIDE, reference="国抽")
    standing.record_spot_check(**above, enterprise=holder.enterprise, result=national, level="national")


def test_dates_out_of_order_and_a_number_used_twice_are_named(holder: HonestHolder) -> None:
    wrong = {"reported_on": INSIDE - timedelta(days=1), "final_on": None}
    refused("licensing.dates_disordered", exempt.spot_check, holder, INSIDE, NEXT, **wrong)
    refused("licensing.dates_disordered", exempt.spot_check, holder, NEXT, NEXT)
    exempt.spot_check(holder, INSIDE, NEXT)
    refused("licensing.result_there", exempt.spot_check, holder, INSIDE, NEXT)


@pytest.mark.req("R-28")
def test_a_text_that_changed_after_the_signature(
    holder: HonestHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The filed case keeps its letter and the hash verifies; a draft signed before is read and signed again."""
    from dataclasses import replace

    from licensing import commitment
    from licensing.actions import filing
    from licensing.queries.drafts import sections_done

    case = exempt.renewal(holder)
    other = HonestHolder(pilot=False)
    draft = holders.ready(other, Kind.RENEWAL, **exempt.unchanged(other))
    new = replace(commitment.NO_MAJOR_CHANGE, version="2016-01-01/R2", paragraphs=("新文本",))
    monkeypatch.setattr(commitment, "NO_MAJOR_CHANGE", new)
    signed = fresh(case).commitment
    assert signed.text_version == "2015-08-04/R1" and "新文本" not in signed.text
    assert signed.sha256 == commitment.letter_hash(
        version=signed.text_version, text=signed.text, signer=signed.signer, signed_at=signed.signed_at
    )
    assert tracks(case)["onsite"] == "exempt"
    assert sections_done(fresh(draft))["commitment"] is False
    refused(
        "licensing.incomplete", filing.submit, public_id=draft.public_id, draft_version=draft.draft_version,
        actor=world.actor(other.applicant, TIMELY), at=world.at(TIMELY, 12),
    )  # fmt: skip
