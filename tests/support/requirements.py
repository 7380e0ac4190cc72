"""Ties tests to requirements: unknown ids stop the collection, and a full run notes how each marked test ended."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from portal.generated.marked import Marked, marked_in
from portal.generated.requirements import FAILED, PASSED, REPO, SKIPPED, requirements

OUTCOMES = "TEST_OUTCOMES"
"""Environment variable with the file a run writes; set by `./dev test --all`."""
RULES = re.compile(r"K([1-9]|1\d|2[0-6])|S([1-9]|1[0-7])|DOMAIN-\d+(\.\d+)*")
"""Rules of the clock, steps of a case and other places of the domain's specification."""


def bare(nodeid: str) -> str:
    """A test's name without its parameters and without the group that the distribution appends."""
    return nodeid.split("[", 1)[0].split("@", 1)[0]


def check(items: list[pytest.Item]) -> None:
    """Raises UsageError for an id that no requirement has, and for a mark that reading the source would not find."""
    known = {row.id for row in requirements()}
    scanned: dict[Path, Marked] = {}
    for item in items:
        ids = {id for mark in item.iter_markers("req") for id in mark.args}
        unknown = sorted(id for id in ids - known if not RULES.fullmatch(str(id)))
        if unknown:
            raise pytest.UsageError(f"{item.nodeid}: no requirement {', '.join(map(str, unknown))}")
        if ids and item.path not in scanned:
            scanned[item.path] = marked_in(item.path, REPO) if item.path.is_relative_to(REPO) else {}
        if ids and not ids <= set(scanned[item.path].get(bare(item.nodeid), ())):
            raise pytest.UsageError(f"{item.nodeid}: put its req marks where the source shows them")


class Recorder:
    """Notes in the controlling process how each test ended, and writes the marked ones' counts when the run is over."""

    def __init__(self, path: Path, root: Path = REPO) -> None:
        self.path, self.root = path, root
        self.ended: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The worst of set-up, call and tear-down counts; an expected failure proves nothing either."""
        before = self.ended.get(report.nodeid, PASSED)
        worst = FAILED if FAILED in (before, report.outcome) else SKIPPED
        self.ended[report.nodeid] = PASSED if before == report.outcome == PASSED else worst

    def pytest_sessionfinish(self) -> None:
        """One JSON object: test to outcome to count."""
        counts: dict[str, Counter[str]] = {}
        for nodeid, outcome in self.ended.items():
            counts.setdefault(bare(nodeid), Counter())[outcome] += 1
        files = {self.root / name.split("::")[0] for name in counts}
        marked = {name for path in files if path.is_file() for name in marked_in(path, self.root)}
        self.path.write_text(
            json.dumps({name: counts[name] for name in sorted(marked & set(counts))}), "utf-8"
        )
