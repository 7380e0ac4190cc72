"""In force today? Certificates do not know; whoever keeps licences tells (set in its `AppConfig.ready`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Standing:
    """Whether a licence is in force, its current version, and the reason in words when it is not."""

    in_force: bool
    reason: str
    version: int | None = None


Lookup = Callable[[str, date], Standing]

UNKNOWN = Standing(False, "unknown")


def _nobody_knows(licence_number: str, today: date) -> Standing:
    return UNKNOWN


_lookup: Lookup = _nobody_knows


def register_lookup(lookup: Lookup) -> None:
    """Name the function that answers for a licence number on a legal date (Asia/Shanghai)."""
    global _lookup
    _lookup = lookup


def standing(licence_number: str, *, version: int, today: date) -> Standing:
    """The licence's standing today; a paper of an older version is not in force, whatever the licence is."""
    found = _lookup(licence_number, today)
    if found.in_force and found.version is not None and found.version != version:
        return Standing(False, "superseded", found.version)
    return found
