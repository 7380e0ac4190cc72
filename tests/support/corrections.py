"""A licence with an error on its certificate, and the acts that mend it, for tests (R-89)."""

from datetime import date
from typing import Any

from core.parties.models import User
from licensing.corrections.actions import asking, deciding, proposing
from licensing.corrections.actions.proposing import Source, Wanted
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.models import Application, ProductionLicence
from tests.support import world
from tests.support.holders import Holder

DAY = date(2026, 3, 10)
"""In the term of the licence that `Holder` has, long before anything can be renewed in time."""
REASON = "住所的门牌号录入时少了一位"
RIGHT = "江苏省苏州市昆山市春晖路 188 号"


class Desk(Holder):
    """The people of a holder, and what they do about an error."""

    def __init__(self, **where: Any) -> None:
        super().__init__(**where)
        case = self.licence.cases.get()
        self.paper = Source("business_licence", case.public_id, "第 1 页")

    @property
    def case(self) -> Application:
        return self.licence.cases.order_by("pk").first()

    def who(self, person: User, day: date = DAY, hour: int = 9) -> dict[str, Any]:
        return {"actor": world.actor(person, day), "at": world.at(day, hour)}

    def propose(self, words: dict[str, str] | None = None, *, by: User | None = None, **more: Any) -> Any:
        wanted = Wanted({"registered_address": RIGHT} if words is None else words, **more.pop("wanted", {}))
        day = more.pop("day", DAY)
        facts = {"since": "decided", "source": self.paper, "reason": REASON} | more
        number = facts.pop("number", self.fresh().number)
        return proposing.propose(number=number, wanted=wanted, **facts, **self.who(by or self.clerk, day))

    def approve(self, row: CertificateCorrection, *, by: User | None = None, day: date = DAY) -> Any:
        row = CertificateCorrection.objects.get(pk=row.pk)
        return deciding.approve(
            public_id=row.public_id, expected_version=row.version, **self.who(by or self.approver, day, 10)
        )

    def corrected(self, words: dict[str, str] | None = None, **more: Any) -> ProductionLicence:
        """Proposed and approved."""
        self.approve(self.propose(words, **more), day=more.get("day", DAY))
        return self.fresh()

    def ask(self, *, by: User | None = None, day: date = DAY, **more: Any) -> CorrectionRequest:
        facts: dict[str, Any] = {
            "wrong": ["registered_address"], "explanation": "门牌号应为 188 号", "number": self.fresh().number,
        }  # fmt: skip
        return asking.ask(**facts | more, **self.who(by or self.applicant, day))
