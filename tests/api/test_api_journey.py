"""An integrator drives a case from the first draft to the delivered certificate, by the interface alone."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from core.ledger.models import LedgerEntry
from licensing.actions.papers import write_papers
from licensing.models import Application
from tests.support import world
from tests.support.cases import signed, waiting
from tests.support.clients import today
from tests.support.interface import Robot, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def content(cast: world.Cast) -> dict[str, Any]:
    """The sections of an application as another system sends them."""
    held = cast.enterprise
    return {
        "enterprise": {
            "name": held.name, "uscc": held.uscc, "legal_representative": "周敏", "division": "320583",
            "address": "春晖路 88 号", "contact": "周敏", "phone": "0512-57000000",
        },
        "sites": {"rows": [{"division": "320583", "address": "优比路 12 号"}]},
        "conditions": {
            "equipment": [{"name": "混酸反应釜", "model": "FYF-3000", "quantity": 2}],
            "instruments": [
                {"name": "分光光度计", "number": "721G", "valid_until": str(today() + timedelta(days=300))}
            ],
            "process": "GB 20413", "staff": "工艺员 2 人",
        },
    }  # fmt: skip


def fill_in(robot: Robot, cast: world.Cast) -> str:
    """A draft with every section and the signature; returns its address."""
    made = robot.post("applications/", {"category": "fertilizer-phosphate", "units": []}, match="")
    assert made.status_code == 201, made.content
    case = f"applications/{made.json()['id']}/"
    assert made["Location"].endswith(f"/api/v1/{case}")
    for name, data in content(cast).items():
        assert robot.put(f"{case}{name}/", data).status_code == 200
    unit = robot.get("catalog/fertilizer-phosphate/").json()["units"][0]["key"]
    robot.get(case)
    chosen = robot.put(f"{case}product/", {"category": "fertilizer-phosphate", "units": [unit]})
    assert [row["code"] for row in chosen.json()["content"]["product"]["units"]] == [unit]
    assert robot.put(f"{case}business-licence/", {"file": pdf("营业执照.pdf")}).status_code == 200
    letter = robot.client.get(f"/api/v1/{case}commitment/", headers=robot.headers).json()
    assert cast.enterprise.name in letter["text"] and letter["signed"] is False
    done = robot.put(f"{case}commitment/", {"signer": "周敏", "agreed": True})
    assert done.status_code == 200 and all(done.json()["content"]["done"].values()), done.content
    return case


def evidence(passed: bool = True) -> dict[str, Any]:
    return {
        "outcome": "passed" if passed else "failed", "body": "省质检院", "concluded_on": str(today()),
        "finding": "相符", "document": pdf("记录.pdf"),
    }  # fmt: skip


@pytest.mark.django_db(databases=["default", "public"])
def test_the_whole_journey(cast: world.Cast) -> None:
    applicant = Robot.of(cast.applicant, cast.enterprise)
    case = fill_in(applicant, cast)
    filed = applicant.post(f"{case}submit/")
    assert filed.status_code == 200 and filed.json()["status"] == "submitted", filed.content
    application = Application.objects.get(public_id=filed.json()["id"])
    write_papers(public_id=application.public_id, at=application.received_at)

    clerk = Robot.of(cast.clerk)
    assert application.number in [row["number"] for row in clerk.get("work/").json()["results"]]
    assert "accept" in clerk.get(case).json()["acts"]
    assert clerk.post(f"{case}accept/").json()["status"] == "under_review"

    reviewer = Robot.of(cast.reviewer)
    reviewer.get(case)
    assert reviewer.post(f"{case}review/take/", {"no_conflict": True}).status_code == 200
    for track in ("onsite", "testing"):
        sent = evidence() | ({"verifiers": list(world.VERIFIERS)} if track == "onsite" else {})
        assert reviewer.post(f"{case}evidence/{track}/", sent).status_code == 200
    assert reviewer.post(f"{case}review/conclude/").json()["status"] == "decision_pending"

    approver = Robot.of(cast.approver)
    approver.get(case)
    granted = approver.post(
        f"{case}grant/", {"basis": ["L1 第三十八条第一款", "L2 第二十四条"], "no_conflict": True}
    )
    assert granted.status_code == 200, granted.content
    assert granted.json()["licence_number"] and granted.json()["decision"]["basis"][0]["instrument"] == "L1"

    application.refresh_from_db()
    signed(application.licence)
    ready = applicant.get(case).json()
    assert ready["status"] == "certificate_issued" and ready["certificate"].endswith(f"{case}certificate/")
    assert b"".join(applicant.get(f"{case}certificate/").streaming_content) == world.PDF
    applicant.get(case)
    assert applicant.post(f"{case}delivery/").json()["status"] == "delivered"
    acts = LedgerEntry.objects.filter(subject_id=str(application.public_id)).order_by("subject_version")
    assert [row.act.removeprefix("licensing.") for row in acts] == [
        "submit", "accept", "open_review", "take_review", "record_evidence", "record_evidence", "complete_review",
        "forward", "grant", "issue_certificate", "deliver",
    ]  # fmt: skip


def test_a_correction_is_asked_for_and_answered(cast: world.Cast) -> None:
    applicant, clerk = Robot.of(cast.applicant, cast.enterprise), Robot.of(cast.clerk)
    filed = waiting(cast)
    case = f"applications/{filed.public_id}/"
    clerk.get(case)
    asked = clerk.post(f"{case}correction-notice/", {"items": {"enterprise.phone": "号码少一位"}})
    assert asked.status_code == 200 and asked.json()["status"] == "correction_requested", asked.content

    told = applicant.get(case).json()
    assert [item["target"] for item in told["notice"]["items"]] == ["enterprise.phone"]
    facts = {key: told["content"]["enterprise"][key] for key in content(cast)["enterprise"]}
    answer = applicant.put(f"{case}enterprise/", {**facts, "phone": "0512-57001234", "contact": "别人"})
    assert answer.json()["content"]["enterprise"]["phone"] == "0512-57001234"
    assert answer.json()["content"]["enterprise"]["contact"] == facts["contact"], "nobody asked for that"
    refused = applicant.put(f"{case}sites/", {"rows": [{"division": "320583", "address": "别处 1 号"}]})
    assert (refused.status_code, refused.json()["code"]) == (422, "licensing.not_in_notice")
    applicant.put(f"{case}commitment/", {"signer": "周敏", "agreed": True})
    assert applicant.post(f"{case}resubmit/").json()["status"] == "submitted"


def test_a_failed_review_ends_in_a_refusal_with_remedies(cast: world.Cast) -> None:
    pending = world.pending(cast, failed=True)
    approver, case = Robot.of(cast.approver), f"applications/{pending.public_id}/"
    approver.get(case)
    without = approver.post(f"{case}refuse/", {"basis": [], "reasons": "设备不符", "no_conflict": True})
    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/basis")
    done = approver.post(
        f"{case}refuse/", {"basis": ["L1 第三十八条第二款"], "reasons": "设备不符", "no_conflict": True}
    )
    assert done.json()["decision"]["result"] == "refused" and done.json()["decision"]["remedies"]


def test_the_desk_answers_not_required_forwards_and_returns(cast: world.Cast) -> None:
    clerk = Robot.of(cast.clerk)
    first, second = waiting(cast), waiting(cast)
    clerk.get(f"applications/{first.public_id}/")
    told = clerk.post(f"applications/{first.public_id}/not-required/", {"explanation": "不在目录之内"})
    assert told.json()["status"] == "not_required"
    clerk.get(f"applications/{second.public_id}/")
    body = {"ground": "wrong_authority", "right_authority": "330000", "explanation": "住所在浙江"}
    forwarded = clerk.post(f"applications/{second.public_id}/refuse-acceptance/", body)
    assert forwarded.json()["status"] == "not_accepted", forwarded.content

    pending = world.pending(cast)
    approver = Robot.of(cast.approver)
    approver.get(f"applications/{pending.public_id}/")
    back = approver.post(f"applications/{pending.public_id}/return/", {"reasons": "缺第 3 页"})
    assert back.json()["status"] == "under_review"


def test_take_back_discard_and_speak(cast: world.Cast) -> None:
    applicant, clerk = Robot.of(cast.applicant, cast.enterprise), Robot.of(cast.clerk)
    filed = world.submitted(cast)
    case = f"applications/{filed.public_id}/"
    said = {"id": str(uuid.uuid4()), "text": "核查在哪一天？", "wants_reply": True}
    assert applicant.post(f"{case}conversation/", said, match="").status_code == 201
    assert clerk.get(f"{case}conversation/").json()["unread"] == 1
    assert clerk.post(f"{case}conversation/read/", match="").json()["unread"] == 0
    applicant.get(case)
    assert applicant.post(f"{case}retract/").json()["status"] == "retracted"

    draft = world.filled_draft(cast)
    assert applicant.send("DELETE", f"applications/{draft.public_id}/", match="").status_code == 204
    assert applicant.get(f"applications/{draft.public_id}/").status_code == 404


def test_the_days_of_a_case_are_explained(cast: world.Cast) -> None:
    accepted = world.accepted(cast)
    rows = Robot.of(cast.applicant, cast.enterprise).get(f"applications/{accepted.public_id}/days/").json()
    assert rows[0]["counted"] is False and max(row["number"] or 0 for row in rows) == 30
    assert [row["date"] for row in rows if row["is_due"]] == [accepted.due_on.isoformat()]


def test_lists_are_paged_by_position(cast: world.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licensing.queries.worklist.OWN_PAGE", 2)
    for _case in range(3):
        world.filled_draft(cast)
    robot = Robot.of(cast.applicant, cast.enterprise)
    first = robot.get("applications/").json()
    second = robot.get(first["next"].partition("/api/v1/")[2]).json()
    assert len(first["results"]) == 2 and len(second["results"]) == 1 and second["next"] is None
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
