"""A case as an act left it, for a paper that is put together later: by its filings, the ledger and the rules of then.

A paper that is owed says what its act said. What a later act may have changed of the case, an answer to a notice, a
move to another desk, is therefore put back first; nothing of it is saved.
"""

from datetime import datetime

from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application
from licensing.policy import profile_on


def case_at(subject: Subject, at: datetime) -> Application:
    """The case with the facts filed by then, their receipt and limit, and the state after the act; four queries."""
    case = Application.objects.get(public_id=subject.id)
    filing = case.filings.filter(received_at__lte=at).order_by("-ordinal").first()
    if filing is not None and case.filing_authority_id is not None:
        case.filed, case.received_at = filing.facts, filing.received_at
        received = shanghai_date(filing.received_at)
        case.intake_days = profile_on(received, case.filing_authority_id).intake.days
    case.status = _status_after(subject) or case.status
    return case


def _status_after(subject: Subject) -> str:
    """The state in which an act left the case: one that is done in several states leaves it as it was before."""
    targets: dict[str, set[str]] = {}
    for row in LIFE_CYCLE.transitions:
        targets.setdefault(f"licensing.{row.act}", set()).add(row.target)
    entries = LedgerEntry.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, subject_version__lte=subject.version
    )
    for act in entries.order_by("-subject_version").values_list("act", flat=True):
        if len(found := targets.get(act, set())) == 1:
            return next(iter(found))
    return ""
