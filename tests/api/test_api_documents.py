"""Official documents through the interface: listed, fetched, and told to have been opened, by the addressee alone."""

import pytest

from certificates.models import DocumentReceipt, OfficialDocument
from licensing.models import Application
from tests.support import documents as docs
from tests.support import world
from tests.support.interface import Robot

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def case(cast: world.Cast) -> Application:
    case = docs.on_desk(cast)
    docs.placed(docs.last_of(case))
    return docs.move("accept", case, cast.clerk)


def listed(case: Application) -> str:
    return f"applications/{case.public_id}/official/"


def test_listed_with_what_is_signed_and_what_is_not(cast: world.Cast, case: Application) -> None:
    receipt, acceptance = Robot.of(cast.applicant, cast.enterprise).get(listed(case)).json()
    assert (receipt["kind"], acceptance["kind"]) == ("receipt", "acceptance")
    row = OfficialDocument.objects.get(public_id=receipt["code"])
    assert receipt["number"] == row.number and receipt["sha256"] == row.pdf_sha256
    assert receipt["url"].endswith(f"{listed(case)}{row.public_id}/") and receipt["opened_at"] is None
    assert (acceptance["number"], acceptance["url"]) == ("", None)


def test_reading_is_no_receipt_and_telling_is_one_once(cast: world.Cast, case: Application) -> None:
    robot = Robot.of(cast.applicant, cast.enterprise)
    file = f"{listed(case)}{robot.get(listed(case)).json()[0]['code']}/"
    assert b"".join(robot.get(file)) == world.PDF
    assert not DocumentReceipt.objects.exists()
    first = robot.post(f"{file}receipt/", {})
    assert first.status_code == 200, first.content
    again = robot.post(f"{file}receipt/", {})
    assert again.json()["opened_at"] == first.json()["opened_at"] is not None
    assert DocumentReceipt.objects.count() == 1


def test_officials_read_and_tell_nothing(cast: world.Cast, case: Application) -> None:
    robot = Robot.of(cast.clerk)
    file = f"{listed(case)}{robot.get(listed(case)).json()[0]['code']}/"
    assert robot.get(file).status_code == 200
    assert robot.post(f"{file}receipt/", {}).status_code == 404
    assert not DocumentReceipt.objects.exists()


def test_strangers_find_nothing(cast: world.Cast, case: Application) -> None:
    code = docs.last_of(case).public_id
    held = world.Cast()
    for robot in (
        Robot.of(held.applicant, held.enterprise),
        Robot.of(world.official("330000", "acceptance")),
    ):
        assert robot.get(listed(case)).status_code == 404
        assert robot.get(f"{listed(case)}{code}/").status_code == 404
        assert robot.post(f"{listed(case)}{code}/receipt/", {}).status_code == 404
