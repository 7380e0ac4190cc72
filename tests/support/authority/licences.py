"""What the acts on licences are done to: licences of the enterprise, cases about them, deregistrations."""

import copy
from datetime import date, timedelta
from typing import Any

from core.parties.models import Duty
from core.workdays.rules import add_months
from licensing.actions import deregistration
from licensing.corrections.actions import asking, proposing
from licensing.corrections.actions.proposing import Source, Wanted
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.kinds import Kind
from licensing.models import Application, Deregistration, ProductionLicence
from tests.support import holders, world


def holding(cast: world.Cast, category: str, granted_on: date) -> holders.Holder:
    """The people of a cast with a licence granted on a day."""
    holder = holders.Holder.__new__(holders.Holder)
    vars(holder).update(vars(cast))
    holder.category, holder.licence = category, world.granted_licence(cast, category, granted_on)
    return holder


def licence(cast: world.Cast, category: str, day: date) -> ProductionLicence:
    """In the second of its five years."""
    return holding(cast, category, day - timedelta(days=400)).fresh()


def draft_of(kind: Kind) -> Any:
    """A draft ready to be filed, begun from a licence."""

    def make(cast: world.Cast, category: str, day: date) -> Application:
        return holders.ready(holding(cast, category, day - timedelta(days=400)), kind, day)

    return make


def deemed_renewal(cast: world.Cast, category: str, day: date) -> Application:
    """A renewal filed in time and not decided when the term ended the day before."""
    holder = holding(cast, category, add_months(day, -60))
    case = holders.accepted(holder, Kind.RENEWAL, day - timedelta(days=240))
    assert holders.tick_case(case, day) == "deem_renewed"
    return case


def proposed(cast: world.Cast, category: str, day: date) -> Deregistration:
    """Proposed by somebody who is not asked in the matrix."""
    held = holding(cast, category, day - timedelta(days=400)).licence
    proposer = world.official(held.issuing_authority.code, "review", name="钱提出")
    return deregistration.propose_deregistration(
        number=held.number, ground="stopped", facts="现场已停产", actor=world.actor(proposer, day),
        at=world.at(day, 12),
    )  # fmt: skip


def wrong(cast: world.Cast, category: str, day: date) -> CertificateCorrection:
    """A correction proposed by somebody who is not asked in the matrix."""
    held = holding(cast, category, day - timedelta(days=400)).licence
    proposer = world.official(held.issuing_authority.code, "review", name="钱提出")
    return proposing.propose(
        number=held.number, wanted=Wanted({"registered_address": f"{held.registered_address}甲座"}),
        since="decided", source=Source("other", None, "纸质档案第 3 页"), reason="住所漏印了楼号",
        actor=world.actor(proposer, day), at=world.at(day, 12),
    )  # fmt: skip


def asked(cast: world.Cast, category: str, day: date) -> CorrectionRequest:
    """What the holder asked for the day before."""
    held = holding(cast, category, day - timedelta(days=400)).licence
    return asking.ask(
        number=held.number, wrong=["registered_address"], explanation="住所漏印了楼号",
        actor=world.actor(cast.applicant, day), at=world.at(day, 12),
    )  # fmt: skip


def orphaned(cast: world.Cast, category: str, day: date) -> Application:
    """Under review in the hands of somebody who holds the duty no more."""
    other = copy.copy(cast)
    other.reviewer = world.official(cast.reviewer.duties.get().authority.code, "review", name="孙离任")
    case = world.taken(other, category, day)
    Duty.objects.filter(user=other.reviewer).update(valid_to=day)
    return case


MAKERS: dict[str, Any] = {
    "licence": licence, "replacement draft": draft_of(Kind.REPLACEMENT),
    "deregistration draft": draft_of(Kind.DEREGISTRATION), "deemed renewal": deemed_renewal,
    "proposed correction": wrong, "correction request": asked,
    "proposed deregistration": proposed, "orphaned": orphaned,
}  # fmt: skip
"""Each by cast, category and day."""
