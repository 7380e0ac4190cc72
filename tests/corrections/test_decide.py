"""The decision on a correction: two persons, one transaction, what moves in between (R-89)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.models import CategoryVersion
from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.ledger.queries import verify
from core.lifecycle.errors import DomainError, Moved, NotAllowed
from core.outbox.models import Event
from core.parties.models import Authority, Enterprise
from licensing.actions.renewal import confirm_renewal
from licensing.corrections.actions import deciding, proposing
from licensing.corrections.facts import lawful_dates
from licensing.corrections.models import CertificateCorrection, FormerNumber
from licensing.corrections.rules import changes_from_json
from licensing.kinds import Kind
from licensing.models import Application, LicenceGap, ProductionLicence
from licensing.queries.licences import standing_of_licence
from tests.support import holders, world
from tests.support.corrections import DAY, REASON, RIGHT, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-89")]


def refused(act: Any, *args: Any, **more: Any) -> DomainError:
    with pytest.raises(DomainError) as error, transaction.atomic():
        act(*args, **more)
    return error.value


def facts_of(licence: ProductionLicence) -> Any:
    return Certificate.objects.get(
        licence_number=licence.number, licence_version=licence.certificate_version
    ).printed


def test_the_licence_says_what_was_decided_and_a_new_certificate_is_ordered(desk: Desk) -> None:
    before = desk.fresh()
    desk.approve(desk.propose())
    licence = desk.fresh()
    assert licence.registered_address == RIGHT == licence.content["enterprise"]["full_address"]
    assert licence.content["enterprise"]["address"] == "春晖路 188 号"
    assert (licence.number, licence.valid_until) == (before.number, before.valid_until)
    assert (licence.certificate_version, licence.version) == (2, 2)
    printed = facts_of(licence)
    assert (printed.registered_address, printed.issue_date) == (RIGHT, before.issued_on)
    case = Application.objects.get(pk=desk.case.pk)
    assert case.licence_version == 1, "the case keeps the certificate it led to"


def test_only_the_error_is_altered(desk: Desk) -> None:
    before = ProductionLicence.objects.filter(pk=desk.licence.pk).values().get()
    desk.approve(desk.propose())
    after = ProductionLicence.objects.filter(pk=desk.licence.pk).values().get()
    assert {key for key in after if after[key] != before[key]} == {
        "registered_address", "content", "version", "certificate_version",
    }  # fmt: skip
    assert {key for key in after["content"] if after["content"][key] != before["content"][key]} == {
        "enterprise"
    }


def test_the_act_stands_in_the_ledger_with_its_reason_and_basis(desk: Desk) -> None:
    desk.approve(desk.propose())
    entry = LedgerEntry.objects.get(act="licensing.licence_corrected")
    assert entry.public == {"reason": REASON, "wrong": ["registered_address"]}
    assert {"instrument": "DESIGN", "article": "更正"} in entry.legal_basis
    assert Event.objects.filter(type="licensing.licence_corrected").count() == 1
    assert verify().ok


@pytest.mark.parametrize("role", ["proposer", "confirmer"])
def test_nobody_approves_his_own(desk: Desk, role: str) -> None:
    person = world.official("320000", "acceptance", "approval")
    row = desk.propose(by=person if role == "proposer" else desk.clerk)
    if role == "confirmer":
        holders.granted(desk, Kind.REPLACEMENT, DAY)
        proposing.confirm(public_id=row.public_id, expected_version=1, **desk.who(person))
    error = refused(desk.approve, row, by=person)
    assert error.code == "corrections.proposer_decides" and isinstance(error, NotAllowed)
    assert desk.fresh().registered_address != RIGHT
    for who in ("proposed_by", "confirmed_by"):
        row.refresh_from_db()
        if getattr(row, f"{who}_id") == person.pk:
            row.decided_by, row.decided_on, row.certificate_version = person, DAY, 2
            row.status = "approved"
            with pytest.raises(IntegrityError, match="correction_two_persons"), transaction.atomic():
                row.save()


@pytest.mark.parametrize("place", ["320500", "330000", "AQSIQ"])
def test_only_the_issuing_authority_approves(desk: Desk, place: str) -> None:
    """Also where the approval of the case was entrusted: the delegate decided it, and corrects nothing (R-20)."""
    row = desk.propose()
    person = world.official(place, "approval")
    Application.objects.filter(pk=desk.case.pk).update(
        approval_authority=person.duties.get().authority, approver=person
    )
    error = refused(desk.approve, row, by=person)
    assert error.code == "corrections.not_yours" and isinstance(error, NotAllowed)


def test_other_duties_of_the_issuing_authority_do_not_approve(desk: Desk) -> None:
    row = desk.propose()
    for duty in ("acceptance", "review", "head", "audit", "supervision"):
        assert refused(desk.approve, row, by=world.official("320000", duty)).code == "corrections.not_yours"


def test_it_is_done_once(desk: Desk) -> None:
    row = desk.propose()
    desk.approve(row)
    assert refused(desk.approve, row).code == "lifecycle.wrong_state"
    assert desk.fresh().certificate_version == 2


def test_an_old_page_is_told_so(desk: Desk) -> None:
    row = desk.propose()
    error = refused(
        deciding.approve, public_id=row.public_id, expected_version=row.version - 1, **desk.who(desk.approver)
    )
    assert error.code == "corrections.moved" and isinstance(error, Moved)


def test_declined_with_reasons_and_open_for_another(desk: Desk) -> None:
    row = desk.propose()
    common = {"public_id": row.public_id, "expected_version": row.version, **desk.who(desk.approver)}
    assert refused(deciding.decline, reasons=" ", **common).field == "reasons"
    done = deciding.decline(reasons="证书与营业执照一致", **common)
    assert (done.status, done.decided_by, desk.fresh().certificate_version) == ("declined", desk.approver, 1)
    assert desk.propose(by=desk.reviewer).status == "proposed"


def test_withdrawn_by_somebody_who_may_propose(desk: Desk) -> None:
    row = desk.propose()
    common = {"public_id": row.public_id, "expected_version": row.version}
    assert refused(proposing.withdraw, **common, **desk.who(desk.approver)).code == "corrections.not_yours"
    assert proposing.withdraw(**common, **desk.who(desk.reviewer)).status == "withdrawn"
    assert refused(desk.approve, row).code == "lifecycle.wrong_state"


def test_another_act_on_the_licence_asks_for_a_new_confirmation(desk: Desk) -> None:
    row = desk.propose()
    holders.granted(desk, Kind.REPLACEMENT, DAY)
    assert desk.fresh().version == 2
    error = refused(desk.approve, row)
    assert error.code == "corrections.licence_moved" and isinstance(error, Moved)
    row = proposing.confirm(public_id=row.public_id, expected_version=row.version, **desk.who(desk.reviewer))
    assert (row.confirmed_by, row.licence_version) == (desk.reviewer, 2)
    desk.approve(row)
    licence = desk.fresh()
    assert (licence.registered_address, licence.certificate_version) == (RIGHT, 3)


def test_nothing_is_confirmed_while_nothing_moved(desk: Desk) -> None:
    row = desk.propose()
    error = refused(
        proposing.confirm, public_id=row.public_id, expected_version=row.version, **desk.who(desk.clerk)
    )
    assert error.code == "corrections.nothing_moved"


def test_what_a_change_has_put_right_falls_away(desk: Desk) -> None:
    """The holder's change gave the very words; there is nothing left to correct, and the proposal is taken back."""
    right = desk.licence.holder_name.replace("有限公司", "股份有限公司")
    row = desk.propose({"holder_name": right})
    holders.granted(desk, Kind.CHANGE, DAY)
    assert desk.fresh().holder_name == right
    error = refused(
        proposing.confirm, public_id=row.public_id, expected_version=row.version, **desk.who(desk.clerk)
    )
    assert error.code == "corrections.nothing_wrong"


