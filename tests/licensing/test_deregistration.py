"""Deregistration ex officio: after expiry, on a proposal, and where both meet (L1 art. 70; DOMAIN §3.7)."""

from datetime import date, timedelta

import pytest

from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from licensing.actions import deregistration, renewal
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application, Deregistration, LicenceStatus
from tests.support import holders, moves, world
from tests.support.holders import ENDS_ON, LATE, Holder

pytestmark = pytest.mark.django_db
AFTER = ENDS_ON + timedelta(days=1)


@pytest.fixture
def holder() -> Holder:
    return Holder()


def proposed(holder: Holder, day: date = LATE, ground: str = "stopped") -> Deregistration:
    return deregistration.propose_deregistration(
        number=holder.licence.number, ground=ground, facts="现场已停产", actor=world.actor(holder.reviewer, day),
        at=world.at(day),
    )  # fmt: skip


def deregister(holder: Holder, row: Deregistration, day: date) -> Deregistration:
    row = Deregistration.objects.get(pk=row.pk)
    return deregistration.deregister(
        public_id=row.public_id, expected_version=row.version, actor=world.actor(holder.approver, day),
        at=world.at(day, 15),
    )  # fmt: skip


def entries(row: Deregistration) -> list[str]:
    found = LedgerEntry.objects.filter(
        subject_kind=deregistration.DEREGISTRATION, subject_id=str(row.public_id)
    )
    return [entry.act.removeprefix("licensing.") for entry in found.order_by("subject_version")]


@pytest.mark.req("R-4")
def test_an_expired_licence_is_deregistered(holder: Holder) -> None:
    holders.tick_term(holder.licence, AFTER)
    done = deregister(holder, Deregistration.objects.get(), AFTER)
    assert (done.result, holder.fresh().status) == ("done", LicenceStatus.EXPIRED)
    assert holder.fresh().deregistered_on == AFTER
    assert entries(done) == ["deregistration_opened", "deregistration_done"]


def test_expiry_takes_the_place_of_a_proposal(holder: Holder) -> None:
    """What was proposed may be set aside, what has expired may not: the task of the law stands."""
    first = proposed(holder)
    assert holders.tick_term(holder.licence, AFTER) == "licence_expired"
    first.refresh_from_db()
    assert (first.result, first.version) == ("set_aside", 2)
    assert entries(first) == ["deregistration_proposed", "deregistration_set_aside"]
    task = Deregistration.objects.get(result="")
    assert task.ground == "expired"
    with pytest.raises(DomainError) as error:
        deregistration.set_aside(
            public_id=task.public_id, expected_version=task.version, reasons="仍在生产",
            actor=world.actor(holder.approver, AFTER), at=world.at(AFTER),
        )  # fmt: skip
    assert error.value.code == "licensing.must_be_done"


def test_a_revived_licence_leaves_nothing_to_deregister_and_says_so(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL, LATE)
    holders.tick_term(holder.licence, AFTER)
    decided = AFTER + timedelta(days=6)
    holders.grant(holder, holders.reviewed(holder, case, decided), decided)
    task = Deregistration.objects.get()
    assert (task.result, task.version, task.decided_on) == ("set_aside", 2, decided)
    assert entries(task) == ["deregistration_opened", "deregistration_set_aside"]


def test_a_renewal_in_time_does_not_answer_a_proposal(holder: Holder) -> None:
    row = proposed(holder, holders.TIMELY, "dissolved")
    holders.granted(holder, Kind.RENEWAL)
    row.refresh_from_db()
    assert row.result == ""
    deregister(holder, row, holders.TIMELY)
    assert holder.fresh().status == LicenceStatus.DEREGISTERED


def test_what_is_open_ends_with_the_licence(holder: Holder) -> None:
    change = holders.accepted(holder, Kind.CHANGE)
    deregister(holder, proposed(holder), LATE)
    assert Application.objects.get(pk=change.pk).status == Status.TERMINATED


@pytest.mark.req("K3")
def test_a_procedure_begun_after_the_due_date_ends_with_the_case(holder: Holder) -> None:
    """It leaves the date known and the case not paused, and was left open for ever; found by a machine."""
    case = holders.pending(holder, Kind.CHANGE, LATE)
    assert case.due_on is not None
    day = case.due_on + timedelta(days=3)
    moves.MOVES["pause_appraisal"](case, holder.approver, world.at(day), case.version)
    assert not Application.objects.get(pk=case.pk).paused
    deregister(holder, proposed(holder, day), day)
    assert [row.ended_on for row in case.pauses.all()] == [day]


@pytest.mark.req("K21")
def test_a_renewal_by_law_is_confirmed_before_the_licence_can_end(holder: Holder) -> None:
    """Its certificate is owed (L1 arts. 44, 50); afterwards the licence ends like any other."""
    case = holders.accepted(holder, Kind.RENEWAL)
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    task = proposed(holder, AFTER)
    with pytest.raises(DomainError) as error:
        deregister(holder, task, AFTER)
    assert error.value.code == "licensing.renewal_to_confirm"
    renewal.confirm_renewal(
        public_id=case.public_id, expected_version=world.version(case),
        actor=world.actor(holder.approver, AFTER), at=world.at(AFTER, 16),
    )  # fmt: skip
    assert Certificate.objects.filter(licence_number=holder.licence.number).count() == 2
