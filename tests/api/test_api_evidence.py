"""Evidence, orders and held decisions through the interface: the acts of the pages, for the same people."""

from datetime import timedelta
from typing import Any

import pytest

from licensing.actions import standing
from licensing.models import HeldDecision, Outcome, PilotSwitch, StandingEvidence, StandingOrder
from tests.support import holders, straight, world
from tests.support.holders import TIMELY, Holder
from tests.support.interface import Robot, pdf
from tests.support.kind_pages import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(time_machine: Any) -> None:
    time_machine.move_to(world.at(TIMELY, 16, 30), tick=False)


def result(holder: Holder, **more: Any) -> dict[str, Any]:
    unit = holder.licence.units.select_related("unit").order_by("id").first()
    assert unit is not None
    return {
        "reference": "SC-9", "unit": unit.unit.key, "body": "省质检院", "sampled_on": str(TIMELY - timedelta(days=60)),
        "reported_on": str(TIMELY - timedelta(days=40)), "passed": "true", "document": pdf(),
        "items[0]name": "总养分", "items[0]safety": "true", "items[0]passed": "true", "items[1]name": "包装标识",
        "items[1]safety": "false", "items[1]passed": "false", **more,
    }  # fmt: skip


@pytest.mark.req("R-26", "R-32")
def test_a_spot_check_by_the_supervisor_alone(time_machine: Any) -> None:
    holder = Holder()
    path = f"holders/{holder.enterprise.uscc}/"
    robot = Robot.of(straight.supervisor("320000"))
    assert [row["uscc"] for row in robot.get("holders/?q=" + holder.enterprise.uscc).json()["results"]]
    sent = result(holder, level="provincial", final_on=str(TIMELY))
    answer = robot.post(path + "spot-checks/", sent, match="")
    assert answer.status_code == 201, answer.content
    row = answer.json()["results"][0]
    assert row["items"][1] == {"name": "包装标识", "safety": False, "passed": False} and row["passed"]
    assert robot.post(path + "spot-checks/", {**sent, "document": pdf()}, match="").status_code == 409
    bare = {key: value for key, value in sent.items() if key != "passed"} | {
        "reference": "SC-8",
        "document": pdf(),
    }
    assert robot.post(path + "spot-checks/", bare, match="").status_code == 422, "nobody has said no"
    abroad = Robot.of(straight.supervisor("320582"))
    assert abroad.get(path).status_code == 404
    assert abroad.post(path + "spot-checks/", result(holder, level="provincial"), match="").status_code == 404
    reader = Robot.of(world.official("320000", "review"))
    assert reader.get(path).json()["matters"] is None
    assert reader.post(path + "class/", {"level": "A", "reasons": "x"}, match="").status_code == 403
    document = reader.client.get(row["document"].split("8000")[-1], headers=reader.headers)
    assert document.status_code == 200 and StandingEvidence.objects.count() == 1


@pytest.mark.req("R-24", "R-85")
def test_final_re_test_class_and_matters(time_machine: Any) -> None:
    holder = Holder()
    row = straight.spot_check(holder, final_on=None)
    robot, path = Robot.of(straight.supervisor("320000")), f"holders/{holder.enterprise.uscc}/"
    county = Robot.of(straight.supervisor())
    refused = county.post(f"results/{row.public_id}/final/", {"final_on": str(TIMELY)}, match="")
    assert (refused.status_code, refused.json()["code"]) == (403, "licensing.level_above")
    final = robot.post(f"results/{row.public_id}/final/", {"final_on": str(TIMELY)}, match="")
    assert final.status_code == 200 and final.json()["results"][0]["final_on"] == str(TIMELY)
    again = robot.post(f"results/{row.public_id}/final/", {"final_on": str(TIMELY)}, match="")
    assert again.status_code == 409 and again.json()["code"] == "licensing.result_final"
    retest = robot.post(f"results/{row.public_id}/retest/", result(holder), match="")
    assert retest.status_code == 201, retest.content
    assert {r["reference"]: bool(r["superseded_by"]) for r in retest.json()["results"]} == {
        "SC-2026-001": True, "SC-9": False,
    }  # fmt: skip
    assert (
        robot.post(path + "class/", {"level": "A", "reasons": "守信"}, match="").json()["classes"][0]["level"]
        == "A"
    )
    opened = robot.post(path + "matters/", {"kind": "lead", "what": "举报"}, match="").json()["matters"][0]
    closed = robot.post(f"matters/{opened['id']}/close/", {"closing": "查无实据"}, match="")
    assert closed.status_code == 200 and closed.json()["matters"][0]["closed_at"]
    own = Robot.of(holder.applicant, holder.enterprise)
    told = own.get("own-results/").json()[0]
    assert told["classes"][0]["level"] == "A" and "matters" not in told and len(told["results"]) == 2
    assert own.get(path).status_code in (403, 404)


