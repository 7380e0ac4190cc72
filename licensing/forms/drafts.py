"""The sections of a new application."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.glyphs import missing as missing_glyphs
from core.lifecycle.errors import DomainError
from core.parties import phones
from core.parties.identifiers import NameCharacter, NameLength, clean_name, validate_uscc
from core.parties.queries import place, places_of, provinces


def printable(value: str) -> str:
    """Text that will stand on the certificate: every character must have a glyph there."""
    absent = missing_glyphs(value)
    if absent:
        raise ValidationError(
            _("“%(glyphs)s”无法印在证书上。请核对是否为营业执照上的字"),
            params={"glyphs": "".join(sorted(absent))},
        )
    return value


def check_printable(value: str) -> None:
    """`printable` as a validator."""
    printable(value)


def _domain(check: Any, value: str, field: str) -> str:
    try:
        return str(check(value, field))
    except DomainError as error:
        raise ValidationError(str(error), code=error.code) from error


def _person(value: str, field: str, label: Promise) -> str:
    """`clean_name` for somebody's name: what is wrong is said of that person, not of a name in general."""
    try:
        return clean_name(value, field)
    except NameLength as error:
        text = _("%(label)s应为 2 至 100 个字，现在是 %(length)s 个字")
        raise ValidationError(text, code=error.code, params={"label": label, **error.params}) from error
    except NameCharacter as error:
        text = _("%(label)s第 %(position)s 个字符不能使用（%(codepoint)s）：不接受表情、控制字符和自造字")
        raise ValidationError(text, code=error.code, params={"label": label, **error.params}) from error


