"""By which ways a notice goes out, and when to try again. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Mode = Literal["at_once", "daily", "off"]

PARK_AFTER = 7
PAUSES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=4),
    timedelta(hours=12),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a person wants for one category, the category's defaults filled in."""

    email: Mode
    sms: bool
    webhook: bool


@dataclass(frozen=True)
class Reach:
    """By what a person can be reached at all: each channel set up here, and an address of his on it."""

    email: bool
    sms: bool
    webhook: bool


def ways(wanted: Wanted, reach: Reach, *, urgent: bool, fixed: bool) -> Iterator[tuple[str, bool]]:
    """Channel and whether it waits for the daily mail. What is urgent waits for none; a fixed category is never off."""
    email: Mode = "at_once" if fixed or (urgent and wanted.email == "daily") else wanted.email
    if reach.email and email != "off":
        yield "email", email == "daily"
    if reach.sms and wanted.sms:
        yield "sms", False
    if reach.webhook and wanted.webhook:
        yield "webhook", False


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When to try again after the `attempts`-th failure; None once it is enough."""
    return at + PAUSES[attempts - 1] if attempts < PARK_AFTER else None
