"""The guide "do I need a licence?": products by words, one product, and the authorities in charge (R-95)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from catalog.models import CategoryVersion
from catalog.rules import CategoryFacts, Verdict, filing_open
from core.lifecycle.law import Clause
from core.parties.jurisdiction import XINJIANG, XPCC, Matter, Site, jurisdiction
from core.parties.models import Level
from licensing.models import Slot
from licensing.profile import PROFILE, Limit
from register.models import CatalogueCategory, CatalogueEdition, CatalogueUnit, PublicAuthority
from register.need import Listing, listing_on
from register.queries.licences import english
from register.search import fold, grams

MOST_NEAR = 6
MOST_WORDS = 8


@dataclass(frozen=True)
class Unit:
    """A unit with what the list says of it: its name in both languages and the varieties it names."""

    key: str
    name: str
    other_name: str
    varieties: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """A category through all its versions, as it stands on a day."""

    rows: tuple[CatalogueCategory, ...]
    row: CatalogueCategory
    units: tuple[Unit, ...]
    listing: Listing
    hits: tuple[Unit, ...] = ()

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def name(self) -> str:
        return self.row.name_en if english() else self.row.name_zh

    @property
    def level_label(self) -> Any:
        return CategoryVersion.AuthorityLevel(self.row.level).label

    @property
    def doubtful(self) -> bool:
        """Whether anything about the entry still has to be confirmed."""
        return self.row.unverified or self.row.evidence == CategoryVersion.Evidence.MEMORY


@dataclass(frozen=True)
class Found:
    """What a search brought: products that hold the words, or, when none does, products with a similar name."""

    products: tuple[Product, ...]
    near: bool = False


def _unit(row: CatalogueUnit) -> Unit:
    names = (row.name_en, row.name_zh) if english() else (row.name_zh, row.name_en)
    return Unit(row.key, *names, tuple(map(str, row.attributes.get("varieties", []))))


def _products(rows: Iterable[CatalogueCategory], units: Iterable[CatalogueUnit], on: date) -> list[Product]:
    """Versions gathered by category; the units are those of the version that speaks for the day."""
    versions: dict[str, list[CatalogueCategory]] = {}
    for row in rows:
        versions.setdefault(row.key, []).append(row)
    by_category: dict[str, list[CatalogueUnit]] = {}
    for unit in units:
        by_category.setdefault(unit.category_key, []).append(unit)
    found = []
    for key, entries in versions.items():
        listing = listing_on(entries, on)
        row = entries[listing.entry if listing.entry is not None else -1]
        mine = [unit for unit in by_category.get(key, []) if unit.valid_from <= row.valid_from]
        now = [u for u in mine if u.valid_to is None or u.valid_to > row.valid_from]
        found.append(Product(tuple(entries), row, tuple(map(_unit, now)), listing))
    return found


def all_products(on: date) -> list[Product]:
    """Every category the list ever had, by name: two queries."""
    rows = CatalogueCategory.public.order_by("valid_from", "id")
    units = CatalogueUnit.public.order_by("ordinal", "id")
    products = _products(rows, units, on)
    return sorted(products, key=lambda p: (p.row.name_en if english() else p.row.sort_key, p.row.id))


def find_products(raw: str, on: date) -> Found:
    """Products whose name, unit or variety holds every word, in either language; else those with a similar name."""
    words = [word for part in raw.split()[:MOST_WORDS] if (word := fold(part))]
    products = all_products(on)
    if not words:
        return Found(())
    held = [_with_hits(product, words) for product in products if _holds(product, words)]
    if held:
        return Found(tuple(held))
    pairs = set[str]().union(*(grams(word) for word in words))
    near = [(len(pairs & _pairs(product)), place, product) for place, product in enumerate(products)]
    best = sorted((row for row in near if row[0]), key=lambda row: (-row[0], row[1]))[:MOST_NEAR]
    return Found(tuple(product for _shared, _place, product in best), near=True)


def _names(product: Product) -> list[str]:
    names = [name for row in product.rows for name in (row.name_zh, row.name_en)]
    return names + [name for unit in product.units for name in _unit_names(unit)]


def _unit_names(unit: Unit) -> list[str]:
    return [unit.name, unit.other_name, *unit.varieties]


def _holds(product: Product, words: list[str]) -> bool:
    names = [fold(name) for name in _names(product)]
    return all(any(word in name for name in names) for word in words)


def _with_hits(product: Product, words: list[str]) -> Product:
    """The units that hold a word themselves, when the category has others beside them."""
    hits = tuple(
        unit
        for unit in product.units
        if any(word in fold(name) for word in words for name in _unit_names(unit))
    )
    shown = hits if 0 < len(hits) < len(product.units) else ()
    return Product(product.rows, product.row, product.units, product.listing, shown)


def _pairs(product: Product) -> set[str]:
    return set[str]().union(*(grams(fold(name)) for name in _names(product)))


def product_by(key: str, on: date) -> Product | None:
    """One category through all its versions, two queries; None when the list never had it."""
    rows = list(CatalogueCategory.public.filter(key=key).order_by("valid_from", "id"))
    if not rows:
        return None
    return _products(rows, CatalogueUnit.public.filter(category_key=key).order_by("ordinal", "id"), on)[0]


def filing_today(product: Product, today: date, world: str) -> Verdict:
    """Whether an application may be filed today, by the version in force today."""
    for row in product.rows:
        if row.valid_from <= today and (row.valid_to is None or today < row.valid_to):
            return filing_open(_facts(row), today, world)
    return filing_open(None, today, world)


def _facts(row: CatalogueCategory) -> CategoryFacts:
    return CategoryFacts(
        key=row.key, ordinal=row.ordinal, valid_from=row.valid_from, valid_to=row.valid_to, authority_level=row.level,
        xk_code=row.xk_code, xk_mark=row.xk_mark, acceptance_closed_from=row.acceptance_closed_from,
        delisted_on=row.delisted_on,
    )  # fmt: skip


@dataclass(frozen=True)
class Instrument:
    name: str
    number: str
    on: date | None


def instrument_of(product: Product) -> Instrument:
    """What an entry stands or fell by. An entry that just ended fell by the edition that began that day (a query)."""
    row, since = product.row, product.listing.since
    if product.listing.state == "delisted" and row.delisted_on is None and since is not None:
        edition = CatalogueEdition.public.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gt=since), effective_from__lte=since
        ).first()
        if edition:
            return Instrument(edition.instrument_name, edition.instrument_number, edition.instrument_date)
    return Instrument(row.instrument_name, row.instrument_number, row.instrument_date)


@dataclass(frozen=True)
class Office:
    """An authority and its window; the window's words are empty while it has published none."""

    code: str
    name: str
    short: str
    enquiries: str = ""
    address: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Offices:
    """The provinces to choose from, and for the chosen one who takes the application and who decides it."""

    provinces: tuple[Office, ...]
    filing: Office | None = None
    deciding: Office | None = None
    filing_clause: Clause | None = None
    deciding_clause: Clause | None = None


