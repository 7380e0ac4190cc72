"""The statement of a case about a licence: what happened and why, in the words of a closed list and the holder's own.

A loss is stated here and published with the certificate that replaces the lost one; no newspaper, no further document
(DOMAIN §3.3; R-29).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.exemptions import QUESTIONS
from licensing.kinds import CAUSES, Kind

Row = tuple[Promise | str, Sequence[Promise | str]]

TITLES: Mapping[str, Promise] = {
    Kind.RENEWAL: _("有没有重大变化"),
    Kind.CHANGE: _("变更说明"),
    Kind.CONDITION_CHANGE: _("变更了什么"),
    Kind.RELOCATION: _("迁址说明"),
    Kind.REPLACEMENT: _("遗失、毁损声明"),
    Kind.DEREGISTRATION: _("注销原因"),
}  # fmt: skip
HAPPENED: Mapping[str, Promise] = {
    Kind.REPLACEMENT: _("遗失或毁损日期"),
    Kind.DEREGISTRATION: _("停止生产日期"),
}


def causes_of(kind: str) -> list[tuple[str, Any]]:
    """What a statement of this kind may name; empty where it is told by what was changed."""
    return list(CAUSES.get(kind, {}).items())


def statement_rows(kind: str, statement: Mapping[str, Any]) -> list[Row]:
    """A statement as people read it, line by line; nothing for a kind without one."""
    rows: list[Row] = _answers(statement) if kind == Kind.RENEWAL else []
    named = statement.get("causes") or ([statement["cause"]] if statement.get("cause") else [])
    if named:
        rows.append((_("事由"), [CAUSES[kind][code] for code in named if code in CAUSES[kind]]))
    if statement.get("happened_on"):
        rows.append((HAPPENED[kind], [date.fromisoformat(statement["happened_on"]).isoformat()]))
    if statement.get("detail"):
        rows.append((_("说明"), str(statement["detail"]).split("\n")))
    if statement.get("not_moved"):
        rows.append((_("声明"), [_("生产场所没有搬迁，生产条件没有变化")]))
    return rows


YES_NO = {"yes": _("有"), "no": _("没有")}


def _answers(statement: Mapping[str, Any]) -> list[Row]:
    """The questions of a renewal with their answers; a "yes" taken back is told with its day (R-23)."""
    taken_back = {row["question"]: row["on"] for row in statement.get("withdrawn", ())}
    rows: list[Row] = []
    for name, question in QUESTIONS.items():
        if statement.get(name) in YES_NO:
            back = (
                (_("曾答“有”，%(day)s 改为“没有”") % {"day": taken_back[name]},) if name in taken_back else ()
            )
            rows.append((question, (YES_NO[statement[name]], *back)))
    return rows
