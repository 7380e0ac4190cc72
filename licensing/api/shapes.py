"""What an answer looks like. Each serializer is also the published description of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from core.workdays.labels import row_label
from licensing.correction import TARGETS
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Decision, Outcome, PauseGround, Slot, Track

ACTS = (
    "accept", "correct", "forward", "answer", "review", "decide", "retract", "acknowledge", "pause",
    "propose_extension", "decide_extension", "take_review", "take_over", "assign", "recuse", "confirm_renewal",
    "recall", "choose_test_timing",
)  # fmt: skip


class ClauseSerializer(s.Serializer):
    """One provision of law."""

    instrument = s.CharField(help_text=_("法规代号，如 L1"))
    article = s.CharField()
    label = s.CharField(help_text=_("名称和条文，以请求的语言"))


class NamedSerializer(s.Serializer):
    """A code and its name in the language of the request."""

    code = s.CharField()
    name = s.CharField()


class EnterpriseSerializer(s.Serializer):
    """The applicant as the register has it."""

    uscc = s.CharField()
    name = s.CharField()


class ClockSerializer(s.Serializer):
    """The running limit, derived from dated events."""

    limit = s.IntegerField()
    unit = s.ChoiceField(choices=("workday", "calendar"))
    used = s.IntegerField()
    left = s.IntegerField(allow_null=True)
    overdue_by = s.IntegerField()
    due = s.DateField(allow_null=True)
    summary = s.CharField()


class RowSerializer(s.Serializer):
    """A case in a list."""

    id = s.UUIDField()
    number = s.CharField(allow_null=True, help_text=_("受理编号；草稿没有"))
    kind = s.ChoiceField(choices=Kind.choices)
    status = s.ChoiceField(choices=Status.choices)
    status_label = s.CharField()
    enterprise = EnterpriseSerializer()
    category = NamedSerializer(allow_null=True)
    received_at = s.DateTimeField(allow_null=True)
    accepted_on = s.DateField(allow_null=True)
    due_on = s.DateField(allow_null=True, help_text=_("决定的目标日期"))
    next_due_on = s.DateField(allow_null=True, help_text=_("最近要办的一步的到期日"))
    clock = ClockSerializer(allow_null=True)


class AddressSerializer(s.Serializer):
    """A place: county code and the street below it."""

    division = s.RegexField(r"^\d{6}$", help_text=_("县级区划代码，见 /divisions/"))
    address = s.CharField(max_length=120, help_text=_("街道、门牌号"))
    full_address = s.CharField(read_only=True)


class FactsSerializer(s.Serializer):
    """The facts of the business licence, and whom to call."""

    name = s.CharField(max_length=100, help_text=_("与营业执照完全一致"))
    uscc = s.CharField(max_length=40)
    legal_representative = s.CharField(max_length=100)
    division = s.RegexField(r"^\d{6}$", help_text=_("住所的县级区划代码"))
    address = s.CharField(max_length=120)
    full_address = s.CharField(read_only=True)
    contact = s.CharField(max_length=100)
    phone = s.CharField(max_length=40)
    xpcc = s.BooleanField(required=False, help_text=_("向新疆生产建设兵团申请；仅限住所在新疆的企业"))


class EquipmentSerializer(s.Serializer):
    """A key machine."""

    name = s.CharField(max_length=80)
    model = s.CharField(max_length=80)
    quantity = s.IntegerField(min_value=1, max_value=9999)


class InstrumentSerializer(s.Serializer):
    """A testing instrument."""

    name = s.CharField(max_length=80)
    number = s.CharField(max_length=80)
    valid_until = s.DateField(help_text=_("检定有效期至"))


class ConditionsSerializer(s.Serializer):
    """What the enterprise produces and tests with (L2 art. 9)."""

    equipment = EquipmentSerializer(many=True)
    instruments = InstrumentSerializer(many=True)
    process = s.CharField(max_length=2000)
    staff = s.CharField(max_length=2000)


class ProductSerializer(s.Serializer):
    """What is applied for; nothing below the unit can be chosen (R-7)."""

    category = NamedSerializer(allow_null=True)
    units = NamedSerializer(many=True)


class SignatureSerializer(s.Serializer):
    """The signed commitment letter."""

    text_version = s.CharField()
    signer = s.CharField()
    signed_at = s.DateTimeField()
    sha256 = s.CharField()


class ContentSerializer(s.Serializer):
    """The application as it is being filled in, or as filed."""

    enterprise = s.DictField()
    product = ProductSerializer()
    sites = s.ListField(child=s.DictField())
    conditions = s.DictField()
    group = s.ListField(child=s.DictField(), help_text=_("集团公司所属单位"))
    statement = s.DictField(help_text=_("变更、迁址、补领、注销的说明"))
    commitment = SignatureSerializer(allow_null=True)
    done = s.DictField(child=s.BooleanField(), help_text=_("各部分是否填完；提交之后为空"))


class DocumentSerializer(s.Serializer):
    """One of the three documents."""

    slot = s.ChoiceField(choices=Slot.choices)
    filename = s.CharField()
    sha256 = s.CharField()
    url = s.URLField()


class ItemSerializer(s.Serializer):
    """One line of a test report; only what concerns safety decides (R-32)."""

    name = s.CharField(max_length=100)
    safety = s.BooleanField(help_text=_("涉及产品质量安全；其他项目仅供参考"))
    passed = s.BooleanField()


class SaidSerializer(s.Serializer):
    """What the rules say of one track, in words."""

    track = s.ChoiceField(choices=Track.choices)
    outcome = s.ChoiceField(choices=Outcome.choices)
    rule = s.CharField(help_text=_("规则代号"))
    title = s.CharField()
    why = s.CharField()
    clause = s.CharField()


class EvidenceSerializer(SaidSerializer):
    """Where one track of the review stands, and why."""

    items = ItemSerializer(many=True)
    body = s.CharField(allow_blank=True)
    finding = s.CharField(allow_blank=True)
    verifiers = s.ListField(child=s.CharField(), help_text=_("核查人员；只给办理人员看"))
    concluded_on = s.DateField(allow_null=True)
    document = s.URLField(allow_null=True)


class NoticeItemSerializer(s.Serializer):
    """One thing to put right."""

    target = s.ChoiceField(choices=[(code, row.label) for code, row in TARGETS.items()])
    label = s.CharField()
    reason = s.CharField()
    before = s.ListField(child=s.CharField())
    after = s.ListField(child=s.CharField())
    changed = s.BooleanField()


class NoticeSerializer(s.Serializer):
    """The one notice of correction."""

    issued_at = s.DateTimeField()
    lapses_after = s.DateField(help_text=_("到这一天还没答复，申请失效"))
    answered_at = s.DateTimeField(allow_null=True)
    items = NoticeItemSerializer(many=True)


class CheckedSerializer(s.Serializer):
    """One thing the system checked before it decided; facts for officials alone."""

    code = s.CharField()
    text = s.CharField()
    note = s.CharField()


class DecisionSerializer(s.Serializer):
    """The decision with its basis; made by the system, it names the standing order and what was checked (R-85)."""

    order = s.CharField(allow_blank=True, help_text=_("常设审批令编号；由人作出的为空"))
    rules_version = s.CharField(allow_blank=True)
    checked = CheckedSerializer(many=True)

    result = s.ChoiceField(choices=Decision.Result.choices)
    decided_on = s.DateField()
    basis = ClauseSerializer(many=True)
    reasons = s.CharField(allow_blank=True)
    remedies = s.CharField(allow_blank=True)


class EntrySerializer(s.Serializer):
    """One act on record. Applicants see the organisation, officials also the person (R-47)."""

    act = s.CharField()
    label = s.CharField()
    organisation = s.CharField(allow_blank=True)
    person = s.CharField(allow_blank=True)
    effective_at = s.DateTimeField()
    basis = ClauseSerializer(many=True)


class HeldSerializer(s.Serializer):
    """A decision that waits to take effect; the applicant never sees it."""

    act = s.ChoiceField(choices=("grant", "refuse"))
    made_at = s.DateTimeField()
    effective_at = s.DateTimeField(help_text=_("在此之前可以撤回"))


class WarningSerializer(s.Serializer):
    """What must not be missed before a grant."""

    code = s.CharField()
    text = s.CharField()
    note = s.CharField(allow_blank=True)


class PauseSerializer(s.Serializer):
    """Time outside the limit; open while `ended_on` is empty."""

    id = s.UUIDField(source="public_id")
    ground = s.ChoiceField(choices=PauseGround.choices)
    counts_from = s.DateField(help_text=_("这一天之后停计"))
    expected_until = s.DateField()
    ended_on = s.DateField(allow_null=True)
    notice = s.CharField()
    told_at = s.DateTimeField()


class ExtensionSerializer(s.Serializer):
    """The one extension; `result` is empty while the head has not decided."""

    days = s.IntegerField()
    reasons = s.CharField()
    result = s.CharField(allow_blank=True)
    decided_at = s.DateTimeField(allow_null=True)


class CaseSerializer(RowSerializer):
    """One case with everything its reader may know."""

    deemed_accepted = s.BooleanField()
    due_provisional = s.BooleanField()
    statutory_due_on = s.DateField(allow_null=True)
    paused = s.BooleanField(help_text=_("时限停计，期满日未定"))
    pauses = PauseSerializer(many=True)
    extension = ExtensionSerializer(allow_null=True)
    decided_on = s.DateField(allow_null=True)
    closed_on = s.DateField(allow_null=True)
    authority = NamedSerializer(allow_null=True, help_text=_("收件机关"))
    deciding_authority = NamedSerializer(allow_null=True, help_text=_("决定机关"))
    content = ContentSerializer()
    documents = DocumentSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    notice = NoticeSerializer(allow_null=True)
    forecast = SaidSerializer(many=True, help_text=_("草稿：按今天的情况预计；受理时按那一天确定"))
    held_decision = HeldSerializer(allow_null=True, help_text=_("等待生效的决定；只给办理人员看"))
    warnings = WarningSerializer(many=True, help_text=_("准予之前须逐项确认的提示；只给现在可以决定的人看"))
    decision = DecisionSerializer(allow_null=True)
    licence_number = s.CharField(allow_null=True, help_text=_("这件申请所据的或者发给的许可证"))
    term_ends_on = s.DateField(allow_null=True, help_text=_("延续：原有效期的最后一天"))
    deemed_renewal_on = s.DateField(allow_null=True, help_text=_("依法视为准予延续的日期"))
    certificate = s.URLField(allow_null=True)
    acts = s.ListField(child=s.ChoiceField(choices=ACTS), help_text=_("你现在可以办的"))
    timeline = EntrySerializer(many=True)


class DaySerializer(s.Serializer):
    """One calendar day of the limit."""

    date = s.DateField()
    counted = s.BooleanField()
    number = s.IntegerField(allow_null=True)
    why = s.SerializerMethodField()
    is_due = s.BooleanField()
    late = s.BooleanField()
    provisional = s.BooleanField()

    def get_why(self, row: Any) -> str:
        return str(row_label(row))


class MessageSerializer(s.Serializer):
    """One message of the conversation."""

    who = s.CharField()
    mine = s.BooleanField()
    text = s.CharField()
    sent_at = s.DateTimeField()
    read_at = s.DateTimeField(allow_null=True)
    reply_due_on = s.DateField(allow_null=True)
    answered_at = s.DateTimeField(allow_null=True)


class ConversationSerializer(s.Serializer):
    """The conversation of a case, oldest first."""

    messages = MessageSerializer(source="lines", many=True)
    may_write = s.BooleanField()
    unread = s.IntegerField()
    reply_due_on = s.DateField(allow_null=True)
