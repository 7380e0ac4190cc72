"""What is done about one holder is done in turn: a fact that arrives and an acceptance, a decision, a measure, a bar
do not overtake each other (R-26, R-85)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from licensing.actions import acceptance, bars, decision, standing
from licensing.actions.clockwork import tick
from licensing.actions.turns import in_turn
from licensing.kinds import Kind
from licensing.lifecycle import GRANT_BASIS, Status
from licensing.models import Application, OpenMatter
from tests.support import exempt, holders, world
from tests.support.exempt import HonestHolder
from tests.support.holders import TIMELY

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("fresh_world")]
NEXT = TIMELY + timedelta(days=3)


@pytest.fixture
def holder() -> HonestHolder:
    return HonestHolder()


@contextmanager
def somebody_s_turn(holder: HonestHolder) -> Iterator[None]:
    """A fact about the holder is being recorded, in another session."""
    with transaction.atomic():
        in_turn(holder.enterprise.pk)
        yield


def in_another_session(act: Callable[[], Any]) -> Any:
    """What the act comes to; "waits" where it would."""

    def run() -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '700ms'")
            return act()
        except OperationalError as error:
            assert "lock timeout" in str(error)
            return "waits"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(60)


def accept(holder: HonestHolder) -> Callable[[], Any]:
    case = holders.filed(holder, Kind.RENEWAL)
    return lambda: acceptance.accept(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(holder.clerk, TIMELY),
        at=world.at(TIMELY, 11),
    )  # fmt: skip


def grant(holder: HonestHolder) -> Callable[[], Any]:
    case = exempt.tested(holder, exempt.renewal(holder), NEXT)
    return lambda: decision.grant(
        public_id=case.public_id, expected_version=world.version(case), basis=GRANT_BASIS[:1], no_conflict=True,
        actor=world.actor(holder.approver, NEXT), at=world.at(NEXT, 16),
    )  # fmt: skip


def measure(holder: HonestHolder) -> Callable[[], Any]:
    return lambda: standing.open_matter(
        enterprise=holder.enterprise, kind="measure", what="限期整改", actor=world.actor(holder.supervisor, NEXT),
        at=world.at(NEXT, 14),
    )  # fmt: skip


def bar(holder: HonestHolder) -> Callable[[], Any]:
    return lambda: bars.record_bar(
        enterprise=holder.enterprise, category=holder.licence.category, cause="fraud", decided_on=NEXT,
        instrument="苏质监罚〔2026〕1号", document=world.PDF, filename="决定.pdf",
        actor=world.actor(holder.approver, NEXT), at=world.at(NEXT, 14),
    )  # fmt: skip


@pytest.mark.req("R-26", "R-85")
@pytest.mark.parametrize("prepared", [accept, grant, measure, bar])
def test_it_waits_for_its_turn(
    holder: HonestHolder, prepared: Callable[[HonestHolder], Callable[[], Any]]
) -> None:
    act = prepared(holder)
    with somebody_s_turn(holder):
        assert in_another_session(act) == "waits"
    assert in_another_session(act) != "waits"


@pytest.mark.req("R-26")
def test_the_sweep_leaves_a_silent_acceptance_for_the_next_time(holder: HonestHolder) -> None:
    """It has the case already, so it waits for nobody; what was being recorded is in the verdict afterwards."""
    exempt.spot_check(holder, TIMELY - timedelta(days=60), TIMELY)
    case = holders.filed(holder, Kind.RENEWAL, **exempt.unchanged(holder))
    late = world.at(TIMELY + timedelta(days=12), 0, 5)
    with somebody_s_turn(holder):
        assert in_another_session(lambda: tick(public_id=case.public_id, at=late)) == ""
    on = TIMELY + timedelta(days=2)
    exempt.spot_check(holder, on, on, "county", passed=False, reported_on=on, final_on=None)
    assert in_another_session(lambda: tick(public_id=case.public_id, at=late)) == "deem_accepted"
    case = Application.objects.get(pk=case.pk)
    assert (case.status, case.evidence.get(track="testing").outcome) == (Status.UNDER_REVIEW, "required")
    assert not OpenMatter.objects.exists()
