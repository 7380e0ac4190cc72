"""What the workbench adds to the page of a case: notes and related cases, for officials inside alone."""

from typing import Any

from core.parties.competence import Standing
from licensing.models import Application
from licensing.workbench.forms import NoteForm
from licensing.workbench.queries.notes import notes_of
from licensing.workbench.queries.related import related_cases


def notes(case: Application, viewer: Standing) -> dict[str, Any] | None:
    """Notes and the form to add one; nothing, and no query, for whom they are closed."""
    found = notes_of(viewer, case)
    return None if found is None else {"notes": found, "form": NoteForm(), "case": case}


def related(case: Application, viewer: Standing) -> dict[str, Any] | None:
    """Other cases beside this one, to an official who has no part in the enterprise."""
    if not viewer.is_official or case.enterprise_id in viewer.interests:
        return None
    found = related_cases(viewer, case)
    return {"related": found} if found.rows else None
