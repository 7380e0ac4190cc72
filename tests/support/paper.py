"""A holder from the paper era: its licence imported, its account claimed, ready for the first case."""

from datetime import date
from typing import Any

from core.claims.actions import proof
from core.claims.models import Claim
from core.parties.models import User
from licensing.models import ProductionLicence
from tests.support import claims, holders, imports, world

TERM = {"issued_on": "2021-12-15", "valid_from": "2021-12-15", "valid_until": "2026-12-14"}
"""The term of `holders`: a renewal is timely until 2026-06-14."""
LOADED_ON = date(2026, 5, 6)
CONDITIONS = {
    "equipment": [{"name": "造粒机", "model": "ZL-1", "quantity": 1}],
    "instruments": [{"name": "天平", "number": "TP-1", "valid_until": "2027-06-30"}],
    "process": "GB 20413", "staff": "工艺员 2 人",
}  # fmt: skip
"""What no paper certificate says and the enterprise fills in."""


class PaperHolder(holders.Holder):
    """An enterprise of Jiangsu that claimed its account, by a sealed authorisation or by the identity port."""

    def __init__(self, *, authority: str = "320000", identity: bool = False, **row: str) -> None:
        self.clerk = world.official("320000", "acceptance", name="王受理")
        self.reviewer = world.official("320000", "review", name="赵审查")
        self.approver = world.official("320000", "approval", name="李审批")
        self.category = "fertilizer-phosphate"
        self.office = imports.Office(authority)
        content = imports.as_csv(imports.row(7, **TERM, **row))
        self.batch = self.office.loaded(content, at=world.at(LOADED_ON))
        self.licence = ProductionLicence.objects.get()
        self.enterprise = self.licence.enterprise
        self.applicant = world.user("周敏")
        self.claim = self._claimed(self.applicant, identity)
        self.enterprise.refresh_from_db()

    def _claimed(self, person: User, identity: bool) -> Claim:
        at = world.at(date(2026, 5, 7))
        claim = claims.filed(
            person, at=at, uscc=self.enterprise.uscc, name="随便写的有限公司", division="330109"
        )
        if not identity:
            return claims.accepted(claims.shown(claim, at=at), self.clerk, at=at)
        says = proof.Assertion("https://id.example", "s", self.enterprise.uscc, self.enterprise.name, "周敏", "周敏",
                               "legal_representative")  # fmt: skip
        return proof.prove_by_identity(
            public_id=claim.public_id, assertion=says, actor=world.actor(person, at.date()), at=at
        )


def renewed(holder: PaperHolder, day: date = holders.TIMELY) -> Any:
    """The first case of the licence, granted."""
    return holders.granted(holder, "renewal", day, conditions=CONDITIONS)
