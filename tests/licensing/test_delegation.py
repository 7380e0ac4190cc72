"""Stages entrusted to a prefecture: by the head, with basis and document, announced, never further down (R-19–R-22)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.ledger.models import LedgerEntry
from core.parties.models import Delegation, User
from licensing.actions import acceptance, decision, delegation
from licensing.actions.act import NotYourCase
from licensing.actions.papers import write_papers
from licensing.lifecycle import GRANT_BASIS
from licensing.models import Application
from licensing.profile import REFORM_2015
from licensing.queries.delegations import quality_of
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.delegations import BASIS, of
from tests.support.delegations import entrusted as entrust

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return world.official("320000", "head", name="方正")


def suzhou(duty: str) -> User:
    return world.official("320500", duty, name=f"苏州{duty}")


@pytest.mark.req("R-19")
def test_acceptance_goes_to_suzhou_and_the_decision_stays(head: User) -> None:
    entrust(head)
    cast = world.Cast()
    case = world.submitted(cast)
    assert case.acceptance_authority.code == "320500" and case.approval_authority.code == "320000"
    write_papers(public_id=case.public_id, at=world.at(hour=10, minute=1))
    common = {"public_id": case.public_id, "expected_version": case.version, "at": world.at(hour=11)}
    with pytest.raises(NotYourCase):
        acceptance.accept(**common, actor=world.actor(cast.clerk))
    done = acceptance.accept(**common, actor=world.actor(suzhou("acceptance")))
    assert done.review_authority.code == done.approval_authority.code == "320000"


@pytest.mark.req("R-20")
def test_the_licence_is_the_province_s_whoever_approves(head: User) -> None:
    entrust(head, "approval")
    case = world.pending(world.Cast())
    licence = decision.grant(
        public_id=case.public_id, expected_version=case.version, no_conflict=True, basis=GRANT_BASIS,
        actor=world.actor(suzhou("approval")), at=world.at(hour=16),
    )  # fmt: skip
    assert licence.issuing_authority.code == "320000" and licence.number.startswith("(苏)")


@pytest.mark.req("R-19")
@pytest.mark.parametrize("lacking", ["basis_instrument", "basis_article"])
def test_without_a_basis_nothing_is_entrusted(head: User, lacking: str) -> None:
    with pytest.raises(delegation.DelegationBasisMissing) as caught:
        entrust(head, **{lacking: " "})
    assert caught.value.field == lacking and not Delegation.objects.exists()


@pytest.mark.req("R-20")
def test_a_prefecture_does_not_entrust_a_county(head: User) -> None:
    entrust(head)
    city_head = world.official("320500", "head")
    with pytest.raises(delegation.NotTheProvincesHead):
        entrust(city_head, delegator=of("320500"), to=of("320583"), actor=world.actor(city_head))
    with pytest.raises(delegation.NotBelowYou):
        entrust(head, to=of("320583"))
    with pytest.raises(delegation.NotBelowYou):
        entrust(head, to=of("330200"))


@pytest.mark.req("R-19")
def test_neither_another_head_nor_an_approver_entrusts(head: User) -> None:
    for person in (world.official("330000", "head"), world.official("320000", "approval"), suzhou("head")):
        with pytest.raises(delegation.NotTheProvincesHead):
            entrust(head, actor=world.actor(person))


@pytest.mark.req("R-19")
def test_a_national_product_is_not_entrusted(head: User) -> None:
    with pytest.raises(delegation.NationalProduct):
        entrust(head, category_key="rebar")
    entrust(head, "approval", category_key="cable")
    cast = world.Cast(deciding="AQSIQ")
    assert world.accepted(cast, "rebar").approval_authority.code == "AQSIQ"


@pytest.mark.req("R-22")
def test_a_profile_without_delegation_forbids_it(head: User, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = replace(REFORM_2015, delegation_allowed=False)
    monkeypatch.setattr(delegation, "profile_on", lambda day, province: closed)
    with pytest.raises(delegation.DelegationForbidden):
        entrust(head, "approval")


def test_dates_and_overlap_are_refused_in_words(head: User) -> None:
    with pytest.raises(delegation.DelegationDatesWrong):
        entrust(head, valid_from=world.DAY - timedelta(days=1))
    with pytest.raises(delegation.DelegationDatesWrong):
        entrust(head, valid_to=world.DAY)
    entrust(head, valid_to=world.DAY + timedelta(days=30))
    with pytest.raises(delegation.DelegationOverlaps):
        entrust(head, valid_from=world.DAY + timedelta(days=29))
    entrust(head, valid_from=world.DAY + timedelta(days=30))
    entrust(head, "review")


@pytest.mark.req("R-21")
def test_suspended_at_once_and_each_open_case_as_chosen(head: User) -> None:
    row = entrust(head)
    stays, comes_back = world.submitted(world.Cast()), world.submitted(world.Cast())
    common = {"public_id": row.public_id, "actor": world.actor(head), "at": world.at(hour=12)}
    with pytest.raises(delegation.ChoiceMissing):
        delegation.suspend(**common, choices={str(stays.public_id): "keep"}, reason="整改")
    with pytest.raises(delegation.DelegationReasonMissing):
        delegation.suspend(**common, choices={}, reason=" ")
    choices = {str(stays.public_id): "keep", str(comes_back.public_id): "move"}
    delegation.suspend(**common, choices=choices, reason="整改")
    assert world.submitted(world.Cast()).acceptance_authority.code == "320000", "new ones go to the province"
    city = world.actor(suzhou("acceptance"))
    for case in (stays, comes_back):
        write_papers(public_id=case.public_id, at=world.at(hour=12))
    moved = Application.objects.get(pk=comes_back.pk)
    assert moved.acceptance_authority.code == "320000" and moved.version == comes_back.version + 1
    with pytest.raises(NotYourCase):
        acceptance.accept(
            public_id=moved.public_id, expected_version=moved.version, actor=city, at=world.at(hour=13)
        )
    assert acceptance.accept(
        public_id=stays.public_id, expected_version=stays.version, actor=city, at=world.at(hour=13)
    )
    entry = LedgerEntry.objects.get(act="licensing.suspended")
    assert entry.legal_basis[0]["article"] == "第二十四条" and "整改" not in str(entry.public)


@pytest.mark.req("R-21")
def test_a_review_that_comes_back_has_no_reviewer_any_more(head: User) -> None:
    row = entrust(head, "review")
    cast = world.Cast()
    cast.reviewer = suzhou("review")
    case = world.taken(cast)
    delegation.end(
        public_id=row.public_id, choices={str(case.public_id): "move"}, reason="收回", actor=world.actor(head),
        at=world.at(hour=14),
    )  # fmt: skip
    now = Application.objects.get(pk=case.pk)
    assert now.reviewer is None and now.review_authority.code == "320000"
    with pytest.raises(delegation.DelegationStateWrong):
        delegation.end(
            public_id=row.public_id, choices={}, reason="收回", actor=world.actor(head), at=world.at(hour=15)
        )


@pytest.mark.req("R-21")
def test_resumed_new_cases_go_to_the_delegate_again(head: User) -> None:
    row = entrust(head)
    common = {"public_id": row.public_id, "actor": world.actor(head)}
    delegation.suspend(**common, choices={}, reason="整改", at=world.at(hour=12))
    with pytest.raises(delegation.DelegationStateWrong):
        delegation.suspend(**common, choices={}, reason="整改", at=world.at(hour=13))
    delegation.resume(**common, at=world.at(hour=14))
    assert world.submitted(world.Cast()).acceptance_authority.code == "320500"


@pytest.mark.req("R-21")
def test_the_figures_of_a_delegate(head: User) -> None:
    row = entrust(head, "approval")
    late = world.pending(world.Cast())
    Application.objects.filter(pk=late.pk).update(next_due_on=date(2020, 1, 2))
    found = quality_of([row], today())[row.delegator_id, row.delegate_id, "approval"]
    assert (found.open, found.open_overdue, found.decided, found.late_rate) == (1, 1, 0, 0)


# pages


def test_the_head_entrusts_and_suspends_on_the_pages(head: User) -> None:
    client = signed_in(head)
    page = client.get("/delegations/new/").content.decode()
    assert "苏州市" in page and "宁波市" not in page
    facts = {
        "to": of("320500").pk, "stage": "acceptance", "category_key": "", "valid_from": str(today()), **BASIS,
        "document": SimpleUploadedFile("委托书.pdf", world.PDF),
    }  # fmt: skip
    wrong = client.post("/delegations/new/", facts | {"basis_article": ""})
    assert wrong.status_code == 422 and "某省行政许可委托办法" in wrong.content.decode()
    facts["document"] = SimpleUploadedFile("委托书.pdf", world.PDF)
    done = client.post("/delegations/new/", facts)
    assert done.status_code == 302, done.content.decode()
    address, case = done["Location"], world.submitted(world.Cast(), day=today())
    unsettled = client.post(address, {"reason": "整改", "act": "suspend"})
    assert unsettled.status_code == 422 and case.number in unsettled.content.decode()
    settled = client.post(address, {"reason": "整改", "act": "suspend", f"case_{case.public_id}": "move"})
    assert settled.status_code == 302
    text = client.get("/delegations/").content.decode()
    assert "已暂停" in text and "苏州市" in text
    assert client.post(f"{address}resume/").status_code == 302
    assert client.get(f"{address}document/").status_code == 200


def test_others_see_what_is_theirs_and_nothing_else(head: User) -> None:
    row = entrust(head)
    address = f"/delegations/{row.public_id}/"
    assert signed_in(suzhou("head")).get(address).status_code == 200, "the delegate reads what it holds"
    assert signed_in(suzhou("head")).post(address, {"reason": "x", "act": "end"}).status_code == 404
    assert signed_in(world.official("AQSIQ", "national_admin")).get(address).status_code == 200
    assert signed_in(world.official("330000", "head")).get(address).status_code == 404
    assert signed_in(world.official("320000", "approval")).get(address).status_code == 403
    assert signed_in(suzhou("head")).get("/delegations/new/").status_code == 404
