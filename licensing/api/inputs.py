"""What a request may hold. The serializer gives the shape; the rules of the page's own form judge the content."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from core.lifecycle.errors import Invalid
from core.rest.errors import Fields
from licensing.api.shapes import AddressSerializer, ItemSerializer
from licensing.correction import REASON_LIMIT, TARGETS
from licensing.kinds import CAUSES, RULES, Kind
from licensing.lifecycle import REFUSAL_BASIS
from licensing.models import Ground, Outcome, RecusalReason
from licensing.models.review import VERIFIER_NAME, VERIFIERS_MOST
from licensing.profile import PROFILE

NO_CONFLICT = _("声明：我与申请企业没有利害关系，没有应当回避的情形。须为 true")
Fault = tuple[str, str, str]


class UnknownCategory(Invalid):
    code = "licensing.unknown_category"
    message = _("目录里没有这个产品类别")


class UnknownUnit(Invalid):
    code = "licensing.unknown_unit"
    message = _("这一类别里没有这个单元：%(units)s")


def cleaned(serializer: type[s.Serializer], data: Any) -> dict[str, Any]:
    """The content in the shape asked for. Raises Fields; an unknown member is a fault, not ignored."""
    found = serializer(data=data)
    found.is_valid(raise_exception=True)
    known = {name for name, field in found.fields.items() if not field.read_only}
    unknown = _named(data) - known if isinstance(data, Mapping) else set()
    if unknown:
        raise Fields([(f"/{name}", "api.unknown_member", str(_("没有这一项"))) for name in sorted(unknown)])
    return dict(found.validated_data)


def _named(data: Mapping[str, Any]) -> set[str]:
    """The members sent; a list of rows in a form comes as `rows[0]name`."""
    return {name.partition("[")[0] for name in data} if isinstance(data, QueryDict) else set(data)


def judged(form: forms.BaseForm, prefix: str = "") -> dict[str, Any]:
    """What a form of the pages makes of it. Raises Fields with a pointer to each field."""
    if faults := form_faults(form, prefix):
        raise Fields(faults)
    return form.cleaned_data


def form_faults(form: forms.BaseForm, prefix: str = "") -> list[Fault]:
    """A form's complaints as (JSON pointer, code, words)."""
    return [
        (prefix if name == "__all__" else f"{prefix}/{name}", _code(error.code), " ".join(error.messages))
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def _code(code: str | None) -> str:
    return code if code and "." in code else f"api.{code or 'invalid'}"


def as_rows(prefix: str, rows: list[Mapping[str, Any]]) -> dict[str, str]:
    """Rows of JSON as the fields of a table of the page."""
    fields = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        fields |= {f"{prefix}-{index}-{name}": str(value) for name, value in row.items()}
    return fields


class StartSerializer(s.Serializer):
    """Begin an application: a new one, empty or with its product chosen, or one about a licence of the enterprise."""

    id = s.UUIDField(required=False, help_text=_("自己生成的编号；同一编号再发一次，还是同一份草稿"))
    kind = s.ChoiceField(choices=Kind.choices, required=False, default=Kind.NEW.value)
    licence = s.CharField(max_length=24, required=False, help_text=_("新申请以外必填：所据许可证的编号"))
    category = s.SlugField(max_length=40, required=False)
    units = s.ListField(child=s.SlugField(max_length=48), required=False, max_length=60)


class ProductChoiceSerializer(s.Serializer):
    """Category and units, by their keys in the catalogue."""

    category = s.SlugField(max_length=40)
    units = s.ListField(child=s.SlugField(max_length=48), allow_empty=False, max_length=60)


class SitesSerializer(s.Serializer):
    """All production addresses, in order."""

    rows = AddressSerializer(many=True, allow_empty=False)


YES_OR_NO = ["yes", "no"]
RECORDED = [(row.value, row.label) for row in (Outcome.PASSED, Outcome.FAILED)]
EVERY_CAUSE = sorted({code for causes in CAUSES.values() for code in causes})


class StatementSerializer(s.Serializer):
    """What happened; which members a kind asks for, its own form says."""

    causes = s.ListField(
        child=s.ChoiceField(choices=sorted({c for row in CAUSES.values() for c in row})), required=False
    )
    cause = s.ChoiceField(choices=sorted({c for row in CAUSES.values() for c in row}), required=False)
    happened_on = s.DateField(required=False)
    detail = s.CharField(max_length=2000, required=False, allow_blank=True)
    site = s.ChoiceField(choices=YES_OR_NO, required=False, help_text=_("延续必填：有没有重大变化"))
    equipment = s.ChoiceField(choices=YES_OR_NO, required=False)
    technology = s.ChoiceField(choices=YES_OR_NO, required=False)
    inspection = s.ChoiceField(choices=YES_OR_NO, required=False)
    not_moved = s.BooleanField(required=False, help_text=_("变更必填：生产场所没有搬迁，生产条件没有变化"))


class MemberSerializer(AddressSerializer):
    """A unit of a group company licensed together with it."""

    name = s.CharField(max_length=100)
    uscc = s.CharField(max_length=40)


class GroupSerializer(s.Serializer):
    """All members beyond those already licensed."""

    rows = MemberSerializer(many=True)


class UploadSerializer(s.Serializer):
    """A file: PDF, JPEG or PNG."""

    file = s.FileField(allow_empty_file=True)


class SignSerializer(s.Serializer):
    """The legal representative signs by the own name."""

    signer = s.CharField(max_length=100)
    agreed = s.BooleanField(help_text=_("已阅读并作出承诺"))


class SayingSerializer(s.Serializer):
    """A message; never a demand for documents."""

    id = s.UUIDField(help_text=_("自己生成的编号；同一编号再发一次，还是同一条消息"))
    text = s.CharField(max_length=4000, trim_whitespace=False)
    wants_reply = s.BooleanField(
        default=False,
        help_text=format_lazy(_("申请人的提问须在 {days} 个工作日内答复"), days=PROFILE.reply.days),
    )


class CorrectionSerializer(s.Serializer):
    """Everything that has to be put right, at once, each with its reason (R-31)."""

    items = s.DictField(
        child=s.CharField(max_length=REASON_LIMIT), allow_empty=False,
        help_text=format_lazy(_("可以指出的内容：{targets}"), targets="、".join(TARGETS)),
    )  # fmt: skip


class ExplanationSerializer(s.Serializer):
    """Why, and what the applicant can do."""

    explanation = s.CharField(max_length=2000)


class RefuseAcceptanceSerializer(ExplanationSerializer):
    """Not accepted, on a ground of the closed list."""

    ground = s.ChoiceField(choices=Ground.choices)
    right_authority = s.CharField(
        max_length=6, required=False, help_text=_("有权受理的机关；不属本机关时必填")
    )
    missing = s.ListField(child=s.ChoiceField(choices=list(TARGETS)), required=False)


class EvidenceInputSerializer(s.Serializer):
    """The outcome of one track, with the document it rests on."""

    outcome = s.ChoiceField(choices=RECORDED)
    body = s.CharField(max_length=100)
    concluded_on = s.DateField()
    received_on = s.DateField(
        required=False, help_text=_("检验停计期间必填：收到报告的日期，时限从第二天起恢复")
    )
    finding = s.CharField(max_length=2000, required=False, allow_blank=True, default="")
    verifiers = s.ListField(
        child=s.CharField(max_length=VERIFIER_NAME), max_length=VERIFIERS_MOST, required=False, default=list,
        help_text=_("核查人员姓名，2 至 4 名；实地核查必填，产品检验不填"),
    )  # fmt: skip
    items = ItemSerializer(
        many=True, required=False, default=list, help_text=_("检验项目；只有涉及产品质量安全的决定结论")
    )
    document = s.FileField(allow_empty_file=True)


class TakeSerializer(s.Serializer):
    """Taking a case in hand."""

    no_conflict = s.BooleanField(help_text=NO_CONFLICT)


class AssignSerializer(s.Serializer):
    """The reviewer a case is given to."""

    reviewer = s.UUIDField(help_text=_("审查人员，见可以指派的人员"))
    reason = s.CharField(max_length=500)


class RecuseSerializer(s.Serializer):
    """A conflict of interest in the case."""

    reason = s.ChoiceField(choices=RecusalReason.choices)
    explanation = s.CharField(max_length=1000, help_text=_("供机关负责人了解"))


def _basis(clauses: tuple[Any, ...]) -> s.ListField:
    names = [f"{clause.instrument} {clause.article}" for clause in clauses]
    return s.ListField(
        child=s.ChoiceField(choices=names), allow_empty=False, help_text=_("法律依据，至少一条")
    )


class GrantSerializer(s.Serializer):
    """Grant, with its basis."""

    basis = _basis(tuple(dict.fromkeys(clause for row in RULES.values() for clause in row.basis)))
    no_conflict = s.BooleanField(help_text=NO_CONFLICT)
    acknowledged = s.ListField(
        child=s.CharField(max_length=80), required=False, default=list, max_length=50,
        help_text=_("已看过的提示的代号；`warnings` 里的每一项都要确认"),
    )  # fmt: skip


class RefuseSerializer(s.Serializer):
    """Refuse, with basis and reasons; remedies are added by the system."""

    basis = _basis(REFUSAL_BASIS)
    reasons = s.CharField(max_length=4000)
    no_conflict = s.BooleanField(help_text=NO_CONFLICT)


class ReturnSerializer(s.Serializer):
    """Back to review, once."""

    reasons = s.CharField(max_length=2000)


def clauses(names: list[str], offered: tuple[Any, ...]) -> tuple[Any, ...]:
    """The clauses named, in the order of the law. Raises Fields for one that this kind of case does not rest on."""
    known = {f"{clause.instrument} {clause.article}" for clause in offered}
    if strange := [name for name in names if name not in known]:
        words = _("%(clauses)s不是这类申请的依据") % {"clauses": "、".join(strange)}
        raise Fields([("/basis", "api.invalid_choice", str(words))])
    return tuple(clause for clause in offered if f"{clause.instrument} {clause.article}" in names)