def test_a_licence_that_ended_meanwhile_is_not_corrected(desk: Desk) -> None:
    row = desk.propose()
    after = holders.ENDS_ON + timedelta(days=1)
    assert refused(desk.approve, row, day=after).code == "corrections.licence_ended"
    holders.tick_term(desk.licence, after)
    assert refused(desk.approve, row, day=after).code == "corrections.licence_ended"


def test_drafts_follow_and_are_signed_anew(desk: Desk) -> None:
    draft = holders.ready(desk, Kind.RELOCATION, DAY)
    assert hasattr(draft, "commitment")
    desk.approve(desk.propose({"holder_name": desk.licence.holder_name.replace("测试", "苏州测试")}))
    after = Application.objects.get(pk=draft.pk)
    assert after.draft["enterprise"]["name"] == desk.fresh().holder_name
    assert after.draft["followed_on"] == DAY.isoformat() and not hasattr(after, "commitment")


def test_a_case_filed_before_keeps_what_was_corrected(desk: Desk) -> None:
    """It alters what it is about and nothing else, whatever was wrong when it was written."""
    case = holders.pending(desk, Kind.CHANGE, DAY)
    desk.approve(desk.propose())
    holders.grant(desk, case, DAY)
    licence = desk.fresh()
    assert licence.registered_address == RIGHT and "股份" in licence.holder_name


