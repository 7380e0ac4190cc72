"""What officials type and choose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause
from core.parties.models import Authority, Level
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS
from licensing.models import AcceptanceRefusal, Outcome


class ClausesField(forms.MultipleChoiceField):
    """A choice of clauses; cleans to a tuple of `Clause`."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, clauses: tuple[Clause, ...], **kwargs: Any) -> None:
        self.clauses = clauses
        super().__init__(choices=[(str(i), clause.label) for i, clause in enumerate(clauses)], **kwargs)

    def clean(self, value: Any) -> tuple[Clause, ...]:
        return tuple(self.clauses[int(index)] for index in super().clean(value))


class RefuseAcceptanceForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("不予受理的理由"), choices=AcceptanceRefusal.Ground.choices, widget=forms.RadioSelect,
        help_text=_("《行政许可法》第三十二条规定的情形，除此之外不得不予受理"),
    )  # fmt: skip
    right_authority = forms.ModelChoiceField(
        label=_("有权受理的机关"), queryset=Authority.objects.none(), required=False,
        help_text=_("不属于本机关职权范围时，须告知申请人向谁申请"),
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("说明"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("写给申请人看：为什么不予受理，可以怎么办"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        right: Any = self.fields["right_authority"]
        right.queryset = Authority.objects.filter(level=Level.PROVINCIAL).order_by("code")


class EvidenceForm(forms.Form):
    """The outcome of one track, with the document it rests on."""

    outcome = forms.ChoiceField(
        label=_("结果"), widget=forms.RadioSelect,
        choices=[(Outcome.PASSED, Outcome.PASSED.label), (Outcome.FAILED, Outcome.FAILED.label)],
    )  # fmt: skip
    body = forms.CharField(
        label=_("承担机构"), max_length=100, help_text=_("核查组所属机构，或企业选择的检验机构")
    )
    concluded_on = forms.DateField(
        label=_("结论日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    finding = forms.CharField(
        label=_("结论和理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False,
        help_text=_("不合格时必填，写明事实和理由"),
    )  # fmt: skip
    document = forms.FileField(
        label=_("核查记录或检验报告"), help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"),
        error_messages={"required": _("请附上核查记录或检验报告")},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip


class GrantForm(forms.Form):
    basis = ClausesField(
        GRANT_BASIS, label=_("法律依据"), error_messages={"required": _("请至少选择一条法律依据")}
    )


class RefuseForm(forms.Form):
    basis = ClausesField(
        REFUSAL_BASIS, label=_("法律依据"), error_messages={"required": _("请至少选择一条法律依据")}
    )
    reasons = forms.CharField(
        label=_("理由"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000,
        help_text=_("写明事实、依据和理由；救济途径由系统附上"),
    )  # fmt: skip


class ReturnForm(forms.Form):
    reasons = forms.CharField(
        label=_("退回理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("每件申请只能退回一次；时限不停"),
    )  # fmt: skip
