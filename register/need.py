"""Do I need a licence? What the list and the Regulation say, as pure functions (R-95).

The Regulation asks the maker: nobody may produce a listed product without a licence, and nobody may sell it, or use it
in business, when its maker has none (L2 art. 5). Imports of listed products follow other law (art. 4 ¶2). Nothing is
said here beyond that and the entry of the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal, Protocol

from core.lifecycle.law import Clause

LIST: Final = Clause("L2", "第三条")
PRODUCE: Final = Clause("L2", "第五条")
TRADE_PENALTY: Final = Clause("L2", "第四十八条")
IMPORTS: Final = Clause("L2", "第四条第二款")
OUTSIDE_THE_LIST: Final = Clause("SEED", "二(二)")


class Activity(StrEnum):
    """What somebody wants to do with the product."""

    MAKE = "make"
    PROCESS = "process"
    SELL = "sell"
    USE = "use"
    IMPORT = "import"


MAKERS: Final = frozenset({Activity.MAKE, Activity.PROCESS})


class Entry(Protocol):
    """One version of a category on the list over `[valid_from, valid_to)`."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def delisted_on(self) -> date | None: ...


@dataclass(frozen=True)
class Listing:
    """Where a category stands on a day. `entry` is the position of the version that says so, None when none does.

    listed: `since` the version began, `until` it leaves if that is known. delisted: off the list `since`. not_yet:
    on it from `since`. never: no version knows it.
    """

    state: Literal["listed", "delisted", "not_yet", "never"]
    since: date | None = None
    until: date | None = None
    entry: int | None = None


def listing_on(entries: Sequence[Entry], on: date) -> Listing:
    """Read the versions of one category for a day; a day on which it leaves the list is the first without it."""
    for position, entry in enumerate(entries):
        if entry.valid_from <= on and (entry.valid_to is None or on < entry.valid_to):
            if entry.delisted_on is not None and entry.delisted_on <= on:
                return Listing("delisted", entry.delisted_on, entry=position)
            return Listing("listed", _began(entries, entry), _leaves(entries, entry), position)
    ended = [
        (e.delisted_on or e.valid_to, p) for p, e in enumerate(entries) if e.valid_to and e.valid_to <= on
    ]
    coming = [(entry.valid_from, position) for position, entry in enumerate(entries) if entry.valid_from > on]
    if coming and not ended:
        first, position = min(coming)
        return Listing("not_yet", first, entry=position)
    if ended:
        last, position = max(ended, key=lambda pair: pair[0] or date.min)
        return Listing("delisted", last, entry=position)
    return Listing("never")


def _began(entries: Sequence[Entry], entry: Entry) -> date:
    """The first day of an unbroken run of versions that ends with this one."""
    first = entry.valid_from
    while earlier := next((e for e in entries if e.valid_to == first and e.delisted_on is None), None):
        first = earlier.valid_from
    return first


def _leaves(entries: Sequence[Entry], entry: Entry) -> date | None:
    """The day on which the category leaves the list; None when no day is known, as when a later version goes on."""
    if entry.delisted_on is not None or entry.valid_to is None:
        return entry.delisted_on
    later = next((e for e in entries if e.valid_from == entry.valid_to), None)
    return _leaves(entries, later) if later else entry.valid_to


def first_day(start: date, today: date) -> date:
    """The day the list is read for: what began in the past is judged by the list of today."""
    return max(start, today)


@dataclass(frozen=True)
class Answer:
    """`code`: needed, licensed_goods, other_law, delisted, not_yet or unlisted; each with what it rests on."""

    code: str
    basis: tuple[Clause, ...]


def answer(listing: Listing, activity: Activity) -> Answer:
    """What follows for one activity."""
    if listing.state == "delisted":
        return Answer("delisted", (OUTSIDE_THE_LIST,))
    if listing.state == "not_yet":
        return Answer("not_yet", (LIST, PRODUCE))
    if listing.state == "never":
        return Answer("unlisted", (PRODUCE, OUTSIDE_THE_LIST))
    if activity in MAKERS:
        return Answer("needed", (PRODUCE,))
    if activity is Activity.IMPORT:
        return Answer("other_law", (IMPORTS,))
    return Answer("licensed_goods", (PRODUCE, TRADE_PENALTY))