def offices(place: str, level: str) -> Offices:
    """Authorities by the rule function of R-17, one query; an unknown place leaves them open."""
    rows = list(PublicAuthority.public.order_by("code"))
    known = {row.code: _office(row) for row in rows}
    provinces = tuple(known[row.code] for row in rows if row.level == Level.PROVINCIAL)
    if place not in {office.code for office in provinces}:
        return Offices(provinces)
    corps = place == XPCC
    division = f"{XINJIANG}0000" if corps else place
    ruled = jurisdiction(
        Matter(
            registered_division=division, sites=(Site("site", division),), xpcc_chosen=corps,
            level="national" if level == Level.NATIONAL else "provincial", filing_address=PROFILE.filing_address,
        ),
        xpcc_territory=frozenset(), ancestry=lambda code: (code,),
    )  # fmt: skip
    return Offices(
        provinces, known[ruled.filing_authority], known[ruled.deciding_authority], ruled.filing_clause,
        ruled.deciding_clause,
    )  # fmt: skip


def _office(row: PublicAuthority) -> Office:
    name, short = (row.name_en, row.name_en) if english() else (row.name_zh, row.short_zh)
    return Office(row.code, name, short, row.enquiries, row.address, row.hours)


@dataclass(frozen=True)
class Step:
    """One step of the procedure with its limit."""

    key: str
    limit: Limit


STEPS = (
    Step("intake", PROFILE.intake), Step("onsite", PROFILE.onsite), Step("decision", PROFILE.decision),
    Step("delivery", PROFILE.delivery),
)  # fmt: skip


def documents() -> list[Any]:
    """Exactly the documents of R-29, by name."""
    return [Slot(code).label for code in PROFILE.documents]
