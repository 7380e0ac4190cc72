"""Exactly once, frozen at the act, and never in its way (DESIGN §5: a stalled signer stops no act)."""

from typing import Any

import pytest
from django.db import transaction

from certificates.models import OfficialDocument
from core.lifecycle.errors import DomainError
from core.outbox.actions import deliver_due
from core.outbox.models import Delivery, Event
from licensing.documents import requests
from tests.support import documents as docs
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _papers_without_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "licensing.actions.papers.render_paper", lambda application, slot: b"%PDF-1.4\n%%EOF\n"
    )


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


def _subject(case: Any, row: OfficialDocument) -> Any:
    from core.lifecycle.subjects import Subject

    return Subject(row.subject_kind, row.subject_id, row.subject_version)


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
