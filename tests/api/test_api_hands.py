"""The hands of a review through the interface: the same acts, the same refusals, names for officials alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.parties.models import User
from core.staff.actions.absences import record_absence
from licensing.models import Application, Recusal
from tests.support import world
from tests.support.clients import today
from tests.support.interface import Robot, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def colleague() -> User:
    return world.official("320000", "review", name="孙审查")


def address(case: Application) -> str:
    return f"applications/{case.public_id}/"


@pytest.mark.req("DOMAIN-3.2")
def test_a_case_is_taken_with_a_statement(cast: world.Cast) -> None:
    case, robot = world.accepted(cast, day=today()), Robot.of(cast.reviewer)
    robot.get(address(case))
    for body, code in (({}, "api.required"), ({"no_conflict": False}, "licensing.no_conflict_undeclared")):
        refused = robot.post(f"{address(case)}review/take/", body)
        assert refused.status_code == 422, refused.content
        assert [(row["pointer"], row["code"]) for row in refused.json()["errors"]] == [("/no_conflict", code)]
        robot.get(address(case))
    taken = robot.post(f"{address(case)}review/take/", {"no_conflict": True})
    assert taken.status_code == 200 and "review" in taken.json()["acts"]


def test_the_head_sees_who_could_have_it_and_gives_it(cast: world.Cast, colleague: User) -> None:
    case, head = world.taken(cast, day=today()), Robot.of(world.official("320000", "head"))
    assert "assign" in head.get(address(case)).json()["acts"]
    assert Robot.of(cast.reviewer).get(f"{address(case)}review/assign/").status_code == 404
    rows = head.get(f"{address(case)}review/assign/").json()
    assert rows == [{"id": str(colleague.public_id), "name": "孙审查", "in_hand": 0, "away": False}]
    head.get(address(case))
    body = {"reviewer": rows[0]["id"], "reason": "专业对口"}
    assert head.post(f"{address(case)}review/assign/", body | {"reason": ""}).status_code == 422
    head.get(address(case))
    assert head.post(f"{address(case)}review/assign/", body).status_code == 200
    assert Application.objects.get(pk=case.pk).reviewer == colleague


def test_a_stand_in_takes_over(cast: world.Cast, colleague: User) -> None:
    case, robot = world.taken(cast, day=today()), Robot.of(colleague)
    assert robot.get(address(case)).status_code == 404
    admin = world.official("320000", "organisation_admin")
    record_absence(
        public_id=cast.reviewer.public_id, substitute=colleague.public_id, away_from=today(),
        back_on=today() + timedelta(days=3), actor=world.actor(admin, today()), at=timezone.now(),
    )  # fmt: skip
    assert "take_over" in robot.get(address(case)).json()["acts"]
    done = robot.post(f"{address(case)}review/take-over/", {"no_conflict": True})
    assert done.status_code == 200 and "review" in done.json()["acts"], done.content


@pytest.mark.req("DOMAIN-3.2")
def test_a_conflict_is_declared_once_and_shuts_every_act(cast: world.Cast) -> None:
    case, robot = world.pending(cast, day=today()), Robot.of(cast.approver)
    assert {"decide", "recuse"} <= set(robot.get(address(case)).json()["acts"])
    body = {"reason": "employed", "explanation": "三年前受雇于该企业"}
    assert robot.post(f"{address(case)}recusal/", body | {"reason": "tired"}).status_code == 422
    robot.get(address(case))
    done = robot.post(f"{address(case)}recusal/", body)
    assert done.status_code == 200 and done.json()["acts"] == [], done.content
    assert Recusal.objects.get().user == cast.approver
    refused = robot.post(f"{address(case)}grant/", {"basis": ["L1 第三十八条第一款"], "no_conflict": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "licensing.recused")


@pytest.mark.req("R-47")
def test_verifiers_are_asked_for_and_named_to_officials_alone(cast: world.Cast) -> None:
    case, robot = world.taken(cast, day=today()), Robot.of(cast.reviewer)
    robot.get(address(case))

    def sent(*names: str) -> dict[str, object]:
        return {
            "outcome": "passed", "body": "省中心", "concluded_on": str(today()), "finding": "",
            "document": pdf("记录.pdf"), **({"verifiers": list(names)} if names else {}),
        }  # fmt: skip

    for names in ((), ("钱核查",), ("钱核查", "钱核查")):
        refused = robot.post(f"{address(case)}evidence/onsite/", sent(*names))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/verifiers")
        robot.get(address(case))
    done = robot.post(f"{address(case)}evidence/onsite/", sent("钱核查", "孙核查")).json()
    assert done["evidence"][0]["verifiers"] == ["钱核查", "孙核查"]
    told = Robot.of(cast.applicant, cast.enterprise).get(address(case))
    assert told.json()["evidence"][0]["verifiers"] == [] and "钱核查" not in told.content.decode()
