"""Leaving: one act for duties, open cases, account and sessions."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.ledger.models import LedgerEntry
from core.messages.models import Message
from core.outbox.actions import deliver_due
from core.outbox.models import Event
from core.parties.competence import standing_of
from core.parties.models import Duty, User
from core.staff import errors
from core.staff.actions.departures import carry_out_due, leave
from core.staff.actions.handovers import hand_over
from core.staff.actions.people import reinstate
from core.staff.models import Departure, HandOver
from licensing.actions.handover import hand_over_cases, reassign_returned
from licensing.lifecycle import Status
from licensing.models import Application
from tests.support import world
from tests.support.clients import signed_in
from tests.support.offices import Jiangsu, acting, day, now

pytestmark = pytest.mark.django_db


class Bench(world.Cast):
    """A case of this office: its clerk, the reviewer who leaves, its approver."""

    def __init__(self, office: Jiangsu, clerk: User | None = None) -> None:
        self.enterprise = world.enterprise()
        self.applicant = world.member(self.enterprise)
        self.clerk, self.reviewer, self.approver = clerk or office.clerk, office.reviewer, office.approver


def go(office: Jiangsu, person: User, on: int = 0, by: User | None = None, **successors: User) -> Departure:
    return leave(
        public_id=person.public_id, leaves_on=day(on), actor=acting(by or office.admin), at=now(),
        successors={kind: colleague.public_id for kind, colleague in successors.items()},
    )  # fmt: skip


def deliver() -> None:
    deliver_due(queue="default", at=now() + timedelta(minutes=1))


def test_a_leaver_with_open_cases_hands_them_to_his_colleague(office: Jiangsu) -> None:
    mine = [world.taken(Bench(office), day=day(-3)) for _ in range(2)]
    browser = signed_in(office.reviewer)
    go(office, office.reviewer, review=office.colleague)
    deliver()
    for case in mine:
        case.refresh_from_db()
        assert case.reviewer == office.colleague
        entry = LedgerEntry.objects.get(act="licensing.hand_over", subject_id=str(case.public_id))
        assert entry.subject_version == case.version
        assert entry.internal["to"] == str(office.colleague.public_id)
        assert office.colleague.name not in str(entry.internal) + str(entry.public)
    office.reviewer.refresh_from_db()
    assert not office.reviewer.is_active
    assert standing_of(office.reviewer, day()).duties == ()
    assert browser.get("/work/").status_code == 302, "signed out at once"
    row = HandOver.objects.get(from_user=office.reviewer)
    assert (row.moved, row.left) == (2, [])


def test_separation_of_duties_holds_for_the_successor(office: Jiangsu) -> None:
    """He accepted one of the cases himself: that one goes back to the desk and is listed."""
    Duty.objects.create(
        user=office.colleague, authority=office.authority, kind="acceptance", valid_from=world.EPOCH
    )
    accepted_by_him = world.taken(Bench(office, clerk=office.colleague), day=day(-3))
    other = world.taken(Bench(office), day=day(-3))
    go(office, office.reviewer, review=office.colleague)
    deliver()
    accepted_by_him.refresh_from_db()
    other.refresh_from_db()
    assert (accepted_by_him.reviewer, other.reviewer) == (None, office.colleague)
    row = HandOver.objects.get(from_user=office.reviewer)
    assert (row.moved, row.left) == (1, [{"number": accepted_by_him.number, "reason": "duties_apart"}])
    page = signed_in(office.admin).get(f"/office/people/{office.reviewer.public_id}/").content.decode()
    assert accepted_by_him.number in page and "另一环节" in page
    told = Message.objects.filter(kind="staff.hand_over_done").values_list("recipient__name", flat=True)
    assert {"高管理", "林管理"} <= set(told)


def test_without_a_colleague_the_cases_go_back_to_the_desk(office: Jiangsu) -> None:
    case = world.taken(Bench(office), day=day(-3))
    go(office, office.reviewer)
    deliver()
    case.refresh_from_db()
    assert (case.reviewer, case.status) == (None, Status.UNDER_REVIEW)
    assert HandOver.objects.get(from_user=office.reviewer).left[0]["reason"] == "no_successor"


def test_heard_again_nothing_more_happens(office: Jiangsu) -> None:
    case = world.taken(Bench(office), day=day(-3))
    go(office, office.reviewer, review=office.colleague)
    row = HandOver.objects.get(from_user=office.reviewer)
    for _ in range(3):
        hand_over_cases(public_id=row.public_id, at=now())
    case.refresh_from_db()
    assert LedgerEntry.objects.filter(act="licensing.hand_over").count() == 1
    assert case.version == LedgerEntry.objects.filter(subject_id=str(case.public_id)).count()
    row.refresh_from_db()
    assert row.moved == 1


def test_the_same_act_twice_is_one_act(office: Jiangsu) -> None:
    first = go(office, office.reviewer, 10, review=office.colleague)
    entries = LedgerEntry.objects.count()
    assert go(office, office.reviewer, 10, review=office.colleague) == first
    assert (LedgerEntry.objects.count(), Departure.objects.count()) == (entries, 1)


def test_until_the_day_he_works_and_on_the_day_he_is_out(office: Jiangsu) -> None:
    case = world.taken(Bench(office), day=day(-3))
    go(office, office.reviewer, 3, review=office.colleague)
    assert standing_of(office.reviewer, day(2)).is_official
    assert not standing_of(office.reviewer, day(3)).is_official
    assert carry_out_due(at=now()) == 0
    case.refresh_from_db()
    assert case.reviewer == office.reviewer
    assert not Event.objects.filter(type="staff.handed_over").exists()
    later = now() + timedelta(days=3)
    assert [carry_out_due(at=later), carry_out_due(at=later)] == [1, 0]
    office.reviewer.refresh_from_db()
    assert not office.reviewer.is_active
    assert Event.objects.filter(type="staff.handed_over").count() == 1


def test_the_day_may_change_before_it_comes(office: Jiangsu) -> None:
    go(office, office.reviewer, 3, review=office.colleague)
    go(office, office.reviewer, 9)
    assert Duty.objects.get(user=office.reviewer).valid_to == day(9)
    go(office, office.reviewer, 5, review=office.colleague)
    assert Duty.objects.get(user=office.reviewer).valid_to == day(5)
    assert HandOver.objects.get(from_user=office.reviewer).to_user == office.colleague
    assert Departure.objects.get().leaves_on == day(5)


@pytest.mark.parametrize("who", ["clerk", "reviewer", "zhejiang"])
def test_the_successor_holds_the_same_duty(office: Jiangsu, who: str) -> None:
    with pytest.raises(errors.SuccessorLacksDuty):
        go(office, office.reviewer, review=getattr(office, who))


def test_a_successor_who_leaves_before_is_none(office: Jiangsu) -> None:
    go(office, office.colleague, 2)
    with pytest.raises(errors.SuccessorLacksDuty):
        go(office, office.reviewer, 5, review=office.colleague)


def test_nobody_lets_himself_leave_and_nobody_else_s_people(office: Jiangsu) -> None:
    with pytest.raises(errors.NotOneself):
        go(office, office.admin)
    for stranger in (office.zhejiang, office.nation, office.clerk):
        with pytest.raises(errors.NotTheirAdministrator):
            go(office, office.reviewer, by=stranger)


def test_the_last_administrator_of_the_nation_stays(office: Jiangsu) -> None:
    second = world.official("AQSIQ", "organisation_admin")
    with pytest.raises(errors.LastAdministrator):
        Duty.objects.filter(user=second).update(valid_to=day(5))
        go(office, office.nation, 6, by=second)


def test_an_account_that_serves_elsewhere_stays_open(office: Jiangsu) -> None:
    nation = world.Authority.objects.get(code="AQSIQ")
    Duty.objects.create(user=office.reviewer, authority=nation, kind="audit", valid_from=world.EPOCH)
    LedgerEntry.objects.all()
    go(office, office.reviewer)
    office.reviewer.refresh_from_db()
    assert office.reviewer.is_active
    assert {d.kind for d in standing_of(office.reviewer, day()).duties} == {"audit"}


def test_a_case_that_comes_back_to_review_finds_the_successor(office: Jiangsu) -> None:
    case = world.pending(Bench(office), day=day(-3))
    go(office, office.reviewer, review=office.colleague)
    deliver()
    case.refresh_from_db()
    assert case.reviewer == office.reviewer, "who reviewed it stays on record"
    Application.objects.filter(pk=case.pk).update(status=Status.UNDER_REVIEW)
    reassign_returned(public_id=case.public_id, at=now())
    case.refresh_from_db()
    assert case.reviewer == office.colleague


def test_work_is_handed_over_without_leaving(office: Jiangsu) -> None:
    case = world.taken(Bench(office), day=day(-3))
    hand_over(
        public_id=office.reviewer.public_id, kind="review", successor=office.colleague.public_id,
        actor=acting(office.admin), at=now(),
    )  # fmt: skip
    deliver()
    case.refresh_from_db()
    assert case.reviewer == office.colleague
    assert standing_of(office.reviewer, day()).is_official


def test_whoever_comes_back_starts_anew(office: Jiangsu, client: Client) -> None:
    go(office, office.clerk)
    with pytest.raises(errors.AccountOpen):
        reinstate(public_id=office.reviewer.public_id, actor=acting(office.admin), at=now())
    reinstate(public_id=office.clerk.public_id, actor=acting(office.admin), at=now())
    office.clerk.refresh_from_db()
    assert office.clerk.is_active and not office.clerk.has_usable_password()
    assert not office.clerk.authenticator_set.exists()
    assert standing_of(office.clerk, day()).duties == ()


def test_nothing_personal_stands_open_in_the_ledger(office: Jiangsu) -> None:
    go(office, office.reviewer, review=office.colleague)
    text = "".join(str(row) for row in LedgerEntry.objects.values_list("public", "internal", "personal"))
    for person in (office.reviewer, office.colleague, office.admin):
        assert person.name not in text and person.username not in text


def test_a_user_without_office_is_nobody_s(office: Jiangsu, django_user_model: Any) -> None:
    from core.staff.actions.common import NotAnOfficial

    with pytest.raises(NotAnOfficial):
        go(office, world.user())
