"""Which tests say which requirement they prove, read from the sources of the tests without running them.

A test's name here is pytest's, without parameters: `tests/register/test_search.py::TestNames::test_pinyin`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

MARK = "pytest.mark.req"
Marked = dict[str, tuple[str, ...]]


def marked_tests(root: Path) -> Marked:
    """Every marked test below `root`/tests with its ids, by name."""
    found: Marked = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        found.update(marked_in(path, root))
    return found


def marked_in(path: Path, root: Path) -> Marked:
    """The marked tests of one file. Raises ValueError where a mark's ids are not written out."""
    text = path.read_text("utf-8")
    if MARK not in text:
        return {}
    name = path.relative_to(root).as_posix()
    try:
        tests = _tests(ast.parse(text).body, name, ())
        return {test: tuple(dict.fromkeys(ids)) for test, ids in tests if ids}
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _tests(body: list[ast.stmt], name: str, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Tests of a module or class, each with the ids of all marks that reach it."""
    here = above + tuple(id for row in body if _assigned(row) == "pytestmark" for id in _ids(row))
    for row in body:
        if isinstance(row, ast.FunctionDef | ast.AsyncFunctionDef) and row.name.startswith("test"):
            yield f"{name}::{row.name}", here + _decorated(row)
        elif isinstance(row, ast.ClassDef) and row.name.startswith("Test"):
            yield from _tests(row.body, f"{name}::{row.name}", here + _decorated(row))
        elif _assigned(row).startswith("Test"):
            yield f"{name}::{_assigned(row)}::runTest", here + _ids(row)


def _assigned(row: ast.stmt) -> str:
    """The name a statement gives: `pytestmark`, or that of a state machine's `TestCase`."""
    if isinstance(row, ast.Assign) and len(row.targets) == 1 and isinstance(row.targets[0], ast.Name):
        return row.targets[0].id
    return ""


def _decorated(row: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    """Marks above a test or class, those of single parameters included."""
    return tuple(id for decorator in row.decorator_list for id in _ids(decorator))


def _ids(node: ast.AST) -> tuple[str, ...]:
    calls = [row for row in ast.walk(node) if isinstance(row, ast.Call) and ast.unparse(row.func) == MARK]
    return tuple(_written(argument) for call in calls for argument in call.args)


def _written(argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"line {argument.lineno}: write the ids of {MARK} out")
