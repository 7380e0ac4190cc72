"""Refusals of the interface: stable codes, both languages, the field by pointer, the right status."""

from datetime import timedelta

import pytest
from django.test import Client

from core.accounts.limits import Window
from core.rest import base
from tests.support import world
from tests.support.clients import today
from tests.support.interface import Robot, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def facts(cast: world.Cast, **changes: object) -> dict[str, object]:
    held = cast.enterprise
    return {
        "name": held.name, "uscc": held.uscc, "legal_representative": "周敏", "division": "320583",
        "address": "春晖路 88 号", "contact": "周敏", "phone": "0512-57000000", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"uscc": "91320583MA9D000100"}, "/uscc"),
        ({"name": ""}, "/name"),
        ({"name": "😀公司"}, "/name"),
        ({"division": "999999"}, "/division"),
        ({"division": "3205"}, "/division"),
        ({"phone": "打不通"}, "/phone"),
        ({"address": None}, "/address"),
        ({"fax": "1"}, "/fax"),
    ],
)
def test_bad_input_is_named_by_its_pointer(cast: world.Cast, changes: dict, pointer: str) -> None:
    draft = world.filled_draft(cast)
    robot, address = Robot.of(cast.applicant, cast.enterprise), f"applications/{draft.public_id}/"
    robot.get(address)
    answer = robot.put(f"{address}enterprise/", facts(cast, **changes))
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert pointer in [row["pointer"] for row in answer.json()["errors"]], answer.json()
    assert draft.draft == type(draft).objects.get(pk=draft.pk).draft


def test_faults_in_rows_name_the_row(cast: world.Cast) -> None:
    draft = world.filled_draft(cast)
    robot, address = Robot.of(cast.applicant, cast.enterprise), f"applications/{draft.public_id}/"
    robot.get(address)
    body = {
        "equipment": [{"name": "釜", "model": "A", "quantity": 1}, {"name": "", "model": "B", "quantity": 0}],
        "instruments": [{"name": "秤", "number": "1", "valid_until": str(today() - timedelta(days=1))}],
        "process": "GB", "staff": "2 人",
    }  # fmt: skip
    pointers = {row["pointer"] for row in robot.put(f"{address}conditions/", body).json()["errors"]}
    assert pointers == {"/equipment/1/name", "/equipment/1/quantity"}
    body["equipment"] = body["equipment"][:1]
    pointers = {row["pointer"] for row in robot.put(f"{address}conditions/", body).json()["errors"]}
    assert pointers == {"/instruments/0/valid_until"}


def test_a_file_is_refused_for_its_content_not_its_name(cast: world.Cast) -> None:
    draft = world.filled_draft(cast)
    robot, address = Robot.of(cast.applicant, cast.enterprise), f"applications/{draft.public_id}/"
    robot.get(address)
    answer = robot.put(f"{address}business-licence/", {"file": pdf("营业执照.pdf", b"not a pdf at all")})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
    assert answer.json()["code"].startswith("files.")


def test_the_words_are_in_the_language_asked_for(cast: world.Cast) -> None:
    answers = {
        language: Client().get("/api/v1/me/", headers={"Accept-Language": language}).json()["title"]
        for language in ("zh-CN,zh;q=0.9", "en-GB", "de, en;q=0.5", "de", "")
    }
    assert answers["zh-CN,zh;q=0.9"] == answers["de"] == answers[""]
    assert answers["en-GB"] == answers["de, en;q=0.5"] and answers["en-GB"].isascii()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PATCH", "applications/", "{}", 405, "api.method_not_allowed"),
        ("POST", "applications/", "{", 400, "api.malformed"),
        ("POST", "applications/", "[]", 422, "api.invalid"),
        ("POST", "applications/", '{"id": "x"}', 422, "api.invalid"),
        ("POST", "applications/", '{"category": "spaceships"}', 422, "licensing.unknown_category"),
        ("GET", "applications/00000000-0000-4000-8000-000000000001/", "", 404, "api.not_found"),
    ],
)
def test_each_refusal_has_its_status_and_code(
    cast: world.Cast, method: str, path: str, body: str, status: int, code: str
) -> None:
    robot = Robot.of(cast.applicant, cast.enterprise)
    answer = robot.client.generic(
        method, f"/api/v1/{path}", body, content_type="application/json", headers=robot.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["type"].endswith(f"#{code}") and answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("[" * 100_000 + "]" * 100_000, 400, "api.malformed"),
        ('{"id": "' + "x" * 2_100_000 + '"}', 413, "api.body_too_large"),
        ('{"category": NaN}', 400, "api.malformed"),
        ('{"category": "\\ud800"}', 422, "api.invalid"),
        ('{"category": "a\\u0000b"}', 422, "api.invalid"),
    ],
    ids=["deep", "large", "nan", "surrogate", "nul"],
)
def test_hostile_json_is_refused_and_breaks_nothing(
    cast: world.Cast, body: str, status: int, code: str
) -> None:
    robot = Robot.of(cast.applicant, cast.enterprise)
    answer = robot.client.post(
        "/api/v1/applications/", body, content_type="application/json", headers=robot.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_another_content_type_is_refused(cast: world.Cast) -> None:
    robot = Robot.of(cast.applicant, cast.enterprise)
    answer = robot.client.post(
        "/api/v1/applications/", "a=1", content_type="text/plain", headers=robot.headers
    )
    assert answer.status_code == 415


def test_an_unknown_address_below_the_interface_is_told_to_machines() -> None:
    answer = Client().get("/api/v1/nothing/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (404, "api.not_found")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_tells_nothing_of_its_inside(
    cast: world.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("licensing.api.applications.own_cases", broken)
    robot = Robot.of(cast.applicant, cast.enterprise)
    robot.client.raise_request_exception = False
    answer = robot.get("applications/")
    assert answer.status_code == 500 and answer.json()["code"] == "api.internal"
    assert answer.json()["correlation"] == answer["X-Request-ID"] and "secret" not in answer.content.decode()


def test_a_token_is_slowed_down_and_told_how_long(cast: world.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "CLIENT", Window("api", 3, timedelta(minutes=1)))
    first, second = Robot.of(cast.applicant, cast.enterprise), Robot.of(cast.clerk)
    assert [first.get("me/").status_code for _try in range(4)] == [200, 200, 200, 429]
    refused = first.get("me/")
    assert refused.json()["code"] == "accounts.too_many" and 1 <= int(refused["Retry-After"]) <= 60
    assert second.get("me/").status_code == 200, "one client's haste is not another's"


@pytest.mark.django_db(databases=["default", "public"])
def test_visitors_are_slowed_down_by_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "VISITOR", Window("api_visitor", 2, timedelta(minutes=1)))
    codes = [Client().get("/api/v1/catalog/").status_code for _try in range(3)]
    assert codes == [200, 200, 429]
    assert Client(REMOTE_ADDR="10.9.9.9").get("/api/v1/catalog/").status_code == 200
