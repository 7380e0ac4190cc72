"""In whose hands a review is: assigned by the head, taken over from somebody away, never by two at once."""

import threading
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.ledger.queries import timeline
from core.lifecycle.errors import DomainError
from core.messages.models import Message
from core.messages.render import notice_of
from core.parties.competence import standing_of
from core.parties.models import Authority, Duty, Membership, User
from core.staff.actions.absences import end_absence, record_absence
from core.staff.models import Absence
from licensing.actions import hands, pauses, review
from licensing.actions.act import DutiesNotApart, NoConflictUndeclared, NotInHand, NotYourCase, Stale
from licensing.lifecycle import Status
from licensing.models import Application, PauseGround
from licensing.queries.conversation import answerable, may_write, side_of
from licensing.queries.hands import candidates
from tests.support import world
from tests.support.clients import everything, signed_in, today
from tests.support.notices import hear, kinds_of

pytestmark = pytest.mark.database


@pytest.fixture
def cast(db: None) -> world.Cast:
    return world.Cast()


@pytest.fixture
def head(db: None) -> User:
    return world.official("320000", "head", name="方正")


@pytest.fixture
def colleague(db: None) -> User:
    return world.official("320000", "review", name="孙审查")


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def answerable_cases(person: User) -> list[int]:
    """Open cases whose applicant this person would have to answer."""
    found = Application.objects.filter(answerable(standing_of(person, world.DAY)))
    return list(found.values_list("pk", flat=True))


def give(head: User, case: Application, to: User, **more: Any) -> Application:
    facts: dict[str, Any] = {
        "public_id": case.public_id, "expected_version": world.version(case), "reviewer": to.public_id,
        "reason": "原承办人出差", "actor": world.actor(head), "at": world.at(hour=14),
    } | more  # fmt: skip
    return hands.assign_review(**facts)


def over(person: User, case: Application, **more: Any) -> Application:
    facts: dict[str, Any] = {
        "public_id": case.public_id, "expected_version": world.version(case), "no_conflict": True,
        "actor": world.actor(person, today()), "at": timezone.now(),
    } | more  # fmt: skip
    return hands.take_over(**facts)


def take(person: User, case: Application, **more: Any) -> Application:
    facts: dict[str, Any] = {
        "public_id": case.public_id, "expected_version": world.version(case), "no_conflict": True,
        "actor": world.actor(person), "at": world.at(hour=14),
    } | more  # fmt: skip
    return review.take_review(**facts)


def away(person: User, by: User, days: int = 7) -> Absence:
    admin = world.official("320000", "organisation_admin", name="高管理")
    return record_absence(
        public_id=person.public_id, substitute=by.public_id, away_from=today(),
        back_on=today() + timedelta(days=days), actor=world.actor(admin, today()), at=timezone.now(),
    )  # fmt: skip


def last(case: Application) -> LedgerEntry:
    return LedgerEntry.objects.filter(subject_id=str(case.public_id)).latest("subject_version")


@pytest.mark.req("DOMAIN-3.2")
def test_taking_in_hand_carries_a_statement(cast: world.Cast) -> None:
    case = world.accepted(cast)
    facts: dict[str, Any] = {
        "public_id": case.public_id, "expected_version": case.version, "actor": world.actor(cast.reviewer),
        "at": world.at(hour=13),
    }  # fmt: skip
    with pytest.raises(NoConflictUndeclared) as caught:
        review.take_review(**facts, no_conflict=False)
    assert caught.value.field == "no_conflict" and fresh(case).reviewer is None
    review.take_review(**facts, no_conflict=True)
    assert last(case).internal == {"no_conflict": True} and "no_conflict" not in last(case).public


@pytest.mark.req("R-47")
def test_the_head_gives_an_untaken_case_to_a_reviewer_and_he_is_told(
    cast: world.Cast, head: User, colleague: User
) -> None:
    case = world.accepted(cast)
    done = give(head, case, colleague)
    assert done.reviewer == colleague and done.status == Status.UNDER_REVIEW
    act = last(case)
    assert (act.act, act.organisation) == ("licensing.assign_review", "320000")
    assert act.internal == {"from": None, "to": str(colleague.public_id)}
    assert act.legal_basis[0] == {"instrument": "L2", "article": "第十四条"}
    assert "原承办人出差" not in str(act.public) + str(act.internal)
    hear("licensing.assign_review")
    assert kinds_of(colleague) == ["licensing.desk.assigned"] and kinds_of(cast.reviewer) == []
    outside = timeline("licensing.application", str(case.public_id), personal=False)[0]
    assert outside.personal == {}


