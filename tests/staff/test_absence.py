"""Absence: a colleague stands in, for these days, and it is said."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.parties.competence import standing_of
from core.parties.models import Duty, User
from core.staff import errors
from core.staff.actions.absences import end_absence, record_absence
from core.staff.actions.duties import end_duty
from core.staff.models import Absence
from core.staff.rules import Span, without
from tests.support import world
from tests.support.clients import signed_in
from tests.support.offices import Jiangsu, acting, day, now

pytestmark = pytest.mark.django_db


def away(
    office: Jiangsu, person: User, by: User, start: int = 0, back: int = 7, admin: User | None = None
) -> Absence:
    return record_absence(
        public_id=person.public_id, substitute=by.public_id, away_from=day(start), back_on=day(back),
        actor=acting(admin or office.admin), at=now(),
    )  # fmt: skip


def kinds(person: User, on: Any) -> set[str]:
    return {duty.kind for duty in standing_of(person, on).duties}


def test_the_substitute_holds_the_duty_for_these_days_and_sees_it(office: Jiangsu) -> None:
    away(office, office.clerk, office.approver, 0, 7)
    assert kinds(office.approver, day()) == {"approval", "acceptance"}
    assert kinds(office.approver, day(6)) == {"approval", "acceptance"}
    assert kinds(office.approver, day(7)) == {"approval"}
    client = signed_in(office.approver)
    assert "代 王晓岚" in client.get("/accounts/").content.decode()
    assert "代 王晓岚 受理" in client.get("/work/").content.decode()
    assert "代 王晓岚" in signed_in(office.admin).get("/office/").content.decode()


def test_a_duty_the_substitute_has_anyway_is_not_doubled(office: Jiangsu) -> None:
    double = world.official("320000", "acceptance", name="第二受理")
    with pytest.raises(errors.NothingToStandInFor):
        away(office, office.clerk, double)


def test_a_fellow_reviewer_stands_in_for_what_is_in_hand_without_a_new_duty(office: Jiangsu) -> None:
    absence = away(office, office.reviewer, office.colleague)
    assert absence.substitute == office.colleague
    assert not Duty.objects.filter(substitute_for=office.reviewer).exists()


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 10)]), ([(0, 10)], []), ([(3, 5)], [(0, 3), (5, 10)]), ([(0, 4)], [(4, 10)]), ([(6, None)], [(0, 6)]),
        ([(2, 2)], [(0, 10)]), ([(1, 2), (8, 12)], [(0, 1), (2, 8)]),
    ],
)  # fmt: skip
def test_days_already_held_are_left_out(taken: list[Any], left: list[Any]) -> None:
    def span(pair: Any) -> Span:
        return Span(day(pair[0]), None if pair[1] is None else day(pair[1]))

    assert without(span((0, 10)), [span(pair) for pair in taken]) == [span(pair) for pair in left]


def test_back_early_ends_it_at_once(office: Jiangsu) -> None:
    absence = away(office, office.clerk, office.approver, 0, 30)
    end_absence(absence_id=absence.public_id, actor=acting(office.admin), at=now())
    assert kinds(office.approver, day()) == {"approval"}
    with pytest.raises(errors.AlreadyEnded):
        end_absence(absence_id=absence.public_id, actor=acting(office.admin), at=now())


def test_no_substitute_without_competence_of_his_own(office: Jiangsu) -> None:
    stranger = world.official("330000", "acceptance")
    with pytest.raises(errors.SubstituteNotHere):
        away(office, office.clerk, stranger)
    with pytest.raises(errors.SubstituteIsAbsent):
        away(office, office.clerk, office.clerk)


def test_competence_must_cover_the_whole_absence(office: Jiangsu) -> None:
    end_duty(
        duty_id=Duty.objects.get(user=office.approver).pk, on=day(5), actor=acting(office.admin), at=now()
    )
    with pytest.raises(errors.SubstituteNotThroughout):
        away(office, office.clerk, office.approver, 0, 7)
    assert away(office, office.clerk, office.approver, 0, 5)


def test_there_is_no_chain(office: Jiangsu) -> None:
    away(office, office.clerk, office.approver, 0, 7)
    with pytest.raises(errors.NoChain):
        away(office, office.approver, office.reviewer, 3, 5)
    with pytest.raises(errors.NoChain):
        away(office, office.reviewer, office.clerk, 3, 5)
    assert away(office, office.approver, office.reviewer, 7, 9)
    standing_in = Duty.objects.filter(substitute_for=office.approver)
    assert {row.kind for row in standing_in} == {"approval"}, "what he stood in for is not handed on"


def test_the_administrator_does_not_name_himself(office: Jiangsu) -> None:
    with pytest.raises(errors.NotOneself):
        away(office, office.clerk, office.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(
            user=office.clerk, substitute=office.admin, authority=office.authority, valid_from=day(), valid_to=day(2),
            recorded_by=office.admin, recorded_at=now(),
        )  # fmt: skip


def test_absences_do_not_overlap_and_have_an_end(office: Jiangsu) -> None:
    away(office, office.clerk, office.approver, 0, 7)
    with pytest.raises(errors.AbsencesOverlap):
        away(office, office.clerk, office.reviewer, 6, 9)
    with pytest.raises(errors.EndBeforeStart):
        away(office, office.clerk, office.reviewer, 9, 9)
    with pytest.raises(errors.InThePast):
        away(office, office.clerk, office.reviewer, -1, 3)
    for stop in (None, day(-1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(
                user=office.reviewer, substitute=office.clerk, authority=office.authority, valid_from=day(),
                valid_to=stop, recorded_by=office.admin, recorded_at=now(),
            )  # fmt: skip


def test_the_duty_stood_in_for_ends_with_the_original(office: Jiangsu) -> None:
    away(office, office.clerk, office.approver, 0, 30)
    end_duty(duty_id=Duty.objects.get(user=office.clerk).pk, on=day(3), actor=acting(office.admin), at=now())
    assert "acceptance" in kinds(office.approver, day(2))
    assert "acceptance" not in kinds(office.approver, day(3))


def test_whoever_loses_his_own_duty_stands_in_no_longer(office: Jiangsu) -> None:
    away(office, office.clerk, office.approver, 0, 30)
    own = Duty.objects.get(user=office.approver, substitute_for=None)
    end_duty(duty_id=own.pk, on=day(3), actor=acting(office.admin), at=now())
    assert kinds(office.approver, day(3)) == set()
