"""What a row says, column by column: the names a file may use, what must be there, how it is explained. Pure."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_ROWS: Final = 70_000
"""Certificates nationwide, for the plan (DOMAIN §9)."""
MOST_BYTES: Final = 60 * 1024 * 1024
MOST_LINES: Final = 1_048_576
"""Rows of a spreadsheet, those without a word included, which some programs save as well."""
MOST_IN_ROW: Final = 1024 * 1024
"""Characters of one row: no row of a record comes near, and a file without line breaks is never held as cells."""
MOST_CELLS: Final = 100
"""Cells of a header: six times the columns there are."""
MOST_MARKS: Final = 40 * MOST_ROWS
"""Braces, brackets and commas of a JSON file: a row has some twenty."""
SEPARATORS: Final = "；;|\n"
"""Between several addresses or units in one cell."""


@dataclass(frozen=True)
class Column:
    """`key` is the name for machines; `header` the one in the template; `others` are read as well."""

    key: str
    header: str
    label: Promise
    hint: Promise
    required: bool = True
    several: bool = False
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, self.header, *self.others)


COLUMNS: Final = (
    Column("number", "证书编号", _("证书编号"), _("如 (苏)XK13-002-00001；国家级发证的没有括号里的简称")),
    Column("name", "企业名称", _("企业名称"), _("照证书上写的填")),
    Column(
        "uscc", "统一社会信用代码", _("统一社会信用代码"), _("18 位。只有旧注册号的，这一格留空，填下一列"),
        required=False,
    ),
    Column(
        "legacy", "原注册号", _("原注册号"), _("13 位或 15 位。单独填的，要能在本系统里找到这家企业"), required=False,
        others=("注册号", "legacy_registration_number"),
    ),
    Column("legal_representative", "法定代表人", _("法定代表人"), _("不公开；没有可以不填"), required=False),
    Column(
        "registered_division", "住所区划代码", _("住所区划代码"), _("6 位，到县（区）；不设县的到市"),
        others=("行政区划代码", "区划代码"),
    ),
    Column("registered_address", "住所", _("住所"), _("照证书上写的填"), others=("企业住所", "注册地址")),
    Column(
        "production_addresses", "生产地址", _("生产地址"),
        _("几处的用分号隔开；不在住所所在县（区）的，前面写 6 位区划代码和一个空格"), several=True,
    ),
    Column(
        "category", "产品类别", _("产品类别"), _("类别名称、代号或者 XK 代码；不填则按证书编号认"), required=False,
        others=("产品名称", "XK代码"),
    ),
    Column("units", "产品单元", _("产品单元"), _("单元名称或者代号，几个的用分号隔开"), several=True),
    Column("issued_on", "发证日期", _("发证日期"), _("如 2013-05-06")),
    Column("valid_from", "有效期起", _("有效期起"), _("证书上没有写的不填，按发证日期算"), required=False),
    Column("valid_until", "有效期至", _("有效期至"), _("如 2018-05-05")),
    Column("status", "状态", _("状态"), _("有效、过期、注销、撤回、撤销或者吊销"), others=("证书状态",)),
    Column("deregistered_on", "注销日期", _("注销日期"), _("状态是注销的必填"), required=False),
)  # fmt: skip
BY_KEY: Final = {column.key: column for column in COLUMNS}
ROW: Final = "row"
"""Where a finding belongs that is about the whole row."""


def label_of(key: str) -> Promise | str:
    """The column of a finding in words."""
    return BY_KEY[key].label if key in BY_KEY else _("整行")
