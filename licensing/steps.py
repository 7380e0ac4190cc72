"""The sections of a draft as steps on its task list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from licensing.changes import group_rows
from licensing.models import Application
from licensing.statement import TITLES

SECTION_TITLES: dict[str, Promise] = {
    "enterprise": _lazy("企业信息"),
    "product": _lazy("产品与单元"),
    "sites": _lazy("生产地址"),
    "conditions": _lazy("生产条件"),
    "group": _lazy("集团公司所属单位"),
    "statement": _lazy("情况说明"),
    "business_licence": _lazy("营业执照"),
    "commitment": _lazy("承诺书"),
}


@dataclass(frozen=True)
class Step:
    """One line of the task list; without an address it cannot be done yet."""

    title: str
    hint: str
    url: str
    state: str
    tone: str


def title_of(application: Application, section: str) -> str:
    """A section in words; the statement is called by what it states."""
    if section == "statement":
        return str(TITLES[application.kind])
    return str(SECTION_TITLES[section])


def steps_of(
    application: Application,
    done: dict[str, bool],
    unconfirmed: frozenset[str],
    units: list[str],
    names: tuple[str, ...],
) -> list[Step]:
    """The named sections of the form, each with how far it has come."""
    return [_step(application, name, done, unconfirmed, units) for name in names]


def _step(
    application: Application,
    section: str,
    done: dict[str, bool],
    unconfirmed: frozenset[str],
    units: list[str],
) -> Step:
    ready = all(ok for name, ok in done.items() if name != "commitment")
    locked = section == "commitment" and not ready
    url = "" if locked else reverse(f"licensing:{section}", args=[application.public_id])
    state, tone = _state(application, section, done[section], locked, section in unconfirmed)
    return Step(title_of(application, section), _hint(application, section, units), url, state, tone)


def _state(application: Application, section: str, done: bool, locked: bool, typed: bool) -> tuple[str, str]:
    if typed:
        return _("有未确认的内容"), "wait"
    if section == "group":
        members = len(group_rows(application.draft))
        return (_("%(n)s 个单位") % {"n": members}, "ok") if members else (_("可以不填"), "")
    if done:
        return _("已完成"), "ok"
    if locked:
        return _("前几步完成后签署"), ""
    brought = section == "enterprise" or (section == "conditions" and application.licence_id is not None)
    return (_("请核对"), "go") if brought else (_("未开始"), "")


def _hint(application: Application, section: str, units: list[str]) -> str:
    draft = application.draft
    if section == "product":
        return "；".join(units) or _("选择产品类别，再选单元")
    if section == "sites":
        rows = draft.get("sites", {}).get("rows", [])
        return "；".join(row["full_address"] for row in rows) or _("实际生产的地方，可以有几处")
    return {
        "enterprise": _("已从许可证带入，请核对")
        if application.licence_id
        else _("已从登记信息带入，请核对"),
        "conditions": _("生产设备、检验仪器、工艺和人员"),
        "group": _("集团公司与所属单位一起取证时填写"),
        "statement": _("写明事由和经过"),
        "business_licence": _("一份扫描件或照片"),
        "commitment": _("在线阅读并签署"),
    }[section]
