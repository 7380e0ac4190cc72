"""One extension, ten working days at most, by the head, in time, never past the statutory date (K11; L1 art. 42 ¶1)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.ledger.models import LedgerEntry
from core.parties.competence import standing_of
from core.parties.models import Delegation
from core.workdays.queries import calendar_book
from core.workdays.rules import Pause, due_date
from licensing.actions import extension, limits, pauses
from licensing.actions.acceptance import accept
from licensing.actions.act import DutiesNotApart, NotYourCase
from licensing.actions.papers import write_papers
from licensing.models import Application, DecisionLimit, Extension
from licensing.queries.cases import case_view
from licensing.queries.limits import decision_days
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def propose(
    cast: world.Cast, case: Application, days: int = 5, day: date = world.DAY, **more: object
) -> Extension:
    facts = {"reasons": "需要向省外核实设备来源。", "actor": world.actor(cast.approver, day)} | more
    return extension.propose_extension(
        public_id=case.public_id,
        expected_version=world.version(case),
        days=days,
        at=world.at(day, 16),
        **facts,
    )


def decide(case: Application, head: object, granted: bool = True, day: date = world.DAY) -> Extension:
    return extension.decide_extension(
        public_id=case.public_id, expected_version=world.version(case), granted=granted,
        actor=world.actor(head, day), at=world.at(day, 17),
    )  # fmt: skip


@pytest.mark.req("K11")
def test_the_head_extends_and_the_due_date_moves_by_working_days(cast: world.Cast) -> None:
    case, head = world.pending(cast), world.official("320000", "head", name="钱局")
    statutory = case.statutory_due_on
    propose(cast, case, 5)
    assert fresh(case).due_on == case.due_on, "a wish moves nothing"
    decide(case, head)
    now = fresh(case)
    assert now.due_on == due_date(world.DAY, 35, "workday", (), calendar_book().for_division("320583"))
    assert now.clock_days == 35 and now.statutory_due_on == statutory


@pytest.mark.req("K11")
def test_it_is_capped_at_the_earlier_statutory_date(cast: world.Cast) -> None:
    """Accepted before the long holidays of 2026, 40 working days end after 60 calendar days."""
    day = date(2026, 9, 14)
    case, head = world.pending(cast, day=day), world.official("320000", "head")
    propose(cast, case, 10, day)
    decide(case, head, day=day)
    now = fresh(case)
    uncapped = due_date(day, 40, "workday", (), calendar_book().for_division("320583"))
    assert uncapped is not None and now.statutory_due_on is not None and now.due_on is not None
    assert now.due_on == min(uncapped, now.statutory_due_on) and now.due_on <= now.statutory_due_on


@pytest.mark.req("K11")
def test_once_and_only_once(cast: world.Cast) -> None:
    case, head = world.pending(cast), world.official("320000", "head")
    propose(cast, case)
    with pytest.raises(extension.ProposedAlready):
        propose(cast, case)
    decide(case, head, granted=False)
    assert fresh(case).due_on == case.due_on
    propose(cast, case)
    decide(case, head)
    with pytest.raises(extension.ExtendedAlready):
        propose(cast, case)
    with pytest.raises(extension.NothingProposed):
        decide(case, head)
    row = case.extensions.get(result="granted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            application=case, days=1, reasons="x", proposed_by=row.proposed_by, proposed_at=row.proposed_at,
            result="granted", decided_by=head, decided_at=row.decided_at,
        )  # fmt: skip


@pytest.mark.req("K11")
def test_after_the_due_date_it_is_too_late_for_both(cast: world.Cast) -> None:
    case, head = world.pending(cast), world.official("320000", "head")
    last = case.due_on
    assert last is not None
    propose(cast, case, day=last)
    with pytest.raises(extension.TooLateToExtend):
        decide(case, head, day=last + timedelta(days=1))
    decide(case, head, granted=False, day=last + timedelta(days=1))
    with pytest.raises(extension.TooLateToExtend):
        propose(cast, case, day=last + timedelta(days=1))


@pytest.mark.parametrize("days", [0, 11, -3])
def test_more_than_ten_days_or_none_are_refused_at_the_field(cast: world.Cast, days: int) -> None:
    with pytest.raises(extension.ExtensionTooLong) as caught:
        propose(cast, world.pending(cast), days)
    assert caught.value.field == "days"


def test_without_reasons_it_is_refused_at_the_field(cast: world.Cast) -> None:
    with pytest.raises(extension.ExtensionReasonsMissing) as caught:
        propose(cast, world.pending(cast), reasons=" ")
    assert caught.value.field == "reasons"


@pytest.mark.req("K11")
def test_only_the_head_of_the_deciding_authority_and_never_the_proposer(cast: world.Cast) -> None:
    case = world.pending(cast)
    both = world.official("320000", "approval", "head")
    propose(cast, case, actor=world.actor(both))
    for person in (
        cast.approver,
        cast.reviewer,
        world.official("330000", "head"),
        world.official("320500", "head"),
    ):
        with pytest.raises(NotYourCase):
            decide(case, person)
    with pytest.raises(extension.ProposerDecides):
        decide(case, both)


def test_whoever_took_part_in_the_case_does_not_propose(cast: world.Cast) -> None:
    case = world.pending(cast)
    with pytest.raises(NotYourCase):
        propose(cast, case, actor=world.actor(cast.reviewer))
    world.Duty.objects.create(
        user=cast.reviewer, authority=case.approval_authority, kind="approval", valid_from=world.EPOCH
    )
    with pytest.raises(DutiesNotApart):
        propose(cast, case, actor=world.actor(cast.reviewer))


@pytest.mark.req("K11", "R-20")
def test_under_delegation_it_is_still_the_province_s_head(cast: world.Cast) -> None:
    found = {a.code: a for a in world.Authority.objects.filter(code__in=["320000", "320500"])}
    Delegation.objects.create(
        delegator=found["320000"], delegate=found["320500"], stage="approval", valid_from=world.EPOCH,
        basis_instrument="SEED", basis_article="三(二)", announced_on=world.EPOCH,
    )  # fmt: skip
    case = world.pending(cast)
    city = world.official("320500", "approval", name="市审批")
    propose(cast, case, actor=world.actor(city))
    with pytest.raises(NotYourCase):
        decide(case, world.official("320500", "head"))
    assert decide(case, world.official("320000", "head")).result == "granted"


def test_an_extension_and_a_pause_add_up(cast: world.Cast) -> None:
    case, head = world.pending(cast), world.official("320000", "head")
    propose(cast, case, 5)
    row = pauses.pause(
        public_id=case.public_id, expected_version=world.version(case), ground="hearing", started_on=world.DAY,
        expected_until=world.DAY, notice="听证", actor=world.actor(cast.approver), at=world.at(hour=16, minute=40),
    )  # fmt: skip
    decide(case, head)
    assert fresh(case).due_on is None
    end = date(2026, 11, 16)
    pauses.resume(
        public_id=case.public_id, expected_version=world.version(case), pause_id=row.public_id, ended_on=end,
        actor=world.actor(cast.approver, end), at=world.at(end),
    )  # fmt: skip
    expected = due_date(
        world.DAY,
        35,
        "workday",
        [Pause(world.DAY, end)],
        calendar_book().for_division("320583"),
    )
    assert fresh(case).due_on == expected


# a lower limit of an authority's own


@pytest.mark.req("R-46")
def test_a_province_binds_itself_to_twenty_days_and_never_to_thirty_one(cast: world.Cast) -> None:
    head = world.official("320000", "head")
    province = world.Authority.objects.get(code="320000")
    old = world.accepted(cast)
    common = {"authority": province, "actor": world.actor(head), "at": world.at(hour=8)}
    with pytest.raises(limits.LimitTooHigh) as caught:
        limits.set_limit(**common, days=31, valid_from=world.DAY)
    assert caught.value.field == "days"
    with pytest.raises(limits.LimitInThePast):
        limits.set_limit(**common, days=20, valid_from=world.DAY - timedelta(days=1))
    limits.set_limit(**common, days=20, valid_from=world.DAY)
    new = world.accepted(cast)
    assert (fresh(old).clock_days, new.clock_days) == (30, 20)
    assert new.due_on == due_date(world.DAY, 20, "workday", (), calendar_book().for_division("320583"))
    with pytest.raises(limits.LimitThatDay):
        limits.set_limit(**common, days=25, valid_from=world.DAY)
    limits.set_limit(**common, days=30, valid_from=world.DAY + timedelta(days=7))
    assert decision_days(province, world.DAY + timedelta(days=7)) == 30


@pytest.mark.req("R-46")
def test_the_database_knows_no_higher_limit() -> None:
    province = world.Authority.objects.get(code="320000")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionLimit.objects.create(authority=province, days=31, valid_from=world.DAY, set_at=world.at())


@pytest.mark.req("R-46")
def test_only_a_head_and_only_of_an_authority_that_decides_in_its_own_name() -> None:
    for code, duty in (("320000", "approval"), ("330000", "head"), ("320500", "head")):
        target = world.Authority.objects.get(code="320500" if code == "320500" else "320000")
        person = world.official(code, duty)
        with pytest.raises(NotYourCase):
            limits.set_limit(
                authority=target, days=20, valid_from=world.DAY, actor=world.actor(person), at=world.at()
            )


@pytest.mark.req("R-46", "R-17")
def test_it_is_the_deciding_authority_s_limit_that_counts() -> None:
    """A national product filed in Jiangsu: the province's own limit says nothing."""
    head = world.official("320000", "head")
    limits.set_limit(
        authority=world.Authority.objects.get(code="320000"), days=10, valid_from=world.DAY,
        actor=world.actor(head), at=world.at(hour=8),
    )  # fmt: skip
    national = world.Cast(deciding="AQSIQ")
    case = world.submitted(national, "rebar")
    write_papers(public_id=case.public_id, at=world.at(hour=10, minute=1))
    done = accept(
        public_id=case.public_id, expected_version=case.version, actor=world.actor(national.clerk),
        at=world.at(hour=11),
    )  # fmt: skip
    assert done.clock_days == 30