def test_the_head_takes_a_case_from_one_and_gives_it_to_another(
    cast: world.Cast, head: User, colleague: User
) -> None:
    case = world.taken(cast)
    world.record(cast, case, "onsite")
    give(head, case, colleague)
    with pytest.raises(NotYourCase):
        world.record(cast, case, "testing")
    assert last(case).internal["from"] == str(cast.reviewer.public_id)
    assert fresh(case).evidence.get(track="onsite").outcome == "passed", "what was recorded stays"
    hear("licensing.assign_review")
    assert kinds_of(cast.reviewer) == ["licensing.desk.passed_on"]
    assert "不用再办" in notice_of(Message.objects.get(recipient=cast.reviewer)).body
    cast.reviewer = colleague
    with pytest.raises(NotInHand):
        world.record(cast, case, "testing")
    take(colleague, case)
    world.record(cast, case, "testing")


@pytest.mark.req("R-47")
def test_who_is_given_a_case_takes_it_with_a_statement_of_his_own(
    cast: world.Cast, head: User, colleague: User
) -> None:
    case = world.taken(cast)
    give(head, case, colleague)
    page = signed_in(colleague).get(reverse("licensing:review", args=[case.public_id]))
    assert page.context["acts"]["take_review"] and "这件申请已交给你" in page.content.decode()
    with pytest.raises(NoConflictUndeclared):
        take(colleague, case, no_conflict=False)
    with pytest.raises(review.ReviewTaken):
        take(colleague, case, actor=world.actor(cast.reviewer))
    assert not page.context["acts"]["review"]
    record = reverse("licensing:record_evidence", args=[case.public_id, "onsite"])
    answer = signed_in(colleague).get(record)
    assert answer["Location"] == reverse("licensing:review", args=[case.public_id]), (
        "no form only to be refused"
    )
    assert side_of(standing_of(colleague, world.DAY), fresh(case)) is None, (
        "nor does he speak for the authority"
    )
    assert may_write(standing_of(cast.clerk, world.DAY), fresh(case)), "whom the applicant reaches meanwhile"
    assert case.pk not in answerable_cases(colleague) and case.pk in answerable_cases(cast.clerk)
    with pytest.raises(NotInHand):
        pauses.pause(
            public_id=case.public_id, expected_version=world.version(case), ground=PauseGround.APPRAISAL,
            started_on=world.DAY, expected_until=world.DAY, notice="送鉴定", actor=world.actor(colleague),
            at=world.at(hour=15),
        )  # fmt: skip
    take(colleague, case)
    assert case.pk in answerable_cases(colleague) and case.pk not in answerable_cases(cast.clerk)
    assert fresh(case).reviewer_stated and last(case).internal == {"no_conflict": True}
    with pytest.raises(review.ReviewTaken):
        take(colleague, case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=case.pk).update(reviewer=None)


def test_an_upgrade_takes_the_statements_that_were_made_over(
    cast: world.Cast, head: User, colleague: User
) -> None:
    """Who took a case has declared; a case that was only given to somebody waits for him."""
    taken, given = world.taken(cast), world.taken(cast)
    give(head, given, colleague)
    Application.objects.update(reviewer_stated=False)
    migration = import_module("licensing.migrations.0016_reviewed_on_a_statement")
    migration.backfill(apps, SimpleNamespace(connection=connection))
    assert fresh(taken).reviewer_stated and not fresh(given).reviewer_stated


def test_only_the_head_of_the_review_authority_assigns(cast: world.Cast, head: User, colleague: User) -> None:
    case = world.accepted(cast)
    for person in (cast.approver, colleague, world.official("330000", "head"), cast.applicant):
        with pytest.raises(NotYourCase):
            give(person, case, colleague)
    assert fresh(case).reviewer is None


