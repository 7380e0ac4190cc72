"""What an official types of a result from before a case, of a holder's class, and of what is open against it."""

from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from catalog.queries import catalogue_on
from core.parties.models import Enterprise
from licensing.actions.standing import Result, Sample
from licensing.exemptions import Item, speaks_for
from licensing.models import HolderClass, LicenceUnit, OpenMatter, StandingEvidence

PASSED = [("yes", _("合格")), ("no", _("不合格"))]
FILES = {"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}
HELD_UNITS = _("本企业许可证上的单元")


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def file_field(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label, help_text=_("PDF、JPEG 或 PNG，不超过 20 MB"), widget=forms.FileInput(attrs=FILES)
    )


class ItemForm(forms.Form):
    """One line of a test report."""

    name = forms.CharField(label=_("检验项目"), max_length=100)
    safety = forms.BooleanField(label=_("涉及产品质量安全"), required=False)
    passed = forms.BooleanField(label=_("合格"), required=False)


class ItemRows(BaseFormSet):
    """The lines of a report, as many as there are; empty ones are left out."""

    def items(self) -> tuple[Item, ...]:
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data.get("name")]
        return tuple(Item(row["name"].strip(), row["safety"], row["passed"]) for row in rows)


ItemFormSet: Any = formset_factory(ItemForm, formset=ItemRows, extra=2, max_num=60, absolute_max=60)


def items_from(data: Any) -> Any:
    """The table as sent, or empty rows."""
    return ItemFormSet(data if data and "items-TOTAL_FORMS" in data else None, prefix="items")


class ResultForm(forms.Form):
    """A result as its paper says."""

    reference = forms.CharField(label=_("报告编号"), max_length=60)
    unit = forms.ChoiceField(label=_("产品单元"))
    body = forms.CharField(label=_("检验机构"), max_length=100)
    sampled_on = day_field(_("抽样日期"))
    reported_on = day_field(_("报告日期"))
    passed = forms.ChoiceField(label=_("结论"), choices=PASSED, widget=forms.RadioSelect)
    document = file_field(_("检验报告"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].choices = [("", _("请选择")), *units]

    def result(self, items: tuple[Item, ...]) -> Result:
        data = self.cleaned_data
        return Result(
            reference=data["reference"], unit_id=int(data["unit"]), body=data["body"], sampled_on=data["sampled_on"],
            reported_on=data["reported_on"], final_on=data.get("final_on"), passed=data["passed"] == "yes",
            items=items,
        )  # fmt: skip


class SpotCheckForm(ResultForm):
    """A supervisory spot check; `final_on` empty while one may object (产品质量法 art. 15)."""

    level = forms.ChoiceField(
        label=_("抽查级别"), choices=StandingEvidence.Level.choices, widget=forms.RadioSelect,
        help_text=_("只有国家级和省级抽查可以免于检验"),
    )  # fmt: skip
    final_on = day_field(
        _("结果生效日期"), required=False,
        help_text=_("企业收到结果后十五日内可以提出异议；异议期满或者异议处理完毕的日期，还没有就不填"),
    )  # fmt: skip
    field_order = (
        "reference", "level", "unit", "body", "sampled_on", "reported_on", "final_on", "passed", "document",
    )  # fmt: skip

    def __init__(self, *args: Any, own: str = "", **kwargs: Any) -> None:
        """`own` is the level of the authority that records: it offers the levels that one may enter."""
        super().__init__(*args, **kwargs)
        levels: Any = self.fields["level"]
        levels.choices = [row for row in StandingEvidence.Level.choices if not own or speaks_for(own, row[0])]


class RetestForm(SpotCheckForm):
    """A re-test or correction; level stays that of the spot check it takes the place of."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["level"]


class ReportForm(ResultForm):
    """A report from before the visit, with what makes it adoptable (R-40)."""

    listing = forms.CharField(
        label=_("所在的检验机构名单"), max_length=100, help_text=_("国家公布的名单和批次")
    )
    site_address = forms.ChoiceField(label=_("生产地址"))
    model = forms.CharField(label=_("型号规格"), max_length=100)
    sample_identity = forms.CharField(
        label=_("样品标识"), max_length=200, help_text=_("封样或者收样记录：人员、时间、样品编号")
    )
    field_order = (
        "reference", "unit", "body", "listing", "site_address", "model", "sample_identity", "sampled_on",
        "reported_on", "passed", "document",
    )  # fmt: skip

    def __init__(self, *args: Any, addresses: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["site_address"].choices = [("", _("请选择")), *((row, row) for row in addresses)]

    def sample(self) -> Sample:
        return Sample(
            **{
                name: self.cleaned_data[name]
                for name in ("listing", "site_address", "model", "sample_identity")
            }
        )


class FinalForm(forms.Form):
    final_on = day_field(_("结果生效日期"), help_text=_("异议期满没有异议，或者异议没有成立"))


class ClassForm(forms.Form):
    level = forms.ChoiceField(
        label=_("类别"),
        choices=HolderClass.Class.choices,
        widget=forms.RadioSelect,
        help_text=_("AA 最好，D 最差"),
    )
    reasons = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class MatterForm(forms.Form):
    kind = forms.ChoiceField(label=_("是什么"), choices=OpenMatter.Kind.choices, widget=forms.RadioSelect)
    what = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class CloseMatterForm(forms.Form):
    closing = forms.CharField(label=_("怎样了结"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


def units_of(enterprise: Enterprise, on: date) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Units to choose from: those of the holder's licences first, then the catalogue; three queries."""
    held = LicenceUnit.objects.filter(licence__enterprise=enterprise).order_by("licence_id", "id")
    own = list(dict.fromkeys((str(row.unit_id), row.name) for row in held))
    listed = [
        (entry.category.name, [(str(unit.unit_id), unit.name) for unit in entry.units])
        for entry in catalogue_on(on)
        if entry.units
    ]
    return [*([(HELD_UNITS, own)] if own else []), *listed]
