"""Two people, or a person and the sweep, act on one case or one licence in the same second, in two sessions.

One of them does it, the other hears why not in words; nothing waits in a circle, and every act has its one entry.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Count, F, Max

from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from core.outbox.models import Event
from core.parties.models import User
from licensing.actions.clockwork import tick
from licensing.actions.ending import tick_licence
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import (
    Application,
    Decision,
    Deregistration,
    Extension,
    LicenceStatus,
    NumberCounter,
    ProductionLicence,
)
from tests.support import holders, moves, world
from tests.support.holders import ENDS_ON, LATE, TIMELY, Holder

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("fresh_world")]
AFTER = ENDS_ON + timedelta(days=1)
LAST_SECOND, MIDNIGHT = world.at(ENDS_ON, 23, 59) + timedelta(seconds=59), world.at(AFTER, 0, 0)
MOVED = {"licensing.stale", "lifecycle.wrong_state"}
"""What somebody hears whose page another one's act has overtaken."""
DONE = "done"


@pytest.fixture
def holder() -> Holder:
    return Holder()


def approver(name: str = "孙审批") -> User:
    return world.official("320000", "approval", name=name)


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def by(move: moves.Move, case: Application, who: User, at: datetime) -> Callable[[], Any]:
    """An act prepared on the page as it is now; the race decides when it is done."""
    seen = fresh(case)
    return lambda: move(seen, who, at, seen.version)


def together(*acts: Callable[[], Any], held: Application | None = None) -> list[str]:
    """All at once, each on a connection of its own; what each came to: done, nothing, or the code of its refusal.

    With `held`, the case and its licence are kept locked until every act is under way, so that all of them meet.
    Anything but a refusal in words, a deadlock above all, is raised.
    """
    barrier = threading.Barrier(len(acts) + 1)

    def run(act: Callable[[], Any]) -> str:
        barrier.wait(10)
        try:
            return DONE if act() else ""
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic(), ExitStack() as waiting:
            if held is not None:
                ProductionLicence.objects.select_for_update().filter(pk=held.licence_id).first()
                Application.objects.select_for_update().get(pk=held.pk)
            found = [pool.submit(run, act) for act in acts]
            waiting.callback(_until_waiting, len(acts) if held is not None else 0)
            barrier.wait(10)
        return [one.result(60) for one in found]


def _until_waiting(number: int) -> None:
    """Until so many sessions wait for a lock."""
    waiting, until = 0, time.monotonic() + 10
    while waiting < number and time.monotonic() < until:
        time.sleep(0.02)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot()::text; SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            (waiting,) = cursor.fetchone()
    assert waiting >= number, "the acts did not meet"


@pytest.fixture(autouse=True)
def _whole(fresh_world: None) -> Iterator[None]:
    """After every race: entries of each subject follow each other, versions agree, every act was told once."""
    yield
    chains = LedgerEntry.objects.values("subject_kind", "subject_id").annotate(
        entries=Count("pk"), last=Max("subject_version")
    )
    assert not chains.exclude(entries=F("last")).exists()
    last = {(row["subject_kind"], row["subject_id"]): row["last"] for row in chains}
    for case in Application.objects.exclude(status=Status.DRAFT):
        assert case.version == last["licensing.application", str(case.public_id)]
    for licence in ProductionLicence.objects.all():
        assert licence.version == last["licensing.licence", licence.number]
    told = Event.objects.filter(subject_kind="licensing.application").values(
        "type", "subject_id", "subject_version"
    )
    assert not told.annotate(times=Count("pk")).filter(times__gt=1).exists()


# Decisions


@pytest.mark.req("R-50")
def test_two_approvers_grant_in_the_same_second() -> None:
    cast = world.Cast()
    case, at = world.pending(cast), world.at(hour=16)
    acts = [by(moves.grant, case, who, at) for who in (cast.approver, approver())]
    first, second = sorted(together(*acts, held=case))
    assert first == DONE and second in MOVED
    licence = ProductionLicence.objects.get()
    assert NumberCounter.objects.get().last == 1
    assert Certificate.objects.filter(licence_number=licence.number).count() == 1
    assert Decision.objects.count() == 1


