"""`docs/requirements.md`: every requirement, its acceptance idea, the tests that prove it, and how they last ended.

Requirements stand in `tests/requirements.csv`, results of the last full run in `tests/requirements-results.json`; both
are committed, so the document can be written anywhere without running a test. Needs no Django, for `./dev test --all`.
"""

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from portal.generated.marked import Marked, marked_tests

REPO = Path(__file__).resolve().parents[2]
LAST = 95
GROUPED_FROM = 4
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
COLUMNS = ["id", "clause", "app", "requirement", "gwt"]


@dataclass(frozen=True)
class Requirement:
    """One row: `gwt` is its Given/When/Then."""

    id: str
    clause: str
    app: str
    requirement: str
    gwt: str


@dataclass(frozen=True)
class Results:
    """How often each marked test ended in each way in the last full run."""

    commit: str = ""
    day: str = ""
    tests: dict[str, dict[str, int]] = field(default_factory=dict)


def requirements(root: Path = REPO) -> tuple[Requirement, ...]:
    """R-1 to R-95. Raises ValueError for a number that is missing, doubled or out of place, or for an empty cell."""
    with (root / "tests" / "requirements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [row["id"] for row in rows]
    if ids != [f"R-{number}" for number in range(1, LAST + 1)]:
        raise ValueError(f"tests/requirements.csv holds R-1 to R-{LAST}, each once and in order")
    for row in rows:
        if list(row) != COLUMNS or not all(isinstance(cell, str) and cell.strip() for cell in row.values()):
            raise ValueError(f"tests/requirements.csv: {row['id']} has an empty or surplus cell")
    return tuple(Requirement(**row) for row in rows)


def results_path(root: Path = REPO) -> Path:
    """Where the last full run is kept."""
    return root / "tests" / "requirements-results.json"


def load_results(root: Path = REPO) -> Results:
    """The last full run; nothing before the first."""
    path = results_path(root)
    return Results(**json.loads(path.read_text("utf-8"))) if path.exists() else Results()


def keep_results(outcomes: Iterable[Path], root: Path = REPO) -> None:
    """Join what the runs of one full test wrote, and write results and document."""
    tests: dict[str, Counter[str]] = {}
    for path in outcomes:
        for name, counts in json.loads(path.read_text("utf-8")).items():
            tests.setdefault(name, Counter()).update(counts)
    kept = {name: dict(sorted(tests[name].items())) for name in sorted(tests)}
    results = Results(_commit(root), datetime.now(UTC).date().isoformat(), kept)
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(counts)}" for name, counts in kept.items())
    head = f'"commit": {json.dumps(results.commit)}, "day": {json.dumps(results.day)}'
    results_path(root).write_text(f'{{{head}, "tests": {{\n{rows}\n}}}}\n', "utf-8")
    (root / "docs" / "requirements.md").write_text(document(root), "utf-8")


def _commit(root: Path) -> str:
    """What was tested, `+` when files had been changed since; nothing outside a repository."""
    command = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    try:
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def verdict(tests: Collection[str], results: Results) -> str:
    """What a requirement's tests say together. A skipped test proves nothing, and hides what the others prove."""
    known = [Counter(results.tests[test]) for test in tests if test in results.tests]
    unknown = len(tests) - len(known)
    total = sum(known, Counter())
    if total[FAILED]:
        return "failed"
    if total[SKIPPED]:
        return "missing (skipped)" if not total[PASSED] else "missing in part (skipped)"
    if not total[PASSED]:
        return "not run yet" if unknown else "missing"
    return f"passed, {unknown} not run yet" if unknown else PASSED


def document(root: Path = REPO) -> str:
    """The whole page."""
    results, marked = load_results(root), marked_tests(root)
    rows = requirements(root)
    tests = {row.id: [test for test, ids in marked.items() if row.id in ids] for row in rows}
    verdicts = {row.id: verdict(tests[row.id], results) for row in rows}
    table = [
        f"| {row.id} | {row.clause} | {row.app} | {row.requirement} | {_cell(row.gwt)} "
        f"| {_links(tests[row.id], results)} | {verdicts[row.id]} |"
        for row in rows
    ]
    return "\n".join(
        [
            "# Requirements",
            "",
            "Each requirement with its clause in the reform opinions of 2015 (§) or in a law (L1 行政许可法,",
            "L2 工业产品生产许可证管理条例), its acceptance idea, the tests that name it and how they ended in the",
            "last full run. A test that was skipped counts as missing.",
            "",
            *_totals(verdicts, results, marked),
            "",
            "| id | clause | app | requirement | acceptance idea | tests | result |",
            "|---|---|---|---|---|---|---|",
            *table,
            "",
        ]
    )


def _totals(verdicts: dict[str, str], results: Results, marked: Marked) -> list[str]:
    counted = Counter(verdict.split(",")[0].split(" (")[0] for verdict in verdicts.values())
    proved = counted.pop(PASSED, 0)
    others = ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))
    when = f"{results.day}, commit {results.commit or 'unknown'}" if results.day else "none yet"
    return [
        f"**Proved: {proved} of {len(verdicts)}.** Not yet: {others or 'none'}.",
        "",
        f"Last full run: {when}. Marked tests: {len(marked)}.",
    ]


def _links(tests: list[str], results: Results) -> str:
    """Up to three tests by name, more of them by file with their number."""
    groups: dict[str, list[str]] = {}
    for test in tests:
        path, _, name = test.partition("::")
        few = f"[{Path(path).name}::{name}](../{path})"
        groups.setdefault(few if len(tests) < GROUPED_FROM else f"[{Path(path).name}](../{path})", []).append(
            test
        )
    counted = len(tests) >= GROUPED_FROM
    return "<br>".join(
        f"{link}{f' {len(group)}' if counted else ''}{_state(group, results)}"
        for link, group in groups.items()
    )


def _state(tests: list[str], results: Results) -> str:
    """What is said beside tests that did not simply pass; nothing before the first full run."""
    if not results.day:
        return ""
    known = [Counter(results.tests[test]) for test in tests if test in results.tests]
    total = sum(known, Counter())
    total["not run yet"] = len(tests) - len(known)
    parts = [f"{total[way]} {way}" for way in (FAILED, SKIPPED, "not run yet") if total[way]]
    return f" ({', '.join(parts)})" if parts else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
