"""The forms of claims, agents and powers of attorney."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.claims.models import Claim
from core.lifecycle.errors import DomainError
from core.parties import phones
from core.parties.identifiers import NameCharacter, NameLength, clean_name, validate_uscc
from core.parties.queries import places_of, provinces

ACCEPT = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
CHECKED = (
    ("seal", _("盖有企业公章，章上的名称与所填一致")),
    ("code", _("统一社会信用代码、企业名称、住所与所填一致")),
    ("representative", _("法定代表人与所填一致")),
    ("person", _("授权的人就是认领人，授权的身份与认领的一致")),
)
CHECKED_WORDS = {
    "seal": "公章和名称一致", "code": "代码、名称、住所一致", "representative": "法定代表人一致",
    "person": "授权的人就是认领人",
}  # fmt: skip
"""What the record says; the record is kept in Chinese whatever the language of the page."""

_DATE = re.compile(r"^(\d{4})[-‐–—−/.。年](\d{1,2})[-‐–—−/.。月](\d{1,2})日?$", re.ASCII)
_RUN = re.compile(r"^(\d{4})(\d{2})(\d{2})$", re.ASCII)


def _domain(check: Callable[..., Any], value: str, field: str) -> str:
    try:
        return str(check(value, field))
    except DomainError as error:
        raise ValidationError(str(error), code=error.code) from error


def _person(value: str, field: str) -> str:
    """`clean_name` for somebody's name: what is wrong is said of that person, not of a name in general."""
    try:
        return clean_name(value, field)
    except NameLength as error:
        text = _("姓名应为 2 至 100 个字，现在是 %(length)s 个字")
        raise ValidationError(text, code=error.code, params=dict(error.params)) from error
    except NameCharacter as error:
        text = _("姓名第 %(position)s 个字符不能使用（%(codepoint)s）：不接受表情、控制字符和自造字")
        raise ValidationError(text, code=error.code, params=dict(error.params)) from error


def _file(label: Any, hint: Any, *, required: bool = True) -> forms.FileField:
    return forms.FileField(
        label=label, help_text=hint, required=required, max_length=200, allow_empty_file=True,
        error_messages={"required": _("请选择文件")}, widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip


class LooseDateField(forms.DateField):
    """A day as people type it: 2026-11-23, 2026/11/23, 2026 年 11 月 23 日, 20261123, full-width figures too."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("请按“年-月-日”填写日期，例如 2026-12-31")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        text = "".join(unicodedata.normalize("NFKC", str(value)).split())
        found = _DATE.match(text) or _RUN.match(text)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError as error:
            raise ValidationError(_("没有这一天，请核对日期"), code="invalid") from error


class ClaimForm(forms.Form):
    """Who are you, and for which enterprise? As on the business licence."""

    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=60, help_text=_("营业执照上的 18 位代码，空格可有可无")
    )
    name = forms.CharField(label=_("企业名称"), max_length=100, help_text=_("与营业执照完全一致"))
    legal_representative = forms.CharField(
        label=_("法定代表人"), max_length=100, help_text=_("个体工商户填经营者姓名")
    )
    province = forms.ChoiceField(label=_("住所所在的省级行政区"))
    division = forms.ChoiceField(label=_("市、县（区）"))
    address = forms.CharField(
        label=_("详细地址"), max_length=120, help_text=_("街道、门牌号，不必重复写省、市、县")
    )
    phone = forms.CharField(
        label=_("你的联系电话"),
        max_length=phones.MAX_LENGTH,
        help_text=_("只用于核对身份，不公开"),
        validators=[phones.is_phone],
    )
    role = forms.ChoiceField(
        label=_("你是这家企业的"), choices=Claim.Role.choices, widget=forms.RadioSelect,
        initial=Claim.Role.LEGAL_REPRESENTATIVE,
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=_("这家企业以前有人在本平台用过账号吗？"), choices=Claim.Ground.choices, widget=forms.RadioSelect,
        initial=Claim.Ground.FIRST,
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self.data.get(self.add_prefix("province"), "")) if self.is_bound else ""
        province = chosen if chosen.isascii() and chosen.isdecimal() and len(chosen) == 6 else ""
        fields: Any = self.fields
        fields["province"].choices = [("", _("请选择")), *provinces(today)]
        groups = places_of(province, today) if province else []
        fields["division"].choices = [("", _("请选择") if groups else _("先选省级行政区")), *groups]

    def clean_uscc(self) -> str:
        return _domain(validate_uscc, self.cleaned_data["uscc"], "uscc")

    def clean_name(self) -> str:
        return _domain(clean_name, self.cleaned_data["name"], "name")

    def clean_legal_representative(self) -> str:
        return _person(self.cleaned_data["legal_representative"], "legal_representative")

    def facts(self) -> dict[str, str]:
        """What the act asks for."""
        return {key: value for key, value in self.cleaned_data.items() if key != "province"}


class DocumentForm(forms.Form):
    """The sealed authorisation."""

    file = _file(_("盖章授权书"), _("加盖企业公章的扫描件或照片，PDF、JPEG 或 PNG，不超过 20 MB"))


class AcceptForm(forms.Form):
    """What the clerk has compared; all of it, or the authorisation cannot be accepted."""

    checked = forms.MultipleChoiceField(
        label=_("逐项核对"), choices=CHECKED, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请逐项核对；有一项不符就不能认可")},
    )  # fmt: skip
    remark = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("记入这件认领的档案"),
    )  # fmt: skip

    def clean_checked(self) -> list[str]:
        given = self.cleaned_data["checked"]
        if len(given) != len(CHECKED):
            raise ValidationError(_("请逐项核对；有一项不符就不能认可"))
        return [CHECKED_WORDS[code] for code, _label in CHECKED]


class ReasonsForm(forms.Form):
    """A decision with its reasons."""

    reasons = forms.CharField(
        label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明依据的事实；当事人会看到"), error_messages={"required": _("请写明理由，当事人会看到")},
    )  # fmt: skip


class StatementForm(forms.Form):
    """What one side has to say."""

    text = forms.CharField(
        label=_("你的意见"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("写明事实和理由。只交给许可机关看，提交后不能再改"),
        error_messages={"required": _("请写明你的意见")},
    )  # fmt: skip
    document = _file(_("材料"), _("一份，可以不交；PDF、JPEG 或 PNG，不超过 20 MB"), required=False)


class InviteForm(forms.Form):
    """Whom to ask."""

    address = forms.CharField(
        label=_("对方的用户名或者邮箱"), max_length=254, help_text=_("对方登录后在“我的企业”里答复"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class PowerForm(forms.Form):
    """The days of a power of attorney, both counted."""

    first = LooseDateField(label=_("从哪一天起"))
    last = LooseDateField(
        label=_("到哪一天止"), help_text=_("含当日；一份最长三年，到期前可以续期，随时可以收回")
    )


class RenewForm(forms.Form):
    """Until when."""

    last = LooseDateField(label=_("续到哪一天"), help_text=_("含当日；最长三年"))
