"""A row judged: pure functions from cells and what is known to facts and findings (R-90; DOMAIN §7.2, §3.3, §6.2).

Every kind of fault has its own code (`findings`); a row may have several, and all of them are said at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from core.lifecycle.errors import Invalid
from core.parties.identifiers import LicenceNumber, clean_name, parse_licence_number, validate_uscc
from licensing.imports import reading
from licensing.imports.columns import COLUMNS, ROW
from licensing.imports.findings import Finding, is_wrong
from licensing.imports.parsing import Raw
from licensing.imports.reading import Place
from licensing.rules import licence_term

YEARS: Final = 5
"""The longest term (L2 art. 25)."""
BEGAN: Final = date(1984, 1, 1)
NEARLY_USED: Final = 90_000
LAST_SERIAL: Final = 99_999
RENEWED_AHEAD: Final = timedelta(days=366)
MOST_SITES: Final = 20
LONGEST: Final = {
    "legal_representative": 100, "registered_address": 200, "production_addresses": 200, "uscc": 60, "legacy": 40,
}  # fmt: skip
WORDS: Final = {
    "valid": "valid", "有效": "valid", "在有效期内": "valid", "expired": "expired", "过期": "expired",
    "已过期": "expired", "期满": "expired", "deregistered": "deregistered", "注销": "deregistered",
    "已注销": "deregistered", "withdrawn": "withdrawn", "撤回": "withdrawn", "revoked": "revoked", "撤销": "revoked",
    "penalty_revoked": "penalty_revoked", "吊销": "penalty_revoked",
}  # fmt: skip
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Product:
    """A category as rows name it. `codes` are product parts a number may have; `confirmed` when there is no other."""

    key: str
    name: str
    national: bool
    codes: frozenset[str]
    confirmed: bool
    units: Mapping[str, str]
    unit_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """What a row is judged by: the authority, its day, divisions and catalogue. `territory` begins every code of a
    division it takes filings from; empty for the nation."""

    prefix: str
    territory: str
    today: date
    places: Mapping[str, Place]
    replaced: Mapping[str, str]
    products: Mapping[str, Product]


@dataclass(frozen=True)
class Checked:
    """A row after judgement: its facts, if it has no error, and all that was found."""

    line: int
    number: str
    facts: Facts | None
    findings: tuple[Finding, ...]


@dataclass
class _Row:
    """One row under judgement."""

    cells: Mapping[str, str]
    ref: Reference
    found: list[Finding] = field(default_factory=list)

    def text(self, column: str) -> str:
        return reading.clean(self.cells.get(column, ""))

    def say(self, code: str, column: str, value: str = "", /, **params: object) -> None:
        code = code if "." in code else f"imports.{code}"
        self.found.append(
            Finding(code, column, value[:200], {key: str(value) for key, value in params.items()})
        )

    def refused(self, error: Invalid, column: str) -> None:
        """The error of an identifier, at its cell."""
        self.say(error.code, column, self.text(column), **error.params)

    def canonical(self, column: str, to: str) -> None:
        """Say how a cell was read, where that is not how it was written."""
        if self.cells.get(column, "").strip() != to:
            self.say("normalised", column, self.cells[column].strip(), to=to)

    def place(self, column: str, code: str) -> Place | None:
        """The division of a code, or of the one that has taken its place."""
        code = reading.compact(code)
        if code in self.ref.places:
            return self.ref.places[code]
        successor = self.ref.places.get(self.ref.replaced.get(code, ""))
        if successor is None:
            self.say("division_unknown", column, code)
            return None
        self.say("division_replaced", column, code, code=successor.code, name=successor.full_name)
        return successor


def judge(raw: Raw, ref: Reference) -> Checked:
    """A row by itself: nothing of other rows or of the register is asked here."""
    row = _Row(raw.cells, ref)
    if raw.width != raw.expected:
        row.say("row_width", ROW, "", cells=raw.width, columns=raw.expected)
        return Checked(raw.line, _number_of(raw), None, tuple(row.found))
    _require_cells(row)
    number = _number(row)
    product = _product(row, number)
    home = _home(row)
    facts: dict[str, Any] = {
        "number": str(number) if number else "", **_enterprise(row), **_term(row), **_places(row, home),
        "legal_representative": row.text("legal_representative"),
        "category": product.key if product else "", "units": _units(row, product) if product else [],
    }  # fmt: skip
    findings = tuple(row.found)
    return Checked(raw.line, facts["number"], None if is_wrong(findings) else facts, findings)


def _number_of(raw: Raw) -> str:
    """The number a row names in whatever spelling; empty for none."""
    try:
        return str(parse_licence_number(raw.cells.get("number", "")))
    except Invalid:
        return ""


def _require_cells(row: _Row) -> None:
    """Everything that must be there is, nothing is longer than it can be kept, nothing cannot be seen."""
    for column in COLUMNS:
        text = row.cells.get(column.key, "")
        if column.required and not text.strip():
            row.say("missing", column.key)
        if bad := reading.unprintable(text):
            row.say("unprintable", column.key, "", position=bad[0], codepoint=bad[1])
        most = LONGEST.get(column.key, 400)
        parts = reading.several(text) if column.several else [reading.clean(text)]
        if any(len(part) > most for part in parts):
            length = max(len(part) for part in parts)
            row.say("too_long", column.key, text, most=most, length=length)
    if not row.text("uscc") and not row.text("legacy"):
        row.say("missing", "uscc")


def _number(row: _Row) -> LicenceNumber | None:
    """DOMAIN §7.2, with the character of this authority's own province."""
    if not row.text("number"):
        return None
    try:
        number = parse_licence_number(row.cells["number"])
    except Invalid as error:
        row.refused(error, "number")
        return None
    row.canonical("number", str(number))
    if number.prefix != row.ref.prefix:
        row.say(
            "other_authority", "number", str(number), prefix=number.prefix or "—", own=row.ref.prefix or "—"
        )
    elif int(number.serial) > NEARLY_USED:
        left = LAST_SERIAL - int(number.serial)
        row.say(
            "serial_high", "number", str(number), serial=number.serial, code=number.product_code, left=left
        )
    return number