@pytest.mark.req("R-23", "R-47", "R-85")
def test_a_decision_of_the_system_and_a_forecast_in_words(time_machine: Any) -> None:
    signer = world.official("320000", "approval", name="李签署")
    holder = Holder()
    own = Robot.of(holder.applicant, holder.enterprise)
    case = straight.straight(holder, signer)
    told = own.get(f"applications/{case.public_id}/").json()
    order = StandingOrder.objects.get()
    made = told["decision"]
    assert made["order"] == order.number and made["rules_version"] == order.rules_version
    assert {row["code"] for row in made["checked"]} >= {
        "visit_exempt",
        "nothing_against_holder",
        "still_stands",
    }
    assert {row["track"]: row["rule"] for row in told["evidence"]}["onsite"] == "onsite_no_major_change"
    assert "李签署" not in own.get(f"applications/{case.public_id}/").content.decode()
    other = Holder()
    draft = holders.ready(other, "renewal", **straight.unchanged(other))
    forecast = (
        Robot.of(other.applicant, other.enterprise).get(f"applications/{draft.public_id}/").json()["forecast"]
    )
    assert [row["title"] for row in forecast] == ["预计免于实地核查", "需要产品检验"]


def test_a_held_decision_is_read_and_recalled_inside_alone(settings: Any) -> None:
    settings.DECISION_HOLD_MINUTES = 10
    holder = Holder()
    case = holders.pending(holder, "renewal")
    path = f"applications/{case.public_id}/"
    own, desk = Robot.of(holder.applicant, holder.enterprise), Robot.of(holder.approver)
    before = own.get(path).json()
    desk.get(path)
    basis = case.rules.basis[0]
    body = {"basis": [f"{basis.instrument} {basis.article}"], "no_conflict": True}
    held = desk.post(path + "grant/", body)
    assert held.status_code == 200, held.content
    told = held.json()
    assert (
        told["held_decision"]["act"] == "grant" and "recall" in told["acts"] and "decide" not in told["acts"]
    )
    assert told["status"] == "decision_pending" and told["decision"] is None
    assert own.get(path).json() == before and b"held_decision_lapsed" not in own.get(path).content
    assert own.post(path + "recall/").status_code == 403 and HeldDecision.objects.exists()
    desk.get(path)
    assert desk.post(path + "grant/", body).json()["code"] == "licensing.held_already"
    back = desk.post(path + "recall/")
    assert (
        back.status_code == 200 and back.json()["held_decision"] is None and not HeldDecision.objects.exists()
    )
    assert own.get(path).json() == before
    assert desk.post(path + "recall/").json()["code"] == "licensing.nothing_held"


@pytest.mark.req("R-39", "R-40", "R-41")
def test_timing_is_chosen_and_a_report_from_before_adopted(time_machine: Any) -> None:
    straight.pilot("test_before_visit")
    holder = Holder()
    case = straight.accepted(holder)
    path = f"applications/{case.public_id}/"
    own, reviewer = Robot.of(holder.applicant, holder.enterprise), Robot.of(holder.reviewer)
    assert "choose_test_timing" in own.get(path).json()["acts"]
    assert own.post(path + "test-timing/").status_code == 200 and fresh(case).test_before_visit
    assert own.post(path + "test-timing/").json()["code"] == "licensing.test_timing_chosen"
    reviewer.get(path)
    reviewer.post(path + "review/take/", {"no_conflict": True})
    sample = {
        "listing": "国家名单第 3 批", "site_address": case.filed["sites"][0]["full_address"], "model": "Ⅰ型",
        "sample_identity": "S-1",
    }  # fmt: skip
    answer = reviewer.post(path + "reports/", {**result(holder), **sample})
    assert answer.status_code == 200, answer.content
    assert case.evidence.get(track="testing").outcome == Outcome.ADOPTED


