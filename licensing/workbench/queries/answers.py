"""The answer to a correction notice beside the first filing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from licensing.models import Application, Slot
from licensing.workbench.diff import FieldChange, field_changes


@dataclass(frozen=True)
class Answer:
    """When it came, which fields differ and which documents were replaced."""

    received_at: datetime
    changes: tuple[FieldChange, ...]
    documents: tuple[Slot, ...]


def answer_of(case: Application) -> Answer | None:
    """The answer to the one notice of a case, two queries; None, and no query, while there is none."""
    notice = getattr(case, "correction", None)
    if notice is None or notice.answered_at is None:
        return None
    filings = list(case.filings.order_by("ordinal"))
    if len(filings) < 2:
        return None
    english = (get_language() or "").startswith("en")
    replaced = case.superseded_documents.order_by("slot").values_list("slot", flat=True)
    return Answer(
        filings[-1].received_at,
        field_changes(filings[0].facts, filings[-1].facts, english=english),
        tuple(Slot(slot) for slot in replaced),
    )
