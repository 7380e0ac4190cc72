"""The papers beside a desk as tabs: the documents filed, what the review rests on, and what an answer altered."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from licensing.models import Track
from licensing.workbench.queries.answers import Answer

ANSWER = "answer"


@dataclass(frozen=True)
class Tab:
    """One paper; `key` is the digit that turns to it."""

    code: str
    label: str
    key: int


def tabs_of(view: Any, answer: Answer | None) -> tuple[Tab, ...]:
    """The papers there are, in the order in which they are read."""
    found = [(row.slot, str(row.get_slot_display())) for row in view.documents]
    words = {Track.ONSITE: _("核查记录"), Track.TESTING: _("检验报告")}
    found += [(track, words[Track(track)]) for track, row in view.evidence.items() if row.document]
    if answer is not None:
        found.append((ANSWER, _("补正前后")))
    return tuple(Tab(code, label, number) for number, (code, label) in enumerate(found, start=1))
