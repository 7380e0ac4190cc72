"""Invented records of paper licences for the bench: right ones, and bad ones with a known number of every defect.

Pure and seeded: the same arguments give the same bytes, so that what is found can be compared with what was planted.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from hashlib import blake2b

from licensing.imports.columns import COLUMNS
from licensing.rules import licence_term
from portal.bench.names import producer

SEED = 2015
KEYS = tuple(column.key for column in COLUMNS)
PRODUCTS = (
    ("XK13-002", "化肥(磷肥)"), ("XK13-006", "危险化学品"), ("XK16-114", "餐具洗涤剂"), ("XK05-001", "建筑用钢筋"),
)  # fmt: skip
"""Categories with a confirmed code; the name of each serves as that of its first unit where they are the same."""
Row = dict[str, str]


def rows(count: int, *, first: int, code: str, category: str, unit: str, today: date) -> list[Row]:
    """Right rows of the nation, one licence each, of producers from `first` on."""
    return [_row(place, first + place, code, category, unit, today) for place in range(count)]


def _row(place: int, number: int, code: str, category: str, unit: str, today: date) -> Row:
    who, issued = producer(number), today - timedelta(days=30 + place * 37 % 1700)
    return {
        "number": f"{code}-{place + 1:05d}", "name": who.name, "uscc": who.uscc, "legacy": "",
        "legal_representative": who.person, "registered_division": who.division, "registered_address": who.address,
        "production_addresses": f"{who.address}；{who.division} {who.address}东侧", "category": category, "units": unit,
        "issued_on": str(issued), "valid_from": str(issued), "valid_until": str(licence_term(issued, 5).valid_until),
        "status": "有效", "deregistered_on": "",
    }  # fmt: skip


def as_csv(lines: Sequence[Row], encoding: str = "utf-8-sig") -> bytes:
    """The file a spreadsheet would save; a row that lacks cells is written without them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.header for column in COLUMNS])
    for row in lines:
        writer.writerow([row[key] for key in KEYS if key in row])
    return out.getvalue().encode(encoding)


def _wide(text: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)


def _other_check(uscc: str) -> str:
    """Another last character: the check digit of the whole code fails, and nothing else."""
    return uscc[:-1] + ("0" if uscc[-1] != "0" else "1")


def _without_last(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != KEYS[-1]}


_OUT_OF_ORDER = {
    "issued_on": "2023-03-01", "valid_from": "2023-03-05", "valid_until": "2023-03-03", "status": "吊销",
}  # fmt: skip
DEFECTS: Mapping[str, tuple[int, Callable[[Row], Row]]] = {
    "imports.normalised": (2_000, lambda row: row | {"number": _wide(row["number"])}),
    "licence_number.invalid": (500, lambda row: row | {"number": row["number"][:-1]}),
    "licence_number.prefix": (100, lambda row: row | {"number": f"(美){row['number']}"}),
    "imports.other_authority": (300, lambda row: row | {"number": f"(苏){row['number']}"}),
    "imports.code_mismatch": (150, lambda row: row | {"number": "XK16-114" + row["number"][8:]}),
    "uscc.check_digit": (400, lambda row: row | {"uscc": _other_check(row["uscc"])}),
    "uscc.length": (200, lambda row: row | {"uscc": row["uscc"][:15]}),
    "imports.missing": (250, lambda row: row | {"name": ""}),
    "imports.division_unknown": (300, lambda row: row | {"registered_division": "990101"}),
    "imports.category_unknown": (300, lambda row: row | {"category": "不在目录的产品"}),
    "imports.unit_unknown": (300, lambda row: row | {"units": "不存在的单元"}),
    "imports.date_shape": (300, lambda row: row | {"issued_on": "2023-02-30"}),
    "imports.dates_order": (300, lambda row: row | _OUT_OF_ORDER),
    "imports.term_long": (300, lambda row: row | {"valid_until": _day_more(row["valid_until"])}),
    "imports.status_unknown": (200, lambda row: row | {"status": "休眠"}),
    "imports.row_width": (100, _without_last),
}
"""What is planted how often; every defect in rows of its own, and each is found exactly once."""
TWINS, CONTRADICTIONS = 250, 250
"""Pairs with one number: saying the same, and contradicting each other. The second row of a pair replaces another."""


def _day_more(day: str) -> str:
    return str(date.fromisoformat(day) + timedelta(days=1))


def bad_rows(good: Sequence[Row], seed: int = SEED) -> tuple[list[Row], Counter[str]]:
    """The rows with defects in them at places drawn by the seed, and how often each finding is to be found."""
    order = sorted(range(len(good)), key=lambda place: blake2b(f"{seed}:{place}".encode()).digest())
    made, planted = [dict(row) for row in good], Counter[str]()
    for code, (count, spoil) in DEFECTS.items():
        for _time in range(count):
            place = order.pop()
            made[place] = spoil(made[place])
            planted[code] += 1
    for _time in range(TWINS):
        first, second = sorted((order.pop(), order.pop()))
        made[second] = dict(made[first])
        planted["imports.same_in_file"] += 1
    for _time in range(CONTRADICTIONS):
        first, second = order.pop(), order.pop()
        made[second] = made[first] | {"production_addresses": "别处 1 号"}
        planted["imports.contradicts_in_file"] += 2
    return made, planted
