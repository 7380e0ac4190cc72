"""Who supervises a holder: by each production address, whatever address it files from (R-17, R-66)."""

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from core.parties.competence import HeldDuty, Standing, in_force
from core.parties.models import AuthorityTerritory, Duty, Enterprise, Level
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


def watches(standing: Standing, enterprise: Enterprise) -> HeldDuty | None:
    """The duty of supervision by which a person watches over an enterprise: where it is registered, or where one of
    its licensed plants is; None where nothing of it is his (DOMAIN §8)."""
    held = [duty for duty in standing.duties if duty.kind == Duty.Kind.SUPERVISION]
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


def watched(standing: Standing) -> QuerySet[Enterprise]:
    """Enterprises registered, or with a licensed plant, in the territory of one's supervision; for lists, in SQL."""
    prefixes = [_prefix(d.authority_code) for d in standing.duties if d.kind == Duty.Kind.SUPERVISION]
    authorities = standing.authorities(Duty.Kind.SUPERVISION)
    corps = _corps(standing).filter(authority_id__in=authorities)
    where: Any = Q(registered_division__in=corps.values("division_code"))
    for prefix in filter(None, prefixes):
        plants = ProductionLicence.objects.filter(enterprise=OuterRef("pk"))
        first = KeyTransform("0", KeyTransform("sites", "content"))
        plants = plants.annotate(first_site=KeyTextTransform("division", first))
        where |= Q(registered_division__startswith=prefix) | Exists(
            plants.filter(first_site__startswith=prefix)
        )
    return Enterprise.objects.filter(where) if authorities else Enterprise.objects.none()


def _corps(standing: Standing) -> QuerySet[AuthorityTerritory]:
    """What authorities hold beyond their own code, on the day of the standing."""
    rows = AuthorityTerritory.objects.all()
    return rows.filter(in_force(standing.on)) if standing.on else rows.none()


def _prefix(code: str) -> str:
    """The digits of an authority's code that its divisions begin with; empty for one without a territory of its own."""
    return re.sub(r"(00)+$", "", code) if code.isdecimal() else ""
