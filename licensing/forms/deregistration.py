"""Proposing and setting aside a deregistration."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import DomainError
from core.parties.identifiers import normalise_licence_number
from licensing.actions.deregistration import PROPOSABLE


class ProposeForm(forms.Form):
    """Which licence, on which ground, and what bears it out."""

    number = forms.CharField(
        label=_("证书编号"), max_length=40, help_text=_("全角括号、小写字母都可以，例如 (苏)XK13-002-00001")
    )
    ground = forms.ChoiceField(
        label=_("事由"), widget=forms.RadioSelect, choices=[(row.value, row.label) for row in PROPOSABLE]
    )
    facts = forms.CharField(
        label=_("事实和依据"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000,
        help_text=_("写明怎样得知、凭什么材料，例如工商登记机关的注销通知书文号"),
    )  # fmt: skip

    def clean_number(self) -> str:
        try:
            return normalise_licence_number(self.cleaned_data["number"])
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class SetAsideForm(forms.Form):
    reasons = forms.CharField(
        label=_("不予注销的理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
