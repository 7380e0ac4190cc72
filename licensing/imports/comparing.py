"""Whether two records of one licence say the same: rows of a file, and a row and the register. Pure (R-90)."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from licensing.imports import reading
from licensing.imports.findings import Finding
from licensing.imports.rules import Facts

COMPARED: Final = {
    "name": "name", "uscc": "uscc", "category": "category", "units": "units", "issued_on": "issued_on",
    "valid_from": "valid_from", "valid_until": "valid_until", "address": "registered_address",
    "sites": "production_addresses", "status": "status", "deregistered_on": "deregistered_on",
}  # fmt: skip


def fingerprint(facts: Facts) -> str:
    """What a row says, as one digest: the same whatever the widths, and whether its term has run out meanwhile."""
    return hashlib.sha256(json.dumps(_comparable(facts), sort_keys=True).encode()).hexdigest()


def _comparable(facts: Facts) -> dict[str, Any]:
    said = {key: facts.get(key) for key in COMPARED}
    said["name"], said["address"] = (reading.folded(str(facts.get(key, ""))) for key in ("name", "address"))
    said["sites"] = sorted(reading.folded(site["address"]) for site in facts.get("sites", ()))
    said["units"] = sorted(facts.get("units", ()))
    said["status"] = "" if said["status"] in ("valid", "valid_deemed", "expired") else said["status"]
    return said


def differing(facts: Facts, held: Facts) -> tuple[str, ...]:
    """Columns in which two sets of facts about one licence contradict each other; empty when they say the same."""
    mine, other = _comparable(facts), _comparable(held)
    return tuple(column for key, column in COMPARED.items() if mine[key] != other[key])


def twins(lines: Sequence[int], print_of: Callable[[int], str]) -> Mapping[int, Finding]:
    """What to say of rows of one file that have the same number: only the first counts if all say the same, none does
    if they contradict each other."""
    if len(lines) < 2:
        return {}
    same = len({print_of(line) for line in lines}) == 1
    if same:
        first = str(lines[0])
        return {line: Finding("imports.same_in_file", "number", "", {"lines": first}) for line in lines[1:]}
    return {
        line: Finding("imports.contradicts_in_file", "number", "", {"lines": _others(lines, line)})
        for line in lines
    }


def _others(lines: Sequence[int], line: int) -> str:
    rest = [str(other) for other in lines if other != line]
    return "、".join(rest[:5]) + ("…" if len(rest) > 5 else "")
