"""Two acts on one correction or its licence in the same second; and what people are told (R-89)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from certificates.models import Certificate
from core.ledger.queries import verify
from core.lifecycle.errors import DomainError
from core.lifecycle.subjects import Subject
from core.messages.models import Message
from core.outbox.models import Event
from core.outbox.subscriptions import Heard, subscribers_of
from licensing.corrections.actions import deciding
from licensing.corrections.models import CertificateCorrection
from licensing.kinds import Kind
from licensing.models import ProductionLicence
from tests.support import holders, moves, world
from tests.support.corrections import DAY, RIGHT, Desk

pytestmark = pytest.mark.req("R-89")
DONE = "done"


@pytest.fixture
def race(fresh_database: str) -> Desk:
    call_command("create_world", "--simulated", verbosity=0)
    return Desk()


def together(licence: ProductionLicence, *acts: Callable[[], Any]) -> list[str]:
    """All at once while the licence is held, each on a connection of its own."""
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
        with transaction.atomic():
            ProductionLicence.objects.select_for_update().get(pk=licence.pk)
            found = [pool.submit(run, act) for act in acts]
            barrier.wait(10)
        return [one.result(60) for one in found]


def approval(desk: Desk, row: CertificateCorrection, person: Any) -> Callable[[], Any]:
    who = desk.who(person, DAY, 10)
    return lambda: deciding.approve(public_id=row.public_id, expected_version=row.version, **who)


@pytest.mark.database
def test_two_approvers_in_the_same_second(race: Desk) -> None:
    row = race.propose()
    others = (race.approver, world.official("320000", "approval"))
    found = together(race.licence, *(approval(race, row, person) for person in others))
    assert sorted(found) == ["corrections.moved", DONE]
    assert race.fresh().certificate_version == 2 and Certificate.objects.count() == 2
    assert verify().ok


@pytest.mark.database
def test_two_proposals_in_the_same_second(race: Desk) -> None:
    acts = [lambda person=person: race.propose(by=person) for person in (race.clerk, race.reviewer)]
    assert sorted(together(race.licence, *acts)) == ["corrections.open_already", DONE]
    assert CertificateCorrection.objects.count() == 1


@pytest.mark.database
def test_an_approval_and_a_grant_on_the_same_licence(race: Desk) -> None:
    """Whoever comes second sees the other: the correction is confirmed anew, the grant keeps what was corrected."""
    row, case = race.propose(), holders.pending(race, Kind.CHANGE, DAY)
    at = world.at(DAY, 10)
    version = world.version(case)
    found = together(
        race.licence, approval(race, row, race.approver),
        lambda: moves.grant(case, race.approver, at, version),
    )  # fmt: skip
    assert found[1] == DONE and found[0] in (DONE, "corrections.licence_moved")
    licence = race.fresh()
    assert "股份" in licence.holder_name
    assert (licence.registered_address == RIGHT) == (found[0] == DONE)
    assert verify().ok


def hear_news() -> None:
    """Let the notice handlers hear all there is of corrections so far."""
    for event in Event.objects.filter(type__startswith="corrections.").order_by("id"):
        subject = Subject(event.subject_kind, event.subject_id, event.subject_version)
        for row in subscribers_of(event.type):
            row.handler(Heard(event.id, event.type, subject, event.recorded_at))


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


@pytest.mark.django_db
def test_everybody_is_told_once_what_concerns_him(desk: Desk) -> None:
    other = world.official("320000", "approval")
    asked = desk.ask()
    row = desk.propose(request=asked.public_id)
    desk.approve(row)
    hear_news()
    hear_news()
    assert told(desk.applicant) == ["corrections.approved"]
    assert told(desk.clerk) == []
    assert told(other) == [] == told(desk.approver), "it is decided by the time anybody hears"


@pytest.mark.django_db
def test_news_is_told_as_it_comes(desk: Desk) -> None:
    asked = desk.ask()
    hear_news()
    assert told(desk.clerk) == ["corrections.desk.asked"]
    row = desk.propose(request=asked.public_id)
    hear_news()
    assert told(desk.approver) == ["corrections.desk.proposed"]
    assert told(desk.applicant) == ["corrections.taken_up"]
    deciding.decline(
        public_id=row.public_id, expected_version=row.version, reasons="没有印错", **desk.who(desk.approver)
    )
    hear_news()
    assert told(desk.applicant) == ["corrections.taken_up", "corrections.declined"]
    assert told(desk.clerk) == ["corrections.desk.asked", "corrections.desk.returned"]