def _enterprise(row: _Row) -> dict[str, str]:
    facts = {"name": "", "uscc": "", "legacy": ""}
    if row.text("name"):
        try:
            facts["name"] = clean_name(row.text("name"))
        except Invalid as error:
            row.refused(error, "name")
    if row.text("uscc"):
        try:
            facts["uscc"] = validate_uscc(row.text("uscc"))
            row.canonical("uscc", facts["uscc"])
        except Invalid as error:
            row.refused(error, "uscc")
    if legacy := reading.compact(row.text("legacy")):
        if legacy.isascii() and legacy.isdecimal() and len(legacy) in (13, 15):
            facts["legacy"] = legacy
            row.canonical("legacy", legacy)
        else:
            row.say("legacy_shape", "legacy", row.text("legacy"))
    return facts


def _home(row: _Row) -> Place | None:
    """The registered place, which an issuing authority of a province has within its territory (R-17)."""
    if not row.text("registered_division"):
        return None
    place = row.place("registered_division", row.text("registered_division"))
    if place is not None and not place.code.startswith(row.ref.territory):
        row.say("outside_territory", "registered_division", place.code, name=place.full_name)
    return place


def _places(row: _Row, home: Place | None) -> dict[str, Any]:
    """Addresses as printed, each with its division; a place of production without a code is where the enterprise is."""
    sites = []
    for text in reading.several(row.cells.get("production_addresses", ""))[:MOST_SITES]:
        code, address = reading.addressed(text)
        place = row.place("production_addresses", code) if code else home
        if not address:
            row.say("missing", "production_addresses", text)
        elif place is not None:
            sites.append({"division": place.code, "address": address})
    return {
        "division": home.code if home else "",
        "address": row.text("registered_address"),
        "sites": sites,
    }


