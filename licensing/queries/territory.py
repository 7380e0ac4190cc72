"""Who supervises a holder: by each production address, whatever address it files from (R-17, R-66)."""

from core.parties.models import Level
from licensing.jurisdiction import authorities_of
from licensing.models import ProductionLicence


def supervises(authority_code: str, licence: ProductionLicence) -> bool:
    """Whether an authority supervises one of the plants of a licence: its county, prefecture or province."""
    enterprise, sites = licence.content["enterprise"], licence.content["sites"]
    found = authorities_of(
        registered=licence.filing_division, sites=tuple(site["division"] for site in sites),
        level=Level.PROVINCIAL, xpcc=bool(enterprise.get("xpcc")), on=licence.issued_on,
    )  # fmt: skip
    return any(authority_code in row.chain for row in found.supervising)
