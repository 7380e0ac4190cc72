"""What the national administrator types to switch a pilot on or to end it (R-24, R-27, R-41)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.parties.models import Authority, Level
from licensing.forms.results import day_field
from licensing.models import HolderClass, PilotSwitch


class PilotForm(forms.Form):
    """One measure in one province, for a category or all, from a day on."""

    measure = forms.ChoiceField(
        label=_("试行什么"), choices=PilotSwitch.Measure.choices, widget=forms.RadioSelect
    )
    province = forms.ModelChoiceField(label=_("试点省份"), queryset=Authority.objects.none())
    category = forms.ChoiceField(label=_("产品类别"), required=False)
    least_class = forms.ChoiceField(
        label=_("企业类别不低于"), required=False,
        choices=[("", _("不限")), *HolderClass.Class.choices], help_text=_("只用于免于实地核查"),
    )  # fmt: skip
    effective_from = day_field(_("生效日"), help_text=_("这一天起受理的申请适用"))
    valid_to = day_field(_("截止日"), required=False, help_text=_("这一天起不再适用；不填即未定期限"))
    basis_instrument = forms.CharField(label=_("依据的文件"), max_length=100)
    basis_article = forms.CharField(label=_("条、款"), max_length=50)

    def __init__(
        self, *args: Any, categories: list[tuple[str, str]], by_code: bool = False, **kwargs: Any
    ) -> None:
        """`by_code`: the province is named by its code, as machines do."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["province"].to_field_name = "code" if by_code else None
        fields["province"].queryset = Authority.objects.filter(level=Level.PROVINCIAL).order_by("code")
        fields["province"].label_from_instance = lambda row: row.name
        fields["category"].choices = [("", _("全部类别")), *categories]

    def pilot(self) -> dict[str, Any]:
        """What the act takes."""
        key = self.cleaned_data["category"]
        return {**self.cleaned_data, "category": ProductCategory.objects.get(key=key) if key else None}


class EndPilotForm(forms.Form):
    valid_to = day_field(_("截止日"), help_text=_("这一天起受理的申请不再适用；以前受理的不变"))
