"""Imports through the interface: upload, follow, read, decide, withdraw; the same refusals as the pages (R-90)."""

import uuid
from typing import Any

import pytest

from core.rest.scopes import Scope
from licensing.imports.models import Batch
from licensing.models import ProductionLicence
from tests.support import imports, world
from tests.support.clients import upload
from tests.support.imports import Office, as_csv, as_json, row
from tests.support.interface import Robot

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-90")]


@pytest.fixture
def office() -> Office:
    return Office()


def sent(robot: Robot, content: bytes, name: str = "台账.csv", **more: Any) -> Any:
    facts = {"source": imports.SOURCE, "file": upload(content, name, "text/csv")}
    return robot.post("imports/", facts, match="", **more)


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def test_the_whole_way(office: Office) -> None:
    clerk, approver = Robot.of(office.clerk), Robot.of(office.approver)
    made = sent(clerk, as_csv(row(1), row(2, status="?"), row(3, valid_from="")))
    assert made.status_code == 201, made.content
    address = f"imports/{made.json()['id']}/"
    assert made["Location"].endswith(address) and made.json()["status"] == "checking"
    batch = imports.check(Batch.objects.get(), world.at())
    read = approver.get(address).json()
    assert (read["status"], read["rows_ready"], read["rows_wrong"]) == ("checked", 2, 1)
    assert [kind["code"] for kind in read["findings"]] == [
        "imports.status_unknown",
        "imports.valid_from_taken",
    ]
    page = approver.get(address + "findings/?severity=error").json()
    assert page["next"] is None and page["results"] == [
        {"line": 3, "column": "状态", "code": "imports.status_unknown", "severity": "error",
         "title": "状态不认识", "value": "?", "words": "可填：有效、过期、注销、撤回、撤销、吊销"}
    ]  # fmt: skip
    approver.get(address)
    assert problem(approver.post(address + "load/", {}), 422)["code"] == "imports.rows_wrong"
    done = approver.post(address + "load/", {"clean_only": True})
    assert (
        done.status_code == 200 and done.json()["status"] == "loading" and done.json()["clean_only"] is True
    )
    assert imports.finish(batch, world.at()).rows_loaded == 2
    assert ProductionLicence.objects.count() == 2


def test_findings_are_paged(office: Office) -> None:
    batch = office.checked(as_csv(*(row(serial, status="?") for serial in range(1, 56))))
    robot = Robot.of(office.clerk)
    first = robot.get(f"imports/{batch.public_id}/findings/").json()
    second = robot.get(first["next"].split("/api/v1/")[1]).json()
    assert [found["line"] for found in first["results"] + second["results"]] == list(range(2, 57))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04" + b"x" * 60, "imports.file_is_workbook"),
        (as_json("no object"), "imports.json_shape"),
        (as_csv(row(1, name="a\x00b")), "imports.file_has_nul"),
    ],
)
def test_a_wrong_file_is_a_problem_at_its_field(office: Office, content: bytes, code: str) -> None:
    said = problem(sent(Robot.of(office.clerk), content), 422)
    assert said["code"] == code
    assert [fault["pointer"] for fault in said["errors"]] == ["/file"]


def test_a_key_sent_twice_uploads_once(office: Office) -> None:
    robot, key = Robot.of(office.clerk), {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (sent(robot, as_csv(row(1)), **key) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"] and Batch.objects.count() == 1


def test_the_uploader_is_refused_and_told(office: Office) -> None:
    both = world.official("320000", "acceptance", "approval", name="沈兼职")
    batch = imports.check(office.uploaded(as_csv(row(1)), by=both), world.at())
    robot = Robot.of(both)
    robot.get(f"imports/{batch.public_id}/")
    said = problem(robot.post(f"imports/{batch.public_id}/load/", {}), 403)
    assert said["code"] == "imports.same_person"


@pytest.mark.parametrize(("authority", "duty"), [("330000", "approval"), ("330000", "acceptance")])
def test_another_authority_finds_nothing(office: Office, authority: str, duty: str) -> None:
    batch = office.checked(as_csv(row(1)))
    robot, address = Robot.of(world.official(authority, duty)), f"imports/{batch.public_id}/"
    assert robot.get(address).status_code == 404
    assert robot.get(address + "findings/").status_code == 404
    assert robot.post(address + "load/", {}, match='"2-1"').status_code == 404
    assert robot.post(address + "withdraw/", match='"2-1"').status_code == 404
    assert robot.get("imports/").json()["results"] == []


def test_auditor_and_national_administrator_read_and_do_nothing(office: Office) -> None:
    batch = office.checked(as_csv(row(1)))
    for duty in ("audit", "national_admin"):
        robot = Robot.of(world.official("AQSIQ", duty))
        assert robot.get("imports/").json()["results"][0]["source"] == imports.SOURCE
        assert robot.get(f"imports/{batch.public_id}/").status_code == 200
        assert problem(robot.post(f"imports/{batch.public_id}/load/", {}), 403)["code"] == "imports.not_yours"
        assert problem(sent(robot, as_csv(row(2))), 403)["code"] == "imports.not_issuing"


def test_a_reviewer_has_no_business_here(office: Office) -> None:
    assert Robot.of(world.official("320000", "review")).get("imports/").status_code == 403


def test_reading_is_not_acting(office: Office) -> None:
    robot = Robot.of(office.clerk, None, Scope.WORK_READ)
    assert problem(sent(robot, as_csv(row(1))), 403)["code"] == "api.scope_missing"


def test_an_act_needs_what_was_read(office: Office) -> None:
    batch = office.checked(as_csv(row(1)))
    robot, address = Robot.of(office.approver), f"imports/{batch.public_id}/load/"
    assert robot.post(address, {}, match="").status_code == 428
    assert robot.post(address, {}, match='"9-1"').status_code == 412


def test_a_clerk_withdraws_and_uploads_anew(office: Office) -> None:
    robot = Robot.of(office.clerk)
    address = f"imports/{sent(robot, as_csv(row(1))).json()['id']}/"
    assert problem(sent(robot, as_csv(row(1))), 409)["code"] == "imports.same_file_open"
    robot.get(address)
    assert robot.post(address + "withdraw/").json()["status"] == "withdrawn"
    assert sent(robot, as_csv(row(1))).status_code == 201
