"""The statement of a case about a licence, and the members of a group licensed together (DOMAIN §3.3)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import DomainError
from core.parties.identifiers import clean_name, validate_uscc
from licensing.exemptions import QUESTIONS
from licensing.forms.drafts import DivisionForm, printable
from licensing.kinds import Kind
from licensing.statement import HAPPENED, YES_NO, causes_of

SEVERAL = (Kind.CONDITION_CHANGE, Kind.RELOCATION)
HINTS = {
    Kind.RENEWAL: _("有重大变化的，写明是什么变化；没有的可以不填"),
    Kind.CHANGE: _("写明变更前后的名称或者地址，以及依据"),
    Kind.CONDITION_CHANGE: _("写明变更前后的情况"),
    Kind.RELOCATION: _("写明迁出、迁入地址和时间"),
    Kind.REPLACEMENT: _("写明证书遗失或者毁损的经过；声明随补发的证书公布，不必登报"),
    Kind.DEREGISTRATION: _("写明停止生产的情况；库存产品怎样处理也可以写"),
}


class StatementForm(forms.Form):
    """What happened, of a closed list where there is one, when, and in the holder's own words."""

    causes = forms.MultipleChoiceField(label=_("事由"), widget=forms.CheckboxSelectMultiple)
    cause = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect)
    happened_on = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    detail = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)
    not_moved = forms.BooleanField(
        label=_("生产场所没有搬迁，生产条件没有变化"),
        error_messages={"required": _("生产场所搬迁或者生产条件变化的，请申请迁址或者生产条件变更")},
    )

    def __init__(self, *args: Any, kind: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = Kind(kind), today
        if self.kind is Kind.RENEWAL:
            self._ask()
        fields: Any = self.fields
        fields["detail"].help_text = HINTS[self.kind]
        wanted = {"detail", *(QUESTIONS if self.kind is Kind.RENEWAL else ())}
        if causes := causes_of(kind):
            name = "causes" if self.kind in SEVERAL else "cause"
            fields[name].choices = causes
            wanted.add(name)
        if self.kind in HAPPENED:
            fields["happened_on"].label = HAPPENED[self.kind]
            wanted.add("happened_on")
        if self.kind is Kind.CHANGE:
            wanted.add("not_moved")
        for name in set(fields) - wanted:
            del fields[name]

    def _ask(self) -> None:
        """The questions of a renewal: none is answered beforehand, and words are needed for a "yes" alone (R-23)."""
        asked: dict[str, forms.Field] = {
            name: forms.ChoiceField(label=str(label), choices=list(YES_NO.items()), widget=forms.RadioSelect)
            for name, label in QUESTIONS.items()
        }
        self.fields = {**asked, **self.fields}
        self.fields["detail"].required = False

    @property
    def questions(self) -> list[Any]:
        """The fields of the questions, in their order; none but for a renewal."""
        return [self[name] for name in QUESTIONS if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        changed = any(data.get(name) == "yes" for name in QUESTIONS)
        if self.kind is Kind.RENEWAL and changed and not data.get("detail") and "detail" not in self.errors:
            self.add_error("detail", _("请写明有什么重大变化"))
        return data

    def clean_happened_on(self) -> str:
        day: date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise ValidationError(_("日期不能晚于今天"))
        return day.isoformat()


class MemberForm(DivisionForm):
    """One unit of a group company that is licensed together with it."""

    name = forms.CharField(label=_("单位名称"), max_length=100, help_text=_("与营业执照完全一致"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=40)
    field_order = ("name", "uscc", "province", "division", "address")

    def clean_name(self) -> str:
        try:
            return printable(clean_name(self.cleaned_data["name"], "name"))
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error

    def clean_uscc(self) -> str:
        try:
            return validate_uscc(self.cleaned_data["uscc"], "uscc")
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error
