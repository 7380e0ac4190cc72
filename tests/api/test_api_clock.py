"""The clock through the interface: the same acts, the same refusals, and what applicant and official read of it."""

from datetime import timedelta

import pytest

from licensing.models import Application, Extension
from tests.support import world
from tests.support.clients import today
from tests.support.interface import Robot, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def sample() -> dict[str, str]:
    return {
        "ground": "testing", "started_on": str(today()), "expected_until": str(today() + timedelta(days=15)),
        "notice": "样品已送省质检院。",
    }  # fmt: skip


@pytest.mark.req("K5", "K7", "R-47")
def test_a_test_stops_the_clock_and_its_report_lets_it_run(cast: world.Cast) -> None:
    case = world.record(cast, world.taken(cast, day=today()), "onsite", day=today())
    address = f"applications/{case.public_id}/"
    reviewer = Robot.of(cast.reviewer)
    assert "pause" in reviewer.get(address).json()["acts"]
    bare = reviewer.post(f"{address}pauses/", {**sample(), "notice": " "})
    assert bare.status_code == 422 and bare.json()["errors"][0]["pointer"] == "/notice"
    reviewer.get(address)
    stopped = reviewer.post(f"{address}pauses/", sample()).json()
    assert stopped["paused"] and stopped["due_on"] is None and stopped["clock"]["left"] is None
    told = Robot.of(cast.applicant, cast.enterprise).get(address).json()
    assert told["pauses"][0]["notice"] == "样品已送省质检院。" and told["pauses"][0]["ended_on"] is None
    report = {
        "outcome": "passed", "body": "省质检院", "concluded_on": str(today()), "finding": "",
        "document": pdf("报告.pdf"),
    }  # fmt: skip
    asked = reviewer.post(f"{address}evidence/testing/", report)
    assert asked.status_code == 422 and asked.json()["code"] == "licensing.receipt_missing"
    reviewer.get(address)
    done = reviewer.post(
        f"{address}evidence/testing/", {**report, "document": pdf("报告.pdf"), "received_on": str(today())}
    )
    assert done.status_code == 200, done.content
    assert not done.json()["paused"] and done.json()["pauses"][0]["ended_on"] == str(today())


@pytest.mark.req("K26")
def test_a_pause_is_ended_by_its_id_and_once(cast: world.Cast) -> None:
    case = world.record(cast, world.taken(cast, day=today()), "onsite", day=today())
    address = f"applications/{case.public_id}/"
    reviewer = Robot.of(cast.reviewer)
    reviewer.get(address)
    row = reviewer.post(f"{address}pauses/", sample()).json()["pauses"][0]
    end = {"ended_on": str(today()), "because": "barred"}
    assert reviewer.post(f"{address}pauses/{row['id']}/end/", end).status_code == 200
    again = reviewer.post(f"{address}pauses/{row['id']}/end/", end)
    assert again.status_code == 409 and again.json()["code"] == "licensing.not_paused"


@pytest.mark.req("K11")
def test_an_extension_is_proposed_by_one_and_decided_by_the_head(cast: world.Cast) -> None:
    case, head = world.pending(cast, day=today()), world.official("320000", "head")
    address = f"applications/{case.public_id}/"
    approver, applicant = Robot.of(cast.approver), Robot.of(cast.applicant, cast.enterprise)
    approver.get(address)
    assert approver.post(f"{address}extension/", {"days": 11, "reasons": "x"}).status_code == 422
    approver.get(address)
    asked = approver.post(f"{address}extension/", {"days": 5, "reasons": "核实设备来源。"})
    assert asked.json()["extension"]["result"] == ""
    assert applicant.get(address).json()["extension"] is None, "a wish is not told"
    approver.get(address)
    assert approver.post(f"{address}extension/decision/", {"granted": True}).status_code == 403
    robot = Robot.of(head)
    assert "decide_extension" in robot.get(address).json()["acts"]
    before = Application.objects.get(pk=case.pk).due_on
    done = robot.post(f"{address}extension/decision/", {"granted": True})
    assert done.status_code == 200 and Extension.objects.get().result == "granted"
    assert before is not None and done.json()["due_on"] > str(before)
    assert applicant.get(address).json()["extension"]["reasons"] == "核实设备来源。"