@pytest.mark.req("DOMAIN-3.2")
def test_nobody_unfit_gets_a_case(cast: world.Cast, head: User, colleague: User) -> None:
    case = world.accepted(cast)
    Duty.objects.create(
        user=cast.clerk, authority=Authority.objects.get(code="320000"), kind="review", valid_from=world.EPOCH
    )
    Membership.objects.create(
        user=colleague, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH
    )
    for person, why in (
        (cast.clerk, "另一环节"), (colleague, "代表申请企业"), (world.official("330000", "review"), "没有本机关"),
        (cast.approver, "没有本机关"),
    ):  # fmt: skip
        with pytest.raises(hands.ReviewerUnfit, match=why) as caught:
            give(head, case, person)
        assert caught.value.field == "reviewer"
    assert {row.user for row in candidates(case, world.DAY, but=head.pk)} == {cast.reviewer}


def test_what_is_missing_or_makes_no_sense_is_said_at_its_field(
    cast: world.Cast, head: User, colleague: User
) -> None:
    case = world.taken(cast)
    Duty.objects.create(
        user=head, authority=Authority.objects.get(code="320000"), kind="review", valid_from=world.EPOCH
    )
    for error, field, change in (
        (hands.AssignmentReasonMissing, "reason", {"reason": " "}),
        (hands.AssignedAlready, "reviewer", {"to": cast.reviewer}),
        (hands.AssignedToOneself, "reviewer", {"to": head}),
        (hands.ReviewerMissing, "reviewer", {"reviewer": "11111111-1111-4111-8111-111111111111"}),
    ):
        with pytest.raises(error) as caught:
            give(head, case, **{"to": colleague, **change})
        assert caught.value.field == field
    with pytest.raises(DomainError):
        give(head, world.pending(world.Cast()), colleague)


def test_the_page_offers_the_reviewers_with_least_work_first(
    cast: world.Cast, head: User, colleague: User
) -> None:
    world.taken(cast)
    case = world.accepted(cast)
    client, page = signed_in(head), reverse("licensing:assign", args=[case.public_id])
    assert page in client.get(reverse("licensing:case", args=[case.public_id])).content.decode()
    text = client.get(page).content.decode()
    assert text.index("孙审查（在办 0 件）") < text.index("赵审查（在办 1 件）")
    refused = client.post(page, {"version": case.version, "reviewer": colleague.public_id, "reason": ""})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["reason"]
    sent = {"version": case.version, "reviewer": colleague.public_id, "reason": "专业对口"}
    assert client.post(page, sent).status_code == 302
    assert fresh(case).reviewer == colleague
    told = signed_in(colleague).get(reverse("licensing:case", args=[case.public_id])).content.decode()
    assert "指派给孙审查 · 专业对口" in told
    outside = signed_in(cast.applicant).get(reverse("licensing:case", args=[case.public_id])).content.decode()
    assert "指派审查人员" in outside and "孙审查" not in outside and "专业对口" not in outside


def test_without_anybody_to_give_it_to_the_page_says_what_to_do(cast: world.Cast, head: User) -> None:
    case = world.taken(cast)
    text = signed_in(head).get(reverse("licensing:assign", args=[case.public_id])).content.decode()
    assert "请本单位管理员增加审查人员" in text and 'name="reason"' not in text


def test_a_stand_in_takes_the_case_over_and_the_ledger_says_for_whom(
    cast: world.Cast, colleague: User
) -> None:
    case = world.taken(cast, day=today())
    page = reverse("licensing:review", args=[case.public_id])
    client = signed_in(colleague)
    assert client.get(page).status_code == 404, "the case is another's, who is there"
    with pytest.raises(review.ReviewTaken):
        over(colleague, case)
    away(cast.reviewer, colleague)
    assert str(case.public_id) in client.get(reverse("licensing:work")).content.decode()
    text = client.get(page).content.decode()
    assert "代为承办" in text and "登记结果" not in text
    world_as = world.Cast.__new__(world.Cast)
    world_as.reviewer = colleague
    with pytest.raises(NotYourCase):
        world.record(world_as, case, "onsite", day=today())
    take = reverse("licensing:take_over", args=[case.public_id])
    refused = client.post(take, {"version": world.version(case)})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["no_conflict"]
    assert client.get(take).status_code == 302
    assert client.post(take, {"version": world.version(case), "no_conflict": "on"}).status_code == 302
    act = last(case)
    assert act.act == "licensing.take_over" and act.internal == {
        "from": str(cast.reviewer.public_id), "because": "absent", "no_conflict": True,
    }  # fmt: skip
    assert "原承办人赵审查" in client.get(page.replace("review/", "")).content.decode()
    world.record(world_as, case, "onsite", day=today())
    hear("licensing.take_over")
    assert "licensing.desk.taken_over" in kinds_of(cast.reviewer)
    assert "孙审查" in notice_of(Message.objects.filter(recipient=cast.reviewer).latest("id")).body


