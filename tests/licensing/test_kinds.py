"""Every kind of application from its filing to its end: documents, tracks, dates, numbers (DOMAIN §3.3; R-29, R-84)."""

import uuid
from datetime import date

import pytest

from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import DomainError
from core.parties.models import Authority
from licensing.actions import decision, drafts, filing
from licensing.kinds import FROM_LICENCE, Kind, rules_of
from licensing.lifecycle import Status
from licensing.models import Application, ApplicationDocument, Evidence, LicenceStatus, ProductionLicence
from tests.support import holders, world
from tests.support.holders import ENDS_ON, TIMELY, Holder

pytestmark = pytest.mark.django_db

# DOMAIN §3.3 and R-29, not the code: kind → documents, tracks
EXPECTED = {
    "new": (3, True), "renewal": (3, True), "change": (2, False), "condition_change": (3, True),
    "relocation": (3, True), "scope_extension": (3, True), "replacement": (1, False), "deregistration": (1, False),
}  # fmt: skip


def refused(code: str, act, *args, **kwargs) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


@pytest.mark.req("R-29")
def test_the_table_of_kinds_is_that_of_the_law() -> None:
    assert {kind.value for kind in Kind} == set(EXPECTED)
    for kind, (documents, tracks) in EXPECTED.items():
        assert (len(rules_of(kind).documents), rules_of(kind).reviewed) == (documents, tracks), kind


@pytest.mark.req("R-29")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_each_kind_asks_for_its_documents_and_no_others(holder: Holder, kind: Kind) -> None:
    case = holders.filed(holder, kind)
    slots = set(ApplicationDocument.objects.filter(application=case).values_list("slot", flat=True))
    assert slots == set(rules_of(kind).documents)
    assert len(slots) == EXPECTED[kind][0]
    assert case.number is not None and f"-{rules_of(kind).letter}-" in case.number


@pytest.mark.req("R-29")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_each_kind_runs_to_its_end(holder: Holder, kind: Kind) -> None:
    case = holders.granted(holder, kind)
    licence = holder.fresh()
    tracks = dict(Evidence.objects.filter(application=case).values_list("track", "outcome"))
    wanted = "passed" if EXPECTED[kind][1] else "not_applicable"
    assert tracks == {"onsite": wanted, "testing": wanted}
    assert licence.number == holder.licence.number
    if kind is Kind.DEREGISTRATION:
        assert (case.status, licence.status) == (Status.DELIVERED, LicenceStatus.DEREGISTERED)
        assert licence.deregistered_on == TIMELY and licence.deregistered_basis
        assert not Certificate.objects.filter(licence_number=licence.number, licence_version__gt=1).exists()
        return
    assert (case.status, licence.status) == (Status.GRANTED, LicenceStatus.VALID)
    ordered = Certificate.objects.get(licence_number=licence.number, licence_version=licence.version)
    assert case.licence_version == licence.version == 2
    assert ordered.printed.holder_name == licence.holder_name
    if kind is not Kind.RENEWAL:
        assert licence.valid_until == ENDS_ON


@pytest.mark.req("R-4")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_each_effect_is_one_act_on_the_licence_with_its_basis(holder: Holder, kind: Kind) -> None:
    holders.granted(holder, kind)
    acts = LedgerEntry.objects.filter(subject_kind="licensing.licence", subject_id=holder.licence.number)
    assert [row.subject_version for row in acts.order_by("subject_version")] == [1, 2]
    assert all(row.legal_basis for row in acts)


def test_a_draft_is_filled_in_from_the_licence(holder: Holder) -> None:
    draft = holders.begun(holder, Kind.RENEWAL)
    assert draft.draft["enterprise"]["name"] == holder.licence.holder_name
    assert draft.draft["enterprise"]["confirmed"] is False
    assert draft.draft["conditions"]["equipment"] == holder.licence.content["conditions"]["equipment"]
    assert draft.category_id == holder.licence.category_id
    assert set(draft.units.values_list("unit_id", flat=True)) == {
        u["id"] for u in holder.licence.content["units"]
    }


def test_a_change_alters_the_name_and_nothing_else(holder: Holder) -> None:
    before = holder.fresh()
    holders.granted(holder, Kind.CHANGE)
    after = holder.fresh()
    assert after.holder_name != before.holder_name and after.holder_name.endswith("股份有限公司")
    assert (after.valid_from, after.valid_until, after.production_addresses) == (
        before.valid_from, before.valid_until, before.production_addresses,
    )  # fmt: skip


