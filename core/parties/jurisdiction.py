"""Where a case is filed, who decides it and who supervises each site: one pure rule (R-17).

Filing: with the province of the filing address, which is the registered address unless the profile says
production address (L2 art. 11 企业所在地). Deciding: AQSIQ for a national category, else the authority filed
with (SEED 三(一)). Supervising: whoever is territorially responsible for each site (SEED 五(三)属地管理).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Invalid
from core.lifecycle.law import Clause

NATIONAL: Final = "AQSIQ"
XPCC: Final = "XPCC"
XINJIANG: Final = "65"

FILING_CLAUSE: Final = Clause("L2", "第十一条")
DECIDING_CLAUSE: Final = Clause("SEED", "三(一)")
SUPERVISING_CLAUSE: Final = Clause("SEED", "五(三)")

Ancestry = Callable[[str], tuple[str, ...]]
"""Division code → codes of the authorities that hold it, nearest first, province last; empty when unknown."""


class CorpsOutsideXinjiang(Invalid):
    code = "jurisdiction.xpcc_outside_xinjiang"
    message = _("只有所在地在新疆的企业才能选择向新疆生产建设兵团申请")


class NoProductionSite(Invalid):
    code = "jurisdiction.no_production_site"
    message = _("请先填写生产地址")


class DivisionUnknown(Invalid):
    code = "jurisdiction.division_unknown"
    message = _("行政区划代码 %(division)s 没有对应的许可机关")


@dataclass(frozen=True)
class Site:
    """A production site: any key the caller knows it by, and its six-digit division code."""

    key: str
    division: str


@dataclass(frozen=True)
class Matter:
    """What the rule needs to know of a case, as of its acceptance date.

    `filing_address` comes from the policy profile; with "production" the first site is the filing address.
    `level` is the category's authority level on that date (R-16, R-18).
    """

    registered_division: str
    sites: tuple[Site, ...]
    level: Literal["national", "provincial"]
    filing_address: Literal["registered", "production"] = "registered"
    xpcc_chosen: bool = False


@dataclass(frozen=True)
class Supervision:
    """Who supervises one site, nearest authority first, and who reads along because it issued the licence."""

    site: str
    chain: tuple[str, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Jurisdiction:
    """Authority codes. `deciding_authority` issues the licence and is the one to decide 撤销 and 吊销."""

    filing_authority: str
    deciding_authority: str
    supervising: tuple[Supervision, ...]
    filing_clause: Clause = FILING_CLAUSE
    deciding_clause: Clause = DECIDING_CLAUSE
    supervising_clause: Clause = SUPERVISING_CLAUSE


def jurisdiction(matter: Matter, *, xpcc_territory: frozenset[str], ancestry: Ancestry) -> Jurisdiction:
    """Answer filing, deciding and supervising authority of one case.

    The Corps takes a case only if the applicant chose it and the filing address is in Xinjiang (65xxxx); it
    supervises the sites in its territory list whoever issued the licence.
    Raises CorpsOutsideXinjiang, NoProductionSite or DivisionUnknown.
    """
    filing = _filing_authority(matter, ancestry)
    deciding = NATIONAL if matter.level == "national" else filing
    supervising = tuple(_supervision(site, deciding, xpcc_territory, ancestry) for site in matter.sites)
    return Jurisdiction(filing, deciding, supervising)


def filing_division(matter: Matter) -> str:
    """Division code of the filing address."""
    if matter.filing_address == "registered":
        return matter.registered_division
    if not matter.sites:
        raise NoProductionSite("sites")
    return matter.sites[0].division


def _filing_authority(matter: Matter, ancestry: Ancestry) -> str:
    division = filing_division(matter)
    if not matter.xpcc_chosen:
        return _holders(division, ancestry)[-1]
    if not division.startswith(XINJIANG):
        raise CorpsOutsideXinjiang("xpcc_chosen")
    return XPCC


def _supervision(
    site: Site, deciding: str, xpcc_territory: frozenset[str], ancestry: Ancestry
) -> Supervision:
    chain = (XPCC,) if site.division in xpcc_territory else _holders(site.division, ancestry)
    return Supervision(site.key, chain, () if deciding in chain else (deciding,))


def _holders(division: str, ancestry: Ancestry) -> tuple[str, ...]:
    chain = ancestry(division)
    if not chain or not chain[-1].endswith("0000"):
        raise DivisionUnknown("division", division=division)
    return chain
