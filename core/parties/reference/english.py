"""English names of divisions and authorities, from the Chinese name and its syllables. Pure."""

from collections.abc import Mapping, Sequence

from core.parties.reference.pinyin import romanise

BUREAU = "Bureau of Quality and Technical Supervision"

PROVINCES: Mapping[str, str] = {
    "110000": "Beijing", "120000": "Tianjin", "130000": "Hebei", "140000": "Shanxi",
    "150000": "Inner Mongolia", "210000": "Liaoning", "220000": "Jilin", "230000": "Heilongjiang",
    "310000": "Shanghai", "320000": "Jiangsu", "330000": "Zhejiang", "340000": "Anhui", "350000": "Fujian",
    "360000": "Jiangxi", "370000": "Shandong", "410000": "Henan", "420000": "Hubei", "430000": "Hunan",
    "440000": "Guangdong", "450000": "Guangxi", "460000": "Hainan", "500000": "Chongqing",
    "510000": "Sichuan", "520000": "Guizhou", "530000": "Yunnan", "540000": "Tibet", "610000": "Shaanxi",
    "620000": "Gansu", "630000": "Qinghai", "640000": "Ningxia", "650000": "Xinjiang",
    "XPCC": "Xinjiang Production and Construction Corps",
}  # fmt: skip

CUSTOMARY: Mapping[str, str] = {
    "呼和浩特": "Hohhot", "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur",
    "乌兰察布": "Ulanqab", "兴安盟": "Hinggan League", "锡林郭勒": "Xilingol", "阿拉善": "Alxa",
    "哈尔滨": "Harbin", "齐齐哈尔": "Qiqihar", "拉萨": "Lhasa", "日喀则": "Xigaze", "那曲": "Nagqu",
    "林芝": "Nyingchi", "乌鲁木齐": "Urumqi", "克拉玛依": "Karamay", "吐鲁番": "Turpan", "哈密": "Hami",
    "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin", "阿克苏": "Aksu", "克孜勒苏": "Kizilsu",
    "喀什": "Kashgar", "和田": "Hotan", "伊犁": "Ili", "阿勒泰": "Altay",
}  # fmt: skip
"""Names whose customary English form is not the pinyin of the Chinese characters."""

PEOPLES: Mapping[str, str] = {
    "柯尔克孜": "Kirgiz", "达斡尔": "Daur", "鄂温克": "Evenki", "鄂伦春": "Oroqen", "哈萨克": "Kazakh",
    "维吾尔": "Uyghur", "塔吉克": "Tajik", "蒙古": "Mongol", "朝鲜": "Korean", "土家": "Tujia",
    "哈尼": "Hani", "傈僳": "Lisu", "拉祜": "Lahu", "景颇": "Jingpo", "纳西": "Naxi", "布朗": "Blang",
    "撒拉": "Salar", "保安": "Bonan", "东乡": "Dongxiang", "裕固": "Yugur", "仫佬": "Mulao", "毛南": "Maonan",
    "仡佬": "Gelao", "布依": "Bouyei", "锡伯": "Xibe", "独龙": "Derung", "普米": "Pumi", "各": "Multi-Ethnic",
    "回": "Hui", "藏": "Tibetan", "苗": "Miao", "彝": "Yi", "壮": "Zhuang", "满": "Manchu", "侗": "Dong",
    "瑶": "Yao", "白": "Bai", "傣": "Dai", "黎": "Li", "佤": "Wa", "畲": "She", "水": "Sui", "土": "Tu",
    "羌": "Qiang", "怒": "Nu",
}  # fmt: skip

AUTONOMOUS = (("自治州", "Prefecture"), ("自治县", "County"), ("自治旗", "Banner"))
SUFFIXES = (
    ("行政委员会", "Administrative Committee"),
    ("林区", "Forestry District"),
    ("矿区", "Mining District"),
    ("特区", "Special District"),
    ("新区", "New District"),
    ("地区", "Prefecture"),
    ("县", "County"),
    ("区", "District"),
    ("旗", "Banner"),
    ("盟", "League"),
    ("市", ""),
)


def division_name_en(name: str, parts: Sequence[str]) -> str:
    """English name of a prefecture- or county-level division: `昆山市` → `Kunshan`, `安吉县` → `Anji County`.

    `parts` holds one syllable per character of `name`.
    """
    if name in CUSTOMARY:
        return CUSTOMARY[name]
    for suffix, kind in AUTONOMOUS:
        if name.endswith(suffix):
            stem, peoples = _peoples(name.removesuffix(suffix))
            words = [_word(stem, parts), *peoples, "Autonomous", kind]
            return " ".join(word for word in words if word)
    for suffix, kind in SUFFIXES:
        stem = name.removesuffix(suffix)
        if stem and stem != name:
            if len(stem) == 1 and suffix in {"县", "区"}:
                return f"{_word(name, parts)} {kind}"
            return f"{_word(stem, parts)} {kind}".strip()
    return _word(name, parts)


def authority_name_en(division: str) -> str:
    """`Jiangsu` → `Jiangsu Bureau of Quality and Technical Supervision`."""
    return f"{division} {BUREAU}"


def _word(stem: str, parts: Sequence[str]) -> str:
    return CUSTOMARY.get(stem) or romanise(parts[: len(stem)])


def _peoples(stem: str) -> tuple[str, list[str]]:
    """Take the peoples off the end of an autonomous area's name: `延边朝鲜族` → (`延边`, [`Korean`])."""
    found: list[str] = []
    while True:
        for people, english in PEOPLES.items():
            tail = people + "族"
            if stem.endswith(tail) or (len(people) > 1 and not found and stem.endswith(people)):
                stem = stem.removesuffix("族").removesuffix(people)
                found.insert(0, english)
                break
        else:
            return stem, found