def test_sites_units_and_members_are_corrected_in_words_alone() -> None:
    desk = Desk(category="fertilizer-compound")
    holders.granted(desk, Kind.SCOPE_EXTENSION, DAY)
    licence = desk.fresh()
    unit = licence.units.order_by("pk").first()
    sites, units = len(licence.content["sites"]), licence.units.count()
    desk.approve(
        desk.propose({
            "site-0": licence.production_addresses[0].replace("12 号", "21 号"),
            f"unit-{unit.unit_id}": unit.name + "（颗粒）", "category_name": licence.category_name + "（肥料）",
            "member-0-name": "测试肥业第二厂有限公司",
        })
    )  # fmt: skip
    after = desk.fresh()
    assert after.production_addresses[0].endswith("21 号") and len(after.content["sites"]) == sites
    assert after.units.get(pk=unit.pk).name.endswith("（颗粒）") and after.units.count() == units
    assert after.content["units"][0]["name_zh"].endswith("（颗粒）")
    printed = facts_of(after)
    assert printed.category_name.endswith("（肥料）") and printed.units[0].endswith("（颗粒）")
    assert printed.group_members[0].startswith("测试肥业第二厂有限公司")


def test_an_enterprise_that_took_the_wrong_name_over_is_called_rightly(desk: Desk) -> None:
    name = desk.licence.holder_name.replace("测试", "苏州测试")
    desk.approve(desk.propose({"holder_name": name}))
    assert Enterprise.objects.get(pk=desk.enterprise.pk).name == name


def test_dates_become_what_the_decision_gave_and_nothing_else(desk: Desk) -> None:
    lawful = desk.fresh()
    ProductionLicence.objects.filter(pk=desk.licence.pk).update(
        valid_until=date(2027, 12, 14), valid_from=date(2021, 12, 16), term_start=date(2021, 12, 16)
    )
    row = desk.propose({}, wanted={"dates": True})
    assert [change["key"] for change in row.changes] == ["valid_from", "valid_until"]
    desk.approve(row)
    after = desk.fresh()
    for name in ("valid_from", "term_start", "valid_until", "issued_on", "next_check_at"):
        assert getattr(after, name) == getattr(lawful, name), name


def test_dates_after_a_renewal_are_those_of_the_renewal(desk: Desk) -> None:
    holders.granted(desk, Kind.RENEWAL, holders.TIMELY)
    lawful = desk.fresh()
    ProductionLicence.objects.filter(pk=desk.licence.pk).update(valid_until=date(2032, 1, 1))
    day = holders.TIMELY + timedelta(days=3)
    desk.approve(desk.propose({}, wanted={"dates": True}, day=day), day=day)
    assert desk.fresh().valid_until == lawful.valid_until == date(2031, 12, 14)
    assert not LicenceGap.objects.exists()


def test_a_date_tampered_with_after_the_proposal_is_not_given(desk: Desk) -> None:
    """What stands in the proposal is asked again: a longer term never comes of it."""
    ProductionLicence.objects.filter(pk=desk.licence.pk).update(valid_until=date(2027, 12, 14))
    row = desk.propose({}, wanted={"dates": True})
    changes = [{**change, "after": "2036-12-14"} for change in row.changes]
    CertificateCorrection.objects.filter(pk=row.pk).update(changes=changes)
    assert refused(desk.approve, row).code == "corrections.licence_moved"


@pytest.mark.parametrize(
    ("key", "day", "code"),
    [
        ("valid_until", "2036-12-14", "corrections.term_not_lawful"),
        ("valid_from", "2021-12-14", "corrections.term_not_lawful"),
        ("issued_on", "2021-12-14", "corrections.issue_not_lawful"),
    ],
)
def test_dates_are_held_against_what_was_proposed_when_they_are_set(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str, day: str, code: str
) -> None:
    """The second look of its own: whatever let the proposal through, no day is given that nobody read."""
    wrong = {
        "valid_until": date(2027, 12, 14),
        "valid_from": date(2021, 12, 16),
        "issued_on": date(2021, 12, 16),
    }[key]
    both = {"term_start": wrong} if key == "valid_from" else {}
    ProductionLicence.objects.filter(pk=desk.licence.pk).update(**{key: wrong}, **both)
    row = desk.propose({}, wanted={"dates": True})
    row.changes = [{**change, "after": day} for change in row.changes]
    row.save()
    monkeypatch.setattr(deciding, "changes_now", lambda found: changes_from_json(found.changes))
    assert refused(desk.approve, row).code == code
    assert getattr(desk.fresh(), key) == wrong


