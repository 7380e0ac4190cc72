"""The task to deregister a licence without its holder asking: opened by expiry, overtaken by events (DOMAIN §3.7).

Every step of a task stands in the ledger with its version, whoever takes it: the next one could not follow otherwise.
Whoever calls holds the lock of the licence.
"""

from datetime import datetime

from core.ledger.actions import record
from core.ledger.models import Dating
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from licensing.models import Deregistration, ProductionLicence

DEREGISTRATION = "licensing.deregistration"
Ground, Result = Deregistration.Ground, Deregistration.Result
DEVOLVED = (Clause("SEED", "三(一)"), Clause("L2", "第三十一条"))
"""A national licence of a devolved category goes with the provincial one that takes its place (R-84)."""
BASIS = {
    Ground.EXPIRED: (Clause("L1", "第七十条第一项"), Clause("L2", "第三十一条")),
    Ground.DISSOLVED: (Clause("L1", "第七十条第三项"), Clause("L2", "第三十一条")),
    Ground.ENDED: (Clause("L1", "第七十条第四项"), Clause("L2", "第三十一条")),
    Ground.FORCE_MAJEURE: (Clause("L1", "第七十条第五项"), Clause("L2", "第三十一条")),
    Ground.STOPPED: (Clause("L2", "第三十一条"), Clause("L1", "第七十条第六项")),
}


def open_for_expiry(licence: ProductionLicence, *, end: datetime, at: datetime) -> Deregistration:
    """The term is over, so the licence must be deregistered: as of `end`, in place of what was proposed before.

    A proposal may be set aside and this may not; one task is open at a time.
    """
    for row in _open(licence):
        _set_aside(row, "许可证有效期届满，另行依法办理注销", at)
    row = Deregistration.objects.create(licence=licence, ground=Ground.EXPIRED, opened_on=shanghai_date(end))
    write(row, "deregistration_opened", SYSTEM, end, dating=Dating.LEGAL_DATE)
    return row


def nothing_expired_any_more(licence: ProductionLicence, at: datetime) -> None:
    """A licence revived by a late renewal leaves no expiry to deregister; another reason proposed stays."""
    for row in _open(licence):
        if row.ground == Ground.EXPIRED:
            _set_aside(row, "延续申请已准予", at)


def nothing_open_any_more(licence: ProductionLicence, at: datetime) -> None:
    """The holder asked for the end himself: nothing is left to end without him."""
    for row in _open(licence):
        _set_aside(row, "许可证已按企业的申请注销", at)


def go_on_with(licence: ProductionLicence, old: ProductionLicence, at: datetime) -> None:
    """A task about a licence that another takes the place of is about that one from now on (R-84)."""
    for row in _open(old):
        row.licence = licence
        row.version += 1
        row.save()
        write(row, "deregistration_moved", SYSTEM, at, basis=DEVOLVED)


def _open(licence: ProductionLicence) -> list[Deregistration]:
    return list(Deregistration.objects.select_for_update(of=("self",)).filter(licence=licence, result=""))


def _set_aside(row: Deregistration, reasons: str, at: datetime) -> None:
    row.result, row.reasons, row.decided_on = Result.SET_ASIDE, reasons, shanghai_date(at)
    row.version += 1
    row.save()
    write(row, "deregistration_set_aside", SYSTEM, at, personal={"reasons": reasons})


def write(
    row: Deregistration,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    personal: dict[str, str] | None = None,
    dating: str = "",
    basis: tuple[Clause, ...] = (),
) -> None:
    """One step of a task, with its version, in the ledger and the outbox. What is not decided is nobody's outside; the
    end itself is an act on the licence, and public. `basis` where the step rests on something else than the ground."""
    subject = Subject(DEREGISTRATION, str(row.public_id), row.version)
    record(
        act=f"licensing.{act}", subject=subject, actor=actor, effective_at=at,
        legal_basis=basis or BASIS[Ground(row.ground)], internal={"licence": row.licence.number, "ground": row.ground},
        personal=personal or {}, dating=dating,
    )  # fmt: skip
    emit(type=f"licensing.{act}", subject=subject)