@pytest.mark.req("R-50")
def test_two_cases_granted_at_once_get_two_numbers() -> None:
    casts = [world.Cast(), world.Cast()]
    acts = [by(moves.grant, world.pending(cast), cast.approver, world.at(hour=16)) for cast in casts]
    assert together(*acts) == [DONE, DONE]
    assert NumberCounter.objects.get().last == ProductionLicence.objects.count() == 2


@pytest.mark.req("R-4")
def test_one_grants_and_one_refuses(holder: Holder) -> None:
    case, at = holders.pending(holder, Kind.CHANGE), world.at(TIMELY, 16)
    found = together(
        by(moves.grant, case, holder.approver, at), by(moves.refuse, case, approver(), at), held=case
    )
    assert sorted(code in MOVED for code in found) == [False, True]
    result = Decision.objects.get(application=case).result
    assert fresh(case).status == result == ("granted" if found[0] == DONE else "refused")
    assert holder.fresh().version == (2 if result == "granted" else 1)


def test_a_grant_and_a_retraction(holder: Holder) -> None:
    case, at = holders.pending(holder, Kind.RENEWAL), world.at(TIMELY, 16)
    found = together(
        by(moves.grant, case, holder.approver, at), by(moves.retract, case, holder.applicant, at), held=case
    )
    assert found.count(DONE) == 1 and set(found) <= {DONE, *MOVED}
    granted = found[0] == DONE
    assert fresh(case).status == (Status.GRANTED if granted else Status.RETRACTED)
    assert holder.fresh().version == (2 if granted else 1)


def test_two_reviewers_take_one_case(holder: Holder) -> None:
    case, other = (
        holders.accepted(holder, Kind.RENEWAL),
        world.official("320000", "review", name="吴审查"),
    )
    at = world.at(TIMELY, 13)
    found = together(*(by(moves.take_review, case, who, at) for who in (holder.reviewer, other)), held=case)
    assert found.count(DONE) == 1 and set(found) <= {DONE, *MOVED}


# The law decides at midnight


@pytest.mark.req("K21")
@pytest.mark.parametrize("attempt", range(4))
def test_a_grant_in_the_last_second_and_the_sweep_at_midnight(holder: Holder, attempt: int) -> None:
    case = holders.pending(holder, Kind.RENEWAL)
    acts = [
        by(moves.grant, case, holder.approver, LAST_SECOND),
        lambda: tick(public_id=case.public_id, at=MIDNIGHT),
    ]
    found = together(*(acts if attempt % 2 else acts[::-1]))
    assert found.count(DONE) == 1
    after, licence = fresh(case), holder.fresh()
    assert after.status in (Status.GRANTED, Status.DEEMED_RENEWED)
    assert (licence.version, licence.valid_until) == (2, date(2031, 12, 14))
    assert (licence.status == LicenceStatus.VALID_DEEMED) == (after.status == Status.DEEMED_RENEWED)
    assert Decision.objects.filter(application=case).exists() == (after.status == Status.GRANTED)


@pytest.mark.req("K21")
def test_a_grant_that_holds_the_case_is_not_waited_for_by_the_sweep(holder: Holder) -> None:
    case = holders.pending(holder, Kind.RENEWAL)
    with transaction.atomic():
        moves.grant(fresh(case), holder.approver, LAST_SECOND, case.version)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_alone, lambda: tick(public_id=case.public_id, at=MIDNIGHT)).result(30) == ""
    assert fresh(case).status == Status.GRANTED


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connections.close_all()


