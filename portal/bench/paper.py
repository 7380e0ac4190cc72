"""The page of a bench in `docs/measurements/`: always the same form, so that two runs compare line by line."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap

from portal.bench.results import Facts, Figure, Result, Table
from portal.embedded import binaries
from portal.embedded.environment import REPO

PAGES = REPO / "docs" / "measurements"
IDLE = 0.5
"""Load of the last minute below which the machine counts as ours alone."""


@dataclass(frozen=True)
class Circumstances:
    """When, on which code and where."""

    day: date
    commit: str
    machine: str
    load: float

    def lines(self) -> list[str]:
        """As they stand on a page."""
        return [
            f"Measured {self.day} on commit `{self.commit}`.",
            f"Machine: {self.machine}.",
            f"Load average at the end: {self.load:.1f}.",
        ]


def circumstances() -> Circumstances:
    """Those of now."""
    return Circumstances(date.today(), _commit(), _machine(), os.getloadavg()[0])


def _commit() -> str:
    """The commit, and whether the code measured differs from it."""
    head = _output("git", "rev-parse", "--short", "HEAD") or "none"
    changed = _output("git", "status", "--porcelain", "--untracked-files=no", "--", ":!docs", ":!tests")
    return f"{head} with changes" if changed else head


def _machine() -> str:
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    database = _output(str(binaries.bundled().postgres_bin / "postgres"), "--version").split()
    return (
        f"{cores} cores of {_processor()}, {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PostgreSQL {database[2] if len(database) > 2 else 'unknown'}"
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    return next(names, platform.machine())


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def page(found: Result, at: Circumstances) -> str:
    """The page as Markdown."""
    lines = [
        f"# {found.title}",
        "",
        *wrapped(found.about),
        "",
        f"    {found.command or f'./dev bench {found.name}'}",
        "",
        *at.lines(),
    ]
    for part in found.parts:
        lines += ["", f"## {part.title}", "", *_table(part)]
        if part.note:
            lines += ["", *wrapped(part.note)]
    return "\n".join(lines) + "\n"


def wrapped(text: str) -> list[str]:
    """Paragraphs of at most 118 columns."""
    found: list[str] = []
    for paragraph in text.split("\n\n"):
        found += [*([""] if found else []), *wrap(" ".join(paragraph.split()), 118, break_on_hyphens=False)]
    return found


def _table(part: Table | Facts) -> list[str]:
    columns, rows = cells(part)
    return [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows)]


def _row(parts: Sequence[str]) -> str:
    return "| " + " | ".join(parts) + " |"


def cells(part: Table | Facts) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of one table."""
    if isinstance(part, Facts):
        return list(part.columns), [list(row) for row in part.rows]
    columns = ["", "median", "lowest … highest", *(["to the floor"] if part.floor else [])]
    columns += [part.beside] if part.beside else []
    return columns, [_figure(part, figure) for figure in part.figures]


def _figure(table: Table, figure: Figure) -> list[str]:
    low, high = min(figure.runs), max(figure.runs)
    row = [figure.name, f"{number(figure.median)} {figure.unit}", f"{number(low)} … {number(high)}"]
    row += [table.ratio(figure)] if table.floor else []
    return row + ([figure.beside] if table.beside else [])


def number(value: float) -> str:
    """Three figures that count, thousands apart."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def print_result(found: Result) -> None:
    """The tables for the terminal."""
    for part in found.parts:
        columns, rows = cells(part)
        widths = [max(len(row[place]) for row in [columns, *rows]) for place in range(len(columns))]
        print(f"\n{part.title}")
        for row in [columns, *rows]:
            print(
                "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            )


def write_result(found: Result, directory: Path = PAGES) -> Path:
    """The page beside those of the other benches."""
    path = directory / f"{found.page or found.name}.md"
    path.write_text(page(found, circumstances()), encoding="utf-8")
    return path