# what a review of this code found


@pytest.mark.req("K11", "K6")
def test_a_pause_between_the_old_and_the_extended_due_date_leaves_the_end_open(cast: world.Cast) -> None:
    case, head = world.pending(cast), world.official("320000", "head")
    old = case.due_on
    assert old is not None
    propose(cast, case, 5)
    decide(case, head)
    day = old + timedelta(days=1)
    row = pauses.pause(
        public_id=case.public_id, expected_version=world.version(case), ground="hearing", started_on=day,
        expected_until=day, notice="听证", actor=world.actor(cast.approver, day), at=world.at(day),
    )  # fmt: skip
    now = fresh(case)
    assert now.paused and now.due_on is None and now.clock_days == 35
    pauses.resume(
        public_id=case.public_id, expected_version=world.version(case), pause_id=row.public_id,
        ended_on=day + timedelta(days=7), actor=world.actor(cast.approver, day + timedelta(days=7)),
        at=world.at(day + timedelta(days=7)),
    )  # fmt: skip
    assert fresh(case).due_on is not None and fresh(case).due_on > old


@pytest.mark.req("K11")
def test_an_extension_signed_after_the_real_end_counts_for_nothing(cast: world.Cast) -> None:
    """The hearing had ended on the day it began; that was said only after the head had signed."""
    case, head = world.pending(cast), world.official("320000", "head")
    last = case.due_on
    assert last is not None
    day = last - timedelta(days=1)
    row = pauses.pause(
        public_id=case.public_id, expected_version=world.version(case), ground="hearing", started_on=day,
        expected_until=day, notice="听证", actor=world.actor(cast.approver, day), at=world.at(day),
    )  # fmt: skip
    late = last + timedelta(days=14)
    propose(cast, case, 5, late)
    decide(case, head, day=late)
    pauses.resume(
        public_id=case.public_id, expected_version=world.version(case), pause_id=row.public_id, ended_on=day,
        actor=world.actor(cast.approver, late), at=world.at(late, 18),
    )  # fmt: skip
    assert fresh(case).due_on == last and fresh(case).clock_days == 30


