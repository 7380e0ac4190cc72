"""R-17 for a case: the one rule function of parties, fed with the authorities and the XPCC territory of the day."""

from datetime import date

from core.parties.competence import in_force
from core.parties.jurisdiction import Jurisdiction, Matter, Site, jurisdiction
from core.parties.models import Authority, AuthorityTerritory, Level
from licensing.profile import PROFILE


def authorities_of(
    *, registered: str, sites: tuple[str, ...], level: str, xpcc: bool, on: date
) -> Jurisdiction:
    """Filing, deciding and supervising authorities of a case on a day, in two queries.

    Raises CorpsOutsideXinjiang, NoProductionSite or DivisionUnknown.
    """
    codes = {code for division in (registered, *sites) for code in _ladder(division)}
    known = frozenset(Authority.objects.filter(code__in=codes).values_list("code", flat=True))
    territory = frozenset(
        AuthorityTerritory.objects.filter(in_force(on)).values_list("division_code", flat=True)
    )
    matter = Matter(
        registered_division=registered,
        sites=tuple(Site(str(index), division) for index, division in enumerate(sites)),
        level="national" if level == Level.NATIONAL else "provincial",
        filing_address=PROFILE.filing_address,
        xpcc_chosen=xpcc,
    )
    return jurisdiction(
        matter,
        xpcc_territory=territory,
        ancestry=lambda division: tuple(code for code in _ladder(division) if code in known),
    )


def _ladder(division: str) -> tuple[str, ...]:
    """County, prefecture and province code of a division, without repeats."""
    return tuple(dict.fromkeys((division, f"{division[:4]}00", f"{division[:2]}0000")))
