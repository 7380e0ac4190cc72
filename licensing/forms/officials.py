"""What officials type and choose."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import DomainError
from core.lifecycle.law import Clause
from core.parties.identifiers import validate_uscc
from core.parties.models import Authority, Enterprise, Level
from licensing.correction import REASON_LIMIT, targets_of
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS
from licensing.models import Bar, Ground, Outcome, Track

SEPARATORS = re.compile(r"[\n\r、，,；;]+")


class ClausesField(forms.MultipleChoiceField):
    """A choice of clauses; cleans to a tuple of `Clause`."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, clauses: tuple[Clause, ...], **kwargs: Any) -> None:
        self.clauses = clauses
        super().__init__(choices=[(str(i), clause.label) for i, clause in enumerate(clauses)], **kwargs)

    def clean(self, value: Any) -> tuple[Clause, ...]:
        return tuple(self.clauses[int(index)] for index in super().clean(value))


class CorrectionForm(forms.Form):
    """One reason for each thing a notice can cite; what is left empty is not cited (R-31)."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, target in targets_of(kind).items():
            self.fields[code] = forms.CharField(
                label=str(target.label), required=False, max_length=REASON_LIMIT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_("请至少指出一项需要补正的内容，并写明原因"))
        return data

    @property
    def items(self) -> dict[str, str]:
        return {code: reason for code, reason in self.cleaned_data.items() if reason}


class ExplanationForm(forms.Form):
    explanation = forms.CharField(
        label=_("说明"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("写给申请人看：为什么，可以怎么办"),
    )  # fmt: skip


class RefuseAcceptanceForm(ExplanationForm):
    """Only grounds that the record bears out are offered; `missing` lists the items of the notice."""

    ground = forms.ChoiceField(
        label=_("不予受理的理由"), widget=forms.RadioSelect,
        help_text=_("只有法定情形，并且只列出本件有据可查的；除此之外不得不予受理"),
    )  # fmt: skip
    right_authority = forms.ModelChoiceField(
        label=_("有权受理的机关"), queryset=Authority.objects.none(), required=False,
        help_text=_("不属于本机关职权范围时必填：申请连同材料转给它，首次收到日期保留"),
    )  # fmt: skip
    missing = forms.MultipleChoiceField(
        label=_("仍未补正的内容"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("只能从已发出的补正通知中选"),
    )  # fmt: skip
    field_order = ("ground", "right_authority", "missing", "explanation")

    def __init__(
        self, *args: Any, grounds: tuple[Ground, ...], noticed: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["ground"].choices = [(ground.value, ground.label) for ground in grounds]
        fields["right_authority"].queryset = Authority.objects.filter(level=Level.PROVINCIAL).order_by("code")
        fields["missing"].choices = noticed
        if Ground.ITEMS_MISSING not in grounds:
            del fields["missing"]
        if Ground.WRONG_AUTHORITY not in grounds:
            del fields["right_authority"]


class BarForm(forms.Form):
    """A bar on applying, from the decision it follows from."""

    enterprise = forms.CharField(label=_("统一社会信用代码"), max_length=40)
    category = forms.ChoiceField(label=_("产品类别"))
    cause = forms.ChoiceField(label=_("事由"), choices=Bar.Cause.choices, widget=forms.RadioSelect)
    decided_on = forms.DateField(
        label=_("决定日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("期限从这一天起算，长短由事由决定"),
    )  # fmt: skip
    instrument = forms.CharField(label=_("决定书文号"), max_length=100)
    document = forms.FileField(
        label=_("决定书"), help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["category"].choices = [("", _("请选择")), *categories]

    def clean_enterprise(self) -> Enterprise:
        try:
            code = validate_uscc(self.cleaned_data["enterprise"], "enterprise")
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        found = Enterprise.objects.filter(uscc=code).first()
        if found is None:
            raise forms.ValidationError(_("系统里没有这家企业，无从限制；企业登记后再录入"))
        return found


class LiftBarForm(forms.Form):
    reason = forms.CharField(label=_("解除理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class NoConflictField(forms.BooleanField):
    """The statement, made each time anew, that there is no interest in the enterprise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("我与申请企业没有利害关系，没有应当回避的情形"),
            error_messages={"required": _("请先声明与申请企业没有利害关系；有利害关系的，应当回避")},
            **kwargs,
        )


class NamesField(forms.CharField):
    """Names, one a line; cleans to a tuple. How many there must be is the act's business."""

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(name.strip() for name in SEPARATORS.split(super().clean(value)) if name.strip())


class EvidenceForm(forms.Form):
    """The outcome of one track, with the document it rests on; a visit names its verifiers."""

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
    received_on = forms.DateField(
        label=_("收到报告的日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False,
        help_text=_("检验期间时限停计，从收到报告的第二天起恢复"),
    )  # fmt: skip
    finding = forms.CharField(
        label=_("结论和理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False,
        help_text=_("不合格时必填，写明事实和理由"),
    )  # fmt: skip
    verifiers = NamesField(
        label=_("核查人员"), widget=forms.Textarea(attrs={"rows": 4}), max_length=400,
        error_messages={"required": _("请填写核查人员姓名")},
        help_text=_("2 至 4 名，每行一名；申请人看不到姓名"),
    )  # fmt: skip
    document = forms.FileField(
        label=_("核查记录或检验报告"), help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"),
        error_messages={"required": _("请附上核查记录或检验报告")},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip

    def __init__(self, *args: Any, track: str, paused: bool = False, **kwargs: Any) -> None:
        """`paused`: a test is under way, and its report lets the clock run again."""
        super().__init__(*args, **kwargs)
        if track != Track.ONSITE:
            del self.fields["verifiers"]
        if paused:
            self.fields["received_on"].required = True
        else:
            del self.fields["received_on"]


class GrantForm(forms.Form):
    """The provisions a grant of this kind can rest on."""

    no_conflict = NoConflictField()

    def __init__(self, *args: Any, basis: tuple[Clause, ...] = GRANT_BASIS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"] = ClausesField(
            basis, label=_("法律依据"), error_messages={"required": _("请至少选择一条法律依据")}
        )
        self.order_fields(["basis", "no_conflict"])


class RefuseForm(forms.Form):
    basis = ClausesField(
        REFUSAL_BASIS, label=_("法律依据"), error_messages={"required": _("请至少选择一条法律依据")}
    )
    reasons = forms.CharField(
        label=_("理由"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000,
        help_text=_("写明事实、依据和理由；救济途径由系统附上"),
    )  # fmt: skip
    no_conflict = NoConflictField()


class ReturnForm(forms.Form):
    reasons = forms.CharField(
        label=_("退回理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("每件申请只能退回一次；时限不停"),
    )  # fmt: skip
