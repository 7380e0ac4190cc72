"""Verdicts in words wherever an outcome is shown, as a forecast before filing (R-23…R-27, R-40; R-4)."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from licensing import exemptions
from licensing.check_words import CHECKS, items_of
from licensing.exemptions import Verdict
from licensing.kinds import RULES, Kind
from licensing.models import Application, Evidence, Outcome, Track
from licensing.queries.guards import guards
from licensing.verdict_words import WORDS, forecast_of, words_of
from tests.support import holders, kind_pages, straight, world
from tests.support.clients import signed_in, upload
from tests.support.holders import TIMELY, Holder
from tests.support.kind_pages import at

pytestmark = pytest.mark.django_db
HAN = re.compile("[一-鿿]")


@pytest.fixture
def on(time_machine: Any) -> Any:
    time_machine.move_to(world.at(TIMELY, 16, 30), tick=False)
    return time_machine


def rule_codes() -> set[str]:
    """Every rule the pure rules can give a verdict by, read from their source."""
    tree = ast.parse(Path(exemptions.__file__).read_text("utf-8"))
    calls = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Verdict"
    ]  # fmt: skip
    return {
        node.args[1].value
        for node in calls
        if len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, str)
    }


@pytest.mark.req("R-4")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_rule_has_words_in_both_languages(language: str) -> None:
    codes = rule_codes()
    assert len(codes) >= 10 and codes <= set(WORDS)
    facts = {
        "questions": "site",
        "units": "过磷酸钙",
        "on": "2026-03-01",
        "least": "A",
        "class": "B",
        "records": "X",
    }
    with override(language):
        for code in codes:
            said = words_of("onsite" if code.startswith("onsite") else "testing", "required", code, facts)
            assert (
                said
                and "%(" not in said
                and (language != "en" or not HAN.search(said.replace("过磷酸钙", "")))
            ), said
        for kind in RULES:
            for track in Track.values:
                assert words_of(track, Outcome.REQUIRED, f"kind_{kind}", {}), (track, kind)


def test_a_rule_nobody_named_is_an_error_and_not_an_empty_line() -> None:
    with pytest.raises(KeyError):
        words_of("onsite", "required", "onsite_of_tomorrow", {})


@pytest.mark.req("R-85")
def test_every_guard_of_a_standing_order_has_words(on: Any) -> None:
    holder = Holder()
    case = straight.accepted(holder)
    checks = guards(case, holder.approver, TIMELY)
    assert {check.code for check in checks} <= set(CHECKS)
    assert all(row["text"] and "onsite_" not in row["note"] for row in items_of(checks))


@pytest.mark.req("R-23")
def test_before_filing_the_holder_reads_what_to_expect_and_why(on: Any) -> None:
    straight.pilot()
    holder = Holder()
    applicant = kind_pages.Applicant(holder)
    draft = holders.ready(holder, Kind.RENEWAL, **straight.unchanged(holder))
    page = applicant.look(at(draft, "check"))
    assert "预计免于实地核查" in page and "试点依据：试点通知 第二条" in page and "四(一)" in page
    assert "需要产品检验" in page and "没有可以代替检验的监督抽查" in page
    straight.spot_check(holder)
    page = applicant.look(at(draft, "check"))
    assert "预计免于产品检验" in page and "SC-2026-001 2026-04-13" in page


@pytest.mark.req("R-23", "R-24")
def test_a_visit_is_told_with_its_reason_after_the_questions(on: Any) -> None:
    holder = Holder()
    applicant = kind_pages.Applicant(holder)
    draft = holders.begun(holder, Kind.RENEWAL)
    answers = {**holders.UNCHANGED, "site": "yes", "detail": "搬了仓库"}
    answer = applicant.send(draft, "statement", **answers)
    told = [str(message) for message in _messages(applicant, answer)]
    assert any(row.startswith("需要实地核查：申请中说明有重大变化：生产场所") for row in told), told
    assert "申请中说明有重大变化" in applicant.look(at(draft, "statement"))
    answer = applicant.send(draft, "statement", **{**holders.UNCHANGED, "detail": ""})
    assert any("没有对这类产品试行" in str(row) for row in _messages(applicant, answer))


def _messages(applicant: kind_pages.Applicant, answer: Any) -> list[Any]:
    return list(applicant.client.get(answer["Location"]).context["messages"])


@pytest.mark.req("R-23", "R-47")
def test_the_case_page_says_it_to_applicant_and_officials(on: Any) -> None:
    straight.pilot()
    holder = Holder()
    case = straight.accepted(holder)
    for person in (holder.applicant, holder.reviewer, holder.approver):
        page = signed_in(person).get(at(case, "case")).content.decode()
        assert "免于实地核查" in page and "生产条件没有重大变化，并有书面承诺" in page, person
        assert "onsite_no_major_change" not in page
    english = signed_in(holder.applicant).get("/en" + at(case, "case")).content.decode()
    assert "Exempt from on-site verification" in english


@pytest.mark.req("R-24")
def test_class_and_conditions_are_named_where_they_are_the_reason() -> None:
    unmet = Verdict("required", "onsite_class_unmet", exemptions.REFORM, {"least": "A", "class": ""})
    differ = Verdict("required", "onsite_conditions_differ", exemptions.CHANGED, {"questions": "equipment"})
    said = forecast_of({Track.ONSITE: unmet, Track.TESTING: Verdict("required", "kind_new", exemptions.TEST)})
    assert "不低于 A，现在是 没有评定" in said[0].why and "没有可以代替检验" in said[1].why
    assert "生产线、关键生产设备" in forecast_of({Track.ONSITE: differ})[0].why


@pytest.mark.req("R-28")
def test_officials_see_the_letter_and_whether_it_is_what_was_signed(on: Any) -> None:
    holder = Holder()
    case = straight.accepted(holder)
    page = signed_in(holder.approver).get(at(case, "case")).content.decode()
    assert "核对无误" in page and case.commitment.sha256 in page
    signed = Application.objects.get(pk=case.pk).commitment
    signed.text += "。"
    signed.save()
    assert "与签署时不一致" in signed_in(holder.approver).get(at(case, "case")).content.decode()
    assert case.commitment.sha256 not in signed_in(holder.applicant).get(at(case, "case")).content.decode()


@pytest.mark.req("R-32")
def test_a_failing_item_without_safety_is_shown_as_information(on: Any) -> None:
    holder = Holder()
    case = straight.accepted(holder)
    kind_pages.press(holder.reviewer, case, "take_review", page="review", no_conflict="on")
    kind_pages.press(
        holder.reviewer, case, "record_evidence", track="onsite", outcome="passed", body="核查组",
        verifiers="钱一\n孙二", concluded_on=str(TIMELY), document=upload(),
    )  # fmt: skip
    rows = {
        "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0", "items-0-name": "总养分", "items-0-safety": "on",
        "items-0-passed": "on", "items-1-name": "包装标识",
    }  # fmt: skip
    sent = {"body": "省质检院", "concluded_on": str(TIMELY), **rows}
    desk = signed_in(holder.reviewer)
    address = at(case, "record_evidence", track="testing")
    version = kind_pages.fresh(case).version
    wrong = desk.post(
        address, {**sent, "version": version, "outcome": "failed", "finding": "标识", "document": upload()}
    )
    assert wrong.status_code == 422 and "只有涉及产品质量安全的项目决定合格与否" in wrong.content.decode()
    more = desk.post(address, {**sent, "version": version, "more": "items"})
    assert (
        more.status_code == 200
        and "items-3-name" in more.content.decode()
        and "总养分" in more.content.decode()
    )
    done = desk.post(address, {**sent, "version": version, "outcome": "passed", "document": upload()})
    assert done.status_code == 302, done.context["form"].errors
    row = Evidence.objects.get(application=case, track="testing")
    assert row.outcome == Outcome.PASSED and row.items[1] == {
        "name": "包装标识",
        "safety": False,
        "passed": False,
    }
    assert "否，仅供参考" in desk.get(at(case, "review")).content.decode()
