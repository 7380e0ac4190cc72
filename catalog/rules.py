"""The law of the catalogue as pure functions: dated facts in, verdicts with their clause out (R-14, R-18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause

FilingKind = Literal[
    "new", "renewal", "scope_extension", "condition_change", "change", "replacement", "deregistration"
]

LISTED_CLAUSE: Final = Clause("L2", "第三条")
DELISTED_CLAUSE: Final = Clause("SEED", "二(二)")
CODE_CLAUSE: Final = Clause("DESIGN", "：未核实产品代码的类别不发证")

CONFIRMED: Final = "confirmed"
DEMO_INDUSTRY: Final = "XK90"
"""Reserved and clearly unofficial: no real industry has this code (DOMAIN §5)."""


@dataclass(frozen=True)
class CategoryFacts:
    """One version of a category. Dates are legal dates; on `valid_to` the version no longer holds.

    `valid_from` is None while the version is not published. `ordinal` is the category's permanent place in
    the reference list and numbers it in the demo world.
    """

    key: str
    ordinal: int
    valid_from: date | None
    valid_to: date | None
    authority_level: str
    xk_code: str = ""
    xk_mark: str = ""
    acceptance_closed_from: date | None = None
    delisted_on: date | None = None

    def holds_on(self, on: date) -> bool:
        """True when this version is in force on the day."""
        return (
            self.valid_from is not None
            and self.valid_from <= on
            and (self.valid_to is None or on < self.valid_to)
        )


@dataclass(frozen=True)
class Verdict:
    """Whether an application may be filed; `code` is stable, `reason` is for people and empty when open."""

    open: bool
    code: str
    reason: Promise | str
    clause: Clause


OPEN: Final = Verdict(True, "catalog.open", "", LISTED_CLAUSE)
NOT_LISTED: Final = Verdict(
    False, "catalog.not_listed", _("这一产品不在现行目录中，不需要生产许可证"), LISTED_CLAUSE
)
DELISTED: Final = Verdict(False, "catalog.delisted", _("这一产品已不再实行生产许可管理"), DELISTED_CLAUSE)
CLOSED: Final = Verdict(False, "catalog.acceptance_closed", _("这一产品已停止受理"), DELISTED_CLAUSE)
NO_CODE: Final = Verdict(
    False, "catalog.no_confirmed_code", _("这一产品的证书代码尚未核实，暂不能申请"), CODE_CLAUSE
)


def filing_open(facts: CategoryFacts | None, on: date, world: str, kind: FilingKind = "new") -> Verdict:
    """May an application of this kind be filed on the day?

    Deregistration stays open after a delisting (R-14); every other kind closes on the day acceptance closes
    or the category leaves the list, whichever is earlier. A category without a confirmed code issues no
    certificates outside the demo world, so nothing that ends in a certificate is taken in.
    """
    if facts is None or not facts.holds_on(on):
        return NOT_LISTED
    if kind == "deregistration":
        return OPEN
    if facts.delisted_on is not None and facts.delisted_on <= on:
        return DELISTED
    if facts.acceptance_closed_from is not None and facts.acceptance_closed_from <= on:
        return CLOSED
    if certificate_code(facts, world) is None:
        return NO_CODE
    return OPEN


def certificate_code(facts: CategoryFacts, world: str) -> str | None:
    """Product part of the certificate number, e.g. `XK13-002`; None where no certificate may be issued.

    The confirmed code; without one `XK90-nnn` by ordinal in the demo world and nothing elsewhere (DOMAIN §5).
    """
    if facts.xk_code and facts.xk_mark == CONFIRMED:
        return facts.xk_code
    return f"{DEMO_INDUSTRY}-{facts.ordinal:03d}" if world == "demo" else None


def level_on(versions: Iterable[CategoryFacts], on: date) -> str | None:
    """Authority level for a case accepted on the day; cases accepted earlier keep the earlier one (R-18)."""
    return next((facts.authority_level for facts in versions if facts.holds_on(on)), None)


def unlisted_units(chosen: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    """Chosen unit keys that are not on the list of the day, in the order chosen (R-7)."""
    known = frozenset(listed)
    return tuple(key for key in chosen if key not in known)
