"""What a province's head types when he entrusts, suspends or ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.parties.models import Authority, Stage
from licensing.actions.delegation import KEEP, MOVE
from licensing.models import Application


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class DelegationForm(forms.Form):
    """One stage to one prefecture; three stages are three delegations (R-19)."""

    to = forms.ModelChoiceField(label=_("委托给"), queryset=Authority.objects.none())
    stage = forms.ChoiceField(label=_("环节"), choices=Stage.choices, widget=forms.RadioSelect)
    category_key = forms.ChoiceField(
        label=_("产品类别"), required=False, help_text=_("不选即为由省级审批发证的全部类别")
    )
    valid_from = _day(label=_("开始日期"), help_text=_("从这一天起受理的申请"))
    valid_to = _day(label=_("结束日期"), required=False, help_text=_("这一天起不再委托；不填即未定期限"))
    basis_instrument = forms.CharField(
        label=_("依据的法律、法规或者规章"), max_length=100, help_text=_("名称和文号")
    )
    basis_article = forms.CharField(label=_("条款"), max_length=50)
    document = forms.FileField(
        label=_("委托书"), help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip

    def __init__(self, *args: Any, delegates: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["to"].queryset = delegates
        fields["to"].label_from_instance = lambda authority: authority.name
        fields["category_key"].choices = [("", _("全部（由省级审批发证的）")), *categories]


class SettleForm(forms.Form):
    """Why, and what becomes of each open case: nothing is chosen beforehand (R-21)."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, cases: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases
        for case in cases:
            name = f"case_{case.public_id}"
            self.fields[name] = forms.ChoiceField(
                label=f"{case.number} · {case.filed['enterprise']['name']}", widget=forms.RadioSelect,
                choices=[(KEEP, _("留在受委托机关办完")), (MOVE, _("收回本机关办理"))],
            )  # fmt: skip

    @property
    def choices(self) -> dict[str, str]:
        return {str(case.public_id): self.cleaned_data[f"case_{case.public_id}"] for case in self.cases}
