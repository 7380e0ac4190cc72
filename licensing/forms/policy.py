"""Publishing a policy profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.parties.models import Authority, Level
from licensing.actions.policy import BOUNDS
from licensing.profile import REFORM_2015 as BASE


def _days(label: Any, field: str, initial: int) -> forms.IntegerField:
    low, high = BOUNDS[field]
    return forms.IntegerField(label=label, min_value=low, max_value=high, initial=initial)


class ProfileForm(forms.Form):
    """Figures the law leaves open: limits of the authority may only be shorter, the applicant's time only longer."""

    code = forms.RegexField(
        r"^[A-Z0-9_]{3,24}$", label=_("代号"), help_text=_("大写字母、数字和下划线，例如 REFORM_2027")
    )
    province = forms.ModelChoiceField(
        label=_("试点省份"), queryset=Authority.objects.none(), required=False,
        help_text=_("不选就是全国；选了就是一个省的试点，须有截止日"),
    )  # fmt: skip
    effective_from = forms.DateField(
        label=_("生效日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天起收到、受理的申请按它办；以前的不变"),
    )  # fmt: skip
    valid_to = forms.DateField(
        label=_("试点截止日"), required=False, help_text=_("这一天起不再适用"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    intake_days = _days(_("答复是否受理（工作日）"), "intake_days", BASE.intake.days)
    decision_days = _days(_("作出决定（工作日）"), "decision_days", BASE.decision.days)
    simple_days = _days(_("变更、补领、注销（工作日）"), "simple_days", BASE.simple.days)
    correction_days = _days(_("企业补正（日）"), "correction_days", BASE.correction.days)
    delegation_allowed = forms.BooleanField(label=_("允许省级机关委托市级机关"), required=False, initial=True)
    basis_instrument = forms.CharField(label=_("依据的文件"), max_length=100)
    basis_article = forms.CharField(label=_("条、款"), max_length=50)

    def __init__(self, *args: Any, by_code: bool = False, **kwargs: Any) -> None:
        """`by_code`: the province is named by its code, as machines do."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["province"].to_field_name = "code" if by_code else None
        fields["province"].queryset = Authority.objects.filter(level=Level.PROVINCIAL).order_by("code")
        fields["province"].label_from_instance = lambda row: row.name
