"""What a bench found, as values."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured thing: the median over the interleaved runs, and all runs for its spread."""

    name: str
    unit: str
    runs: tuple[float, ...]
    beside: str = ""

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.runs)

    @staticmethod
    def write_all(figures: "Sequence[Figure]") -> str:
        """From a measuring child to the bench, as JSON."""
        return json.dumps([asdict(figure) for figure in figures])

    @staticmethod
    def read_all(text: str) -> "tuple[Figure, ...]":
        """What `write_all` of a child wrote, on its last line."""
        rows = json.loads(text.strip().splitlines()[-1])
        return tuple(Figure(row["name"], row["unit"], tuple(row["runs"]), row["beside"]) for row in rows)

    @property
    def cost(self) -> float:
        """What one costs: the median, or its inverse where more is better."""
        return 1 / self.median if self.unit.endswith("/s") else self.median


@dataclass(frozen=True)
class Table:
    """Figures with their ratio to the floor, which is one of them. `beside` heads a last column of theirs."""

    title: str
    figures: tuple[Figure, ...]
    floor: str = ""
    beside: str = ""
    note: str = ""

    def ratio(self, figure: Figure) -> str:
        """How many times the cost of the floor; empty where a table has none."""
        if not self.floor:
            return ""
        if figure.name == self.floor:
            return "floor"
        base = next(one for one in self.figures if one.name == self.floor)
        return f"{figure.cost / base.cost:.2f} ×"


@dataclass(frozen=True)
class Facts:
    """Rows of words and numbers that have no spread."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Result:
    """One bench's page: what was measured and how, then its tables. `page` is the file's name if not the bench's,
    `command` how to run it if it is no bench."""

    name: str
    title: str
    about: str
    parts: tuple[Table | Facts, ...]
    page: str = ""
    command: str = ""
