"""What officials type about the clock of a case, and what an authority binds itself to."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.workdays.rules import MAX_EXTENSION
from licensing.actions.pauses import GROUNDS
from licensing.lifecycle import Status
from licensing.models import DecisionLimit, PauseEnd, PauseGround


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


ENDS = [(end.value, end.label) for end in (PauseEnd.RESULT, PauseEnd.BARRED)]
"""What an official can say ended a pause; the end of the case does it by itself."""


NUMBER = {
    "min_value": _("至少 %(limit_value)s 个工作日"), "max_value": _("最多 %(limit_value)s 个工作日"),
    "invalid": _("请填整数"),
}  # fmt: skip


class PauseForm(forms.Form):
    """Only what may stop the clock at this desk is offered."""

    ground = forms.ChoiceField(label=_("因为什么停计"), widget=forms.RadioSelect)
    started_on = _day(
        label=_("开始日期"),
        help_text=_(
            "检验：样品送达检验机构或检验机构到场的日期；其他：书面通知发出的日期。通知之前的日子照算"
        ),
    )
    expected_until = _day(
        label=_("预计完成日期"),
        help_text=_("所需时间必须书面告知申请人，否则不停计（《行政许可法》第四十五条）"),
    )
    notice = forms.CharField(
        label=_("给申请人的书面通知"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("写明进行什么、由谁进行、需要多长时间；登记后立即送达申请人"),
    )  # fmt: skip

    def __init__(self, *args: Any, status: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["ground"]
        field.choices = [(ground.value, ground.label) for ground in GROUNDS.get(Status(status), ())]
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]


class ResumeForm(forms.Form):
    """When and why the clock runs again."""

    because = forms.ChoiceField(
        label=_("为什么恢复"), widget=forms.RadioSelect, choices=ENDS, initial=PauseEnd.RESULT
    )
    ended_on = _day(label=_("日期"), help_text=_("收到报告、笔录或意见的日期；时限从第二天起恢复"))

    def __init__(self, *args: Any, ground: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ground != PauseGround.TESTING:
            field: Any = self.fields["because"]
            field.choices = [(PauseEnd.RESULT.value, PauseEnd.RESULT.label)]


class ExtensionForm(forms.Form):
    days = forms.IntegerField(
        label=_("延长多少个工作日"), min_value=1, max_value=MAX_EXTENSION, error_messages=NUMBER,
        help_text=_("最多 10 个工作日，只能延长一次，由机关负责人在时限届满前批准"),
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("延长的理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("批准后申请人会看到"),
    )  # fmt: skip


class LimitForm(forms.Form):
    days = forms.IntegerField(
        label=_("作出决定的时限（工作日）"), min_value=1, max_value=DecisionLimit.HIGHEST,
        help_text=format_lazy(_("只能比 {n} 个工作日更短"), n=DecisionLimit.HIGHEST),
        error_messages={**NUMBER, "max_value": _("时限只能缩短：不能超过 %(limit_value)s 个工作日")},
    )  # fmt: skip
    valid_from = _day(label=_("从哪一天起受理的申请适用"), help_text=_("已经受理的申请，时限不变"))
