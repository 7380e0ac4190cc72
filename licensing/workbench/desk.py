"""What stands at a desk beside the case itself: its papers, what must not be missed, and the way to the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.parties.access import PortalRequest
from licensing.models import Application
from licensing.queries.cases import CaseView, case_view
from licensing.rules import Check
from licensing.views.common import today
from licensing.workbench.filters import Filters
from licensing.workbench.forms import NoteForm
from licensing.workbench.papers import Tab, tabs_of
from licensing.workbench.queries.answers import Answer, answer_of
from licensing.workbench.queries.notes import Notes, notes_of
from licensing.workbench.queries.related import RelatedCases, related_cases
from licensing.workbench.queries.trail import Trail, trail_of
from licensing.workbench.queries.warnings import Warning, warnings_of


@dataclass(frozen=True)
class DecisionDesk:
    """Everything the desk of decision shows of one case."""

    view: CaseView
    checks: Sequence[Check]
    warnings: tuple[Warning, ...]
    related: RelatedCases
    notes: Notes | None
    answer: Answer | None
    papers: tuple[Tab, ...]

    @property
    def shown(self) -> dict[str, Any]:
        """As the template takes it."""
        return {
            "view": self.view, "checks": self.checks, "warnings": self.warnings, "related": self.related,
            "notes": self.notes, "note_form": NoteForm(), "answer": self.answer, "papers": self.papers,
        }  # fmt: skip


def decision_desk(request: PortalRequest, case: Application, checks: Sequence[Check]) -> DecisionDesk:
    """Read once, for the page and for what a grant must acknowledge."""
    view = case_view(case, request.standing, today())
    related = related_cases(request.standing, case)
    answer = answer_of(case)
    return DecisionDesk(
        view, checks, warnings_of(case, view, checks, related, request.standing, today()), related,
        notes_of(request.standing, case), answer, tabs_of(view, answer),
    )  # fmt: skip


def trail_from(request: PortalRequest, case: Application) -> Trail | None:
    """The list the desk was opened from, if the address names one; read before an act moves the case in it."""
    asked = request.GET.get("list", "")
    return trail_of(request.standing, Filters.parse(asked), case, today()) if asked else None