class DivisionForm(forms.Form):
    """Province and county by two selects; without JavaScript a button fills the second from the first."""

    province = forms.ChoiceField(label=_("省级行政区"))
    division = forms.ChoiceField(label=_("市、县（区）"))
    address = forms.CharField(
        label=_("详细地址"),
        max_length=120,
        help_text=_("街道、门牌号，不必重复写省、市、县"),
        validators=[check_printable],
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        chosen = self.data.get(self.add_prefix("province")) if self.is_bound else None
        initial = str(self.initial.get("division") or "")
        province = chosen or (f"{initial[:2]}0000" if initial else "")
        self.initial.setdefault("province", province)
        fields: Any = self.fields
        fields["province"].choices = [("", _("请选择")), *provinces(today)]
        groups = places_of(province, today) if province else []
        fields["division"].choices = [("", _("请选择") if groups else _("先选省级行政区")), *groups]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("division"):
            found = place(data["division"], self.today)
            data["full_address"] = (found.full_name if found else "") + data.get("address", "")
        return data


class EnterpriseForm(DivisionForm):
    """Step 1: the facts of the business licence, brought along from the register and confirmed here."""

    name = forms.CharField(label=_("企业名称"), max_length=100, help_text=_("与营业执照完全一致"))
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, help_text=_("营业执照上的 18 位代码，空格可有可无")
    )
    legal_representative = forms.CharField(
        label=_("法定代表人"), max_length=100, help_text=_("个体工商户填经营者姓名")
    )
    contact = forms.CharField(label=_("联系人"), max_length=100, help_text=_("只用于办理本申请，不公开"))
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=phones.MAX_LENGTH,
        validators=[phones.is_phone],
    )
    xpcc = forms.BooleanField(
        label=_("向新疆生产建设兵团申请"), required=False, help_text=_("仅限住所在新疆、由兵团管辖的企业")
    )
    field_order = (
        "name",
        "uscc",
        "legal_representative",
        "province",
        "division",
        "address",
        "xpcc",
        "contact",
        "phone",
    )

    def __init__(self, *args: Any, expected_uscc: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected_uscc = expected_uscc
        province = (self.data.get("province") if self.is_bound else None) or self.initial.get("province")
        if province != "650000":
            del self.fields["xpcc"]

    def clean_name(self) -> str:
        return printable(_domain(clean_name, self.cleaned_data["name"], "name"))

    def clean_legal_representative(self) -> str:
        return _person(self.cleaned_data["legal_representative"], "legal_representative", _("法定代表人姓名"))

    def clean_contact(self) -> str:
        return _person(self.cleaned_data["contact"], "contact", _("联系人姓名"))

    def clean_uscc(self) -> str:
        code = _domain(validate_uscc, self.cleaned_data["uscc"], "uscc")
        if code != self.expected_uscc:
            raise ValidationError(
                _("这个代码不是你所代表企业的代码。你的账号绑定的是 %(expected)s"),
                params={"expected": self.expected_uscc},
            )
        return code


class SiteForm(DivisionForm):
    """Step 3: one production address."""


class UnitsForm(forms.Form):
    """Step 2: the units of the chosen category."""

    units = forms.MultipleChoiceField(
        label=_("产品单元"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("许可以单元为最小单位，品种和规格不必另选"),
        error_messages={"required": _("请至少选择一个单元")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["units"].choices = choices


class EquipmentForm(forms.Form):
    name = forms.CharField(label=_("设备名称"), max_length=80)
    model = forms.CharField(label=_("型号"), max_length=80)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=9999)


class InstrumentForm(forms.Form):
    name = forms.CharField(label=_("仪器名称"), max_length=80)
    number = forms.CharField(label=_("编号"), max_length=80)
    valid_until = forms.DateField(
        label=_("检定有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_valid_until(self) -> date:
        value: date = self.cleaned_data["valid_until"]
        if value < self.today:  # type: ignore[attr-defined]
            raise ValidationError(
                _("检定有效期已过（%(day)s）。请填写现行有效的检定日期"), params={"day": value.isoformat()}
            )
        return value


class RowsFormSet(BaseFormSet):
    """Rows of a table; at least one must be filled in, empty ones are left out. `nothing` says so of its table.

    `held` rows stand as they are, whatever is sent: a correction notice did not ask for them.
    """

    nothing: str | Promise
    held: list[dict[str, Any]] | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form: forms.Form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.today = self.today  # type: ignore[attr-defined]
        _say_the_row(form, i + 1)
        return form

    def is_valid(self) -> bool:
        return self.held is not None or bool(super().is_valid())

    def clean(self) -> None:
        if not any(self.errors) and not self.rows():
            raise ValidationError(str(self.nothing))

    def rows(self) -> list[dict[str, Any]]:
        """What was typed, as JSON-ready rows."""
        if self.held is not None:
            return self.held
        return [
            {
                key: value.isoformat() if isinstance(value, date) else value
                for key, value in form.cleaned_data.items()
            }
            for form in self.forms
            if form.is_valid() and getattr(form, "cleaned_data", None)
        ]


def _say_the_row(form: forms.Form, row: int) -> None:
    """What is missing or odd in a table is said with its row, since the summary stands far from it."""
    for field in form.fields.values():
        about = {"row": row, "label": field.label}
        field.error_messages["required"] = gettext("第 %(row)s 行缺少%(label)s") % about
        if isinstance(field, forms.IntegerField):
            text = gettext("第 %(row)s 行的%(label)s应为 1 至 9999 的整数") % about
            field.error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), text)
        if isinstance(field, forms.DateField):
            text = gettext("第 %(row)s 行的%(label)s不是日期，请写成 2027-06-30 这样")
            field.error_messages["invalid"] = text % about


class EquipmentRows(RowsFormSet):
    nothing = _("请至少填写一台关键生产设备")


class InstrumentRows(RowsFormSet):
    nothing = _("请至少填写一件主要检验仪器")


EquipmentFormSet: Any = formset_factory(EquipmentForm, formset=EquipmentRows, extra=2, max_num=60)
InstrumentFormSet: Any = formset_factory(InstrumentForm, formset=InstrumentRows, extra=2, max_num=60)


class ProcessForm(forms.Form):
    """Step 4, last part: process documents and people in the applicant's own words."""

    process = forms.CharField(
        label=_("主要工艺与技术文件"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("写明工艺流程和所依据的产品标准号"),
    )
    staff = forms.CharField(
        label=_("专业技术人员"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("岗位和人数即可，不必写姓名"),
    )


class LicenceCopyForm(forms.Form):
    """Step 5: the one upload of the whole application."""

    file = forms.FileField(
        label=_("营业执照"),
        help_text=_("一份扫描件或照片，PDF、JPEG 或 PNG，不超过 20 MB"),
        error_messages={"required": _("请选择文件"), "empty": _("文件是空的。请重新选择文件")},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )


class CommitmentForm(forms.Form):
    """Step 6: read and sign."""

    agreed = forms.BooleanField(
        label=_("本企业已阅读并作出以上承诺"), error_messages={"required": _("须作出承诺才能提交申请")}
    )
    signer = forms.CharField(
        label=_("法定代表人签署"), max_length=100, help_text=_("输入法定代表人姓名即为签署"),
        error_messages={"required": _("请输入法定代表人姓名")},
    )  # fmt: skip

    def clean_signer(self) -> str:
        return _person(self.cleaned_data["signer"], "signer", _("签署人姓名"))
