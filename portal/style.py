"""Invented data for the component page: every part in every state, to be looked at and tested."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.files.models import Scan
from core.lifecycle.dates import SHANGHAI
from core.workdays.clock import Cell, ClockView
from portal import charts
from portal.icons import ICONS
from portal.style_sections import COLOURS, SECTIONS

START = date(2015, 10, 12)
STAMP = datetime(2015, 10, 28, 15, 20, tzinfo=SHANGHAI)


class ExampleForm(forms.Form):
    """One field of each kind."""

    equipment = forms.CharField(label=_("主要检验设备"), help_text=_("设备名称、编号，以及检定或校准有效期"))
    people = forms.CharField(
        label=_("持证检验人员"), help_text=_("姓名与证书编号；个人信息只用于审查，不公开")
    )
    count = forms.IntegerField(label=_("数量"), min_value=1)
    day = forms.DateField(
        label=_("检定有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    province = forms.ChoiceField(
        label=_("省份"), choices=[("", _("请选择")), ("320000", "江苏省"), ("330000", "浙江省")]
    )
    change = forms.ChoiceField(
        label=_("自上次生产以来，工艺有没有改变？"),
        widget=forms.RadioSelect,
        choices=[("no", _("没有")), ("yes", _("有，说明如下"))],
    )
    units = forms.MultipleChoiceField(
        label=_("申请的单元"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "过磷酸钙"), ("b", "钙镁磷肥"), ("c", "磷酸一铵")],
    )
    note = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    licence = forms.FileField(label=_("营业执照"), help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"))
    agreed = forms.BooleanField(label=_("我已阅读并承诺以上内容属实"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence"].max_bytes = 20 * 1024 * 1024  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """What a grave act asks for."""

    reason = forms.CharField(
        label=_("理由和依据"), help_text=_("申请人会逐字看到。"), widget=forms.Textarea(attrs={"rows": 4})
    )


class UploadForm(forms.Form):
    """One file, as the wizard takes it."""

    file = forms.FileField(label=_("营业执照"), help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"))


@dataclass(frozen=True)
class ExamplePage:
    """A keyset page as lists hand it to the pagination tag."""

    title: Any = ""
    next_cursor: str = "b2"
    previous_cursor: str = "a1"
    first: int = 8
    last: int = 14
    total: int = 23


def clock(kinds: str, limit: int = 30, **state: Any) -> ClockView:
    """A ruler from letters (used, pause, today, left, Late), Monday to Friday from 12 October 2015."""
    names = {"u": "used", "p": "pause", "t": "today", "l": "left", "L": "late"}
    cells, day = [], START
    for letter in kinds:
        while day.weekday() > 4:
            day += timedelta(days=1)
        cells.append(Cell(day, names[letter], day.weekday() == 0, day.isoformat()))  # type: ignore[arg-type]
        day += timedelta(days=1)
    used = kinds.count("u") + kinds.count("t")
    values: dict[str, Any] = {
        "left": limit - used, "overdue_by": kinds.count("L"), "due": cells[-1].date, "provisional": False
    } | state  # fmt: skip
    return ClockView(
        cells=tuple(cells), limit=limit, unit="workday", used=used, paused_days=kinds.count("p"),
        closed_on=values.pop("closed_on", None), **values,
    )  # fmt: skip


def clocks() -> list[dict[str, Any]]:
    return [
        {"title": _("正在办理"), "clock": clock("uuuuupppppppuuut" + "l" * 21)},
        {"title": _("暂停中"), "clock": clock("uuuuuuuppp", left=None, due=None)},
        {"title": _("超期"), "clock": clock("u" * 30 + "LL", left=0)},
        {"title": _("五日内受理"), "clock": clock("uutll", limit=5)},
        {"title": _("期限暂定"), "clock": clock("ut" + "l" * 28, provisional=True)},
        {"title": _("很久以前就超期"), "clock": clock("u" * 30 + "L" * 140, left=0)},
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": _("受理"), "who": "苏州市局（委托）", "when": "10-12", "state": "done"},
        {"label": _("实地核查"), "who": _("免于核查"), "when": "", "state": "done"},
        {"label": _("产品检验"), "who": "省质检院", "when": "10-19", "state": "now"},
        {"label": _("决定"), "who": "江苏省局", "when": "12-02", "state": "todo"},
        {"label": _("发证"), "who": "", "when": "", "state": "todo"},
    ]


def _stopped() -> list[dict[str, Any]]:
    return [
        {"label": _("受理"), "who": "江苏省局", "when": "10-12", "state": "done"},
        {"label": _("不予许可"), "who": "江苏省局", "when": "11-20", "state": "stopped"},
    ]


def _entries() -> list[dict[str, Any]]:
    return [
        {
            "title": _("检验报告已收到，合格"),
            "at": STAMP,
            "law": False,
            "text": "安全指标 9 项全部合格。",
        },
        {
            "title": _("受理"),
            "at": STAMP - timedelta(days=16),
            "law": True,
            "note": "《行政许可法》第三十二条",
        },
    ]


def _checks() -> list[dict[str, Any]]:
    return [
        {"text": "三份材料齐全", "note": "《意见》四（二）", "state": "yes"},
        {"text": "生产地址在受理机关辖区内", "note": "", "state": "open"},
        {"text": "检定证书在有效期内", "note": "2015-06-30 到期", "state": "no"},
    ]


def _tasks() -> list[dict[str, Any]]:
    return [
        {
            "label": _("企业信息"),
            "url": "#",
            "hint": "已从登记信息带入",
            "status": {"label": _("已完成"), "tone": "ok"},
        },
        {"label": _("生产条件"), "url": "#", "hint": "", "status": {"label": _("进行中"), "tone": "go"}},
        {
            "label": _("承诺书"),
            "url": "",
            "hint": "",
            "status": {"label": _("前几步完成后签署"), "tone": ""},
        },
    ]


def _todos() -> list[dict[str, Any]]:
    return [
        {"label": _("补正材料"), "url": "#tasks", "hint": _("今天最后一天"), "count": 1, "late": True},
        {"label": _("下载电子证书"), "url": "#tasks", "hint": _("已签发"), "count": 2, "late": False},
    ]


def _rows(running: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"number": "苏新 2015-000298", "name": "昆山永固线缆有限公司", "clock": running[2]["clock"]},
        {"number": "苏延 2015-000341", "name": "苏州金穗肥业有限公司", "clock": running[0]["clock"]},
        {
            "number": "苏新 2015-000350",
            "name": "无锡太湖餐具洗涤剂有限公司",
            "clock": running[1]["clock"],
        },
    ]


def _days() -> list[dict[str, Any]]:
    return [
        {"date": date(2015, 10, 12), "weekday": "周一", "number": 1, "why": "工作日", "state": "counted"},
        {"date": date(2015, 10, 17), "weekday": "周六", "number": None, "why": "休息日", "state": "off"},
        {
            "date": date(2015, 10, 19),
            "weekday": "周一",
            "number": None,
            "why": "检验暂停",
            "state": "pause",
        },
        {"date": date(2015, 10, 28), "weekday": "周三", "number": 6, "why": "工作日", "state": "today"},
    ]


def _said() -> list[Any]:
    """What the portal says after an act, one of each level."""
    return [
        Message(messages.SUCCESS, gettext("已保存")),
        Message(messages.INFO, gettext("证书正在签发，稍候即可下载")),
        Message(messages.WARNING, gettext("授权书还有 30 天到期")),
        Message(messages.ERROR, gettext("没有保存：请先改正下列内容")),
    ]


def _pages() -> list[ExamplePage]:
    return [
        ExamplePage(_("第一页"), previous_cursor="", first=1, last=7),
        ExamplePage(_("中间一页")),
        ExamplePage(_("最后一页"), next_cursor="", first=15, last=23),
    ]


def _uploads() -> list[dict[str, Any]]:
    """A file on its way, in the states a script shows."""
    states = (
        (_("等你选"), "", 0),
        (_("在路上"), "sending", 46),
        (_("检查中"), "checking", 0),
        (_("网络断了"), "lost", 0),
        (_("没有成功"), "failed", 0),
    )
    return [
        {"title": title, "shown": shown, "percent": percent, "form": UploadForm(prefix=f"upload{place}")}
        for place, (title, shown, percent) in enumerate(states)
    ]


def _held() -> list[SimpleNamespace]:
    """Files that arrived and cannot be opened."""
    return [
        SimpleNamespace(public_id=f"example-{scan}", filename="营业执照.pdf", size=365_000, pages=1, changes=[],
                        scan=scan, can_open=False)
        for scan in (Scan.PENDING, Scan.INFECTED)
    ]  # fmt: skip


def _charts() -> list[charts.Chart]:
    unit = gettext("件")
    weeks = [(f"{day:%m-%d}", n) for day, n in zip(_mondays(9), (4, 6, 0, 7, 12, 9, 8, 14, 11), strict=True)]
    stages = [(_("受理"), 14), (_("审查"), 31), (_("待决定"), 9), (_("超期"), 3, "late")]
    spent = [(_("受理"), 2), (_("实地核查"), 9), (_("产品检验"), 7, "wait"), (_("决定"), 4)]
    return [
        charts.bars(stages, title=gettext("在办的案件"), unit=unit),
        charts.columns(weeks, title=gettext("每周作出的决定"), unit=unit),
        charts.stack(spent, title=gettext("每个环节用了几天"), unit=gettext("个工作日")),
        charts.line(weeks, title=gettext("收到的申请"), unit=unit),
        charts.bars([], title=gettext("申请限制"), unit=unit),
    ]


def _mondays(count: int) -> list[date]:
    return [START + timedelta(weeks=n) for n in range(count)]


def examples(request: HttpRequest) -> dict[str, Any]:
    """The context of templates/portal/style.html and of the phone pages it frames."""
    bad = ExampleForm({"equipment": "分光光度计 721G", "change": "no", "count": "0"}, {})
    bad.is_valid()
    running = clocks()
    return {
        "sections": SECTIONS, "colours": COLOURS, "icons": sorted(ICONS), "frame": request.GET.get("frame", ""),
        "menu_open": request.GET.get("frame") == "menu",
        "trail": [(_("我的办理"), "#crumbs"), (_("新申请"), "#crumbs"), (_("营业执照"), "")],
        "said": _said(), "reasons": {name: ReasonForm(prefix=name) for name in ("shown", "modal")}, "pages": _pages(),
        "uploads": _uploads(), "held": _held(),
        "none": {"kind": "number", "value": "XK13-002-09999"}, "todos": _todos(), "charts": _charts(),
        "clocks": running, "steps": _steps(), "stopped": _stopped(), "entries": _entries(), "checks": _checks(),
        "tasks": _tasks(), "rows": _rows(running), "days": _days(),
        "form": ExampleForm(initial={"change": "no", "units": ["a"]}, prefix="plain"), "bad": bad,
        "stored": {"url": "#upload", "name": "营业执照.pdf", "size": 365_000},
    }  # fmt: skip