def test_a_granted_change_renames_the_enterprise_too(holder: Holder) -> None:
    holders.granted(holder, Kind.CHANGE)
    holder.enterprise.refresh_from_db()
    assert holder.enterprise.name == holder.fresh().holder_name
    after = holders.filed(holder, Kind.REPLACEMENT)
    from licensing.queries.checks import acceptance_checks

    found = {check.code: check.ok for check in acceptance_checks(after, TIMELY)}
    assert found["as_registered"]


def test_a_change_that_changes_nothing_is_refused(holder: Holder) -> None:
    draft = holders.ready(holder, Kind.CHANGE, enterprise={"name": holder.licence.holder_name})
    refused("licensing.nothing_changed", _submit, holder, draft)


def test_a_change_that_moves_the_plant_is_a_relocation(holder: Holder) -> None:
    moved = [
        {
            "division": "320582",
            "address": "港城大道 1 号",
            "full_address": "江苏省苏州市张家港市港城大道 1 号",
        }
    ]
    draft = holders.ready(holder, Kind.CHANGE, sites={"rows": moved})
    refused("licensing.site_moved", _submit, holder, draft)


def test_name_and_address_stand_as_on_the_licence_unless_a_change_is_asked(holder: Holder) -> None:
    case = holders.filed(holder, Kind.RENEWAL, enterprise={"name": "冒名有限公司", "full_address": "别处"})
    assert case.filed["enterprise"]["name"] == holder.licence.holder_name
    assert case.filed["enterprise"]["full_address"] == holder.licence.registered_address


def test_an_extension_adds_and_never_drops(holder: Holder) -> None:
    case = holders.granted(holder, Kind.SCOPE_EXTENSION)
    licence = holder.fresh()
    assert licence.content["units"] == holder.licence.content["units"]
    assert [row["name"] for row in licence.content["group"]] == ["测试肥业二厂有限公司"]
    printed = Certificate.objects.get(
        licence_number=licence.number, licence_version=case.licence_version
    ).printed
    assert printed.group_members == (
        "测试肥业二厂有限公司（91320102MA1X5C7DXJ）江苏省南京市玄武区中山路 1 号",
    )
    draft = holders.begun(holder, Kind.SCOPE_EXTENSION)
    refused(
        "licensing.licensed_units", drafts.choose_units, public_id=draft.public_id, units=[],
        draft_version=draft.draft_version, actor=world.actor(holder.applicant, TIMELY), at=world.at(TIMELY),
    )  # fmt: skip


def test_an_extension_that_adds_nothing_is_not_complete(holder: Holder) -> None:
    refused("licensing.commitment_too_early", holders.ready, holder, Kind.SCOPE_EXTENSION, group={"rows": []})


@pytest.mark.req("R-14")
def test_a_unit_of_the_licence_that_left_the_list_stops_no_renewal(holder: Holder) -> None:
    """What became of it is decided with the list, not with the renewal (R-8, R-14)."""
    from catalog.models import UnitVersion

    draft = holders.ready(holder, Kind.RENEWAL)
    unit = holder.licence.content["units"][0]["id"]
    UnitVersion.objects.filter(unit_id=unit).update(valid_to=TIMELY)
    assert _submit(holder, draft).status == Status.SUBMITTED


@pytest.mark.req("R-88")
def test_nobody_begins_from_the_licence_of_another(holder: Holder) -> None:
    other = Holder()
    refused(
        "licensing.not_your_licence", drafts.start_draft, public_id=uuid.uuid4(), enterprise=other.enterprise,
        actor=world.actor(other.applicant, TIMELY), at=world.at(TIMELY), kind=Kind.RENEWAL, licence=holder.licence,
    )  # fmt: skip


def test_one_case_of_a_kind_at_a_time(holder: Holder) -> None:
    holders.filed(holder, Kind.REPLACEMENT)
    draft = holders.ready(holder, Kind.REPLACEMENT)
    refused("licensing.under_way", _submit, holder, draft)
    assert holders.filed(holder, Kind.CHANGE).status == Status.SUBMITTED


