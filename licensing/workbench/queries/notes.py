"""Notes on a case: to officials with competence on it, never to anybody else.

Not to the applicant or anybody of the enterprise, not to an official who belongs to it or has declared a conflict, and
not to those who read all cases of the country without handling any (DOMAIN §8: auditors read everything).
"""

from dataclasses import dataclass
from datetime import datetime

from core.parties.competence import HeldDuty, Standing
from core.parties.models import Duty
from licensing.models import Application
from licensing.queries.hands import is_recused
from licensing.workbench.models import CaseNote

_KIND = Duty.Kind
HANDLING = (_KIND.ACCEPTANCE, _KIND.REVIEW, _KIND.APPROVAL, _KIND.HEAD)


def authorities_of(case: Application) -> frozenset[int]:
    """The authorities that have to do with the case."""
    found = {
        case.filing_authority_id, case.deciding_authority_id, case.acceptance_authority_id, case.review_authority_id,
        case.approval_authority_id,
    }  # fmt: skip
    return frozenset(key for key in found if key is not None)


def writing_duty(standing: Standing, case: Application) -> HeldDuty | None:
    """The duty by which a person writes a note, on a case he may open; None for whoever may not."""
    if case.is_draft or _has_part(standing, case):
        return None
    mine = authorities_of(case)
    return next((d for d in standing.duties if d.kind in HANDLING and d.authority_id in mine), None)


def may_read(standing: Standing, case: Application) -> bool:
    """Whether the notes of a case this person may open are open to him too."""
    if case.is_draft or _has_part(standing, case):
        return False
    audits = standing.audits_everything or bool(standing.authorities(_KIND.AUDIT) & authorities_of(case))
    return audits or writing_duty(standing, case) is not None


def _has_part(standing: Standing, case: Application) -> bool:
    return (
        case.enterprise_id in standing.interests or case.created_by_id == standing.user_id or is_recused(case)
    )


@dataclass(frozen=True)
class Note:
    """One note as its readers see it; `mine` may be taken back."""

    public_id: str
    text: str
    who: str
    written_at: datetime
    pinned: bool
    withdrawn_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class Notes:
    """All of them, pinned ones first, then the newest; those taken back keep their place."""

    lines: tuple[Note, ...]
    may_write: bool

    @property
    def pinned(self) -> tuple[Note, ...]:
        return tuple(line for line in self.lines if line.pinned)


def notes_of(standing: Standing, case: Application) -> Notes | None:
    """The notes of a visible case in one query; None, and no query, for whom they are closed."""
    if not may_read(standing, case):
        return None
    rows = CaseNote.objects.filter(application=case).order_by("-pinned", "-pk")
    lines = tuple(
        Note(
            str(row.public_id), row.text, f"{row.organisation_label} · {row.author_label}", row.written_at, row.pinned,
            row.withdrawn_at, row.author_id == standing.user_id,
        )
        for row in rows
    )  # fmt: skip
    return Notes(lines, writing_duty(standing, case) is not None)
