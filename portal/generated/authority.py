"""`docs/authority.md`: who may do what, from the matrix the tests try cell by cell (`tests/authority_matrix.csv`)."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]

CASES = {
    "": "",
    "delegated": "a product whose stages the province has delegated to the prefecture",
    "national": "a product decided by AQSIQ",
}

NOT_BUILT = """
satisfaction rating (R-87)
on-site task, lab choice, test report: review bodies and laboratories do not work in the portal yet
standing evidence, and the supervisor's part in it (spot checks)
standing order and sampling review (R-85)
import of licences (R-90)
spot check and class; interview and order; incident and recall
撤销, 吊销, 撤回
catalogue and lists as acts: they come with the installation, and everybody reads them on the public pages
lab filing, review body registration and their bars; complaints on them (R-91)
reference act and batch re-verification (R-92, R-93), consultation request (R-94)
policy profile: part of the installation
the commitment letter for the public after the grant
"""

DIFFERS = """
the calendar: only the national administrator has pages of it; auditors and the public have none yet
members: the national administrator also looks after the people of AQSIQ and appoints administrators of the provinces
members: an agent reads his own seat and authorisations, not those of other agents
case message: while a reviewer has the case in hand he writes for the authority, and the clerk reads along
application: an approver at AQSIQ reads the cases AQSIQ decides, not those of all its territory
注销: the head and the national administrator read the tasks too; a supervisor reads those he proposed himself
"""

NO_ROLE = "review body head, verifier, lab, other department, association"


@dataclass(frozen=True)
class Row:
    """One row of the matrix, as `tests/support/authority/matrix.py` explains it."""

    object: str
    act: str
    case: str
    role: str
    place: str
    expected: str
    cell: str
    note: str
    open: str


def rows(root: Path = REPO) -> list[Row]:
    with (root / "tests" / "authority_matrix.csv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def document(root: Path = REPO) -> str:
    """The whole page."""
    found = rows(root)
    sections = [_section(name, list(group)) for name, group in groupby(found, key=lambda row: row.object)]
    return "\n".join([*_head(found), *sections, *_not_built(), ""])


def _head(found: list[Row]) -> list[str]:
    allowed = sum(row.expected == "allow" for row in found)
    still_open = sum(bool(row.open) for row in found)
    return [
        "# Who may do what",
        "",
        "Every row of `tests/authority_matrix.csv`, written from the roles and permissions of the domain (DOMAIN §8)",
        "and not from the code. `tests/access/test_authority_matrix.py` tries each of them on the real act: what is",
        "allowed succeeds, what is denied is refused and writes nothing; and on its page, once let in, once kept out.",
        "",
        f"{len(found)} cells, {allowed} allowed, {len(found) - allowed} denied, {still_open} of them not so yet.",
        "",
        "First the cells of §8 as they stand: C create, R read, D decide, – none; own, terr (own territory and",
        "below), asg (assigned). Then each act: who may, and who is denied of those who were tried. Officials serve",
        "at: the own province (Jiangsu), the prefecture (Suzhou) and the county (Kunshan) of the enterprise, AQSIQ,",
        "another province, another prefecture. A dash denies the act; what a person reads of a case file follows the",
        "application, unless the object has a page of its own.",
        "",
    ]


def _section(name: str, found: list[Row]) -> str:
    """One object: its cells, its acts, and why where §8 alone does not say it."""
    told = _gathered((row.cell, row.role) for row in found if row.cell != "–")
    cells = [f"- {cell}: {', '.join(roles)}" for cell, roles in told.items()]
    lines = [f"## {name}", "", *cells, "- –: everybody else", ""]
    lines += ["| act | may | may not |", "|---|---|---|"]
    for (act, case), group in groupby(found, key=lambda row: (row.act, row.case)):
        words = act.replace("_", " ") + (f"<br>{CASES[case]}" if case else "")
        tried = list(group)
        lines.append(f"| {words} | {_people(tried, 'allow')} | {_people(tried, 'deny')} |")
    return "\n".join([*lines, "", *_reasons(found), ""])


def _people(tried: list[Row], expected: str) -> str:
    """Roles, each with the places of its holders."""
    chosen = [row for row in tried if row.expected == expected]
    lines = []
    for role, group in groupby(chosen, key=lambda row: row.role):
        places = [row.place + (" (not yet)" if row.open else "") for row in group]
        lines.append(role if places == ["visitor"] else f"{role}: {', '.join(places)}")
    return "<br>".join(lines)


def _reasons(found: list[Row]) -> list[str]:
    """What beside the cell decides, once for each role; and why a cell is not so yet."""
    notes = _gathered((row.note, f"{row.role} ({row.place})") for row in found if row.note)
    waiting = _gathered((row.open, f"{row.role} ({row.place})") for row in found if row.open)
    return [f"- {why}: {', '.join(who)}" for why, who in notes.items()] + [
        f"- Not yet, {why}: {', '.join(who)}" for why, who in waiting.items()
    ]


def _not_built() -> list[str]:
    lines = [f"- {line}" for line in NOT_BUILT.strip().splitlines()]
    return [
        "## Not in the matrix",
        "",
        "Rows of §8 for which the portal has no act yet:",
        "",
        *lines,
        "",
        "Where the portal is narrower or wider than the words of §8, and the matrix therefore silent:",
        "",
        *[f"- {line}" for line in DIFFERS.strip().splitlines()],
        "",
        f"Columns nobody holds yet: {NO_ROLE}.",
    ]


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What belongs to the same words, each once and in order."""
    found: dict[str, list[str]] = {}
    for words, one in pairs:
        there = found.setdefault(words, [])
        if one not in there:
            there.append(one)
    return found