def test_a_stand_in_from_another_desk_takes_over_too_and_separation_holds(cast: world.Cast) -> None:
    case = world.taken(cast, day=today())
    other = world.official("320000", "supervision", name="代审")
    away(cast.reviewer, other)
    over(other, case)
    assert fresh(case).reviewer == other
    second = world.taken(world.Cast(), day=today())
    Application.objects.filter(pk=second.pk).update(reviewer=cast.reviewer, clerk=other)
    with pytest.raises(DutiesNotApart):
        over(other, second)
    answer = signed_in(other).get(reverse("licensing:case", args=[second.public_id]))
    assert not answer.context["acts"]["take_over"]


def test_once_the_stand_in_is_done_the_case_is_not_stuck_in_his_hands(cast: world.Cast) -> None:
    case = world.taken(cast, day=today())
    other = world.official("320000", "supervision", name="代审")
    absence = away(cast.reviewer, other)
    over(other, case)
    with pytest.raises(review.ReviewTaken):
        over(cast.reviewer, case)
    admin = User.objects.get(name="高管理")
    end_absence(absence_id=absence.public_id, actor=world.actor(admin, today()), at=timezone.now())
    text = signed_in(cast.reviewer).get(reverse("licensing:review", args=[case.public_id])).content.decode()
    assert "代为承办" in text
    over(cast.reviewer, case)
    assert fresh(case).reviewer == cast.reviewer and last(case).internal["because"] == "no_duty"


def test_nothing_to_take_over(cast: world.Cast, colleague: User) -> None:
    untaken, own = world.accepted(cast, day=today()), world.taken(cast, day=today())
    with pytest.raises(hands.NothingToTakeOver):
        over(colleague, untaken)
    with pytest.raises(hands.NothingToTakeOver):
        over(cast.reviewer, own)
    away(cast.reviewer, colleague)
    with pytest.raises(NoConflictUndeclared):
        over(colleague, own, no_conflict=False)
    with pytest.raises(NotYourCase):
        over(world.official("330000", "review"), own)


def test_a_prefecture_s_head_assigns_what_is_reviewed_there(cast: world.Cast) -> None:
    case = world.accepted(cast)
    suzhou = Authority.objects.get(code="320500")
    Application.objects.filter(pk=case.pk).update(review_authority=suzhou)
    local, reviewer = world.official("320500", "head"), world.official("320500", "review", name="苏审查")
    page = reverse("licensing:assign", args=[case.public_id])
    client: Client = signed_in(local)
    assert "苏审查" in client.get(page).content.decode()
    sent = everything(case, reviewer=str(reviewer.public_id), reason="本市企业")
    assert client.post(page, sent).status_code == 302 and fresh(case).reviewer == reviewer
    with pytest.raises(NotYourCase):
        give(world.official("320000", "head"), case, cast.reviewer)


@pytest.mark.req("R-50")
def test_a_case_assigned_and_taken_at_once_has_one_reviewer(fresh_database: str) -> None:
    call_command("create_world", "--simulated", verbosity=0)
    cast, head = world.Cast(), world.official("320000", "head")
    colleague = world.official("320000", "review", name="孙审查")
    case = world.accepted(cast)
    done, refused, barrier = [], [], threading.Barrier(2)

    def race(act: Any) -> None:
        barrier.wait()
        try:
            done.append(act().reviewer_id)
        except DomainError as error:
            refused.append(type(error))
        finally:
            connection.close()

    acts = (
        lambda: give(head, case, colleague, expected_version=case.version),
        lambda: review.take_review(
            public_id=case.public_id, expected_version=case.version, no_conflict=True,
            actor=world.actor(cast.reviewer), at=world.at(hour=14),
        ),
    )  # fmt: skip
    threads = [threading.Thread(target=race, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [Stale] and done == [fresh(case).reviewer_id]
    assert world.version(case) == case.version + 1
