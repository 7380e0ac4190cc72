"""Runs the named benches and prints each median with its ratio to the floor."""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Figure:
    """One measured thing: the median over the interleaved runs, and all runs for its spread."""

    name: str
    unit: str
    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.runs)


def interleave(bodies: Mapping[str, Callable[[], float]], *, unit: str, runs: int = RUNS) -> list[Figure]:
    """Measure every body once per round, so that a change of the machine's mood hits all of them alike."""
    measured: dict[str, list[float]] = {name: [] for name in bodies}
    for _round in range(runs):
        for name, body in bodies.items():
            measured[name].append(body())
    return [Figure(name, unit, tuple(values)) for name, values in measured.items()]


def report(title: str, figures: Sequence[Figure], *, floor: str) -> None:
    """A table: median, spread, and the ratio to the floor named."""
    base = next(figure.median for figure in figures if figure.name == floor)
    print(f"\n{title} (median of {len(figures[0].runs)} interleaved runs)")
    for figure in figures:
        low, high = min(figure.runs), max(figure.runs)
        ratio = "floor" if figure.name == floor else f"{figure.median / base:.2f} x"
        print(
            f"  {figure.name:<28}{figure.median:>10.1f} {figure.unit:<6}{low:>9.1f} … {high:<9.1f}{ratio:>9}"
        )


def benches() -> dict[str, Callable[[], None]]:
    """The benches by name. A bench is a module of this package with `run()`."""
    from portal.bench import certificate, licence_page, uploads

    return {"certificate": certificate.run, "licence-page": licence_page.run, "uploads": uploads.run}


def bench(arguments: Sequence[str]) -> int:
    """`./dev bench` runs all, `./dev bench NAME` one."""
    known = benches()
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"未知的测量 / unknown: {' '.join(unknown)}; {' '.join(known)}", file=sys.stderr)
        return 2
    for name in arguments or known:
        known[name]()
    return 0
