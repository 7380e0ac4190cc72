"""Moments that go wrong elsewhere: a public holiday, the same news five times, news out of order (K15, V27)."""

from datetime import date

import pytest
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.lifecycle.subjects import Subject
from core.messages.models import Message
from core.outbox.subscriptions import Heard
from licensing.actions.clockwork import tick
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.notices.licences import tell_holder
from licensing.subscribers import note_issued_certificate
from tests.support import holders, world
from tests.support.holders import ENDS_ON, TIMELY, Holder

pytestmark = pytest.mark.django_db
HOLIDAY = date(2015, 10, 3)


def heard(kind: str, subject: Subject) -> Heard:
    return Heard(1, kind, subject, timezone.now())


@pytest.mark.req("R-45")
def test_filed_on_a_public_holiday_the_day_itself_is_the_receipt() -> None:
    """Saturday 3 October 2015: five working days end on the 13th; silence accepts as of the 3rd.

    V27; day 1 is 8 October as in V31, so the decision is due on the same day (K1, K13, K15).
    """
    case = world.submitted(world.Cast(), day=HOLIDAY)
    assert case.next_due_on == date(2015, 10, 13)
    assert tick(public_id=case.public_id, at=world.at(date(2015, 10, 13), 23, 59)) == ""
    assert tick(public_id=case.public_id, at=world.at(date(2015, 10, 14), 0, 0)) == "deem_accepted"
    case.refresh_from_db()
    assert (case.accepted_on, case.due_on) == (HOLIDAY, date(2015, 11, 17))


@pytest.mark.req("R-50")
def test_the_same_news_of_a_certificate_five_times_moves_the_case_once() -> None:
    holder = Holder()
    case = holders.granted(holder, Kind.RENEWAL)
    news = heard(
        "certificates.issued",
        Subject("certificates.certificate", holder.licence.number, case.licence_version),
    )
    for _again in range(5):
        note_issued_certificate(news)
    assert Application.objects.get(pk=case.pk).status == Status.CERTIFICATE_ISSUED
    acts = LedgerEntry.objects.filter(subject_id=str(case.public_id), act="licensing.issue_certificate")
    assert acts.count() == 1


@pytest.mark.req("R-50")
def test_news_of_a_later_certificate_before_the_earlier_moves_each_case_by_its_own() -> None:
    holder = Holder()
    change = holders.granted(holder, Kind.CHANGE)
    renewal = holders.granted(holder, Kind.RENEWAL)
    number = holder.licence.number
    for case in (renewal, change):
        note_issued_certificate(
            heard("certificates.issued", Subject("certificates.certificate", number, case.licence_version))
        )
        assert Application.objects.get(pk=case.pk).status == Status.CERTIFICATE_ISSUED
    assert holder.licence.application.status == Status.GRANTED


def test_the_holder_hears_once_that_his_licence_expired() -> None:
    holder = Holder()
    holders.tick_term(holder.licence, holders.day_after(ENDS_ON))
    act = LedgerEntry.objects.get(act="licensing.licence_expired")
    news = heard("licensing.licence_expired", Subject(act.subject_kind, act.subject_id, act.subject_version))
    for _again in range(5):
        tell_holder(news)
    told = Message.objects.filter(recipient=holder.applicant, kind="licensing.licence_expired")
    assert told.count() == 1


@pytest.mark.req("R-18")
def test_the_level_of_the_acceptance_date_decides_a_renewal_too() -> None:
    """Devolved between filing and acceptance: the province decides; accepted the day before, the nation does."""
    from catalog.models import CategoryVersion

    early = Holder(category="bridge-bearing", deciding="AQSIQ")
    late = Holder(category="bridge-bearing", deciding="AQSIQ")
    before = holders.accepted(early, Kind.RENEWAL)
    waiting = holders.filed(late, Kind.RENEWAL)
    CategoryVersion.objects.filter(category__key="bridge-bearing").update(
        authority_level="provincial", level_reason=""
    )
    after = _accept(late, waiting)
    assert before.deciding_authority is not None and before.deciding_authority.level == "national"
    assert after.deciding_authority is not None and after.deciding_authority.level == "provincial"


def _accept(holder: Holder, case: Application) -> Application:
    from licensing.actions import acceptance

    return acceptance.accept(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(holder.clerk, TIMELY),
        at=world.at(TIMELY, 11),
    )  # fmt: skip
