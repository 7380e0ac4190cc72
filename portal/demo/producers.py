"""Forty-four more invented producers of three provinces, so that lists, filters and figures have something to show.

Their cases are told by `portal.demo.population`; the sixteen of `portal.demo.people` have stories of their own.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.demo.people import DemoEnterprise


@dataclass(frozen=True)
class Producer:
    """A producer and what it makes, by its key in the catalogue."""

    enterprise: DemoEnterprise
    makes: str


FIRST_SERIAL = 101


def _read() -> Iterator[Producer]:
    """The rows of `producers.csv`, in their order."""
    with (Path(__file__).parent / "producers.csv").open(encoding="utf-8", newline="") as file:
        for index, row in enumerate(csv.DictReader(file)):
            held = DemoEnterprise(
                row["username"], row["person"], row["name"], row["division"], row["address"], row["division"],
                row["site"], FIRST_SERIAL + index,
            )  # fmt: skip
            yield Producer(held, row["makes"])


PRODUCERS = tuple(_read())
