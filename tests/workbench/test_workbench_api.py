"""The workbench through the interface: notes of officials, and the lists with every filter."""

import uuid

import pytest

from licensing.models import Application
from licensing.workbench.models import CaseNote
from tests.support import world
from tests.support.interface import Robot
from tests.support.workbench import copies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def address(case: Application) -> str:
    return f"applications/{case.public_id}/notes/"


def test_an_official_s_system_writes_reads_pins_and_takes_back(cast: world.Cast) -> None:
    case, robot = world.taken(cast), Robot.of(cast.reviewer)
    body = {"id": str(uuid.uuid4()), "text": "设备清单不同"}
    made = robot.post(address(case), body)
    assert made.status_code == 201 and made.json()["notes"][0]["text"] == "设备清单不同"
    assert robot.post(address(case), body).status_code == 201 and CaseNote.objects.count() == 1
    assert robot.post(address(case), body | {"text": "别的"}).status_code == 409
    pinned = Robot.of(cast.clerk).post(f"notes/{body['id']}/pin/", {"pinned": True})
    assert pinned.status_code == 200 and pinned.json()["notes"][0]["pinned"] is True
    assert not pinned.json()["notes"][0]["mine"]
    assert (
        Robot.of(cast.clerk).post(f"notes/{body['id']}/withdraw/").json()["code"] == "workbench.not_your_note"
    )
    taken = robot.post(f"notes/{body['id']}/withdraw/").json()["notes"][0]
    assert taken["withdrawn_at"] and taken["text"] == "设备清单不同"
    assert robot.post(f"notes/{body['id']}/withdraw/").status_code == 409


@pytest.mark.parametrize("body, code", [({}, "api.required"), ({"text": " "}, "api.required")])
def test_a_note_without_words_is_refused_at_its_field(
    cast: world.Cast, body: dict[str, str], code: str
) -> None:
    case, robot = world.taken(cast), Robot.of(cast.reviewer)
    refused = robot.post(address(case), {"id": str(uuid.uuid4()), **body})
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/text"
    assert CaseNote.objects.count() == 0


def test_to_everybody_else_there_are_no_notes(cast: world.Cast) -> None:
    case = world.taken(cast)
    body = {"id": str(uuid.uuid4()), "text": "一条"}
    Robot.of(cast.reviewer).post(address(case), body)
    enterprise = Robot.of(cast.applicant, cast.enterprise)
    assert (
        enterprise.get(address(case)).status_code == enterprise.post(address(case), body).status_code == 403
    )
    for person in (world.official("330000", "head"), world.official("320000", "review", name="同事")):
        stranger = Robot.of(person)
        assert stranger.get(address(case)).status_code == 404
        assert stranger.post(f"notes/{body['id']}/pin/", {"pinned": True}).status_code == 404
        assert stranger.post(f"notes/{body['id']}/withdraw/").status_code == 404
    auditor = Robot.of(world.official("320000", "audit"))
    assert auditor.get(address(case)).json()["may_write"] is False
    assert auditor.post(address(case), {"id": str(uuid.uuid4()), "text": "x"}).status_code in (403, 404)
    assert CaseNote.objects.count() == 1


def test_the_lists_take_every_filter(cast: world.Cast) -> None:
    case = world.accepted(cast)
    copies(case, 29)
    robot = Robot.of(world.official("320000", "head"))
    first = robot.get("work/?scope=unassigned&sort=-number&kind=new&due=5&status=under_review").json()
    assert first["results"] == [] and first["next"] is None, "due later"
    first = robot.get("work/?scope=unassigned&sort=-number&kind=new").json()
    second = robot.get(first["next"].partition("/api/v1/")[2]).json()
    numbers = [row["number"] for row in first["results"] + second["results"]]
    assert len(numbers) == 30 and numbers == sorted(numbers, reverse=True)
    assert robot.get("work/?scope=delegated").json()["results"] == []
    assert Robot.of(world.official("330000", "head")).get("work/?scope=desk").json()["results"] == []