@pytest.mark.req("K21")
def test_two_approvers_confirm_one_renewal(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    at = world.at(AFTER, 10)
    found = together(
        *(by(moves.confirm_renewal, case, who, at) for who in (holder.approver, approver())), held=case
    )
    assert found.count(DONE) == 1 and set(found) <= {DONE, *MOVED}
    assert Certificate.objects.filter(licence_number=holder.licence.number).count() == 2


@pytest.mark.req("R-45")
@pytest.mark.parametrize("attempt", range(3))
def test_two_workers_look_at_one_renewal_and_one_term(holder: Holder, attempt: int) -> None:
    """Whoever comes first, the renewal is deemed once, and the licence does not expire beside it."""
    case = holders.accepted(holder, Kind.RENEWAL)
    look = [
        lambda: tick(public_id=case.public_id, at=MIDNIGHT),
        lambda: tick_licence(number=holder.licence.number, at=MIDNIGHT),
    ]
    together(*look, *look)
    for again in look:
        again()
    assert fresh(case).status == Status.DEEMED_RENEWED
    assert (holder.fresh().status, holder.fresh().version) == (LicenceStatus.VALID_DEEMED, 2)


@pytest.mark.req("R-45")
def test_two_workers_let_one_licence_expire(holder: Holder) -> None:
    change = holders.accepted(holder, Kind.CHANGE)
    found = together(*[lambda: tick_licence(number=holder.licence.number, at=MIDNIGHT)] * 2)
    assert sorted(found) == ["", DONE]
    assert Deregistration.objects.count() == 1
    assert fresh(change).status == Status.TERMINATED


@pytest.mark.req("R-45")
@pytest.mark.parametrize("attempt", range(3))
def test_a_licence_expires_while_a_case_on_it_lapses(holder: Holder, attempt: int) -> None:
    """The sweep of cases holds the case, the sweep of terms the licence: they do not wait for each other."""
    day = ENDS_ON - timedelta(days=31)
    case = holders.filed(holder, Kind.CHANGE, day)
    moves.request_correction(fresh(case), holder.clerk, world.at(day, 11), world.version(case))
    late = MIDNIGHT + timedelta(days=3)
    together(
        lambda: tick(public_id=case.public_id, at=late),
        lambda: tick_licence(number=holder.licence.number, at=late),
    )
    assert fresh(case).status in (Status.LAPSED, Status.TERMINATED)
    assert holder.fresh().status == LicenceStatus.EXPIRED


# The licence ends


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.RELOCATION])
def test_deregistration_and_the_grant_of_a_case_on_the_licence(holder: Holder, kind: str) -> None:
    case, at = holders.pending(holder, kind, LATE), world.at(LATE, 16)
    moves.propose_deregistration(fresh(case), holder.reviewer, at, 0)
    found = together(
        by(moves.deregister, case, approver(), at), by(moves.grant, case, holder.approver, at), held=case
    )
    assert found[0] == DONE and found[1] in {DONE, *MOVED}
    licence = holder.fresh()
    assert licence.status == LicenceStatus.DEREGISTERED
    assert fresh(case).status == (Status.GRANTED if found[1] == DONE else Status.TERMINATED)
    assert licence.version == (3 if found[1] == DONE else 2)


def test_the_end_on_request_and_a_renewal_are_granted(holder: Holder) -> None:
    renewal, ending = (holders.pending(holder, kind) for kind in (Kind.RENEWAL, Kind.DEREGISTRATION))
    at = world.at(TIMELY, 16)
    found = together(
        by(moves.grant, ending, holder.approver, at), by(moves.grant, renewal, approver(), at), held=ending
    )
    assert found[0] == DONE and found[1] in {DONE, *MOVED}
    assert holder.fresh().status == LicenceStatus.DEREGISTERED
    assert fresh(ending).status == Status.DELIVERED
    assert fresh(renewal).status == (Status.GRANTED if found[1] == DONE else Status.TERMINATED)


def test_two_approvers_deregister_and_two_officials_propose(holder: Holder) -> None:
    case, at = holders.accepted(holder, Kind.CHANGE, LATE), world.at(LATE, 16)
    others = (holder.reviewer, world.official("320000", "review", name="吴审查"))
    found = together(*(by(moves.propose_deregistration, case, who, at) for who in others), held=case)
    assert sorted(found) == [DONE, "licensing.deregistered_already"]
    row = Deregistration.objects.get()
    acts = [by(moves.deregister, case, who, at) for who in (holder.approver, approver())]
    with transaction.atomic():
        assert moves.open_task(case) == row
    found = together(*acts)
    assert found.count(DONE) == 1
    assert holder.fresh().version == 2


