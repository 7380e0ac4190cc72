"""Errors on certificates: one that a holder reports, one that waits for a second person, one that was mended (R-89)."""

from typing import TYPE_CHECKING

from licensing.corrections.actions import asking, deciding, proposing
from licensing.corrections.actions.proposing import Source, Wanted
from licensing.corrections.models import CertificateCorrection
from licensing.models import ProductionLicence
from portal.demo.people import HOLDERS

if TYPE_CHECKING:
    from portal.demo.holders import Teller


def asked(teller: "Teller", licence: ProductionLicence) -> None:
    """The holder cannot read a place on his certificate; the desk has not answered yet."""
    asking.ask(
        number=licence.number, wrong=["site"],
        explanation="生产地址的镇名应为“周市镇”，我们领到的证书上印的镇名看不清，请核对案卷。",
        actor=teller.builder.actor("jinsui"), at=teller.on(teller.ago(1), 10, 12),
    )  # fmt: skip


def proposed(teller: "Teller", licence: ProductionLicence) -> None:
    """It waits for a second person."""
    _propose(teller, licence)


def _propose(teller: "Teller", licence: ProductionLicence) -> CertificateCorrection:
    """A house number with its figures exchanged, found by the clerk beside the business licence."""
    told = next(row for row in HOLDERS if row.name == licence.holder_name)
    right = licence.registered_address.replace(told.typed, told.address)
    return proposing.propose(
        number=licence.number, wanted=Wanted({"registered_address": right}), since=proposing.DECIDED,
        source=Source("business_licence", licence.cases.get().public_id, "住所一栏"),
        reason="住所的门牌号录入时写错，营业执照上的号码与证书不一致。",
        actor=teller.builder.actor("js-clerk"), at=teller.on(teller.ago(6), 14, 20),
    )  # fmt: skip


def corrected(teller: "Teller", licence: ProductionLicence) -> None:
    """The same, approved by a second person: version 2 of the certificate, and the old one is replaced."""
    row = _propose(teller, licence)
    deciding.approve(
        public_id=row.public_id, expected_version=row.version, actor=teller.builder.actor("js-approver"),
        at=teller.on(teller.ago(5), 9, 45),
    )  # fmt: skip
