"""Which prefectures and counties have an authority of their own, and its names. Pure.

Names follow the pattern of the reform's time (质量技术监督局). Where a local government had already merged
its bureau into a market supervision department the real name differed; the pattern is kept so that names are
predictable.
"""

from collections.abc import Iterable

from core.parties.reference.english import PROVINCES, authority_name_en, division_name_en
from core.parties.reference.files import AuthorityRow, DivisionRow

BUREAU_ZH = "质量技术监督局"
WITHOUT_AUTHORITIES = ("71", "81", "82")
"""Taiwan, Hong Kong and Macao: the licence does not reach there."""


def is_collective(name: str) -> bool:
    """True for nodes of the code that only group others: 市辖区, 县, 省直辖县级行政区划 (DOMAIN §6.1)."""
    return name in {"市辖区", "县"} or "直辖县级" in name


def is_functional_area(row: DivisionRow) -> bool:
    """True for development zones and the like: coded xxxx7x by the statistics, but no division."""
    return row.level == "county" and row.code[4] == "7"


def has_authority(row: DivisionRow, corps: frozenset[str]) -> bool:
    """Prefectures and counties with a bureau; cities of the Corps have none but the Corps itself."""
    return (
        row.level != "province"
        and row.code[:2] not in WITHOUT_AUTHORITIES
        and row.code not in corps
        and not is_collective(row.name)
        and not is_functional_area(row)
        and not row.name.endswith(("群岛", "海域"))
    )


def local_authorities(rows: Iterable[DivisionRow], corps: frozenset[str]) -> list[AuthorityRow]:
    """Prefecture and county authorities, parents first. One row per code: the newest name, the oldest date.

    A county's parent is its prefecture's authority, or the province's where the prefecture is only a grouping
    node.
    """
    newest: dict[str, DivisionRow] = {}
    first: dict[str, DivisionRow] = {}
    for row in rows:
        newest[row.code] = row
        first.setdefault(row.code, row)
    chosen = [row for row in newest.values() if has_authority(row, corps)]
    chosen.sort(key=lambda row: (row.level == "county", row.code))
    codes = {row.code for row in chosen}
    built = []
    for row in chosen:
        above = row.parent_code if row.parent_code in codes else row.code[:2] + "0000"
        name_zh, name_en = _names(row, newest[above])
        built.append(
            AuthorityRow(
                code=row.code,
                level=row.level,
                name_zh=name_zh + BUREAU_ZH,
                name_en=authority_name_en(name_en),
                short_zh=_short(row.name),
                licence_prefix="",
                division_code=row.code,
                parent_code=above,
                valid_from=first[row.code].valid_from,
            )
        )
    return built


def _names(row: DivisionRow, above: DivisionRow) -> tuple[str, str]:
    """Chinese and English name of the place; a district carries its city's, since many districts share a
    name.
    """
    english = division_name_en(row.name, row.sort_key.split())
    if row.level == "county" and row.name.endswith("区"):
        city = PROVINCES.get(above.code) or division_name_en(above.name, above.sort_key.split())
        return above.name + row.name, f"{city} {english}"
    return row.name, english


def _short(name: str) -> str:
    return name.removesuffix("市") if len(name) > 2 else name
