"""The record of a holder: by whoever supervises there, read as DOMAIN §8 says, never what is open against oneself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core.parties.competence import standing_of
from core.parties.models import User
from licensing.actions import standing
from licensing.lifecycle import Status
from licensing.models import Application, HolderClass, OpenMatter, Outcome, StandingEvidence
from licensing.queries.holders import find_result
from tests.support import straight, world
from tests.support.clients import signed_in, upload
from tests.support.holders import TIMELY, Holder
from tests.support.kind_pages import at, fresh

pytestmark = pytest.mark.django_db
LIST = reverse("licensing:holders")


@pytest.fixture
def holder(time_machine: Any) -> Holder:
    time_machine.move_to(world.at(TIMELY, 16, 30), tick=False)
    return Holder()


def page_of(holder: Holder, name: str = "holder") -> str:
    return reverse(f"licensing:{name}", args=[holder.enterprise.uscc])


def matter(holder: Holder, what: str = "有人举报掺假") -> OpenMatter:
    return standing.open_matter(
        enterprise=holder.enterprise, kind="lead", what=what, actor=world.actor(straight.supervisor(), TIMELY),
        at=world.at(TIMELY, 9),
    )  # fmt: skip


def sent(holder: Holder, **more: Any) -> dict[str, Any]:
    unit = holder.licence.units.order_by("id").first()
    assert unit is not None
    return {
        "reference": "SC-9", "level": "provincial", "unit": str(unit.unit_id), "body": "省质检院",
        "sampled_on": str(TIMELY - timedelta(days=60)), "reported_on": str(TIMELY - timedelta(days=40)),
        "final_on": "", "passed": "yes", "document": upload(), "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0",
        "items-0-name": "总养分", "items-0-safety": "on", "items-0-passed": "on", **more,
    }  # fmt: skip


@pytest.mark.req("R-26")
def test_a_spot_check_is_recorded_made_final_and_carries_the_test(holder: Holder) -> None:
    straight.pilot()
    case = straight.accepted(holder)
    desk = signed_in(straight.supervisor("320000"))
    assert holder.enterprise.name in desk.get(LIST, {"q": holder.enterprise.name}).content.decode()
    assert desk.get(page_of(holder, "spot_check_new")).status_code == 200
    answer = desk.post(page_of(holder, "spot_check_new"), sent(holder))
    assert answer.status_code == 302, answer.context["form"].errors
    row = StandingEvidence.objects.get(reference="SC-9")
    assert row.items == [{"name": "总养分", "safety": True, "passed": True}] and row.final_on is None
    assert case.evidence.get(track="testing").outcome == Outcome.REQUIRED, "one may still object"
    final = reverse("licensing:spot_check_final", args=[row.public_id])
    assert "还在异议期" in desk.get(page_of(holder)).content.decode() and desk.get(final).status_code == 200
    assert desk.post(final, {"final_on": str(TIMELY)}).status_code == 302
    assert case.evidence.get(track="testing").outcome == Outcome.EXEMPT
    assert fresh(case).status == Status.DECISION_PENDING
    page = signed_in(holder.approver).get(page_of(holder)).content.decode()
    assert at(case, "case") in page and "总养分" in page, "what it carries, to who may see the case"
    assert at(case, "case") not in desk.get(page_of(holder)).content.decode()


@pytest.mark.req("R-26")
def test_a_re_test_takes_its_place_and_leaves_it_readable(holder: Holder) -> None:
    row = straight.spot_check(holder)
    desk = signed_in(straight.supervisor("320000"))
    address = reverse("licensing:spot_check_retest", args=[row.public_id])
    assert row.reference in desk.get(address).content.decode()
    answer = desk.post(address, sent(holder, reference="SC-10", passed="no", **{"items-0-passed": ""}))
    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    assert row.superseded_by is not None and row.superseded_by.reference == "SC-10"
    page = desk.get(page_of(holder)).content.decode()
    assert "已被取代" in page and row.reference in page and address not in page
    assert desk.post(address, sent(holder, reference="SC-11")).status_code == 422


@pytest.mark.req("R-26")
def test_a_county_is_offered_its_own_level_and_leaves_the_province_s_alone(holder: Holder) -> None:
    row = straight.spot_check(holder, final_on=None)
    desk, address = signed_in(straight.supervisor()), page_of(holder, "spot_check_new")
    assert [value for value, _label in desk.get(address).context["form"].fields["level"].choices] == [
        "county"
    ]
    answer = desk.post(address, sent(holder))
    assert answer.status_code == 422 and "level" in answer.context["form"].errors
    assert desk.post(address, sent(holder, level="county")).status_code == 302
    acts = {
        name: reverse(f"licensing:spot_check_{name}", args=[row.public_id]) for name in ("final", "retest")
    }
    page = desk.get(page_of(holder)).content.decode()
    assert not [address for address in acts.values() if address in page]
    assert desk.post(acts["final"], {"final_on": str(TIMELY)}).status_code == 422
    assert desk.post(acts["retest"], sent(holder, reference="SC-10")).status_code == 422
    row.refresh_from_db()
    assert (row.final_on, row.superseded_by) == (None, None)
    above = signed_in(straight.supervisor("320000")).get(page_of(holder)).content.decode()
    assert all(address in above for address in acts.values())


@pytest.mark.req("R-32")
def test_wrong_input_stays_at_its_field_and_typed_rows_stay(holder: Holder) -> None:
    desk, address = signed_in(straight.supervisor("320000")), page_of(holder, "spot_check_new")
    answer = desk.post(address, sent(holder, passed="no"))
    assert answer.status_code == 422 and "passed" in answer.context["form"].errors
    assert "总养分" in answer.content.decode()
    more = desk.post(address, sent(holder, more="items"))
    assert more.status_code == 200 and "items-3-name" in more.content.decode()
    answer = desk.post(address, sent(holder, sampled_on=str(TIMELY)))
    assert "reported_on" in answer.context["form"].errors and not StandingEvidence.objects.exists()


@pytest.mark.req("R-24")
def test_the_class_is_given_with_reasons_and_its_history_stays(holder: Holder) -> None:
    desk = signed_in(straight.supervisor())
    assert desk.post(page_of(holder, "classify"), {"level": "B", "reasons": ""}).status_code == 422
    for level in ("B", "A"):
        assert (
            desk.post(page_of(holder, "classify"), {"level": level, "reasons": f"评为 {level}"}).status_code
            == 302
        )
    assert list(HolderClass.objects.order_by("version").values_list("level", flat=True)) == ["B", "A"]
    page = desk.get(page_of(holder)).content.decode()
    assert "类别 A" in page and "评为 B" in page


@pytest.mark.req("R-85")
def test_a_lead_is_opened_and_closed_with_words(holder: Holder) -> None:
    desk = signed_in(straight.supervisor())
    answer = desk.post(page_of(holder, "matter_new"), {"kind": "measure", "what": "责令整改"})
    assert answer.status_code == 302
    row = OpenMatter.objects.get()
    address = reverse("licensing:matter_close", args=[row.public_id])
    assert address in desk.get(page_of(holder)).content.decode()
    assert desk.post(address, {"closing": " "}).status_code == 422
    assert desk.post(address, {"closing": "已整改"}).status_code == 302
    row.refresh_from_db()
    assert row.closed_at is not None and "已整改" in desk.get(page_of(holder)).content.decode()
    assert desk.post(address, {"closing": "再次"}).status_code == 422


def test_supervision_ends_at_the_border(holder: Holder) -> None:
    row, lead = straight.spot_check(holder), matter(holder)
    addresses = [
        page_of(holder), page_of(holder, "spot_check_new"), page_of(holder, "classify"), page_of(holder, "matter_new"),
        reverse("licensing:spot_check_final", args=[row.public_id]),
        reverse("licensing:spot_check_retest", args=[row.public_id]),
        reverse("licensing:matter_close", args=[lead.public_id]),
        reverse("licensing:result_document", args=[row.public_id]),
    ]  # fmt: skip
    for code in ("320582", "330000", "320400"):
        stranger = signed_in(straight.supervisor(code))
        assert holder.enterprise.name not in stranger.get(LIST).content.decode()
        for address in addresses:
            assert stranger.get(address).status_code == 404, (code, address)
            assert stranger.post(address, sent(holder)).status_code == 404, (code, address)
    for code in ("320583", "320500", "320000"):
        assert signed_in(straight.supervisor(code)).get(page_of(holder)).status_code == 200, code


def test_a_report_is_open_to_the_reviewer_of_the_case_that_rests_on_it(
    holder: Holder, django_assert_max_num_queries: Any
) -> None:
    """His authority watches nothing of the enterprise; the case he has in hand rests on the report all the same."""
    row, case = straight.spot_check(holder), straight.accepted(holder)
    person = world.official("320100", "review")
    address, record = reverse("licensing:result_document", args=[row.public_id]), page_of(holder)
    assert signed_in(person).get(address).status_code == 404
    authority = person.duties.get().authority
    Application.objects.filter(pk=case.pk).update(review_authority=authority, reviewer=person)
    case.evidence.get(track="testing").rests_on.set([row])
    assert signed_in(person).get(address).status_code == 200
    assert signed_in(person).get(record).status_code == 404, "the rest of the record stays closed"
    colleague = world.official("320100", "review", name="别人")
    assert signed_in(colleague).get(address).status_code == 404, "the case is not in his hands"
    assert signed_in(holder.clerk).get(address).status_code == 404, "papers of the review are not the clerk's"
    own = replace(standing_of(person, TIMELY), interests=frozenset({holder.enterprise.pk}))
    assert find_result(own, row.public_id) is None, "not about an enterprise of his own"
    standing_now = standing_of(holder.reviewer, TIMELY)
    with django_assert_max_num_queries(3):
        assert find_result(standing_now, row.public_id) is not None


READS = [
    ("320000", "review", True, False), ("320000", "approval", True, True), ("320000", "audit", True, True),
    ("AQSIQ", "national_admin", True, True), ("AQSIQ", "audit", True, True), ("330000", "approval", False, False),
    ("330000", "review", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("code", "duty", "reads", "matters"), READS)
def test_others_read_and_do_nothing(holder: Holder, code: str, duty: str, reads: bool, matters: bool) -> None:
    straight.spot_check(holder)
    lead = matter(holder)
    person = signed_in(world.official(code, duty))
    answer = person.get(page_of(holder))
    assert answer.status_code == (200 if reads else 404)
    if reads:
        page = answer.content.decode()
        assert "SC-2026-001" in page and (lead.what in page) is matters
        assert page_of(holder, "classify") not in page and "登记结果生效" not in page
    for name in ("spot_check_new", "classify", "matter_new"):
        assert person.post(page_of(holder, name), sent(holder)).status_code in (403, 404)
    assert StandingEvidence.objects.count() == 1 and OpenMatter.objects.count() == 1


@pytest.mark.parametrize("duty", ["acceptance", "head"])
def test_other_desks_do_not_read_it(holder: Holder, duty: str) -> None:
    person = signed_in(world.official("320000", duty))
    assert person.get(page_of(holder)).status_code == 403 and person.get(LIST).status_code == 403


def test_the_enterprise_reads_its_own_results_and_class_and_no_leads(holder: Holder) -> None:
    row, lead = straight.spot_check(holder), matter(holder)
    standing.classify(
        enterprise=holder.enterprise, level="B", reasons="一般", actor=world.actor(straight.supervisor(), TIMELY),
        at=world.at(TIMELY, 9),
    )  # fmt: skip
    own = signed_in(holder.applicant)
    address = reverse("licensing:own_results")
    assert address in own.get(reverse("licensing:own_licences")).content.decode()
    page = own.get(address).content.decode()
    assert row.reference in page and "<b>B</b>" in page and lead.what not in page and "线索" not in page
    document = reverse("licensing:result_document", args=[row.public_id])
    assert own.get(document).status_code == 200
    assert own.get(page_of(holder)).status_code == 403
    other: User = Holder(division="320582").applicant
    assert row.reference not in signed_in(other).get(address).content.decode()
    assert signed_in(other).get(document).status_code == 404


@pytest.mark.req("R-40")
def test_a_reviewer_records_a_report_from_before_the_visit(holder: Holder) -> None:
    straight.pilot("test_before_visit")
    case = straight.accepted(holder)
    person = signed_in(holder.reviewer)
    assert person.get(at(case, "report_new"))["Location"] == at(case, "case")
    person.post(at(case, "take_review"), {"version": case.version, "no_conflict": "on"})
    page = person.get(at(case, "review")).content.decode()
    assert at(case, "report_new") in page
    rest = {
        "listing": "国家名单第 3 批", "site_address": case.filed["sites"][0]["full_address"], "model": "Ⅰ型",
        "sample_identity": "2026-04-13 王五封样 S-1", "version": fresh(case).version,
    }  # fmt: skip
    short = person.post(at(case, "report_new"), {**sent(holder), **rest, "model": ""})
    assert short.status_code == 422 and "model" in short.context["form"].errors
    answer = person.post(at(case, "report_new"), {**sent(holder), **rest})
    assert answer.status_code == 302, answer.context["form"].errors
    assert case.evidence.get(track="testing").outcome == Outcome.ADOPTED
    told = person.get(at(case, "case")).content.decode()
    assert "采信已有的检验报告" in told and "SC-9 2026-05-03" in told


def test_fifty_results_cost_no_more_than_one(holder: Holder, django_assert_max_num_queries: Any) -> None:
    straight.spot_check(holder)
    desk = signed_in(straight.supervisor())
    with django_assert_max_num_queries(30) as one:
        desk.get(page_of(holder))
    for number in range(10):
        straight.spot_check(holder, reference=f"SC-{number}")
    with django_assert_max_num_queries(len(one.captured_queries)):
        desk.get(page_of(holder))
    assert Application.objects.count() == 1
