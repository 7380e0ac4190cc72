"""Licences by the hundred thousand, with their history, for the public register of a bench database (DOMAIN §9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from json import dumps

from core.parties.reference.pinyin import sort_key
from portal.bench.loader import Cursor, bare, copy_rows, require_bench
from portal.bench.names import Producer, producer
from register.search import fold, grams

TERMS = 5
"""Licences of one producer, each following the one before: the last may be in force, the others have run out."""
YEARS = 5
LICENCE = '"public_register"."licence"'
EVENT = '"public_register"."licence_event"'
COLUMNS = (
    "id", "number", "opaque_id", "version", "status", "holder_name", "holder_sort", "uscc", "registered_address",
    "production_addresses", "category_key", "category_name", "category_name_en", "units", "issued_on", "valid_from",
    "valid_until", "authority_code", "authority_name", "authority_name_en", "province", "certificate_version",
    "certificate_signed_at", "certificate_sha256", "certificate_algorithm", "folded", "grams", "as_of",
    "gaps", "group_members", "replaces", "replaced_by", "former_numbers", "imported_from", "commitments",
)  # fmt: skip
BASIS = dumps(
    [{"instrument": "L1", "article": "第三十八条第一款"}, {"instrument": "L2", "article": "第二十四条"}]
)
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True)
class Product:
    """A category with the names of its first units, and what they add to every search text."""

    key: str
    name: str
    name_en: str
    code: str
    units: str
    lines: tuple[str, ...]
    pairs: frozenset[str]


@dataclass(frozen=True)
class Office:
    """A province's authority."""

    code: str
    prefix: str
    name: str
    name_en: str
    line: str


def load_register(cursor: Cursor, count: int, *, today: date) -> None:
    """That many licences with two events each. Raises NotABench anywhere but in a bench database."""
    require_bench(cursor)
    products, offices = _products(cursor), _offices(cursor)
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {LICENCE}")
    first = int(cursor.fetchone()[0])
    with bare(cursor, LICENCE), bare(cursor, EVENT):
        copy_rows(cursor, LICENCE, COLUMNS, _licences(first, count, products, offices, today))
        cursor.execute(_EVENTS, {"first": first, "basis": BASIS})
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{LICENCE}', 'id'), max(id)) FROM {LICENCE}")
    cursor.execute(f"ANALYZE {LICENCE}")
    cursor.execute(f"ANALYZE {EVENT}")


def _licences(
    first: int, count: int, products: Sequence[Product], offices: dict[str, Office], today: date
) -> Iterator[tuple[object, ...]]:
    for place in range(count):
        holder, term = divmod(place, TERMS)
        if term == 0:
            who = producer(holder)
            office, product = offices[who.province], products[holder % len(products)]
            name, code, sort = fold(who.name), fold(who.uscc), sort_key(who.name)
            pairs = product.pairs | grams(name) | grams(code) | grams(office.line)
        number = f"({office.prefix}){product.code}-{10_000 + holder // len(products) * TERMS + term:05d}"
        line = fold(number)
        text = "\n".join(dict.fromkeys((line, name, code, *product.lines, office.line)))
        dates = _term(holder, term, today)
        yield (
            first + place, number, _opaque(place), 1, "valid" if term == TERMS - 1 else "expired", who.name, sort,
            who.uscc, _address(who), dumps([_address(who)]), product.key, product.name, product.name_en,
            product.units, dates[0], dates[0], dates[1], office.code, office.name, office.name_en, office.code, 1,
            f"{dates[0]} 10:00+08", f"{place:064x}", "SHA256withECDSA", text, sorted(pairs | grams(line)),
            f"{today} 00:00+08", "[]", "[]", "", "", [], "", "[]",
        )  # fmt: skip


def _term(holder: int, term: int, today: date) -> tuple[date, date]:
    """First and last day of a term: the last one began up to six years ago, so that some have run out."""
    newest = today - timedelta(days=holder * 37 % 2190)
    start = newest.replace(day=min(newest.day, 28), year=newest.year - YEARS * (TERMS - 1 - term))
    return start, start.replace(year=start.year + YEARS) - timedelta(days=1)


def _address(who: Producer) -> str:
    return f"{who.name[:2]}市{who.address}"


def _opaque(place: int) -> str:
    digest = blake2b(place.to_bytes(8, "big"), digest_size=20).digest()
    return "".join(ALPHABET[byte % 32] for byte in digest)


def _products(cursor: Cursor) -> list[Product]:
    cursor.execute(
        "SELECT c.key, v.name_zh, v.name_en, v.xk_code, u.zh, u.en FROM catalog_productcategory c"
        " JOIN catalog_categoryversion v ON v.category_id = c.id AND v.valid_from <= current_date"
        "  AND (v.valid_to IS NULL OR v.valid_to > current_date) AND v.xk_code <> ''"
        " JOIN LATERAL (SELECT array_agg(w.name_zh ORDER BY w.ordinal) AS zh,"
        "   array_agg(w.name_en ORDER BY w.ordinal) AS en"
        "   FROM catalog_unitversion w JOIN catalog_productunit p ON p.id = w.unit_id"
        "  WHERE p.category_id = c.id AND w.valid_from <= current_date"
        "    AND (w.valid_to IS NULL OR w.valid_to > current_date)) u ON u.zh IS NOT NULL ORDER BY c.ordinal"
    )
    return [_product(*row) for row in cursor.fetchall()]


def _product(key: str, name: str, name_en: str, code: str, zh: list[str], en: list[str]) -> Product:
    units = [{"zh": one, "en": other} for one, other in zip(zh[:2], en[:2], strict=True)]
    lines = tuple(fold(part) for part in (name, name_en, *(text for unit in units for text in unit.values())))
    pairs = frozenset(pair for line in lines for pair in grams(line))
    return Product(key, name, name_en, code, dumps(units, ensure_ascii=False), lines, pairs)


def _offices(cursor: Cursor) -> dict[str, Office]:
    cursor.execute(
        "SELECT code, licence_prefix, name_zh, name_en, short_zh FROM parties_authority WHERE level = 'provincial'"
    )
    return {
        code: Office(code, prefix, name, name_en, fold(short))
        for code, prefix, name, name_en, short in cursor.fetchall()
    }


_EVENTS = f"""
INSERT INTO {EVENT} (licence_id, position, kind, "on", version, basis, stated, corrected)
SELECT l.id, e.position, e.kind, l.issued_on, 1, e.basis, '{{}}'::jsonb, '{{}}'::jsonb
  FROM {LICENCE} l
 CROSS JOIN (VALUES (0, 'licensing.licence_granted', %(basis)s::jsonb), (1, 'certificates.issued', '[]'::jsonb))
            AS e (position, kind, basis)
 WHERE l.id >= %(first)s
"""
