"""A list as a table to take away: CSV that no spreadsheet can be talked into running."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.lifecycle.dates import shanghai_date
from licensing.models import Application
from licensing.spreadsheet import defused
from licensing.templatetags.licensing import in_hand_of, named, status_label
from licensing.workbench.rules import authority_in_charge


def as_csv(cases: Iterable[Application], today: date) -> str:
    """The whole table with its heads, in the language of the page; the mark at the beginning tells the encoding."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(
        [_("受理编号"), _("企业名称"), _("统一社会信用代码"), _("产品类别"), _("类型"), _("状态"), _("收到"),
         _("受理日期"), _("到期"), _("超期"), _("承办机关"), _("经办")]
    )  # fmt: skip
    for case in cases:
        write.writerow([defused(value) for value in _cells(case, today)])
    return "\ufeff" + out.getvalue()


def _cells(case: Application, today: date) -> list[Any]:
    filed = case.filed
    place = authority_in_charge(case)
    overdue = case.next_due_on is not None and case.next_due_on < today
    return [
        case.number, filed["enterprise"]["name"], filed["enterprise"]["uscc"], named(filed.get("category")),
        case.get_kind_display(), status_label(case), shanghai_date(case.received_at) if case.received_at else "",
        case.accepted_on, case.next_due_on, _("是") if overdue else "", place.name if place else "", in_hand_of(case),
    ]  # fmt: skip
