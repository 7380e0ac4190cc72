"""Forms of the calendar pages."""

from collections.abc import Sequence
from typing import Any, TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from core.workdays.errors import ReasonMissing, SourceMissing
from core.workdays.models import NATIONAL
from core.workdays.notice import (
    HOLIDAY,
    MAKEUP_WORKDAY,
    BadLine,
    DayEntry,
    DayKind,
    format_days,
    parse_days,
)

PROBLEMS = {
    "unreadable": _("第 %(number)s 行“%(text)s”看不懂。请写成 02-05..02-11 春节"),
    "no_such_day": _("第 %(number)s 行“%(text)s”：没有这一天"),
    "outside_year": _("第 %(number)s 行“%(text)s”不在本年内。请放到它所在的年份里公布"),
    "backwards": _("第 %(number)s 行“%(text)s”：结束早于开始"),
    "twice": _("第 %(number)s 行“%(text)s”：其中有的日子前面已经写过"),
    "name_too_long": _("第 %(number)s 行“%(text)s”：名称太长，不超过 50 个字"),
}
HINT = _("一行一天或一段，后面写名称：02-05..02-11 春节，或 2月5日至11日 春节")


class Publication(TypedDict):
    """The matter of `actions.publish_version`, without who and when."""

    scope: str
    year: int
    days: list[DayEntry]
    source: str
    reason: str


class YearForm(forms.Form):
    """Which calendar to open: a year of the country, a province or a prefecture."""

    year = forms.IntegerField(label=_("年份"), min_value=1949, max_value=2199)
    scope = forms.RegexField(
        r"^[0-9]{4}00$",
        label=_("省级或地市级行政区划代码"),
        help_text=_("全国日历留空。民族自治地方的地方节假日填六位代码，例如 650000"),
        required=False,
        error_messages={"invalid": _("请填六位行政区划代码，末两位是 00")},
    )

    def clean_scope(self) -> str:
        return self.cleaned_data["scope"] or NATIONAL


class CalendarForm(forms.Form):
    """All exceptional days of one year as text, with the document and the reason for the change."""

    holidays = forms.CharField(
        label=_("放假"),
        help_text=HINT,
        required=False,
        strip=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 10}),
    )
    makeup_days = forms.CharField(
        label=_("调休上班"),
        help_text=_("写法同上。只写本来是周末、改为上班的日子"),
        required=False,
        strip=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
    )
    source = forms.CharField(
        label=_("依据文件"),
        help_text=_("文号或文件名，例如 国发明电〔2015〕1号。新增和改动的日子记在它名下"),
        max_length=200,
        error_messages={"required": SourceMissing.message},
    )
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("记入台账并公开"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": ReasonMissing.message},
    )
    base_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_holidays(self) -> list[DayEntry]:
        return self._days("holidays", HOLIDAY)

    def clean_makeup_days(self) -> list[DayEntry]:
        return self._days("makeup_days", MAKEUP_WORKDAY)

    def _days(self, field: str, kind: DayKind) -> list[DayEntry]:
        entries, bad = parse_days(self.cleaned_data[field], self.year, kind)
        if bad:
            raise forms.ValidationError([_problem(line) for line in bad])
        return entries

    @property
    def days(self) -> list[DayEntry]:
        """Every day of a valid form."""
        return sorted(self.cleaned_data["holidays"] + self.cleaned_data["makeup_days"])

    def act(self, scope: str) -> Publication:
        """What a valid form asks to publish."""
        return {
            "scope": scope,
            "year": self.year,
            "days": self.days,
            "source": self.cleaned_data["source"],
            "reason": self.cleaned_data["reason"],
        }


def _problem(line: BadLine) -> forms.ValidationError:
    params = {"number": line.number, "text": line.text[:60]}
    return forms.ValidationError(PROBLEMS[line.problem], code=line.problem, params=params)


def initial_days(entries: Sequence[DayEntry]) -> dict[str, str]:
    """The two text fields for a list of days."""
    return {
        "holidays": format_days(entry for entry in entries if entry.kind == HOLIDAY),
        "makeup_days": format_days(entry for entry in entries if entry.kind == MAKEUP_WORKDAY),
    }
