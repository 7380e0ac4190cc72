"""What an answer to a correction notice altered, field by field: pure, facts of two filings in, lines out.

Every line says by a sign and in a word whether it was taken out or put in, so that nothing hangs on colour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.functional import Promise

from licensing.correction import TARGETS, changed_targets, lines_of

Mark = Literal["same", "out", "in"]


@dataclass(frozen=True)
class Line:
    """One line of a field: kept, taken out or put in."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class FieldChange:
    """One field of the form with its lines, old and new in one order."""

    code: str
    label: Promise
    lines: tuple[Line, ...]


def field_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], *, english: bool = False
) -> tuple[FieldChange, ...]:
    """Every field whose content differs, in the order of the form; units under their name in the reader's language."""
    changed = changed_targets(before, after)
    return tuple(
        FieldChange(
            code, target.label, line_changes(_lines(before, code, english), _lines(after, code, english))
        )
        for code, target in TARGETS.items()
        if code in changed
    )


def _lines(facts: Mapping[str, Any], code: str, english: bool) -> tuple[str, ...]:
    if code == "product.units":
        name = "name_en" if english else "name_zh"
        return tuple(unit.get(name) or unit["name_zh"] for unit in facts.get("units", ()))
    return tuple(line for line in lines_of(facts, code) if line)


def line_changes(before: Sequence[str], after: Sequence[str]) -> tuple[Line, ...]:
    """Lines of both in one order: what is taken out stands before what is put in its place."""
    found: list[Line] = []
    for act, a, b, c, d in SequenceMatcher(None, list(before), list(after), autojunk=False).get_opcodes():
        if act == "equal":
            found += [Line("same", text) for text in before[a:b]]
            continue
        found += [Line("out", text) for text in before[a:b]]
        found += [Line("in", text) for text in after[c:d]]
    return tuple(found)
