"""The same request twice is one act; what moved on is not overwritten; what did not change is not sent again."""

import uuid

import pytest

from core.ledger.models import LedgerEntry
from core.rest import actions
from core.rest.models import KeptAnswer
from licensing.models import Application, CaseMessage
from tests.support import world
from tests.support.interface import Robot

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def key() -> str:
    return str(uuid.uuid4())


class TestIdempotencyKey:
    def test_the_answer_comes_again_and_the_act_does_not(self, cast: world.Cast) -> None:
        draft, robot, once = world.signed_draft(cast), Robot.of(cast.applicant, cast.enterprise), key()
        robot.get(f"applications/{draft.public_id}/")
        seen = robot.etag
        first = robot.post(f"applications/{draft.public_id}/submit/", match=seen, **{"Idempotency-Key": once})
        again = robot.post(f"applications/{draft.public_id}/submit/", match=seen, **{"Idempotency-Key": once})
        assert first.status_code == again.status_code == 200 and first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true" and again["ETag"] == first["ETag"]
        assert LedgerEntry.objects.filter(act="licensing.submit").count() == 1

    def test_a_draft_is_begun_once(self, cast: world.Cast) -> None:
        robot, once = Robot.of(cast.applicant, cast.enterprise), key()
        made = [robot.post("applications/", {}, match="", **{"Idempotency-Key": once}) for _try in range(3)]
        assert {row.json()["id"] for row in made} == {str(Application.objects.get().public_id)}
        assert {row.status_code for row in made} == {201}

    def test_without_a_key_each_is_its_own(self, cast: world.Cast) -> None:
        robot = Robot.of(cast.applicant, cast.enterprise)
        assert robot.post("applications/", {}, match="").json()["id"] != robot.post(
            "applications/", {}, match=""
        ).json()["id"]  # fmt: skip

    def test_the_key_of_another_request_is_refused(self, cast: world.Cast) -> None:
        robot, once = Robot.of(cast.applicant, cast.enterprise), key()
        robot.post("applications/", {}, match="", **{"Idempotency-Key": once})
        other = robot.post("applications/", {"id": key()}, match="", **{"Idempotency-Key": once})
        assert (other.status_code, other.json()["code"]) == (422, "api.idempotency_key_reused")

    def test_keys_of_two_tokens_do_not_meet(self, cast: world.Cast) -> None:
        once, other = key(), world.Cast()
        first = Robot.of(cast.applicant, cast.enterprise).post(
            "applications/", {}, match="", **{"Idempotency-Key": once}
        )
        second = Robot.of(other.applicant, other.enterprise).post(
            "applications/", {}, match="", **{"Idempotency-Key": once}
        )
        assert first.json()["enterprise"] != second.json()["enterprise"]

    def test_a_refusal_is_not_kept(self, cast: world.Cast) -> None:
        draft, robot, once = world.filled_draft(cast), Robot.of(cast.applicant, cast.enterprise), key()
        robot.get(f"applications/{draft.public_id}/")
        refused = robot.post(f"applications/{draft.public_id}/submit/", **{"Idempotency-Key": once})
        assert (refused.status_code, refused.json()["code"]) == (422, "licensing.incomplete")
        assert not KeptAnswer.objects.exists()

    @pytest.mark.parametrize("bad", ["short", "has space in it", "x" * 65, "八个字的钥匙在此"])
    def test_an_odd_key_is_refused(self, cast: world.Cast, bad: str) -> None:
        robot = Robot.of(cast.applicant, cast.enterprise)
        answer = robot.post("applications/", {}, match="", **{"Idempotency-Key": bad})
        assert (answer.status_code, answer.json()["code"]) == (400, "api.idempotency_key_malformed")

    def test_kept_answers_are_forgotten_after_a_day(self, cast: world.Cast) -> None:
        robot = Robot.of(cast.applicant, cast.enterprise)
        robot.post("applications/", {}, match="", **{"Idempotency-Key": key()})
        kept = KeptAnswer.objects.get()
        assert actions.sweep(at=kept.created_at + actions.KEEP / 2) == 0
        assert actions.sweep(at=kept.created_at + actions.KEEP) == 1

    def test_a_message_sent_twice_is_one(self, cast: world.Cast) -> None:
        case = f"applications/{world.submitted(cast).public_id}/"
        robot, said = (
            Robot.of(cast.applicant, cast.enterprise),
            {"id": key(), "text": "你好", "wants_reply": False},
        )
        for _try in range(2):
            assert robot.post(f"{case}conversation/", said, match="").status_code == 201
        assert CaseMessage.objects.count() == 1


class TestTags:
    def test_an_act_without_what_was_seen_is_refused(self, cast: world.Cast) -> None:
        filed = world.submitted(cast)
        answer = Robot.of(cast.clerk).post(f"applications/{filed.public_id}/accept/", match="")
        assert (answer.status_code, answer.json()["code"]) == (428, "api.if_match_missing")

    @pytest.mark.parametrize("tag", ['"9-9.20260101.zh"', '"1"', "*", 'W/"1-0"', "nonsense"])
    def test_an_act_on_what_moved_on_is_refused(self, cast: world.Cast, tag: str) -> None:
        filed = world.submitted(cast)
        answer = Robot.of(cast.clerk).post(f"applications/{filed.public_id}/accept/", match=tag)
        assert answer.status_code == 412
        assert Application.objects.get(pk=filed.pk).status == "submitted"

    def test_two_systems_saving_at_once_do_not_overwrite_each_other(self, cast: world.Cast) -> None:
        draft = world.filled_draft(cast)
        robot, address = Robot.of(cast.applicant, cast.enterprise), f"applications/{draft.public_id}/"
        robot.get(address)
        seen = robot.etag
        rows = [{"division": "320583", "address": f"园区 {n} 号"} for n in (1, 2)]
        assert robot.put(f"{address}sites/", {"rows": rows[:1]}, match=seen).status_code == 200
        late = robot.put(f"{address}sites/", {"rows": rows[1:]}, match=seen)
        assert (late.status_code, late.json()["code"]) == (412, "licensing.draft_moved")

    def test_unchanged_content_is_not_sent_again(self, cast: world.Cast) -> None:
        filed = world.submitted(cast)
        robot, address = Robot.of(cast.applicant, cast.enterprise), f"applications/{filed.public_id}/"
        first = robot.get(address)
        assert robot.get(address, **{"If-None-Match": first["ETag"]}).status_code == 304
        world.actor(cast.applicant)
        robot.post(f"{address}retract/", match=first["ETag"])
        assert robot.get(address, **{"If-None-Match": first["ETag"]}).status_code == 200

    def test_another_language_is_another_copy(self, cast: world.Cast) -> None:
        filed = world.submitted(cast)
        robot, address = Robot.of(cast.applicant, cast.enterprise), f"applications/{filed.public_id}/"
        tag = robot.get(address)["ETag"]
        assert robot.get(address, **{"If-None-Match": tag, "Accept-Language": "en"}).status_code == 200
