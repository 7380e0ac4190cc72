"""Invented producers by number: distinct Chinese names, distinct valid credit codes. Pure, the same each time."""

from dataclasses import dataclass
from itertools import product

from stdnum.cn import uscc

from core.parties.identifiers import organisation_check_digit

FIRST = "恒瑞宏泰兴隆金永昌盛华东海天明德广信嘉联"
SECOND = "钢达通源润丰力科峰元和利安康顺胜辉业成新"
BRANDS = tuple("".join(pair) for pair in product(FIRST, SECOND))
INDUSTRIES = (
    "化肥", "线缆", "钢绳", "防水材料", "洗涤剂", "砂轮", "压力锅", "人造板", "管业", "建材", "机械", "轴承",
    "电器", "水泥", "金属制品", "新材料", "纸业", "橡塑", "制冷设备", "安全装备",
)  # fmt: skip
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "厂", "集团有限公司")
FAMILY, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗", "伟敏静磊洋艳勇军杰娟涛明超霞平刚桂英华玲"
STREETS = ("工业大道", "人民路", "建设路", "创业路", "开发区东路", "滨江路", "园区纬三路", "解放路")
PLACES = (
    ("南京", "320115", "320000"), ("苏州", "320583", "320000"), ("无锡", "320206", "320000"),
    ("杭州", "330109", "330000"), ("温州", "330302", "330000"), ("宁波", "330212", "330000"),
    ("广州", "440111", "440000"), ("佛山", "440605", "440000"), ("东莞", "441900", "440000"),
    ("济南", "370112", "370000"), ("青岛", "370214", "370000"), ("临沂", "371302", "370000"),
    ("石家庄", "130109", "130000"), ("唐山", "130202", "130000"), ("郑州", "410108", "410000"),
    ("洛阳", "410303", "410000"), ("武汉", "420112", "420000"), ("长沙", "430111", "430000"),
    ("成都", "510112", "510000"), ("重庆", "500112", "500000"), ("上海", "310114", "310000"),
    ("沈阳", "210106", "210000"), ("合肥", "340111", "340000"), ("福州", "350104", "350000"),
    ("南昌", "360111", "360000"), ("太原", "140105", "140000"), ("西安", "610112", "610000"),
    ("昆明", "530111", "530000"), ("南宁", "450102", "450000"), ("哈尔滨", "230103", "230000"),
)  # fmt: skip
"""Place in a name, a county of it, and the province that takes its filings; the east has more, as in life."""


DIFFERENT = len(PLACES) * len(BRANDS) * len(INDUSTRIES) * len(FORMS) * 10
STRIDE = 7_654_321
"""Prime to `DIFFERENT`: neighbours differ in everything, and none comes twice."""


@dataclass(frozen=True)
class Producer:
    """One invented producer."""

    name: str
    uscc: str
    person: str
    division: str
    province: str
    address: str


def producer(number: int) -> Producer:
    """The producer of a number; below `DIFFERENT` no two share a name or a code."""
    rest, place = divmod(number * STRIDE % DIFFERENT, len(PLACES))
    rest, brand = divmod(rest, len(BRANDS))
    rest, industry = divmod(rest, len(INDUSTRIES))
    rest, form = divmod(rest, len(FORMS))
    where, division, province = PLACES[place]
    tail = "" if rest == 0 else f"第{rest}"
    return Producer(
        name=f"{where}{BRANDS[brand]}{INDUSTRIES[industry]}{tail}{FORMS[form]}",
        uscc=credit_code(division, number),
        person=FAMILY[number % 20] + GIVEN[number // 7 % 20] + GIVEN[number // 3 % 20],
        division=division,
        province=province,
        address=f"{STREETS[number % len(STREETS)]} {number % 900 + 1} 号",
    )


def credit_code(division: str, number: int) -> str:
    """A code that passes every check digit; organisation codes MB… of demo producers are never used here."""
    body = f"N{number:07d}"
    without_check = f"91{division}{body}{organisation_check_digit(body)}"
    return str(without_check + uscc.calc_check_digit(without_check))
