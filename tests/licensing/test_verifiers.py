"""A visit is made by two to four verifiers, by name: for officials to read, for nobody else (L1 art. 34, R-47)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.ledger.models import LedgerEntry
from licensing.actions import review
from licensing.models import Evidence
from register.actions import refresh_progress
from register.models import Progress
from tests.support import world
from tests.support.clients import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def record(cast: world.Cast, case: Any, verifiers: Any, track: str = "onsite") -> Any:
    return review.record_evidence(
        public_id=case.public_id, expected_version=world.version(case), track=track, outcome="passed",
        body="省中心", concluded_on=world.DAY, finding="", verifiers=verifiers, document=world.PDF,
        filename="记录.pdf", actor=world.actor(cast.reviewer), at=world.at(hour=14),
    )  # fmt: skip


@pytest.mark.req("DOMAIN-3.2")
@pytest.mark.parametrize(
    ("names", "error"),
    [
        ((), review.VerifiersNumber), (("甲", " "), review.VerifiersNumber),
        (("甲", "乙", "丙", "丁", "戊"), review.VerifiersNumber), (("甲", "乙", " 甲 "), review.VerifierTwice),
        (("李  雷", "李 雷"), review.VerifierTwice), (("甲", "长" * 51), review.VerifierNameLong),
    ],
)  # fmt: skip
def test_a_visit_is_made_by_two_to_four_different_people(cast: world.Cast, names: Any, error: Any) -> None:
    case = world.taken(cast)
    with pytest.raises(error) as caught:
        record(cast, case, names)
    assert caught.value.field == "verifiers"
    assert Evidence.objects.get(application=case, track="onsite").outcome == "required"


@pytest.mark.req("DOMAIN-3.2")
@pytest.mark.parametrize("number", [2, 4])
def test_they_are_kept_with_the_result_and_cited(cast: world.Cast, number: int) -> None:
    case = world.taken(cast)
    names = ["钱核查", "孙核查", "李核查", "周核查"][:number]
    record(cast, case, names)
    assert Evidence.objects.get(application=case, track="onsite").verifiers == names
    entry = LedgerEntry.objects.get(subject_id=str(case.public_id), act="licensing.record_evidence")
    assert {"instrument": "L1", "article": "第三十四条第三款"} in entry.legal_basis
    assert "verifiers" in entry.personal and "钱核查" not in str(entry.public) + str(entry.internal)


def test_a_test_has_no_verifiers(cast: world.Cast) -> None:
    case = world.taken(cast)
    record(cast, case, world.VERIFIERS)
    with pytest.raises(review.NoVerifiersHere):
        record(cast, case, world.VERIFIERS, "testing")
    record(cast, case, (), "testing")
    assert Evidence.objects.get(application=case, track="testing").verifiers is None


@pytest.mark.parametrize("names", [[], ["甲"], ["甲", "乙", "丙", "丁", "戊"]])
def test_the_database_holds_the_number_too(cast: world.Cast, names: list[str]) -> None:
    case = world.taken(cast)
    record(cast, case, world.VERIFIERS)
    with pytest.raises(IntegrityError, match="evidence_visit_by_two_to_four"), transaction.atomic():
        case.evidence.filter(track="onsite").update(verifiers=names)
    with pytest.raises(IntegrityError, match="evidence_visit_by_two_to_four"), transaction.atomic():
        case.evidence.filter(track="testing").update(verifiers=["甲", "乙"])
    case.evidence.filter(track="onsite").update(verifiers=None)


@pytest.mark.req("R-47")
def test_officials_read_the_names_and_neither_applicant_nor_public(cast: world.Cast) -> None:
    case = world.taken(cast)
    record(cast, case, world.VERIFIERS)
    page = reverse("licensing:case", args=[case.public_id])
    assert "钱核查" not in signed_in(cast.applicant).get(page).content.decode()
    assert "钱核查、孙核查" in signed_in(cast.approver).get(page).content.decode()
    desk = reverse("licensing:review", args=[case.public_id])
    assert "钱核查、孙核查" in signed_in(cast.reviewer).get(desk).content.decode()
    refresh_progress(public_id=case.public_id, at=world.at(hour=15))
    assert "钱核查" not in str(vars(Progress.objects.get(number=case.number)))


def test_the_form_asks_for_them_at_a_visit_alone(cast: world.Cast) -> None:
    case = world.taken(cast)
    client = signed_in(cast.reviewer)
    for track, asked in (("onsite", True), ("testing", False)):
        page = client.get(reverse("licensing:record_evidence", args=[case.public_id, track]))
        assert ("verifiers" in page.context["form"].fields) is asked
