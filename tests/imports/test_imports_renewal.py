"""From paper to the electronic certificate: claimed by its enterprise, renewed end to end, replaced when devolved."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from certificates.actions import try_to_issue
from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.parties.competence import standing_of
from licensing.actions.ending import tick_licence
from licensing.kinds import Kind
from licensing.models import ProductionLicence
from licensing.queries.licences import own_licences, standing_of_licence
from tests.support import holders, paper, world
from tests.support.holders import ENDS_ON, TIMELY

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-90")]


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.KEY_DIR = str(tmp_path / "keys")


@pytest.mark.req("R-88")
@pytest.mark.parametrize("identity", [False, True])
def test_claimed_and_renewed_the_number_stays_and_the_certificate_is_electronic(identity: bool) -> None:
    holder = paper.PaperHolder(identity=identity)
    number = holder.licence.number
    paper.renewed(holder)
    licence = holder.fresh()
    assert (licence.number, licence.version, licence.certificate_version) == (number, 2, 1)
    assert (str(licence.valid_from), str(licence.valid_until)) == (str(TIMELY), "2031-12-14")
    assert licence.application is not None and licence.application.kind == Kind.RENEWAL
    assert not licence.is_on_paper and licence.imported_from
    certificate = Certificate.objects.get(licence_number=number)
    assert try_to_issue(certificate_id=certificate.pk, at=world.at(TIMELY, 18))
    assert certificate.licence_version == 1
    assert licence.content["conditions"] == paper.CONDITIONS
    assert licence.content["enterprise"]["name"] == "苏州旧证7号肥业有限公司"


@pytest.mark.req("R-88")
def test_a_claim_goes_to_the_authority_of_the_record_and_leaves_its_facts_alone() -> None:
    """What the claimant typed, another name and another province, decides nothing."""
    holder = paper.PaperHolder()
    assert holder.claim.authority.code == "320000"
    assert (holder.enterprise.name, holder.enterprise.registered_division) == (
        "苏州旧证7号肥业有限公司",
        "320583",
    )
    assert (holder.enterprise.legal_representative, holder.enterprise.phone) == ("周敏", "0512-57000000")


def test_the_draft_brings_along_what_the_paper_says() -> None:
    holder = paper.PaperHolder()
    draft = holders.begun(holder, Kind.RENEWAL)
    assert draft.draft["enterprise"]["full_address"] == "江苏省苏州市昆山市春晖路 88 号"
    assert draft.draft["sites"]["rows"][0]["full_address"] == "江苏省苏州市昆山市优比路 12 号"
    assert [row.unit_id for row in draft.units.all()] == [holder.licence.content["units"][0]["id"]]
    assert not draft.draft["conditions"]["confirmed"]


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.REPLACEMENT])
def test_a_case_without_review_gives_it_its_electronic_certificate_too(kind: Kind) -> None:
    holder = paper.PaperHolder()
    holders.granted(holder, kind)
    licence = holder.fresh()
    assert (licence.certificate_version, str(licence.valid_until)) == (1, "2026-12-14")


def test_a_deregistration_ends_it_without_any_certificate() -> None:
    holder = paper.PaperHolder()
    holders.granted(holder, Kind.DEREGISTRATION)
    licence = holder.fresh()
    assert (licence.status, licence.certificate_version) == ("deregistered", 0)
    assert not Certificate.objects.exists()


def test_its_term_ends_like_any_other() -> None:
    holder = paper.PaperHolder()
    after = world.at(date(2026, 12, 15))
    assert tick_licence(number=holder.licence.number, at=after) == "licence_expired"
    assert holder.fresh().status == "expired"


def test_its_holder_sees_it_and_what_can_be_done() -> None:
    holder = paper.PaperHolder()
    held = own_licences(standing_of(holder.applicant, TIMELY), world.at(TIMELY), TIMELY)
    assert [row.licence.number for row in held] == [holder.licence.number]
    assert held[0].renewal_state == "open"
    standing = standing_of_licence(holder.licence.number, ENDS_ON)
    assert (standing.in_force, standing.version) == (True, 0)


@pytest.mark.req("R-84")
def test_a_national_paper_licence_of_a_devolved_category_is_replaced_by_the_province() -> None:
    """The new one has a case and a certificate; the old one ends the same day, both know of each other."""
    holder = paper.PaperHolder(authority="AQSIQ", number="XK13-002-00007")
    holders.granted(holder, Kind.CHANGE)
    old = holder.fresh()
    new = ProductionLicence.objects.get(replaces=old)
    assert (old.status, old.certificate_version, str(old.deregistered_on)) == ("deregistered", 0, str(TIMELY))
    assert new.number.startswith("(苏)XK13-002-") and new.issuing_authority.code == "320000"
    assert (str(new.valid_until), new.certificate_version, new.imported_on) == ("2026-12-14", 1, None)
    assert new.application is not None
    entry = LedgerEntry.objects.get(act="licensing.licence_granted", subject_id=new.number)
    assert entry.public["replaces"] == "XK13-002-00007"
