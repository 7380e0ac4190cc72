"""Review and decision: what must be there, what is made once, and what cannot be refused."""

import pytest
from django.db import IntegrityError, transaction

from core.lifecycle.transitions import WrongState
from licensing.actions import decision, review
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS, Status
from licensing.models import Decision, ProductionLicence
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast():
    return world.Cast()


def test_review_needs_both_tracks(cast):
    application = world.taken(cast)
    world.record(cast, application, "onsite")
    with pytest.raises(review.ReviewNotFinished):
        review.conclude_review(
            public_id=application.public_id, expected_version=world.version(application),
            actor=world.actor(cast.reviewer), at=world.at(),
        )  # fmt: skip


def test_a_failed_visit_leads_to_a_refusal_with_reasons_and_remedies(cast):
    application = world.pending(cast, failed=True)
    who = world.actor(cast.approver)
    call = {"public_id": application.public_id, "expected_version": application.version, "actor": who}
    with pytest.raises(decision.EvidenceInsufficient):
        decision.grant(**call, no_conflict=True, basis=GRANT_BASIS, at=world.at())
    with pytest.raises(decision.ReasonsMissing):
        decision.refuse(**call, no_conflict=True, basis=REFUSAL_BASIS, reasons=" ", at=world.at())
    application = decision.refuse(
        **call, no_conflict=True, basis=REFUSAL_BASIS, reasons="设备不符", at=world.at()
    )
    assert application.status == Status.REFUSED
    assert "行政复议" in application.decision.remedies and "行政诉讼" in application.decision.remedies
    assert not ProductionLicence.objects.filter(application=application).exists()


@pytest.mark.req("R-4")
def test_a_grant_without_basis_is_refused(cast):
    application = world.pending(cast)
    with pytest.raises(decision.BasisMissing):
        decision.grant(
            public_id=application.public_id, expected_version=application.version, basis=(),
            no_conflict=True,
            actor=world.actor(cast.approver), at=world.at(),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            application=application, result="granted", legal_basis=[], decided_by=cast.approver,
            decided_on=world.DAY,
        )  # fmt: skip


def test_who_passed_both_tracks_cannot_be_refused(cast):
    application = world.pending(cast)
    with pytest.raises(decision.NoGroundToRefuse):
        decision.refuse(
            public_id=application.public_id, expected_version=application.version, basis=REFUSAL_BASIS,
            no_conflict=True,
            reasons="不想批", actor=world.actor(cast.approver), at=world.at(),
        )  # fmt: skip


def test_a_case_goes_back_to_review_once(cast):
    application = world.pending(cast)
    who = world.actor(cast.approver)
    returned = decision.return_to_review(
        public_id=application.public_id, expected_version=application.version, reasons="报告缺页", actor=who,
        at=world.at(),
    )  # fmt: skip
    assert returned.status == Status.UNDER_REVIEW
    again = review.conclude_review(
        public_id=application.public_id, expected_version=returned.version, actor=world.actor(cast.reviewer),
        at=world.at(),
    )  # fmt: skip
    with pytest.raises(decision.ReturnedAlready):
        decision.return_to_review(
            public_id=application.public_id,
            expected_version=again.version,
            reasons="再看",
            actor=who,
            at=world.at(),
        )


def test_a_decision_is_made_once(cast):
    licence = world.granted_licence(cast)
    with pytest.raises(WrongState):
        decision.grant(
            public_id=licence.application.public_id, expected_version=world.version(licence.application),
            no_conflict=True, basis=GRANT_BASIS, actor=world.actor(cast.approver), at=world.at(),
        )  # fmt: skip
    assert ProductionLicence.objects.filter(application=licence.application).count() == 1
