"""What can be found in a row: each kind with its stable code, its weight, and words that say what to do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.parties import identifiers as known

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[Mapping[str, Promise]] = {"error": _("错误"), "warning": _("提醒"), "note": _("说明")}


@dataclass(frozen=True)
class Kind:
    """`error`: the row is not loaded. `warning`: it is, somebody should look. `note`: what was done with it."""

    code: str
    severity: Severity
    title: Promise
    words: Promise | str


@dataclass(frozen=True)
class Finding:
    """One finding in one cell; `params` fill the words of its kind."""

    code: str
    column: str
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]


def _of(severity: Severity, title: Promise, *classes: type) -> tuple[Kind, ...]:
    """Kinds that have their code and words from the error of an identifier."""
    return tuple(Kind(one.code, severity, title, one.message) for one in classes)  # type: ignore[attr-defined]


def _kind(code: str, severity: Severity, title: Promise, words: Promise) -> Kind:
    return Kind(f"imports.{code}", severity, title, words)


_ALL: Final = (
    *_of("error", _("证书编号不对"), known.LicenceNumberInvalid, known.LicencePrefixUnknown),
    *_of(
        "error", _("统一社会信用代码不对"), known.UsccLength, known.UsccCharacter, known.UsccDigitExpected,
        known.UsccCheckDigit, known.UsccOrganisationCheckDigit,
    ),
    *_of("error", _("名称不对"), known.NameLength, known.NameCharacter),
    _kind("row_width", "error", _("格数与表头不一致"),
          _("这一行有 %(cells)s 格，表头有 %(columns)s 格。常见原因是内容里有逗号而没有加引号；请核对后重新导出")),
    _kind("missing", "error", _("缺少内容"), _("这一格要填写")),
    _kind("too_long", "error", _("内容太长"), _("最多 %(most)s 个字，现在是 %(length)s 个字")),
    _kind("unprintable", "error", _("有不可见字符"),
          _("第 %(position)s 个字符不能使用（%(codepoint)s），请删去")),
    _kind("other_authority", "error", _("不是本机关发的证"),
          _("编号的简称是“%(prefix)s”，本机关的是“%(own)s”。请从文件里删去，由发证机关导入")),
    _kind("serial_high", "warning", _("序号接近用完"),
          _("序号 %(serial)s 加载以后，本机关的 %(code)s 只剩 %(left)s 个号可以发。请确认没有写错")),
    _kind("same_in_file", "note", _("文件内重复，内容相同"), _("与第 %(lines)s 行是同一张证书、内容相同，只取第一行")),
    _kind("contradicts_in_file", "error", _("文件内重复，内容不同"),
          _("第 %(lines)s 行是同一个编号而内容不同。请查纸质档案，只保留正确的一行")),
    _kind("same_in_register", "note", _("登记中已有，内容相同"), _("这张许可证已在登记中，内容相同，不再加载")),
    _kind("contradicts_register", "error", _("登记中已有，内容不同"),
          _("这个编号已在登记中，%(columns)s不同。请核对；登记有误的按更正办理，不能用导入覆盖")),
    _kind("legacy_shape", "error", _("原注册号不对"), _("原注册号应为 13 位或者 15 位数字")),
    _kind("legacy_unknown", "error", _("找不到原注册号的企业"),
          _("登记中没有、或不止一家企业用这个原注册号。请查企业信用信息公示系统，填统一社会信用代码")),
    _kind("legacy_matched", "warning", _("按原注册号认企业"),
          _("按原注册号认作“%(name)s”（%(uscc)s）。请确认是同一家企业")),
    _kind("other_name", "warning", _("企业名称与登记不同"),
          _("这个信用代码在登记中的名称是“%(name)s”。许可证照文件里的名称加载，企业的登记名称不变")),
    _kind("two_names", "warning", _("同一信用代码两个名称"),
          _("第 %(line)s 行同一个信用代码写的是“%(name)s”。请确认哪一个是现在的名称")),
    _kind("division_unknown", "error", _("区划代码不对"),
          _("没有这个区划代码。请填 6 位、到县（区）的代码；不设县的填到市")),
    _kind("division_replaced", "warning", _("区划代码已经更换"), _("代码已改为 %(code)s（%(name)s），按新代码加载")),
    _kind("outside_territory", "error", _("住所不在本机关辖区"),
          _("住所在%(name)s，不归本机关管辖。请核对区划代码")),
    _kind("category_unknown", "error", _("产品类别不认识"),
          _("目录里没有这个类别。请填目录中的名称、代号或者 XK 代码")),
    _kind("code_mismatch", "error", _("编号与产品类别不符"),
          _("“%(category)s”的产品代码是 %(codes)s，编号里是 %(code)s。两者必有一个写错了")),
    _kind("code_unconfirmed", "warning", _("产品代码尚未核实"),
          _("“%(category)s”的产品代码在目录里尚未核实（%(codes)s），编号里是 %(code)s。请对照纸质证书")),
    _kind("level_differs", "warning", _("与审批层级不符"),
          _("“%(category)s”由国家级机关发证，而编号是省级的。请确认当时由本机关发证")),
    _kind("unit_unknown", "error", _("产品单元不认识"), _("“%(unit)s”不是这个类别的单元。可填：%(known)s")),
    _kind("date_shape", "error", _("日期不对"), _("写成 2013-05-06 这样的日期；没有这一天的也不行")),
    _kind("date_future", "error", _("日期在今天之后"), _("导入的是已经发出的证书，日期不能在今天之后")),
    _kind("date_implausible", "error", _("日期太早"), _("生产许可证制度 1984 年起才有")),
    _kind("dates_order", "error", _("日期顺序不对"), _("%(later)s应当在%(earlier)s之后")),
    _kind("issued_early", "warning", _("发证日期早于有效期起一年以上"), _("请对照纸质证书，确认两个日期没有写反")),
    _kind("term_long", "error", _("有效期太长"),
          _("有效期最长五年，从 %(start)s 起最迟到 %(allowed)s（《工业产品生产许可证管理条例》第二十五条）")),
    _kind("valid_from_taken", "note", _("有效期起按发证日期"), _("没有填有效期起，按发证日期 %(day)s 算")),
    _kind("status_unknown", "error", _("状态不认识"), _("可填：有效、过期、注销、撤回、撤销、吊销")),
    _kind("status_over", "warning", _("写的是有效，期限已过"), _("有效期 %(day)s 届满，按“过期”加载")),
    _kind("status_not_over", "error", _("写的是过期，期限未到"),
          _("有效期到 %(day)s 才届满。提前终止的请填注销、撤回、撤销或者吊销")),
    _kind("deregistered_unneeded", "error", _("有效的证书有注销日期"),
          _("状态是有效，却有注销日期。两者必有一个写错了")),
    _kind("normalised", "note", _("写法已经统一"), _("按“%(to)s”加载：全角改半角，空格、括号、大小写统一")),
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _ALL}


def is_wrong(findings: tuple[Finding, ...]) -> bool:
    """Whether the row cannot be loaded."""
    return any(finding.kind.severity == "error" for finding in findings)
