"""Which kinds of case can begin from a licence today, and why not: its term, the catalogue (R-14), bars (§3.4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from catalog.models import CategoryVersion
from catalog.queries import categories_on
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from licensing.actions.about_licence import check_licence
from licensing.actions.filing import barred, require_open
from licensing.kinds import Kind, rules_of
from licensing.models import Application, Bar, ProductionLicence
from licensing.queries.bars import bars_on
from licensing.queries.terms import renewed_by_law


@dataclass(frozen=True)
class Offer:
    """One kind of case that could begin from a licence; `reason` says why not now, `under_way` is the open one."""

    kind: Kind
    reason: str | Promise
    under_way: Application | None


@dataclass(frozen=True)
class Openings:
    """What the day allows for some licences: read once in three queries, asked for each licence and kind."""

    at: datetime
    renewed: Collection[int]
    versions: Mapping[int, CategoryVersion]
    bars: Mapping[tuple[int, int], Bar]

    def offer(self, kind: Kind, licence: ProductionLicence, under_way: Application | None) -> Offer:
        """The kind for this licence, by the checks that filing asks again; `licence.category` has been read."""
        try:
            check_licence(kind, licence, self.at, self.renewed)
            version = self.versions.get(licence.category_id)
            require_open(version, kind, shanghai_date(self.at), unlisted=licence.category_name)
            bar = self.bars.get((licence.enterprise_id, licence.category_id))
            if bar and rules_of(kind).reviewed:
                raise barred(bar)
        except DomainError as error:
            return Offer(kind, str(error), under_way)
        return Offer(kind, "", under_way)


def openings(licences: Collection[ProductionLicence], at: datetime) -> Openings:
    """The catalogue and the bars of the day, for these licences; three queries."""
    today = shanghai_date(at)
    categories = {licence.category_id for licence in licences}
    versions = {row.category_id: row for row in categories_on(today).filter(category__in=categories)}
    return Openings(
        at,
        renewed_by_law(licences),
        versions,
        bars_on({licence.enterprise_id for licence in licences}, today),
    )
