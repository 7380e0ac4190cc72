"""Who supervises a holder: by each production address, whatever address it files from (R-17, R-66)."""

import re
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from core.parties.competence import HeldDuty, Standing, in_force
from core.parties.models import AuthorityTerritory, Duty, Enterprise, Level
from licensing.exemptions import LEVELS
from licensing.jurisdiction import authorities_of
from licensing.models import ProductionLicence

SUPERVISING = (Duty.Kind.SUPERVISION,)


def supervises(authority_code: str, licence: ProductionLicence) -> bool:
    """Whether an authority supervises one of the plants of a licence: its county, prefecture or province."""
    enterprise, sites = licence.content["enterprise"], licence.content["sites"]
    found = authorities_of(
        registered=licence.filing_division, sites=tuple(site["division"] for site in sites),
        level=Level.PROVINCIAL, xpcc=bool(enterprise.get("xpcc")), on=licence.issued_on,
    )  # fmt: skip
    return any(authority_code in row.chain for row in found.supervising)


def watches(standing: Standing, enterprise: Enterprise, *kinds: str) -> HeldDuty | None:
    """The duty, of supervision unless other kinds are asked for, in whose territory an enterprise is registered or has
    a licensed plant, of several that of the highest level; None where nothing of it is his (DOMAIN §8)."""
    held = [duty for duty in standing.duties if duty.kind in (kinds or SUPERVISING)]
    held.sort(key=lambda duty: LEVELS.index(duty.level))
    if not held:
        return None
    codes = set(_chain(enterprise.registered_division))
    for licence in enterprise.licences.all():
        codes |= {code for site in licence.content["sites"] for code in _chain(site["division"])}
    corps = _corps(standing).filter(division_code__in=codes)
    territories = set(corps.values_list("authority_id", flat=True))
    return next((d for d in held if d.authority_code in codes or d.authority_id in territories), None)


def _chain(division: str) -> tuple[str, ...]:
    """County, prefecture and province of a division."""
    return (division, f"{division[:4]}00", f"{division[:2]}0000")


def watched(standing: Standing, *kinds: str) -> QuerySet[Enterprise]:
    """Enterprises registered, or with a licensed plant, in the territory of one's supervision, or of other duties asked
    for: the same as `watches` says of one, for lists, in SQL."""
    wanted = kinds or SUPERVISING
    authorities = standing.authorities(*wanted)
    if not authorities:
        return Enterprise.objects.none()
    corps = _corps(standing).filter(authority_id__in=authorities)
    codes = list(corps.values_list("division_code", flat=True))
    prefixes = [_prefix(d.authority_code) for d in standing.duties if d.kind in wanted]
    where: Any = Q(pk__in=())
    for prefix in dict.fromkeys(filter(None, [*prefixes, *codes])):
        plants = ProductionLicence.objects.filter(PlantIn(prefix), enterprise=OuterRef("pk"))
        where |= Q(registered_division__startswith=prefix) | Exists(plants)
    return Enterprise.objects.filter(where)


class PlantIn(Func):
    """Whether one of the plants of a licence is in a territory, by the digits its codes begin with."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()
    conditional = True

    def __init__(self, prefix: str) -> None:
        super().__init__(F("content"), Value(f'$.sites[*].division ? (@ starts with "{prefix}")'))


def _corps(standing: Standing) -> QuerySet[AuthorityTerritory]:
    """What authorities hold beyond their own code, on the day of the standing."""
    rows = AuthorityTerritory.objects.all()
    return rows.filter(in_force(standing.on)) if standing.on else rows.none()


def _prefix(code: str) -> str:
    """The digits of an authority's code that its divisions begin with; empty for one without a territory of its own."""
    return re.sub(r"(00)+$", "", code) if code.isdecimal() else ""
