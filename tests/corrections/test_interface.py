"""Corrections through the interface, for officials and holders (R-89)."""

from datetime import timedelta
from typing import Any

import pytest

from core.workdays.rules import add_months
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from tests.support import world
from tests.support.clients import today
from tests.support.corrections import REASON, RIGHT, Desk
from tests.support.interface import Robot, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-89")]


@pytest.fixture
def desk() -> Desk:
    return Desk(granted_on=add_months(today(), -14))


def body(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {
        "number": desk.licence.number, "words": {"registered_address": RIGHT}, "since": "decided",
        "source": {"case": str(desk.paper.case), "paper": "business_licence"}, "reason": REASON, **changes,
    }  # fmt: skip


def test_proposed_read_and_approved(desk: Desk) -> None:
    clerk, approver = Robot.of(desk.clerk), Robot.of(desk.approver)
    made = clerk.post("corrections/", body(desk))
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["status"], told["stale"], told["changes"][0]["after"]) == ("proposed", False, RIGHT)
    path = f"corrections/{told['id']}/"
    assert [row["id"] for row in approver.get("corrections/").json()["results"]] == [told["id"]]
    approver.get(path)
    done = approver.post(f"{path}approve/").json()
    assert (done["status"], done["certificate_version"]) == ("approved", 2)
    assert desk.fresh().registered_address == RIGHT
    assert approver.get("corrections/?state=closed").json()["results"][0]["id"] == told["id"]


def test_the_same_person_is_refused_with_a_code(desk: Desk) -> None:
    robot = Robot.of(world.official("320000", "acceptance", "approval"))
    path = f"corrections/{robot.post('corrections/', body(desk)).json()['id']}/"
    robot.get(path)
    answer = robot.post(f"{path}approve/")
    assert (answer.status_code, answer.json()["code"]) == (403, "corrections.proposer_decides")


def test_a_wrong_word_is_named_by_its_place(desk: Desk) -> None:
    words = {"uscc": "91320102MA1X5C7D2I"}
    answer = Robot.of(desk.clerk).post("corrections/", body(desk, words=words))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/words/uscc"
    odd = Robot.of(desk.clerk).post("corrections/", body(desk, words={"price": "1"}))
    assert odd.status_code == 422 and odd.json()["code"] == "corrections.unknown_word"
    assert Robot.of(desk.clerk).post("corrections/", body(desk, fee=1)).status_code == 422


def test_a_paper_of_a_case_one_may_not_open_is_no_source(desk: Desk) -> None:
    robot = Robot.of(world.official("320000", "review"))
    answer = robot.post("corrections/", body(desk))
    assert (answer.status_code, answer.json()["code"]) == (422, "corrections.source_missing")
    answer = Robot.of(desk.clerk).post(
        "corrections/", body(desk, source={"case": str(desk.case.public_id), "paper": "testing"})
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "corrections.source_missing")


def test_others_find_nothing(desk: Desk) -> None:
    row = desk.propose(day=today())
    stranger = Robot.of(world.official("330000", "acceptance", "approval"))
    assert stranger.get(f"corrections/{row.public_id}/").status_code == 404
    assert stranger.post(f"corrections/{row.public_id}/approve/", match='"1.x"').status_code == 404
    assert stranger.post("corrections/", body(desk)).status_code == 404
    assert stranger.get("corrections/").json()["results"] == []
    reader = Robot.of(desk.approver, None, "work:read")
    reader.get(f"corrections/{row.public_id}/")
    assert reader.post(f"corrections/{row.public_id}/approve/").status_code == 403


def test_declined_withdrawn_and_moved(desk: Desk) -> None:
    row = desk.propose(day=today())
    path = f"corrections/{row.public_id}/"
    approver, clerk = Robot.of(desk.approver), Robot.of(desk.clerk)
    clerk.get(path)
    assert clerk.post(f"{path}confirm/").json()["code"] == "corrections.nothing_moved"
    assert clerk.post(f"{path}withdraw/").json()["status"] == "withdrawn"
    row = desk.propose(day=today(), by=desk.reviewer)
    path = f"corrections/{row.public_id}/"
    approver.get(path)
    assert approver.post(f"{path}decline/", {"reasons": "没有印错"}, match='"7.x"').status_code == 412
    assert approver.post(f"{path}decline/", {"reasons": "没有印错"}).json()["reasons"] == "没有印错"


def test_a_holder_asks_and_is_answered(desk: Desk) -> None:
    holder = Robot.of(desk.applicant, desk.enterprise)
    sent = {
        "number": desk.licence.number, "wrong": "registered_address", "explanation": "应为 188 号",
        "attachment": pdf(),
    }  # fmt: skip
    made = holder.post("correction-requests/", sent)
    assert made.status_code == 201, made.content
    row = CorrectionRequest.objects.get()
    assert row.attachment is not None and made.json()["wrong"] == ["registered_address"]
    path = f"correction-requests/{row.public_id}/"
    clerk = Robot.of(desk.clerk)
    assert [found["id"] for found in clerk.get("correction-requests/").json()["results"]] == [
        str(row.public_id)
    ]
    clerk.get(path)
    assert clerk.post(f"{path}answer/", {"text": "与营业执照一致"}).json()["status"] == "answered"
    assert holder.get(path).json()["answer"] == "与营业执照一致"
    assert holder.post(f"{path}take-back/").status_code == 409
    neighbour = world.enterprise()
    other = Robot.of(world.member(neighbour), neighbour)
    assert other.get(path).status_code == 404
    assert other.post("correction-requests/", sent | {"attachment": pdf()}).status_code == 422
    desk.ask(day=today() - timedelta(days=1))
    row = CorrectionRequest.objects.get(status="open")
    holder.get(f"correction-requests/{row.public_id}/")
    assert holder.post(f"correction-requests/{row.public_id}/take-back/").json()["status"] == "withdrawn"
    assert not CertificateCorrection.objects.exists()