@pytest.mark.req("R-85")
def test_orders_are_signed_revoked_and_sampled(time_machine: Any) -> None:
    signer = world.official("320000", "approval", name="李签署")
    robot = Robot.of(signer)
    body = {"valid_from": str(TIMELY), "valid_to": str(TIMELY + timedelta(days=100)), "sampling_percent": 100}
    made = robot.post("standing-orders/", body, match="")
    assert made.status_code == 201, made.content
    path = f"standing-orders/{made.json()['id']}/"
    assert made.json()["state"] == "in_force" and made.json()["signed_by"] == "李签署"
    assert robot.post("standing-orders/", body, match="").json()["code"] == "licensing.order_there"
    stranger = Robot.of(world.official("330000", "approval"))
    assert stranger.get(path).status_code == 404
    assert stranger.post(path + "revoke/", {"reasons": "x"}, match="").status_code == 404
    assert robot.post(path + "revoke/", {"reasons": " "}, match="").status_code == 422
    assert robot.post(path + "revoke/", {"reasons": "规则将改"}, match="").json()["state"] == "revoked"
    case = straight.straight(Holder(), signer)
    row = straight.sample_of(case)
    reviewer = Robot.of(world.official("320000", "review"))
    assert [found["id"] for found in reviewer.get("sampling/").json()["results"]] == [str(row.public_id)]
    assert robot.get(f"sampling/{row.public_id}/").status_code == 403
    page = reviewer.get(f"sampling/{row.public_id}/").json()
    assert page["checked"] and page["evidence"][0]["rule"] == "onsite_no_major_change"
    said = {"finding": "upheld", "no_conflict": True}
    assert reviewer.post(f"sampling/{row.public_id}/", said, match="").json()["finding"] == "upheld"
    assert (
        reviewer.post(f"sampling/{row.public_id}/", said, match="").json()["code"] == "licensing.sample_done"
    )


@pytest.mark.req("R-2", "R-24")
def test_pilots_are_the_nations(time_machine: Any) -> None:
    body = {
        "measure": "onsite_exemption", "province": "320000", "least_class": "B", "effective_from": str(TIMELY),
        "basis_instrument": "试点通知", "basis_article": "第二条",
    }  # fmt: skip
    assert Robot.of(world.official("320000", "head")).post("pilots/", body, match="").status_code == 403
    robot = Robot.of(world.official("AQSIQ", "national_admin"))
    made = robot.post("pilots/", body, match="")
    assert made.status_code == 201, made.content
    assert robot.post("pilots/", {**body, "province": "999999"}, match="").status_code == 422
    read = robot.get("pilots/").json()
    assert read[0]["least_class"] == "B" and read[0]["category"] is None
    end, tomorrow = f"pilots/{made.json()['id']}/end/", TIMELY + timedelta(days=1)
    assert robot.post(end, {"valid_to": str(TIMELY)}, match="").status_code == 409
    ended = robot.post(end, {"valid_to": str(tomorrow)}, match="")
    assert ended.status_code == 200 and ended.json()["state"] == "in_force"
    assert PilotSwitch.objects.get().valid_to == tomorrow
    assert robot.post("pilots/999999/end/", {"valid_to": str(TIMELY)}, match="").status_code == 404


def test_an_enterprise_does_not_read_another_s_results(time_machine: Any) -> None:
    holder, other = Holder(), Holder(division="320582")
    row = straight.spot_check(holder)
    standing.open_matter(
        enterprise=holder.enterprise, kind="lead", what="举报", actor=world.actor(straight.supervisor(), TIMELY),
        at=world.at(TIMELY, 9),
    )  # fmt: skip
    stranger = Robot.of(other.applicant, other.enterprise)
    assert stranger.get(f"results/{row.public_id}/document/").status_code == 404
    assert stranger.get("own-results/").json()[0]["results"] == []
    assert (
        Robot.of(holder.applicant, holder.enterprise).get(f"results/{row.public_id}/document/").status_code
        == 200
    )
