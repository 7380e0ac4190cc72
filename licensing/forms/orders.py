"""What an approver types to sign or revoke a standing order, and a reviewer to say whether a decision was right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.parties.models import Authority
from licensing.forms.officials import NoConflictField
from licensing.forms.results import day_field
from licensing.models import SamplingReview


class OrderForm(forms.Form):
    """What is ordered, for how long, and how many of its decisions are looked at again."""

    authority = forms.ModelChoiceField(label=_("发证机关"), queryset=Authority.objects.none())
    category = forms.ChoiceField(label=_("产品类别"), required=False)
    valid_from = day_field(_("生效日"))
    valid_to = day_field(_("截止日"), help_text=_("这一天起不再适用；最长一年，到期重新签署"))
    sampling_percent = forms.IntegerField(
        label=_("抽查比例（%）"), min_value=1, max_value=100, initial=10,
        help_text=_("按这个比例随机抽取依令作出的决定，由没有签署的审查人员再看一遍"),
    )  # fmt: skip
    agreed = forms.BooleanField(
        label=_("我签署这份常设审批令：符合全部条件、免于实地核查的延续，由系统以本机关名义当即准予"),
        error_messages={"required": _("请确认签署")},
    )

    def __init__(
        self, *args: Any, authorities: Any, categories: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["authority"].queryset = authorities
        fields["authority"].label_from_instance = lambda row: row.name
        fields["category"].choices = [("", _("全部类别")), *categories]
        if len(authorities) == 1:
            fields["authority"].initial = authorities[0]

    def order(self) -> dict[str, Any]:
        """What the act takes."""
        data = {key: value for key, value in self.cleaned_data.items() if key != "agreed"}
        key = data["category"]
        return {**data, "category": ProductCategory.objects.get(key=key) if key else None}


class RevokeOrderForm(forms.Form):
    reasons = forms.CharField(label=_("撤销理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class FindingForm(forms.Form):
    """Right or wrong, by somebody without an interest."""

    finding = forms.ChoiceField(
        label=_("结论"), choices=SamplingReview.Finding.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("事实和理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False,
        help_text=_("决定有误的必填；随即登记为对该企业的线索，由人研究是否撤销"),
    )  # fmt: skip
    no_conflict = NoConflictField()
