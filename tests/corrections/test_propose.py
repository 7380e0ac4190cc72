"""What can be proposed, by whom, and what the rules refuse at the word they are about (R-89)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from core.parties.competence import standing_of
from core.parties.models import User
from licensing.actions import deregistration
from licensing.corrections.actions import proposing
from licensing.corrections.actions.proposing import Source
from licensing.corrections.models import CertificateCorrection
from licensing.corrections.queries import papers_of
from licensing.kinds import Kind
from licensing.models import Application, ProductionLicence
from tests.support import holders, world
from tests.support.corrections import DAY, REASON, RIGHT, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-89")]


def refused(act: Any, *args: Any, **more: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as error, transaction.atomic():
        act(*args, **more)
    return error.value.code, error.value.field


def test_a_clerk_proposes_and_nothing_is_altered_yet(desk: Desk) -> None:
    before = ProductionLicence.objects.filter(pk=desk.licence.pk).values().get()
    row = desk.propose()
    assert row.changes == [
        {"key": "registered_address", "before": before["registered_address"], "after": RIGHT}
    ]
    assert ProductionLicence.objects.filter(pk=desk.licence.pk).values().get() == before
    entry = LedgerEntry.objects.get(subject_kind="corrections.correction")
    assert (entry.act, entry.organisation) == ("corrections.proposed", "320000")
    assert "reason" in entry.personal and REASON not in str(entry.internal)


def test_a_reviewer_proposes_too(desk: Desk) -> None:
    assert desk.propose(by=desk.reviewer).proposed_by == desk.reviewer


@pytest.mark.parametrize("duty", ["approval", "head", "audit", "supervision", "organisation_admin"])
def test_other_duties_do_not_propose(desk: Desk, duty: str) -> None:
    person = world.official("320000", duty)
    assert refused(desk.propose, by=person)[0] == "corrections.not_yours"


def test_another_province_and_the_holder_do_not_propose(desk: Desk) -> None:
    for person in (world.official("330000", "acceptance", "review"), desk.applicant):
        assert refused(desk.propose, by=person)[0] == "corrections.not_yours"


def test_nobody_corrects_for_an_enterprise_of_his_own(desk: Desk) -> None:
    person = world.official("320000", "acceptance")
    desk.enterprise.memberships.create(user=person, role="agent", valid_from=world.EPOCH)
    assert refused(desk.propose, by=person)[0] == "corrections.own_interest"


def test_no_fee_no_clock_no_paper_of_the_holder(desk: Desk) -> None:
    """It is no case: no number, no due date, nothing for the applicant to do (R-89)."""
    cases = list(Application.objects.order_by("pk").values())
    row = desk.propose()
    desk.approve(row)
    assert list(Application.objects.order_by("pk").values()) == cases
    fields = {field.name for field in CertificateCorrection._meta.get_fields()}
    assert not {name for name in fields if "due" in name or "fee" in name or "clock" in name}


@pytest.mark.parametrize(
    "words, code",
    [
        ({}, "nothing_wrong"),
        ({"holder_name": ""}, "word_missing"),
        ({"uscc": "91320102MA1X5C7DXJ"}, "other_holder"),
        ({"registered_address": "江苏省苏州市张家港市港城大道 1 号"}, "other_place"),
        ({"site-0": "江苏省苏州市昆山市"}, "other_place"),
        ({"category_name": "建筑用钢筋"}, "other_scope"),
        ({"holder_name": "测试\U000f0000肥业有限公司"}, ""),
        ({"registered_address": "江苏省苏州市昆山市春晖路 \U0002ffff 号"}, "not_printable"),
        ({"site-7": "江苏省苏州市昆山市春晖路 1 号"}, "unknown_word"),
        ({"category_name": "磷" * 101}, "word_too_long"),
    ],
)
def test_bad_words_are_refused_at_their_field(desk: Desk, words: dict[str, str], code: str) -> None:
    found, field = refused(desk.propose, words)
    assert found == (f"corrections.{code}" if code else "name.character")
    assert field in (*words, "words")
    assert not CertificateCorrection.objects.exists()


@pytest.mark.parametrize("wrong", ["91320102MA1X5C7D2I", "9132010", "91110108MA00AB1241"])
def test_a_code_is_checked_digit_by_digit(desk: Desk, wrong: str) -> None:
    code, field = refused(desk.propose, {"uscc": wrong})
    assert code.startswith("uscc.") and field == "uscc"


def test_the_same_words_are_no_error(desk: Desk) -> None:
    same = desk.licence.registered_address
    assert refused(desk.propose, {"registered_address": f"  {same} "})[0] == "corrections.nothing_wrong"


def test_another_unit_of_the_catalogue_is_no_wording() -> None:
    desk = Desk(category="fertilizer-compound")
    first, second, *_rest = desk.licence.units.order_by("pk")
    assert refused(desk.propose, {f"unit-{first.unit_id}": second.name}) == (
        "corrections.other_scope",
        f"unit-{first.unit_id}",
    )


def test_what_the_holder_changed_later_is_a_change(desk: Desk) -> None:
    assert refused(desk.propose, since="later") == ("corrections.is_a_change", "since")


def test_the_name_a_change_asks_for_is_no_correction(desk: Desk) -> None:
    """He asks himself for his new name; a correction would give it without the change (L2 art. 29)."""
    case = holders.accepted(desk, Kind.CHANGE, DAY)
    name = Application.objects.get(pk=case.pk).filed["enterprise"]["name"]
    assert refused(desk.propose, {"holder_name": name}) == ("corrections.is_a_change", "holder_name")


def test_reason_and_source_are_asked_for(desk: Desk) -> None:
    other = proposing.Source("other")
    nobody = proposing.Source("testing", desk.licence.enterprise and None)
    assert refused(desk.propose, reason=" ") == ("corrections.reason_missing", "reason")
    assert refused(desk.propose, source=other) == ("corrections.source_note_missing", "source_note")
    assert refused(desk.propose, source=nobody) == ("corrections.source_missing", "source")


def test_a_paper_of_another_licence_is_no_source(desk: Desk) -> None:
    other = Desk()
    assert refused(desk.propose, source=other.paper) == ("corrections.source_missing", "source")


def test_one_is_open_at_a_time_and_the_database_says_so_too(desk: Desk) -> None:
    row = desk.propose()
    assert refused(desk.propose, by=desk.reviewer) == ("corrections.open_already", "number")
    row.pk = None
    row.public_id = "8f14e45f-ceea-467f-9b1d-5a7a2c9d8e01"
    with pytest.raises(IntegrityError, match="correction_one_open"), transaction.atomic():
        row.save(force_insert=True)


def test_an_ended_licence_is_not_corrected(desk: Desk) -> None:
    after = holders.ENDS_ON + timedelta(days=1)
    assert refused(desk.propose, day=after)[0] == "corrections.licence_ended"
    holders.tick_term(desk.licence, after)
    assert refused(desk.propose, day=after)[0] == "corrections.licence_ended"


def test_a_deregistered_licence_is_not_corrected(desk: Desk) -> None:
    task = deregistration.propose_deregistration(
        number=desk.licence.number, ground="stopped", facts="停产", **desk.who(desk.reviewer)
    )
    deregistration.deregister(
        public_id=task.public_id, expected_version=task.version, **desk.who(desk.approver)
    )
    assert refused(desk.propose)[0] == "corrections.licence_ended"


@pytest.mark.req("K21")
def test_what_the_law_renewed_is_written_and_confirmed_first(desk: Desk) -> None:
    case = holders.accepted(desk, Kind.RENEWAL, holders.TIMELY)
    after = holders.ENDS_ON + timedelta(days=1)
    assert refused(desk.propose, day=after)[0] == "corrections.renewal_unwritten"
    holders.tick_case(case, after)
    assert refused(desk.propose, day=after)[0] == "corrections.renewal_to_confirm"


def test_the_delegates_clerk_who_handled_the_case_proposes() -> None:
    """Handling goes by the case, whatever is entrusted today; its approver never approves (R-20)."""
    desk = Desk()
    clerk = world.official("320500", "acceptance", "approval")
    assert refused(desk.propose, by=clerk)[0] == "corrections.not_yours"
    prefecture = clerk.duties.first().authority
    Application.objects.filter(pk=desk.case.pk).update(acceptance_authority=prefecture)
    assert desk.propose(by=clerk).proposed_by == clerk


def test_only_papers_of_cases_one_may_open_are_a_source() -> None:
    """To have handled one case of a licence opens no other; nor does a duty where it was issued (DOMAIN §8)."""
    desk, day = Desk(), DAY + timedelta(days=30)
    clerk, reviewer = world.official("320500", "acceptance"), world.official("320000", "review")
    Application.objects.filter(pk=desk.case.pk).update(acceptance_authority=clerk.duties.first().authority)
    later = holders.granted(desk, Kind.CHANGE, DAY)

    def papers(person: User) -> set[tuple[int, str]]:
        found = papers_of(standing_of(person, day), desk.fresh())
        return {(row.case.pk, row.paper) for row in found}

    assert {case for case, _paper in papers(clerk)} == {desk.case.pk}
    assert {case for case, _paper in papers(desk.clerk)} == {desk.case.pk, later.pk}
    assert papers(reviewer) == set() == papers(desk.applicant)
    assert {paper for _case, paper in papers(desk.reviewer)} >= {"onsite", "testing"}
    assert not {paper for _case, paper in papers(desk.clerk)} & {"onsite", "testing"}
    hidden = Source("business_licence", later.public_id)
    assert refused(desk.propose, by=clerk, source=hidden, day=day) == ("corrections.source_missing", "source")
    assert refused(desk.propose, by=reviewer, day=day)[0] == "corrections.source_missing"
    report = Source("testing", desk.case.public_id)
    assert refused(desk.propose, source=report, day=day)[0] == "corrections.source_missing"
    assert desk.propose(by=clerk, day=day).source_case == desk.case


def test_a_number_is_wrong_only_with_a_reason(desk: Desk) -> None:
    found = refused(desk.propose, {}, wanted={"number": True})
    assert found == ("corrections.number_reason_missing", "number_reason")


def test_right_dates_are_no_error(desk: Desk) -> None:
    assert refused(desk.propose, {}, wanted={"dates": True}) == ("corrections.dates_right", "dates")


def test_dates_are_not_corrected_under_a_renewal(desk: Desk) -> None:
    holders.accepted(desk, Kind.RENEWAL, DAY)
    ProductionLicence.objects.filter(pk=desk.licence.pk).update(valid_until=date(2027, 12, 14))
    assert refused(desk.propose, {}, wanted={"dates": True})[0] == "corrections.renewal_open"
