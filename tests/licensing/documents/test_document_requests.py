"""Exactly once, frozen at the act, and never in its way (DESIGN §5: a stalled signer stops no act)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from certificates.models import OfficialDocument
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from core.lifecycle.subjects import Subject
from core.outbox.actions import deliver_due
from core.outbox.models import Delivery, Event
from core.parties.models import Authority
from licensing.documents import requests
from licensing.models import Application, CorrectionNotice
from tests.support import documents as docs
from tests.support import holders, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def test_a_mistake_of_ours_stops_no_act_and_the_paper_is_owed(
    cast: world.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(act: Any) -> Any:
        raise KeyError("a mistake")

    case = docs.on_desk(cast)
    with monkeypatch.context() as patch:
        patch.setitem(requests.WRITERS, "accept", broken)
        case = docs.move("accept", case, cast.clerk)
    assert case.accepted_on == world.DAY
    assert docs.last_of(case).kind == "receipt"
    assert Event.objects.filter(type=requests.OWED).count() == 1
    deliver_due(queue="default", at=docs.now())
    assert docs.last_of(case).kind == "acceptance"
    assert docs.last_of(case).dated_on == world.DAY
    owed = Delivery.objects.get(subscriber="licensing.document_owed")
    assert owed.status == Delivery.Status.DONE


def test_what_is_owed_twice_is_one_paper(cast: world.Cast) -> None:
    case = docs.on_desk(cast)
    before = docs.last_of(case)
    with transaction.atomic():
        requests.request_owed(subject=_subject(case, before))
    assert OfficialDocument.objects.filter(subject_id=str(case.public_id)).count() == 1


def _subject(case: Any, row: OfficialDocument) -> Subject:
    return Subject(row.subject_kind, row.subject_id, row.subject_version)


def owed_again(case: Application) -> list[str]:
    """Every paper of a case, put together once more; one that says other things than at its act is refused."""
    rows = list(OfficialDocument.objects.filter(subject_id=str(case.public_id)).order_by("subject_version"))
    for row in rows:
        with transaction.atomic():
            requests.request_owed(subject=_subject(case, row))
    return [row.kind for row in rows]


@pytest.mark.parametrize("scene", docs.SCENES)
def test_every_paper_is_the_same_when_it_is_owed(cast: world.Cast, scene: str) -> None:
    """What comes late is put together from the ledger, on the case as its act left it (ADR 0013)."""
    assert owed_again(docs.SCENES[scene](cast))


def test_a_receipt_owed_beyond_the_answer_to_a_notice_is_of_what_was_filed_then(cast: world.Cast) -> None:
    """Its date of answer is that of the first filing, and so are the facts, whatever rules have come since."""
    case = docs.move("correct", docs.asked_to_correct(cast), cast.applicant, hour=13)
    later = world.DAY + timedelta(days=6)
    case = docs.move("resubmit", case, cast.applicant, day=later)
    first = OfficialDocument.objects.filter(subject_id=str(case.public_id), kind="receipt").first()
    assert first is not None and shanghai_date(case.received_at) == later
    Application.objects.filter(pk=case.pk).update(
        filed={**case.filed, "sites": case.filed["sites"] * 2}, intake_days=3
    )
    assert owed_again(case)[0] == "receipt"


def test_a_pause_owed_beyond_another_is_the_one_that_was_told(cast: world.Cast) -> None:
    case = docs.sampled(cast)
    case = docs.move("resume", case, cast.reviewer, hour=16)
    world.record(cast, case, "testing")
    case = docs.move("conclude_review", case, cast.reviewer, hour=17)
    case = docs.move("pause_hearing", case, cast.approver, hour=18)
    assert case.status == "decision_pending"
    assert owed_again(case)[-2:] == ["pause", "hearing"]


def test_a_pause_of_the_review_owed_at_the_decision_is_still_the_reviews(cast: world.Cast) -> None:
    """The province seals what the review tells, and the desk that decides what it tells itself."""
    case = docs.sampled(cast)
    case = docs.move("resume", case, cast.reviewer, hour=16)
    world.record(cast, case, "testing")
    case = docs.move("conclude_review", case, cast.reviewer, hour=17)
    nation = Authority.objects.get(level="national")
    Application.objects.filter(pk=case.pk).update(deciding_authority=nation)
    assert owed_again(case)[-1] == "pause"


def test_a_grant_owed_beyond_a_change_says_what_was_granted() -> None:
    holder = holders.Holder()
    first = holder.licence.cases.get()
    holders.granted(holder, "change")
    holder.licence.refresh_from_db()
    holder.licence.holder_name, holder.licence.valid_until = "后来的名称有限公司", world.DAY
    holder.licence.save()
    assert owed_again(first)[-1] == "grant"


def test_a_notice_of_correction_owed_says_the_last_day_it_named(cast: world.Cast) -> None:
    """The day moves when the calendar does; the notice told another."""
    case = docs.asked_to_correct(cast)
    CorrectionNotice.objects.filter(application=case).update(lapses_after=world.DAY + timedelta(days=99))
    assert owed_again(case) == ["receipt", "correction"]


def test_an_act_refused_leaves_no_paper(cast: world.Cast) -> None:
    case = docs.on_desk(cast)
    with pytest.raises(DomainError), transaction.atomic():
        docs.move("accept", case, cast.reviewer)
    assert [row.kind for row in OfficialDocument.objects.filter(subject_id=str(case.public_id))] == [
        "receipt"
    ]


def test_a_stalled_signer_stops_no_act(cast: world.Cast, settings: Any) -> None:
    settings.KEY_DIR = ""
    case = docs.move("refuse", world.pending(cast, failed=True), cast.approver, hour=16)
    deliver_due(queue="certificates", at=docs.now())
    row = docs.last_of(case)
    assert (row.kind, row.status) == ("refusal", "requested") and row.last_error
    assert docs.move("deliver", case, cast.applicant, hour=17).closed_on == world.DAY


def test_what_was_frozen_stays_when_the_case_moves_on(cast: world.Cast) -> None:
    case = docs.asked_to_correct(cast)
    notice = docs.last_of(case)
    answered = docs.move("correct", case, cast.applicant, hour=13)
    docs.move("resubmit", answered, cast.applicant, hour=14)
    notice.refresh_from_db()
    assert "号码少一位" in str(notice.facts)
    assert notice.kind == "correction"