@pytest.mark.req("R-46")
def test_the_ledger_names_the_authority_whose_limit_it_is() -> None:
    head = world.official("440000", "head")
    world.Duty.objects.create(
        user=head, authority=world.Authority.objects.get(code="320000"), kind="head", valid_from=world.EPOCH
    )
    limits.set_limit(
        authority=world.Authority.objects.get(code="320000"), days=20, valid_from=world.DAY,
        actor=world.actor(head), at=world.at(hour=8),
    )  # fmt: skip
    assert LedgerEntry.objects.get(act="licensing.set_limit").organisation == "320000"


def test_a_declined_wish_leaves_nothing_in_the_open(cast: world.Cast) -> None:
    case, head = world.pending(cast), world.official("320000", "head")
    propose(cast, case)
    decide(case, head, granted=False)
    entry = LedgerEntry.objects.get(act="licensing.decline_extension")
    assert entry.public == {}
    standing = standing_of(cast.applicant, world.DAY)
    acts = [row.act for row in case_view(fresh(case), standing, world.DAY).timeline]
    assert not {"licensing.propose_extension", "licensing.decline_extension"} & set(acts)
    inside = standing_of(cast.approver, world.DAY)
    assert "licensing.decline_extension" in [
        row.act for row in case_view(fresh(case), inside, world.DAY).timeline
    ]
