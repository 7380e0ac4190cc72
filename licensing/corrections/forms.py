"""What an official types to propose, decline or answer, and a holder to ask (R-89)."""

from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import DomainError
from core.parties.identifiers import normalise_licence_number
from licensing.corrections.actions.asking import ASKABLE
from licensing.corrections.actions.proposing import DECIDED, LATER, Source, Wanted
from licensing.corrections.models import Paper
from licensing.corrections.queries import CasePaper
from licensing.corrections.rules import LONGEST, SHORT, group_of
from licensing.corrections.words import GROUPS, label_of
from licensing.models import ProductionLicence
from licensing.numbers import short_case_number

ROOM = 2000
REASON = 500
FIRST = ("holder_name", "uscc", "registered_address", "site", "category_name")
"""Things shown at once; units and members of a group, which may be many, are folded away until one is wrong."""


def licence_number(text: str) -> str:
    """Any usual spelling. Raises ValidationError."""
    try:
        return normalise_licence_number(text)
    except DomainError as error:
        raise forms.ValidationError(str(error), code=error.code) from error


class NumberForm(forms.Form):
    """Whose certificate?"""

    number = forms.CharField(
        label=_("证书编号"), max_length=40, help_text=_("全角括号、小写字母都可以，例如 (苏)XK13-002-00001")
    )

    def clean_number(self) -> str:
        return licence_number(self.cleaned_data["number"])


class ProposeForm(forms.Form):
    """What the certificate should say, where that is written, and how the error came about."""

    dates = forms.BooleanField(
        label=_("日期印错了"), required=False, help_text=_("改成作出决定依法应有的日期，不能另填")
    )
    number = forms.BooleanField(
        label=_("证书编号本身就是错的"), required=False,
        help_text=_("批准时取一个没有用过的新编号；查旧编号仍查到这张许可证"),
    )  # fmt: skip
    number_reason = forms.CharField(
        label=_("编号错在哪里"), required=False, max_length=REASON, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只在编号印错时填写"),
    )  # fmt: skip
    since = forms.ChoiceField(
        label=_("正确的内容从什么时候起就是这样"), widget=forms.RadioSelect,
        choices=[(DECIDED, _("作出决定时就是这样，证书印错了")), (LATER, _("作出决定以后，企业自己改的"))],
    )  # fmt: skip
    source = forms.ChoiceField(label=_("案卷里哪份材料写着正确的内容"), widget=forms.RadioSelect)
    source_note = forms.CharField(
        label=_("在材料的什么地方"), required=False, max_length=300,
        help_text=_("第几页、哪一行；选其他材料的，写明是什么材料"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("更正的理由"), max_length=REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写错在哪里、怎么错的。会在公开登记里公布，不要写人名和电话"),
    )  # fmt: skip

    def __init__(self, *args: Any, words: dict[str, str], papers: list[CasePaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = list(words)
        for key, text in words.items():
            part = key.rpartition("-")[2] if group_of(key) == "member" else group_of(key)
            self.fields[key] = forms.CharField(
                label=label_of(key), initial=text, required=False, max_length=LONGEST.get(part, SHORT)
            )
            self.fields[key].one_of = True  # type: ignore[attr-defined]
            if group_of(key) == "unit":
                self.fields[key].help_text = _("现在印的：%(text)s") % {"text": text}
        fields: Any = self.fields
        fields["source"].choices = [
            *((row.value, paper_label(row)) for row in papers), (Paper.OTHER.value, Paper.OTHER.label),
        ]  # fmt: skip

    @property
    def first(self) -> list[BoundField]:
        return [self[key] for key in self.keys if group_of(key) in FIRST]

    @property
    def rest(self) -> list[BoundField]:
        return [self[key] for key in self.keys if group_of(key) not in FIRST]

    @property
    def rest_is_wrong(self) -> bool:
        """Whether one of the folded things was altered or refused, and has to be seen."""
        return (
            any(row.errors or row.name in self.changed_data for row in self.rest) if self.is_bound else False
        )

    @property
    def wanted(self) -> Wanted:
        """The words as typed; one that was not posted stays as it is."""
        data = self.cleaned_data
        words = {key: data[key] for key in self.keys if self.add_prefix(key) in self.data}
        return Wanted(words, data["dates"], data["number"], data["number_reason"])

    @property
    def origin(self) -> Source:
        case, colon, paper = self.cleaned_data["source"].partition(":")
        note = self.cleaned_data["source_note"]
        return Source(paper, UUID(case), note) if colon else Source(case, None, note)


def paper_label(row: CasePaper) -> str:
    """苏新 2026-000341 · 营业执照."""
    filing = row.case.filing_authority
    number = short_case_number(row.case.number or "", filing.licence_prefix if filing else "", row.case.kind)
    return f"{number} · {Paper(row.paper).label}"


class DeclineForm(forms.Form):
    reasons = forms.CharField(
        label=_("不予更正的理由"), max_length=ROOM, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("为什么不更正"), max_length=ROOM, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("企业会看到。企业自己的变化，请说明应当申请变更"),
    )  # fmt: skip


class AskForm(forms.Form):
    """Which of his licences, what is wrong on it, and what would be right."""

    number = forms.ChoiceField(label=_("哪张许可证"))
    wrong = forms.MultipleChoiceField(
        label=_("哪里错了"), widget=forms.CheckboxSelectMultiple,
        choices=[(key, GROUPS[key]) for key in ASKABLE],
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("错在哪里，正确的是什么"), max_length=ROOM, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("例如：住所应为“工业路 11 号”，证书印成了“工业路 1 号”"),
    )  # fmt: skip
    attachment = forms.FileField(
        label=_("材料"), required=False, help_text=_("可以不传，机关核对自己的案卷。PDF、JPEG 或 PNG，不超过 20 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip

    def __init__(self, *args: Any, licences: list[ProductionLicence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["number"].choices = [(row.number, f"{row.number} · {row.category_name}") for row in licences]