def test_a_section_the_kind_does_not_have_cannot_be_saved(holder: Holder) -> None:
    draft = holders.begun(holder, Kind.REPLACEMENT)
    refused(
        "licensing.section_not_asked", holders.save, holder, draft, "conditions", {"process": "x"}, TIMELY
    )


def test_a_kind_without_review_cannot_be_sent_back_to_it(holder: Holder) -> None:
    case = holders.pending(holder, Kind.CHANGE)
    refused(
        "licensing.nothing_to_review", decision.return_to_review, public_id=case.public_id,
        expected_version=case.version, reasons="再看", actor=world.actor(holder.approver, TIMELY),
        at=world.at(TIMELY, 16),
    )  # fmt: skip


def test_a_kind_without_review_can_be_refused_with_reasons(holder: Holder) -> None:
    case = holders.pending(holder, Kind.CHANGE)
    after = decision.refuse(
        public_id=case.public_id, no_conflict=True, expected_version=case.version, basis=case.rules.basis[:1],
        reasons="实为搬迁",
        actor=world.actor(holder.approver, TIMELY), at=world.at(TIMELY, 16),
    )  # fmt: skip
    assert after.status == Status.REFUSED
    assert holder.fresh().version == 1


def test_a_deregistration_ends_what_else_is_open(holder: Holder) -> None:
    renewal = holders.accepted(holder, Kind.RENEWAL)
    holders.granted(holder, Kind.DEREGISTRATION)
    after = Application.objects.get(pk=renewal.pk)
    assert (after.status, after.closed_on) == (Status.TERMINATED, TIMELY)


def test_fifteen_working_days_for_kinds_without_review(holder: Holder) -> None:
    assert holders.accepted(holder, Kind.CHANGE).target_days == 15
    assert holders.accepted(holder, Kind.RENEWAL).target_days == 30


def test_a_licence_that_has_ended_gives_no_change(holder: Holder) -> None:
    case = holders.pending(holder, Kind.CHANGE)
    holders.granted(holder, Kind.DEREGISTRATION, TIMELY)
    assert Application.objects.get(pk=case.pk).status == Status.TERMINATED
    refused("licensing.licence_not_running", holders.begun, holder, Kind.RENEWAL)


def test_filed_after_expiry_only_a_new_application_remains(holder: Holder) -> None:
    refused("licensing.licence_expired", holders.begun, holder, Kind.RENEWAL, date(2026, 12, 15))


def test_a_renewal_cannot_be_filed_years_ahead(holder: Holder) -> None:
    refused("licensing.renewal_too_early", holders.begun, holder, Kind.RENEWAL, date(2025, 12, 13))
    assert holders.begun(holder, Kind.RENEWAL, date(2025, 12, 14)).is_draft


@pytest.mark.req("R-84")
@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.RENEWAL, Kind.REPLACEMENT])
def test_a_national_licence_of_a_devolved_category_becomes_a_provincial_one(kind: Kind, devolved) -> None:
    holder = devolved
    old = holder.fresh()
    assert old.issuing_authority.level == "national"
    holder.approver = world.official("320000", "approval", name="钱审批")
    open_case = holders.filed(holder, Kind.CONDITION_CHANGE)
    case = holders.granted(holder, kind)
    new, ended = ProductionLicence.objects.get(replaces=old), holder.fresh()
    assert new.number.startswith("(苏)XK") and not old.number.startswith("(")
    assert (ended.status, ended.deregistered_on) == (LicenceStatus.DEREGISTERED, TIMELY)
    assert new.status == LicenceStatus.VALID
    assert new.valid_until == (date(2031, 12, 14) if kind is Kind.RENEWAL else ENDS_ON)
    assert case.licence_id == new.pk
    assert Application.objects.get(pk=open_case.pk).licence_id == new.pk


@pytest.fixture
def devolved() -> Holder:
    """A national licence whose category has since been devolved (R-18)."""
    from catalog.models import CategoryVersion

    holder = Holder(category="bridge-bearing", deciding=Authority.objects.get(level="national").code)
    CategoryVersion.objects.filter(category__key="bridge-bearing").update(
        authority_level="provincial", level_reason=""
    )
    return holder


def _submit(holder: Holder, draft: Application) -> Application:
    return filing.submit(
        public_id=draft.public_id, draft_version=draft.draft_version, actor=world.actor(holder.applicant, TIMELY),
        at=world.at(TIMELY, 10),
    )  # fmt: skip
