"""What people type and choose about notices."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from core.messages.kinds import Category
from core.messages.models import Channel, Choice, Preference
from core.messages.queries import wanted
from core.messages.rules import Reach, Wanted

_PHONE = re.compile(r"^1[3-9]\d{9}$")


def _named(row: Category, channel: Channel) -> str:
    """What a control is called where only its place in the table says so to the eye."""
    return str(_("%(category)s：%(channel)s") % {"category": row.label, "channel": channel.label})


class WishesForm(forms.Form):
    """One row per category; only channels on which the person can be reached are offered."""

    language = forms.ChoiceField(label=_("邮件和短信用的语言"))

    def __init__(
        self, *args: Any, categories: list[Category], stored: Mapping[str, Choice], preference: Preference,
        reach: Reach, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.categories, self.reach = categories, reach
        self.before = {row.code: wanted(row, stored.get(row.code)) for row in categories}
        language: Any = self.fields["language"]
        language.choices, language.initial = settings.LANGUAGES, preference.language
        for row in categories:
            self._add(row, self.before[row.code])

    def _add(self, row: Category, wish: Wanted) -> None:
        if self.reach.email and not row.fixed:
            self.fields[f"email_{row.code}"] = forms.ChoiceField(
                label=_named(row, Channel.EMAIL), choices=Choice.Email.choices, initial=wish.email,
                widget=forms.Select(attrs={"class": "input"}),
            )  # fmt: skip
        for channel in (Channel.SMS, Channel.WEBHOOK):
            if getattr(self.reach, channel.value):
                self.fields[f"{channel.value}_{row.code}"] = forms.BooleanField(
                    label=_named(row, channel), initial=getattr(wish, channel.value), required=False
                )

    @property
    def channels(self) -> list[Channel]:
        """The channels offered, in the order of the columns."""
        return [channel for channel in Channel if getattr(self.reach, channel.value)]

    def rows(self) -> list[dict[str, Any]]:
        """Categories with a cell for each channel offered: its heading and its control, none where it is fixed."""
        return [
            {
                "category": row,
                "cells": [(channel.label, self._control(row, channel)) for channel in self.channels],
            }
            for row in self.categories
        ]

    def _control(self, row: Category, channel: Channel) -> BoundField | None:
        name = f"{channel.value}_{row.code}"
        return self[name] if name in self.fields else None

    @property
    def choices(self) -> dict[str, Wanted]:
        """What a valid form asks for; what was not offered stays as it was."""
        given = self.cleaned_data
        return {
            code: Wanted(
                given.get(f"email_{code}", before.email),
                given.get(f"sms_{code}", before.sms),
                given.get(f"webhook_{code}", before.webhook),
            )
            for code, before in self.before.items()
        }


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("手机号"), max_length=20, help_text=_("中国大陆手机号，11 位"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )  # fmt: skip

    def clean_phone(self) -> str:
        digits = re.sub(r"[\s\-()]", "", self.cleaned_data["phone"])
        digits = digits.removeprefix("+86").removeprefix("0086")
        if not _PHONE.match(digits):
            raise forms.ValidationError(_("请填 11 位手机号，例如 138 0000 0000"))
        return digits


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("短信里的 6 位验证码"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class WebhookForm(forms.Form):
    webhook_url = forms.CharField(
        label=_("接收地址"), max_length=500, widget=forms.TextInput(attrs={"type": "url", "inputmode": "url"}),
        help_text=_("你自己系统的网址，以 https:// 开头。每条通知会以 JSON 发到这里，并带签名"),
    )  # fmt: skip

    def clean_webhook_url(self) -> str:
        return str(self.cleaned_data["webhook_url"]).strip()
