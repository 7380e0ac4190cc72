"""`./dev bench`: the runner, the page it writes, and the names it invents. Nothing here is timed."""

from datetime import date
from importlib import import_module

import pytest

from core.parties.identifiers import validate_uscc
from portal.bench import paper, runner
from portal.bench.names import producer
from portal.bench.results import Facts, Figure, Result, Table
from portal.bench.servers import PREFIX, BenchServers

AT = paper.Circumstances(
    date(2026, 11, 28), "abc1234", "2 cores of Some CPU, 24 GB, Linux 6, Python 3.11", 0.25
)
RESULT = Result(
    "things", "Things", "What was\nmeasured.\n\nAnd how.",
    (
        Table(
            "Rates",
            (
                Figure("nothing", "req/s", (400.0, 500.0, 450.0), "0"),
                Figure("something", "req/s", (150.0, 140.0, 151.0), "12"),
            ),
            floor="nothing", beside="queries",
        ),
        Table(
            "Times", (Figure("one", "ms", (2.0, 1.0, 3.0)), Figure("other", "ms", (40.0, 41.0, 2_000.0))),
            floor="one",
        ),
        Facts("Facts", ("", "MB"), (("all", "1.5"),), note="A note."),
    ),
)  # fmt: skip
PAGE = """# Things

What was measured.

And how.

    ./dev bench things

Measured 2026-11-28 on commit `abc1234`.
Machine: 2 cores of Some CPU, 24 GB, Linux 6, Python 3.11.
Load average at the end: 0.2.

## Rates

|  | median | lowest … highest | to the floor | queries |
| --- | --- | --- | --- | --- |
| nothing | 450 req/s | 400 … 500 | floor | 0 |
| something | 150 req/s | 140 … 151 | 3.00 × | 12 |

## Times

|  | median | lowest … highest | to the floor |
| --- | --- | --- | --- |
| one | 2.00 ms | 1.00 … 3.00 | floor |
| other | 41.0 ms | 40.0 … 2,000 | 20.50 × |

## Facts

|  | MB |
| --- | --- |
| all | 1.5 |

A note.
"""


def test_a_page_has_always_the_same_form() -> None:
    assert paper.page(RESULT, AT) == PAGE


def test_the_page_is_written_beside_the_others(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(paper, "circumstances", lambda: AT)
    assert paper.write_result(RESULT, tmp_path) == tmp_path / "things.md"
    assert (tmp_path / "things.md").read_text() == PAGE


def test_now_names_day_commit_and_machine() -> None:
    day, machine, _load = paper.circumstances().lines()
    assert "on commit `" in day and " cores of " in machine and "PostgreSQL " in machine


def test_figures_come_back_from_a_child_as_they_left_it() -> None:
    figures = [Figure("a", "ms", (1.5, 2.5)), Figure("b", "req/s", (3.0,), "7")]
    assert Figure.read_all("noise\n" + Figure.write_all(figures)) == tuple(figures)


def test_every_round_measures_everything_once() -> None:
    calls: list[str] = []
    figures = runner.interleave(
        {name: lambda name=name: calls.append(name) or 1.0 for name in "ab"}, unit="ms", runs=3
    )
    assert calls == list("ababab")
    assert [figure.runs for figure in figures] == [(1.0, 1.0, 1.0)] * 2


def test_an_unknown_bench_is_named_and_nothing_runs(capsys, monkeypatch) -> None:
    monkeypatch.setattr(runner, "import_module", lambda name: pytest.fail(name))
    assert runner.bench(["register", "nothing-like-it"]) == 2
    said = capsys.readouterr().err
    assert "nothing-like-it" in said and all(name in said for name in runner.BENCHES)


def test_one_bench_is_run_shown_and_written(capsys, monkeypatch, tmp_path) -> None:
    module = type("Bench", (), {"run": staticmethod(lambda: RESULT)})
    monkeypatch.setattr(runner, "import_module", lambda name: module)
    monkeypatch.setattr(runner, "write_result", lambda found: paper.write_result(found, tmp_path))
    assert runner.bench(["image"]) == 0
    assert "3.00 ×" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["things.md"]


@pytest.mark.parametrize("name", runner.BENCHES)
def test_every_bench_has_a_body_a_page_and_a_line_in_the_list_of_pages(name: str) -> None:
    assert callable(import_module(runner.BENCHES[name]).run)
    assert (paper.PAGES / f"{name}.md").exists()
    assert f"./dev bench {name}`" in (paper.PAGES / "README.md").read_text()


def test_producers_differ_in_name_and_code_and_their_codes_are_valid() -> None:
    made = [producer(number) for number in (*range(3_000), *range(1_000_000, 1_003_000))]
    assert len({one.name for one in made}) == len({one.uscc for one in made}) == len(made)
    assert all(
        validate_uscc(one.uscc) == one.uscc and one.uscc.startswith(f"91{one.division}") for one in made[::50]
    )
    assert producer(7) == producer(7)
    assert len({one.province for one in made[:300]}) == 20


def test_only_a_name_of_a_bench_is_dropped_and_made_anew() -> None:
    with pytest.raises(AssertionError, match="portal"):
        BenchServers().database("portal")
    assert not "portal".startswith(PREFIX)
