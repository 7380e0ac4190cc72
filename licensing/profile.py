"""Policy profile REFORM_2015: every limit with its unit and source, in one place (DOMAIN §3.1, §3.9).

Change a figure here and pages, acts, tests and papers follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.lifecycle.law import Clause

Unit = Literal["workday", "calendar"]


@dataclass(frozen=True)
class Limit:
    """A span of days with its unit and source."""

    days: int
    unit: Unit
    clause: Clause


@dataclass(frozen=True)
class Profile:
    """The dated rules a case runs on (R-5). `simple` is the limit of kinds without review; a renewal opens so many
    months before expiry. `filing_address` answers which address 所在地 means (R-17);
    `delegation_allowed` whether a province may entrust stages to its prefectures (R-22)."""

    code: str
    intake: Limit
    onsite: Limit
    decision: Limit
    simple: Limit
    statutory: Limit
    delivery: Limit
    correction: Limit
    reply: Limit
    bar_years: Mapping[str, int]
    term_years: int
    renewal_opens_months: int
    expiry_warning: Limit
    filing_address: Literal["registered", "production"]
    delegation_allowed: bool
    documents: tuple[str, ...]


REFORM_2015 = Profile(
    code="REFORM_2015",
    intake=Limit(5, "workday", Clause("L1", "第三十二条第一款第四项")),
    onsite=Limit(15, "workday", Clause("SEED", "四(四)")),
    decision=Limit(30, "workday", Clause("SEED", "四(四)")),
    simple=Limit(15, "workday", Clause("DESIGN", "变更、补领、注销的办理期限")),
    statutory=Limit(60, "workday", Clause("L2", "第二十四条")),
    delivery=Limit(10, "workday", Clause("L1", "第四十四条")),
    correction=Limit(30, "calendar", Clause("DESIGN", "补正期限")),
    reply=Limit(3, "workday", Clause("DESIGN", "答复期限")),
    bar_years={"false_material": 1, "fraud": 3, "penalty": 3},
    term_years=5,
    renewal_opens_months=12,
    expiry_warning=Limit(30, "workday", Clause("DESIGN", "期满前提醒")),
    filing_address="registered",
    delegation_allowed=True,
    documents=("business_licence", "application_form", "commitment_letter"),
)

PROFILE = REFORM_2015
