"""Forms about the people of an authority. Dates: the first day with, and the first day without."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.parties import phones
from core.parties.models import Authority, Duty, User
from core.staff.rules import LEVELS, Position


class DayField(forms.DateField):
    """A day from the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": _("请填日期，例如 2026-12-01")})
        super().__init__(**kwargs)


def kinds_for(authority: Authority, position: Position | None) -> list[tuple[str, Any]]:
    """The duties this administrator may give here."""
    return [
        (kind, label)
        for kind, label in Duty.Kind.choices
        if authority.level in LEVELS[kind] and (position == "own" or kind == Duty.Kind.ORGANISATION_ADMIN)
    ]


def _names(people: list[User]) -> list[tuple[str, str]]:
    return [(str(user.public_id), f"{user.name}（{user.username}）") for user in people]


class GrantForm(forms.Form):
    """A duty with its dates."""

    kind = forms.ChoiceField(label=_("职责"), widget=forms.RadioSelect)
    valid_from = DayField(label=_("从哪天起"))
    valid_to = DayField(label=_("到哪天止"), required=False, help_text=_("从这一天起不再担任；长期担任不填"))

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0][0]


class CreateForm(GrantForm):
    """A new official with the first duty."""

    field_order = ["name", "username", "email", "kind", "valid_from", "valid_to"]
    name = forms.CharField(label=_("姓名"), max_length=100)
    username = forms.CharField(
        label=_("用户名"), max_length=32, help_text=_("3 至 32 个字：小写字母、数字、汉字，中间可用 . _ -"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(label=_("单位电子邮箱"), help_text=_("设置密码的链接发到这里，只能用一次"))


class EndForm(forms.Form):
    """When a duty ends."""

    on = DayField(label=_("从哪天起不再担任"), help_text=_("填今天，立即生效"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class SuccessorsForm(forms.Form):
    """One colleague per duty; nobody means back to the desk."""

    def __init__(self, *args: Any, colleagues: dict[str, list[User]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, people in colleagues.items():
            self.fields[f"successor_{kind}"] = forms.ChoiceField(
                label=_("“%(duty)s”的在办工作由谁接手") % {"duty": Duty.Kind(kind).label}, required=False,
                choices=[("", _("不指定，退回本单位待承办")), *_names(people)],
                help_text="" if people else _("本单位没有其他人担任这项职责"),
            )  # fmt: skip

    def successors(self) -> dict[str, str | None]:
        """Duty → public id of the colleague, or None."""
        prefix = "successor_"
        return {
            name.removeprefix(prefix): value or None
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class LeaveForm(SuccessorsForm):
    """The day somebody leaves, and who takes over."""

    field_order = ["leaves_on"]
    leaves_on = DayField(
        label=_("离岗日期"), help_text=_("从这一天起不再有任何职责，账号当天停用；填今天，立即生效")
    )


class AbsenceForm(forms.Form):
    """From when, back when, and who stands in."""

    away_from = DayField(label=_("从哪天起不在岗"))
    back_on = DayField(label=_("哪天回岗"), help_text=_("代理到前一天为止"))
    substitute = forms.ChoiceField(
        label=_("代理人"), help_text=_("须是本单位在这段时间一直有自己职责的人；代理不能再转代理")
    )

    def __init__(self, *args: Any, people: list[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["away_from"].initial = today
        self.fields["substitute"].choices = [("", _("请选择")), *_names(people)]  # type: ignore[attr-defined]


class ProposeResetForm(forms.Form):
    """How the identity of whoever asks was checked."""

    checked_how = forms.CharField(
        label=_("怎样核对了本人身份"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如：本人当面出示工作证，并与人事档案照片核对。电话和邮件里的请求不算核对"),
    )  # fmt: skip


class WindowForm(forms.Form):
    """Where the public reaches the authority."""

    phone = forms.CharField(
        label=_("咨询电话"), max_length=phones.MAX_LENGTH, validators=[phones.is_phone],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    address = forms.CharField(label=_("窗口地址"), max_length=200)
    hours = forms.CharField(
        label=_("办公时间"), max_length=100, help_text=_("例如：工作日 9:00—12:00，13:30—17:00")
    )
