"""What somebody says of a new token."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.parties.competence import HeldMembership
from core.rest.actions import ENTERPRISE_DAYS, OFFICIAL_HOURS
from core.rest.scopes import ENTERPRISE, OFFICIAL, Scope

DAYS = 90


class TokenForm(forms.Form):
    """Name, purpose, scopes. `public_id` is made when the form is drawn: sent twice, it is one token."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("用在哪套系统，例如“ERP 申报模块”"),
        error_messages={"required": _("请写下用在哪套系统")},
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("用途"), widget=forms.CheckboxSelectMultiple, help_text=_("只给用得到的"),
        error_messages={"required": _("请选择至少一项用途")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["scopes"].choices = [(scope.value, scope.label) for scope in self.offered]

    offered: tuple[Scope, ...] = OFFICIAL
    hours = OFFICIAL_HOURS


class EnterpriseTokenForm(TokenForm):
    """A token for one enterprise, with its term in days."""

    enterprise = forms.ChoiceField(label=_("代表哪家企业"))
    days = forms.IntegerField(
        label=_("有效期（天）"), min_value=1, max_value=ENTERPRISE_DAYS, initial=DAYS,
        help_text=format_lazy(_("最长 {days} 天；到期须另发"), days=ENTERPRISE_DAYS),
    )  # fmt: skip
    field_order = ("public_id", "enterprise", "name", "scopes", "days")
    offered = ENTERPRISE

    def __init__(self, *args: Any, seats: tuple[HeldMembership, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["enterprise"].choices = [(seat.uscc, seat.enterprise_name) for seat in seats]
