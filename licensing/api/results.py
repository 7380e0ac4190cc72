"""Results from before a case as the interface reads and writes them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.fields import empty

from catalog.models import ProductUnit
from licensing.actions.standing import Result, UnitNotListed
from licensing.api.facts import Facts, address
from licensing.api.shapes import ItemSerializer, NamedSerializer
from licensing.exemptions import Item
from licensing.models import HolderClass, StandingEvidence
from licensing.queries.holders import HolderRecord

KINDS = StandingEvidence.Kind.choices
LEVELS = StandingEvidence.Level.choices
CLASSES = HolderClass.Class.choices


class Stated(s.BooleanField):
    """Yes or no, never left out: a form without it has not said no."""

    default_empty_html = empty


class ResultInputSerializer(s.Serializer):
    """A result as its paper says."""

    reference = s.CharField(max_length=60)
    unit = s.SlugField(max_length=48, help_text=_("产品单元，见目录"))
    body = s.CharField(max_length=100, help_text=_("检验机构"))
    sampled_on = s.DateField()
    reported_on = s.DateField()
    passed = Stated()
    items = ItemSerializer(
        many=True, required=False, default=list, help_text=_("检验项目；只有涉及产品质量安全的决定结论")
    )
    document = s.FileField(allow_empty_file=True, help_text=_("检验报告：PDF、JPEG 或 PNG"))


def result_of(data: dict[str, Any]) -> Result:
    """What the act takes. Raises UnitNotListed."""
    unit = ProductUnit.objects.filter(key=data["unit"]).first()
    if unit is None:
        raise UnitNotListed("unit")
    return Result(
        reference=data["reference"], unit_id=unit.pk, body=data["body"], sampled_on=data["sampled_on"],
        reported_on=data["reported_on"], final_on=data.get("final_on"), passed=data["passed"],
        items=items_of(data["items"]),
    )  # fmt: skip


def items_of(rows: Iterable[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(row["name"], row["safety"], row["passed"]) for row in rows)


class ResultSerializer(s.Serializer):
    """A spot check or report; `carries` names the cases it carries, of those the reader may open."""

    id = s.UUIDField()
    kind = s.ChoiceField(choices=StandingEvidence.Kind.choices)
    reference = s.CharField()
    unit = NamedSerializer()
    level = s.CharField(allow_blank=True)
    body = s.CharField()
    sampled_on = s.DateField()
    reported_on = s.DateField()
    final_on = s.DateField(allow_null=True, help_text=_("还可以提出异议的为空"))
    passed = s.BooleanField()
    items = ItemSerializer(many=True)
    superseded_by = s.UUIDField(allow_null=True)
    document = s.URLField()
    carries = s.ListField(child=s.CharField(), help_text=_("据以免于或者采信的申请的受理编号"))


class ClassRowSerializer(s.Serializer):
    """The class from a day on."""

    level = s.ChoiceField(choices=HolderClass.Class.choices)
    valid_from = s.DateField()
    authority = NamedSerializer()


def result_facts(row: StandingEvidence) -> Facts:
    return {
        "id": row.public_id, "kind": row.kind, "reference": row.reference,
        "unit": {"code": row.unit.key, "name": row.unit_name}, "level": row.level, "body": row.body,  # type: ignore[attr-defined]
        "sampled_on": row.sampled_on, "reported_on": row.reported_on, "final_on": row.final_on, "passed": row.passed,
        "items": row.items, "superseded_by": row.superseded_by.public_id if row.superseded_by else None,
        "document": address("result_document", row.public_id),
        "carries": [evidence.application.number for evidence in row.carried],  # type: ignore[attr-defined]
    }  # fmt: skip


def results_facts(record: HolderRecord) -> Facts:
    """Results and class of one enterprise."""
    return {
        "enterprise": record.enterprise,
        "results": [result_facts(row) for row in (*record.spot_checks, *record.reports)],
        "classes": list(record.classes),
    }
