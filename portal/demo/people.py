"""Who lives in the demo world. Passwords and second factors are derived from the secret, never stored."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class DemoOfficial:
    username: str
    name: str
    authority: str
    duties: tuple[str, ...]
    role: str


@dataclass(frozen=True)
class DemoEnterprise:
    """An invented producer; `division` is its registered place, `site` its production place. `typed` is the registered
    address as it got into the application, where a slip that nobody saw put it on the certificate (R-89)."""

    username: str
    person: str
    name: str
    division: str
    address: str
    site_division: str
    site_address: str
    serial: int
    typed: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who signed up himself; `role` is what he is to an enterprise."""

    username: str
    name: str
    role: str


CLAIMANT = DemoPerson("xinfeng", "周新", "认领人（待核对）")
RIVAL = DemoPerson("wujie", "吴杰", "认领人（有争议）")
AGENT = DemoPerson("fengxiao", "冯晓", "代理人")
PEOPLE = (CLAIMANT, RIVAL, AGENT)

OFFICIALS = (
    DemoOfficial("js-clerk", "王晓岚", "320000", ("acceptance",), "江苏 受理"),
    DemoOfficial("js-reviewer", "赵磊", "320000", ("review",), "江苏 审查"),
    DemoOfficial("js-approver", "李建国", "320000", ("approval",), "江苏 审批"),
    DemoOfficial(
        "js-allrounder", "沈洁", "320000", ("acceptance", "approval"), "江苏 受理兼审批（不同案件）"
    ),
    DemoOfficial("zj-clerk", "陈雨", "330000", ("acceptance",), "浙江 受理"),
    DemoOfficial("zj-reviewer", "许岩", "330000", ("review",), "浙江 审查"),
    DemoOfficial("zj-approver", "钱文博", "330000", ("approval",), "浙江 审批"),
    DemoOfficial("cq-clerk", "冉莉", "500000", ("acceptance",), "重庆 受理"),
    DemoOfficial("cq-reviewer", "杜恒", "500000", ("review",), "重庆 审查"),
    DemoOfficial("cq-approver", "向志远", "500000", ("approval",), "重庆 审批"),
    DemoOfficial("zj-head", "裘正", "330000", ("head", "organisation_admin"), "浙江 负责人、单位管理"),
    DemoOfficial("nb-clerk", "应甬生", "330200", ("acceptance",), "宁波（受委托） 受理"),
    DemoOfficial("nb-reviewer", "毛海曙", "330200", ("review",), "宁波（受委托） 审查"),
    DemoOfficial("nb-approver", "戴四明", "330200", ("approval",), "宁波（受委托） 审批"),
    DemoOfficial("js-supervisor", "陆巡", "320000", ("supervision",), "江苏 监督"),
    DemoOfficial("ks-supervisor", "归玉山", "320583", ("supervision",), "昆山 监督"),
    DemoOfficial("yb-supervisor", "游渝北", "500112", ("supervision",), "渝北 监督"),
    DemoOfficial("xj-clerk", "古丽娜", "650000", ("acceptance",), "新疆 受理"),
    DemoOfficial("bt-clerk", "马建军", "XPCC", ("acceptance",), "兵团 受理"),
    DemoOfficial("js-admin", "顾维", "320000", ("organisation_admin",), "江苏 单位管理"),
    DemoOfficial("js-head", "方正", "320000", ("head", "organisation_admin"), "江苏 负责人、单位管理"),
    DemoOfficial("aqsiq-approver", "郭平", "AQSIQ", ("approval",), "总局 审批"),
    DemoOfficial("national-admin", "何清", "AQSIQ", ("national_admin",), "国家级管理员"),
    DemoOfficial("auditor", "罗敏", "AQSIQ", ("audit",), "审计"),
)