def _product(row: _Row, number: LicenceNumber | None) -> Product | None:
    """The category by its name or by the number, and whether the two agree."""
    named = row.text("category")
    word = reading.folded(named) if named else number.product_code.casefold() if number else ""
    if not word:
        return None
    product = row.ref.products.get(word)
    if product is None:
        row.say("category_unknown", "category", named or word.upper())
        return None
    if number is not None and number.product_code not in product.codes:
        code = "code_mismatch" if product.confirmed else "code_unconfirmed"
        row.say(
            code, "number", str(number), category=product.name, code=number.product_code,
            codes="、".join(sorted(product.codes)) or "—",
        )  # fmt: skip
    if product.national and row.ref.prefix:
        row.say("level_differs", "category", named, category=product.name)
    return product


def _units(row: _Row, product: Product) -> list[str]:
    found = []
    for text in reading.several(row.cells.get("units", "")):
        key = product.units.get(reading.folded(text))
        if key is None:
            row.say("unit_unknown", "units", text, unit=text, known="；".join(product.unit_names))
        elif key not in found:
            found.append(key)
    return found


def _day(row: _Row, column: str) -> date | None:
    if not row.text(column):
        return None
    day = reading.read_date(row.cells[column])
    if day is None:
        row.say("date_shape", column, row.text(column))
        return None
    if day < BEGAN:
        row.say("date_implausible", column, row.text(column))
        return None
    if reading.half_width(row.cells[column]) != row.cells[column]:
        row.canonical(column, day.isoformat())
    return day


def _term(row: _Row) -> dict[str, str]:
    """Dates and status, each by itself and all of them together (DOMAIN §3.3 "Dates")."""
    issued, until = _day(row, "issued_on"), _day(row, "valid_until")
    start, ended = _day(row, "valid_from"), _day(row, "deregistered_on")
    if start is None and issued is not None and not row.text("valid_from"):
        start = issued
        row.say("valid_from_taken", "valid_from", "", day=issued)
    for column, day in (("issued_on", issued), ("deregistered_on", ended)):
        if day is not None and day > row.ref.today:
            row.say("date_future", column, day.isoformat())
    _in_order(row, issued, start, until, ended)
    return {
        "issued_on": str(issued or ""), "valid_from": str(start or ""), "valid_until": str(until or ""),
        "status": _status(row, until, ended), "deregistered_on": str(ended or ""),
    }  # fmt: skip


def _in_order(
    row: _Row, issued: date | None, start: date | None, until: date | None, ended: date | None
) -> None:
    for later, earlier, names in (
        (until, start, ("valid_until", "valid_from")),
        (until, issued, ("valid_until", "issued_on")),
        (ended, issued, ("deregistered_on", "issued_on")),
    ):
        if later is not None and earlier is not None and (later < earlier or later == until == earlier):
            row.say("dates_order", names[0], str(later), later=names[0], earlier=names[1])
    if start is not None and start > row.ref.today + RENEWED_AHEAD:
        row.say("date_future", "valid_from", str(start))
    elif start is not None and until is not None and until > start:
        allowed = licence_term(start, YEARS).valid_until
        if until > allowed:
            row.say("term_long", "valid_until", str(until), start=start, allowed=allowed)
    if issued is not None and start is not None and issued < start - RENEWED_AHEAD:
        row.say("issued_early", "issued_on", str(issued))


def _status(row: _Row, until: date | None, ended: date | None) -> str:
    said = row.text("status")
    if not said:
        return ""
    status = WORDS.get(reading.folded(said), "")
    over = until is not None and until < row.ref.today
    if not status:
        row.say("status_unknown", "status", said)
    if status == "valid" and ended is not None:
        row.say("deregistered_unneeded", "deregistered_on", str(ended))
    if status == "valid" and over:
        row.say("status_over", "status", said, day=until)
        return "expired"
    if status == "expired" and until is not None and not over:
        row.say("status_not_over", "status", said, day=until)
    if status == "deregistered" and not row.text("deregistered_on"):
        row.say("missing", "deregistered_on")
    return status
