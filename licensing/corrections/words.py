"""What the things on a certificate are called, where a correction speaks of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lifecycle.dates import long_date
from licensing.corrections.models import CertificateCorrection
from licensing.corrections.rules import DATES, NUMBER, Change, changes_from_json, group_of

GROUPS: dict[str, Promise] = {
    "holder_name": gettext_lazy("企业名称"),
    "uscc": gettext_lazy("统一社会信用代码"),
    "registered_address": gettext_lazy("住所"),
    "site": gettext_lazy("生产地址"),
    "category_name": gettext_lazy("产品名称"),
    "unit": gettext_lazy("单元名称"),
    "member": gettext_lazy("集团公司所属单位"),
    "issued_on": gettext_lazy("发证日期"),
    "valid_from": gettext_lazy("有效期起"),
    "valid_until": gettext_lazy("有效期至"),
    "number": gettext_lazy("证书编号"),
}
"""The kinds of things that can be wrong, in the order of the paper."""
_PARTS: dict[str, Promise] = {
    "name": gettext_lazy("名称"), "uscc": gettext_lazy("统一社会信用代码"),
    "full_address": gettext_lazy("地址"),
}  # fmt: skip


def label_of(key: str) -> str:
    """A word on the certificate by name: 生产地址 2, 集团公司所属单位 1 · 名称."""
    group, _dash, rest = key.partition("-")
    name = str(GROUPS.get(group, group))
    if group == "site":
        return f"{name} {int(rest) + 1}"
    if group == "member":
        place, _between, part = rest.partition("-")
        return f"{name} {int(place) + 1} · {_PARTS[part]}"
    return name


def wrong_words(groups: Iterable[str]) -> str:
    """Kinds of things as one line of text."""
    return _("、").join(str(GROUPS[group]) for group in groups if group in GROUPS)


@dataclass(frozen=True)
class Line:
    """One line of the comparison; `after` of a number not drawn yet says so."""

    label: str
    before: Any
    after: Any


def lines_of(row: CertificateCorrection) -> list[Line]:
    """Before and after, line by line."""
    return [_line(change, row) for change in changes_from_json(row.changes)]


def _line(change: Change, row: CertificateCorrection) -> Line:
    label = label_of(change.key)
    if change.key in DATES:
        return Line(label, long_date_of(change.before), long_date_of(change.after))
    if change.key == NUMBER and not change.after:
        return Line(label, change.before, _("批准时取一个没有用过的新编号"))
    return Line(label, change.before, change.after)


def long_date_of(day: str) -> str:
    """An ISO date in words of the reader's language."""
    return long_date(date.fromisoformat(day))


def groups_in(row: CertificateCorrection) -> str:
    """What this correction is about, in a few words."""
    return wrong_words(dict.fromkeys(group_of(change["key"]) for change in row.changes))