ENTERPRISES = (
    DemoEnterprise("jinsui", "周敏", "苏州金穗肥业有限公司", "320583", "春晖路 88 号",
                   "320583", "周市镇优比路 12 号", 1),
    DemoEnterprise("yonggu", "顾永固", "昆山永固线缆有限公司", "320583", "前进东路 402 号",
                   "320583", "千灯镇石浦路 7 号", 2),
    DemoEnterprise("changfeng", "缪长风", "江阴长风钢绳厂", "320281", "澄江中路 19 号",
                   "320281", "璜土镇园区路 3 号", 3),
    DemoEnterprise("haimen", "施海燕", "南通海门防水材料有限公司", "320614", "解放路 150 号",
                   "320614", "三厂镇工业大道 66 号", 4),
    DemoEnterprise("taihu", "钱素芬", "无锡太湖餐具洗涤剂有限公司", "320211", "梁清路 210 号",
                   "320211", "胡埭镇陆藕路 28 号", 5),
    DemoEnterprise("xuzhou", "孟宪砂", "徐州砂轮制造有限公司", "320303", "淮海东路 77 号",
                   "320303", "大黄山路 5 号", 6),
    DemoEnterprise("qiantang", "傅云舟", "杭州钱塘人造板有限公司", "330109", "市心北路 301 号",
                   "330109", "临江工业园纬三路 9 号", 7),
    DemoEnterprise("shancheng", "谭渝生", "重庆山城桥梁支座有限公司", "500112", "龙溪街道红锦大道 55 号",
                   "500112", "木耳镇物流大道 18 号", 8),
    DemoEnterprise("changzhou", "蒋联创", "常州联创压力锅有限公司", "320411", "通江中路 368 号",
                   "320411", "薛家镇汉江路 21 号", 9),
    DemoEnterprise("huishan", "邹立本", "无锡惠山头盔有限公司", "320206", "政和大道 189 号",
                   "320206", "洛社镇人民南路 36 号", 10),
    DemoEnterprise("dantu", "柳清扬", "镇江丹徒电热毯厂", "321112", "谷阳路 26 号",
                   "321112", "高桥镇滨江路 4 号", 11),
    DemoEnterprise("yanghe", "洪泽宇", "宿迁洋河纸制品有限公司", "321302", "黄河南路 118 号",
                   "321302", "洋北镇工业园 7 号", 12),
    DemoEnterprise("qingjiang", "岳清江", "淮安清江棉机有限公司", "320812", "北京北路 66 号",
                   "320812", "武墩镇旺旺路 15 号", 13),
    DemoEnterprise("dafeng", "卞海丰", "盐城大丰有机肥有限公司", "320904", "人民中路 33 号",
                   "320904", "草庙镇港城路 1 号", 14),
    DemoEnterprise("tianfu", "石天富", "石河子天富管业有限公司", "659001", "北四路 22 号",
                   "659001", "开发区东八路 9 号", 15),
    DemoEnterprise("ganyu", "赣连海", "连云港赣榆线缆厂", "320707", "青口镇金海路 50 号",
                   "320707", "海头镇朱稽路 2 号", 16),
)  # fmt: skip

HOLDERS = (
    DemoEnterprise("yaoguan", "庄进明", "常州武进轴承钢有限公司", "320412", "延政中大道 28 号",
                   "320412", "遥观镇长虹路 6 号", 701),
    DemoEnterprise("tongzhou", "沙通洲", "南通通州钢丝绳有限公司", "320612", "新金路 36 号",
                   "320612", "平潮镇工业园 11 号", 702),
    DemoEnterprise("jintan", "江丹阳", "常州金坛塑料包装有限公司", "320413", "东门大街 70 号",
                   "320413", "直溪镇直北路 5 号", 703),
    DemoEnterprise("yizheng", "仪真", "扬州仪征输水管有限公司", "321081", "真州东路 99 号",
                   "321081", "青山镇沿江路 2 号", 704),
    DemoEnterprise("jiangyan", "姜延年", "泰州姜堰抽油设备厂", "321204", "人民南路 12 号",
                   "321204", "白米镇通扬路 8 号", 705),
    DemoEnterprise("lingtang", "高游", "高邮电力金具有限公司", "321084", "海潮东路 45 号",
                   "321084", "菱塘乡菱塘路 3 号", 706),
    DemoEnterprise("qidong", "陆启东", "启东江海钢丝绳有限公司", "320681", "人民中路 618 号",
                   "320681", "汇龙镇南苑路 9 号", 707, "人民中路 681 号"),
    DemoEnterprise("xinghua", "郑板桥", "兴化水乡人造板有限公司", "321281", "牌楼东路 117 号",
                   "321281", "戴南镇振兴路 26 号", 708, "牌楼东路 17 号"),
    DemoEnterprise("siyang", "桑泗阳", "宿迁泗阳食品纸制品有限公司", "321323", "众兴中路 88 号",
                   "321323", "经济开发区葛东河路 6 号", 709),
    DemoEnterprise("shuxian", "梅沭河", "宿迁沭阳线缆有限公司", "321322", "人民中路 20 号",
                   "321322", "经济开发区温州路 31 号", 710),
)  # fmt: skip
"""Enterprises that began five years ago."""


def _derived(label: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"demo:{label}".encode(), hashlib.sha256).digest()


def password_of(username: str) -> str:
    """Twelve letters and digits, the same as long as the installation keeps its secret."""
    return base64.b32encode(_derived(f"password:{username}")).decode().lower()[:12]


def totp_secret_of(username: str) -> str:
    """Base32 secret for any authenticator app (RFC 6238)."""
    return base64.b32encode(_derived(f"totp:{username}")[:20]).decode()


def demo_uscc(division: str, serial: int) -> str:
    """A code that passes every check digit and belongs to nobody: organisation codes MA9D… (`serial` to 9,999), MA9E…

    The demo world keeps to the first ten thousand; tests make up theirs from the ninety thousand after them.
    """
    from stdnum.cn import uscc

    from core.parties.identifiers import organisation_check_digit

    series, within = divmod(serial, 10_000)
    body = f"MA9{'DEFGHJKLMN'[series]}{within:04d}"
    without_check = f"91{division}{body}{organisation_check_digit(body)}"
    return without_check + uscc.calc_check_digit(without_check)
