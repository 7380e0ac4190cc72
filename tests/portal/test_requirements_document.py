"""docs/requirements.md: complete, honest about what was skipped or never run, written without running a test."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.embedded import testing
from portal.generated import requirements
from portal.generated.marked import marked_in, marked_tests
from portal.generated.requirements import REPO, Results, document, keep_results, load_results, verdict
from tests.support.requirements import OUTCOMES, Recorder, bare, check

SOURCE = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.req("R-1")]

@pytest.mark.req("R-2", "K1")
def test_one(): ...

@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.req("R-3"))])
def test_two(x): ...

def helper(): ...

@pytest.mark.req("R-4")
class TestGroup:
    pytestmark = pytest.mark.req("R-5")
    @pytest.mark.req("R-1")
    async def test_three(self): ...
    class TestInner:
        def test_four(self): ...

TestMachine = pytest.mark.req("R-6")(Machine.TestCase)
"""

RECORDING = """
from pathlib import Path
from tests.support.requirements import Recorder

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path("outcomes"), Path(".").resolve()))
"""
RUN = """
import pytest

@pytest.mark.xdist_group("g")
@pytest.mark.req("R-1")
@pytest.mark.parametrize("n", range(4))
def test_four(n):
    if n == 3:
        pytest.skip("x")
    assert n < 2

@pytest.mark.req("R-2")
def test_good(): ...

def test_unmarked(): ...

@pytest.mark.req("R-3")
@pytest.mark.xfail
def test_expected():
    assert False
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests" / "a").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    shutil.copy(REPO / "tests" / "requirements.csv", tmp_path / "tests")
    (tmp_path / "tests" / "a" / "test_a.py").write_text(SOURCE)
    return tmp_path


def row_of(text: str, id: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {id} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_all_requirements_are_there_in_order_with_their_acceptance_idea() -> None:
    rows = requirements.requirements()
    assert [row.id for row in rows] == [f"R-{number}" for number in range(1, 96)]
    assert all("when " in row.gwt.lower() and ", then " in row.gwt for row in rows)
    assert len({row.requirement for row in rows}) == 95


@pytest.mark.parametrize(
    "broken",
    [
        lambda lines: lines[:40] + lines[41:],
        lambda lines: [*lines[:3], lines[3], lines[3], *lines[4:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines, "R-96,§1,catalog,more,Given"],
        lambda lines: [*lines[:-1], "R-95,§1,catalog,,Given"],
        lambda lines: [*lines[:-1], "R-95,§1,catalog,words"],
        lambda lines: [*lines[:-1], "R-95,§1,catalog,words,Given,more"],
    ],
)
def test_a_broken_list_is_refused(root: Path, broken) -> None:
    path = root / "tests" / "requirements.csv"
    path.write_text("\n".join(broken(path.read_text("utf-8").splitlines())) + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"requirements\.csv"):
        document(root)


def test_marks_are_found_wherever_they_stand(root: Path) -> None:
    assert marked_tests(root) == {
        "tests/a/test_a.py::test_one": ("R-1", "R-2", "K1"),
        "tests/a/test_a.py::test_two": ("R-1", "R-3"),
        "tests/a/test_a.py::TestGroup::test_three": ("R-1", "R-4", "R-5"),
        "tests/a/test_a.py::TestGroup::TestInner::test_four": ("R-1", "R-4", "R-5"),
        "tests/a/test_a.py::TestMachine::runTest": ("R-1", "R-6"),
    }


def test_ids_that_are_not_written_out_are_refused(root: Path) -> None:
    (root / "tests" / "test_b.py").write_text("@pytest.mark.req(*IDS)\ndef test_x(): ...\n")
    with pytest.raises(ValueError, match=r"tests/test_b.py: line 1: write the ids"):
        marked_tests(root)


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ([], "missing"),
        ([None], "not run yet"),
        ([{"passed": 3}], "passed"),
        ([{"passed": 3}, None], "passed, 1 not run yet"),
        ([{"skipped": 1}], "missing (skipped)"),
        ([{"skipped": 1}, None], "missing (skipped)"),
        ([{"passed": 3, "skipped": 1}], "missing in part (skipped)"),
        ([{"passed": 3}, {"passed": 1, "failed": 1}, {"skipped": 1}], "failed"),
    ],
)
def test_what_the_tests_say_together(counts: list[dict[str, int] | None], says: str) -> None:
    tests = {f"t{number}": row for number, row in enumerate(counts)}
    assert verdict(tests, Results("c", "d", {name: row for name, row in tests.items() if row})) == says


def test_before_the_first_full_run_nothing_is_proved(root: Path) -> None:
    text = document(root)
    assert (
        "**Proved: 0 of 95.** Not yet: 89 missing, 6 not run yet." in text
        and "Last full run: none yet" in text
    )
    assert row_of(text, "R-2")[-2:] == ["[test_a.py::test_one](../tests/a/test_a.py)", "not run yet"]
    assert row_of(text, "R-7")[-2:] == ["", "missing"]


def test_a_full_run_is_kept_and_joined(root: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    one, two = "tests/a/test_a.py::test_one", "tests/a/test_a.py::test_two"
    first.write_text(json.dumps({one: {"passed": 2}, two: {"skipped": 1}}))
    second.write_text(json.dumps({one: {"passed": 1, "failed": 1}, "tests/gone.py::test_x": {"passed": 1}}))
    keep_results([first, second], root)
    kept = load_results(root)
    assert kept.tests[one] == {"failed": 1, "passed": 3} and kept.day
    text = (root / "docs" / "requirements.md").read_text("utf-8")
    assert text == document(root)
    assert row_of(text, "R-2")[-1] == "failed" and "(1 failed)" in row_of(text, "R-2")[-2]
    assert row_of(text, "R-3")[-1] == "missing (skipped)"
    assert row_of(text, "R-6")[-1] == "not run yet"
    assert row_of(text, "R-1")[-1] == "failed"
    assert row_of(text, "R-1")[-2].endswith("test_a.py) 5 (1 failed, 1 skipped, 3 not run yet)")


def item(path: Path, nodeid: str, *ids: object) -> SimpleNamespace:
    marks = [SimpleNamespace(args=ids)] if ids else []
    return SimpleNamespace(path=path, nodeid=nodeid, iter_markers=lambda name: marks)


def test_an_unknown_id_stops_the_collection() -> None:
    here = Path(__file__)
    check([item(here, "tests/portal/test_x.py::test_y")])
    for id in ("R-96", "R-0", "r-1", "K27", "S18", 7):
        with pytest.raises(pytest.UsageError, match=f"no requirement {id}"):
            check([item(here, "tests/portal/test_x.py::test_y", id)])


def test_a_mark_that_the_source_does_not_show_stops_the_collection() -> None:
    path = REPO / "tests" / "core_workdays" / "test_clock.py"
    name, ids = next(iter(marked_in(path, REPO).items()))
    check([item(path, f"{name}[a-b]", *ids), item(path, f"{name}@stack", *ids)])
    with pytest.raises(pytest.UsageError, match="put its req marks"):
        check([item(path, f"{name}_more", "R-1")])


def test_names_lose_parameters_and_groups() -> None:
    assert bare("tests/a.py::T::test_x[p@q::r[1]]@stack") == "tests/a.py::T::test_x"


@pytest.mark.parametrize(
    ("outcomes", "ended"),
    [
        (["passed", "passed", "passed"], "passed"),
        (["passed", "failed", "passed"], "failed"),
        (["passed", "passed", "failed"], "failed"),
        (["failed"], "failed"),
        (["skipped"], "skipped"),
        (["passed", "skipped", "passed"], "skipped"),
        (["passed", "skipped", "failed"], "failed"),
    ],
)
def test_the_worst_phase_of_a_test_counts(outcomes: list[str], ended: str, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "x")
    for outcome in outcomes:
        recorder.pytest_runtest_logreport(SimpleNamespace(nodeid="n", outcome=outcome))
    assert recorder.ended == {"n": ended}


@pytest.mark.parametrize("distribution", [["-n", "0"], ["-n", "2", "--dist", "loadgroup"]])
def test_a_run_notes_how_its_marked_tests_ended(tmp_path: Path, distribution: list[str]) -> None:
    """A real run, in one process and in several."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = req(*ids): x\n")
    (tmp_path / "conftest.py").write_text(RECORDING)
    (tmp_path / "tests" / "test_it.py").write_text(RUN)
    environment = {**os.environ, "PYTHONPATH": str(REPO), "PYTEST_ADDOPTS": ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:django",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    ran = subprocess.run(
        [*command, "--import-mode=importlib", *distribution],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert json.loads((tmp_path / "outcomes").read_text()) == {
        "tests/test_it.py::test_expected": {"skipped": 1},
        "tests/test_it.py::test_four": {"failed": 1, "passed": 2, "skipped": 1},
        "tests/test_it.py::test_good": {"passed": 1},
    }


class TestWhenItIsWritten:
    """`./dev test --all` writes after a full run only."""

    @pytest.fixture
    def kept(self, monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
        kept: list[list[Path]] = []
        monkeypatch.setattr(testing, "require", lambda tools: None)
        monkeypatch.setattr(requirements, "keep_results", lambda outcomes: kept.append(list(outcomes)))
        return kept

    def run(self, monkeypatch: pytest.MonkeyPatch, arguments: list[str], codes: list[int]) -> int:
        answers = iter(codes)
        self.asked: list[dict[str, str]] = []

        def pytest_run(arguments: list[str], **variables: str) -> int:
            self.asked.append(variables)
            return next(answers)

        monkeypatch.setattr(testing, "pytest", pytest_run)
        return testing.test(arguments)

    @pytest.mark.parametrize(("codes", "code"), [([0, 0, 0], 0), ([0, 1, 0], 1), ([1, 1, 1], 1)])
    def test_after_a_full_run_passed_or_not(self, kept, monkeypatch, codes: list[int], code: int) -> None:
        assert self.run(monkeypatch, ["--all"], codes) == code
        assert kept == [[Path(row[OUTCOMES]) for row in self.asked]] and len(set(kept[0])) == 3

    @pytest.mark.parametrize("codes", [[2, 0, 0], [0, 3, 0], [0, 0, 4], [5, 0, 0], [-9, 1, 1]])
    def test_not_after_one_that_was_broken_off(self, kept, monkeypatch, codes: list[int]) -> None:
        assert self.run(monkeypatch, ["--all"], codes) != 0
        assert kept == []

    @pytest.mark.parametrize("arguments", [["--all", "-k", "x"], ["--all", "tests/access"], ["-x", "--all"]])
    def test_not_after_a_filtered_one(self, kept, monkeypatch, arguments: list[str]) -> None:
        self.run(monkeypatch, arguments, [0, 0, 0])
        assert kept == []

    def test_not_after_the_fast_tier(self, kept, monkeypatch) -> None:
        self.run(monkeypatch, [], [0])
        assert kept == [] and self.asked == [{}]

    def test_a_checkout_that_cannot_be_written_is_no_failure(self, kept, monkeypatch, capsys) -> None:
        def refuse(outcomes: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(requirements, "keep_results", refuse)
        assert self.run(monkeypatch, ["--all"], [0, 0, 0]) == 0
        assert "not updated" in capsys.readouterr().err