def test_the_day_of_issue_is_that_of_the_act_that_issued(desk: Desk) -> None:
    """A change made the certificate anew; its own day is the one, and not that of whatever else was decided since."""
    holders.granted(desk, Kind.CHANGE, DAY)
    issued = desk.fresh().issued_on
    Application.objects.filter(licence=desk.licence, kind=Kind.CHANGE).update(
        decided_on=issued + timedelta(days=9)
    )
    ProductionLicence.objects.filter(pk=desk.licence.pk).update(issued_on=issued - timedelta(days=1))
    day = DAY + timedelta(days=30)
    row = desk.propose({}, wanted={"dates": True}, day=day)
    assert [(change["key"], change["after"]) for change in row.changes] == [("issued_on", str(issued))]
    desk.approve(row, day=day)
    assert desk.fresh().issued_on == issued


@pytest.mark.req("R-84")
def test_a_provincial_licence_is_of_the_day_its_renewal_by_law_was_confirmed() -> None:
    """The renewal was decided by law days before; the licence of the province was issued with the confirmation."""
    desk = Desk(category="bridge-bearing", deciding=Authority.objects.get(level="national").code)
    CategoryVersion.objects.filter(category__key="bridge-bearing").update(
        authority_level="provincial", level_reason=""
    )
    desk.approver = world.official("320000", "approval", name="钱审批")
    case = holders.accepted(desk, Kind.RENEWAL, holders.TIMELY)
    holders.tick_case(case, holders.ENDS_ON + timedelta(days=1))
    confirmed = holders.ENDS_ON + timedelta(days=4)
    case.refresh_from_db()
    confirm_renewal(
        public_id=case.public_id, expected_version=case.version, **desk.who(desk.approver, confirmed)
    )
    licence = ProductionLicence.objects.get(replaces=desk.licence)
    case.refresh_from_db()
    assert (licence.issued_on, case.decided_on) == (confirmed, holders.ENDS_ON + timedelta(days=1))
    assert lawful_dates(licence)[1] == confirmed


def test_a_corrected_number_is_new_and_the_old_one_leads_to_it(desk: Desk) -> None:
    old = desk.licence.number
    row = desk.propose({}, wanted={"number": True, "number_reason": "产品代码录错"})
    desk.approve(row)
    licence = desk.fresh()
    assert licence.number != old and licence.number[:-5] == old[:-5]
    assert int(licence.number[-5:]) == int(old[-5:]) + 1
    former = FormerNumber.objects.get()
    assert (former.number, former.licence_id, former.until) == (old, licence.pk, DAY)
    assert standing_of_licence(old, DAY) == standing_of_licence(licence.number, DAY)
    assert facts_of(licence).public_id == desk.licence.opaque_id
    acts = LedgerEntry.objects.filter(subject_kind="licensing.licence").order_by("pk")
    assert [(entry.subject_id, entry.act) for entry in acts] == [
        (old, "licensing.licence_granted"), (old, "licensing.licence_renumbered"),
        (licence.number, "licensing.licence_corrected"),
    ]  # fmt: skip
    assert acts[2].public["former_number"] == old and verify().ok
    assert Desk().licence.number not in (old, licence.number), "no number is given twice"


def test_a_licence_without_a_case_has_no_dates_to_check(desk: Desk) -> None:
    row = desk.propose()
    Application.objects.filter(pk=desk.case.pk).update(licence=None)
    assert refused(desk.propose, {}, wanted={"dates": True}).code == "corrections.open_already"
    proposing.withdraw(public_id=row.public_id, expected_version=row.version, **desk.who(desk.clerk))
    source = proposing.Source("other", None, "纸质档案第 3 页")
    error = refused(desk.propose, {}, wanted={"dates": True}, source=source)
    assert error.code == "corrections.term_unknown"
    desk.approve(desk.propose(source=source))
    assert desk.fresh().registered_address == RIGHT
