"""Typed words that are not saved yet: the read side of autosave."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licensing.models import Application, TypedSection

SECTIONS = ("enterprise", "product", "sites", "conditions", "group", "statement")
"""Sections with words to keep. A file is not typed, and a signature is not typed in advance."""

Words = dict[str, list[str]]


@dataclass(frozen=True)
class Typed:
    """The words in a section's form as last typed, and which page typed them."""

    pk: int
    version: int
    words: Words
    page: str
    turn: int
    saved_at: datetime


def read_row(pk: int, version: int, data: dict[str, Any], saved_at: datetime) -> Typed:
    """A stored row as a value."""
    return Typed(pk, version, data["words"], data["page"], data["turn"], saved_at)


def typed_of(application: Application, section: str) -> Typed | None:
    """What was typed in a section and not saved, one query; None once it is saved or discarded."""
    row = TypedSection.objects.filter(application=application, section=section).first()
    return read_row(row.pk, row.version, row.data, row.saved_at) if row else None


def unconfirmed(application: Application) -> frozenset[str]:
    """Sections with typed words that nobody has saved; one query."""
    return frozenset(TypedSection.objects.filter(application=application).values_list("section", flat=True))


def state_of(
    application: Application, section: str, typed: Typed | None, units: list[int] | None = None
) -> str:
    """What a page knows of a section, as one opaque word: its saved content and the typed words on top.

    Two pages with the same word stand on the same ground. One query for the section of units unless they are given.
    """
    saved: Any = application.draft.get(section)
    if section == "product":
        if units is None:
            units = list(application.units.order_by("unit_id").values_list("unit_id", flat=True))
        saved = [application.category_id, units]
    content = json.dumps(saved, sort_keys=True, ensure_ascii=True)
    base = hashlib.sha256(content.encode()).hexdigest()[:16]
    return f"{base}.{typed.pk}-{typed.version}" if typed else f"{base}.0"