# Filing, acceptance, clock


@pytest.mark.parametrize("kind", [Kind.RENEWAL, Kind.REPLACEMENT])
def test_one_kind_filed_twice_for_one_licence(holder: Holder, kind: str) -> None:
    drafts = [holders.ready(holder, kind), holders.ready(holder, kind)]
    at = world.at(TIMELY, 10)
    found = together(*(by(moves.submit, draft, holder.applicant, at) for draft in drafts), held=drafts[0])
    assert sorted(found) == [DONE, "licensing.under_way"]
    assert Application.objects.filter(kind=kind, status=Status.SUBMITTED).count() == 1


def test_one_draft_filed_twice(holder: Holder) -> None:
    draft, at = holders.ready(holder, Kind.CHANGE), world.at(TIMELY, 10)
    found = together(*[by(moves.submit, draft, holder.applicant, at)] * 2, held=draft)
    assert sorted(found) == [DONE, "licensing.already_filed"]


@pytest.mark.req("K13")
@pytest.mark.parametrize("attempt", range(4))
def test_acceptance_in_the_last_second_and_silence_at_midnight(holder: Holder, attempt: int) -> None:
    case = holders.filed(holder, Kind.RENEWAL)
    last = fresh(case).next_due_on
    assert last is not None
    at = world.at(last, 23, 59)
    acts = [
        by(moves.accept, case, holder.clerk, at),
        lambda: tick(public_id=case.public_id, at=at + timedelta(minutes=1)),
    ]
    found = together(*(acts if attempt % 2 else acts[::-1]))
    assert found.count(DONE) == 1
    after = fresh(case)
    assert (after.status, after.version) == (Status.UNDER_REVIEW, 3)
    assert after.accepted_on == (TIMELY if after.deemed_accepted else last)
    assert after.evidence.count() == 2


def test_a_pause_and_the_end_of_the_review(holder: Holder) -> None:
    case, at = holders.accepted(holder, Kind.RENEWAL), world.at(TIMELY, 14)
    for name in ("take_review", "onsite_passed", "testing_passed"):
        moves.MOVES[name](fresh(case), holder.reviewer, at, world.version(case))
    found = together(
        by(moves.MOVES["pause_expert_review"], case, holder.reviewer, at),
        by(moves.conclude_review, case, holder.reviewer, at),
        held=case,
    )
    assert found.count(DONE) == 1 and set(found) <= {DONE, *MOVED}
    after = fresh(case)
    assert after.paused == (after.status == Status.UNDER_REVIEW) == (found[0] == DONE)


@pytest.mark.req("K11")
def test_two_heads_decide_one_extension(holder: Holder) -> None:
    case, at = holders.pending(holder, Kind.RENEWAL), world.at(TIMELY, 16)
    moves.propose_extension(fresh(case), holder.approver, at, case.version)
    heads = [world.official("320000", "head", name=name) for name in ("钱局", "周局")]
    found = together(
        by(moves.extend, case, heads[0], at), by(moves.decline_extension, case, heads[1], at), held=case
    )
    assert found.count(DONE) == 1 and set(found) <= {DONE, *MOVED}
    row = Extension.objects.get()
    assert row.result == ("granted" if found[0] == DONE else "declined")
    assert fresh(case).extended_by == (5 if found[0] == DONE else 0)


def test_two_approvers_propose_an_extension(holder: Holder) -> None:
    case, at = holders.pending(holder, Kind.RENEWAL), world.at(TIMELY, 16)
    found = together(
        *(by(moves.propose_extension, case, who, at) for who in (holder.approver, approver())), held=case
    )
    assert found.count(DONE) == 1 and set(found) <= {DONE, *MOVED}
    assert Extension.objects.count() == 1
