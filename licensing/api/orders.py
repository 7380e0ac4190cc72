"""Standing orders and the sampling review through the interface (R-85)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.response import Response

from catalog.models import ProductCategory
from core.lifecycle.errors import NotAllowed
from core.lifecycle.law import clauses_from_json
from core.parties.models import Authority
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, both, operation, paged
from core.rest.scopes import Scope
from licensing.actions import orders as act
from licensing.actions.sampling import examine
from licensing.api import samples
from licensing.api.facts import Facts, address, clause_facts
from licensing.api.inputs import NO_CONFLICT, UnknownCategory, cleaned
from licensing.api.shapes import CheckedSerializer, ClauseSerializer, NamedSerializer, SaidSerializer
from licensing.check_words import items_of, kept_checks
from licensing.models import SamplingReview
from licensing.queries.orders import (
    READERS,
    SAMPLERS,
    OrderRow,
    as_row,
    find_order,
    find_sample,
    order_list,
    sample_list,
    signing_authorities,
)
from licensing.verdict_words import said_of_case

TAG = "standing-orders"
STATES = ("coming", "in_force", "ended", "revoked")
STATE = OpenApiParameter("state", str, enum=("open", "all"), description=_("open：还没有查的；all：全部"))


class OrderSerializer(s.Serializer):
    """What the system may grant at once, in whose name, signed by whom."""

    id = s.UUIDField()
    number = s.CharField()
    authority = NamedSerializer()
    category = NamedSerializer(allow_null=True, help_text=_("为空：全部类别"))
    state = s.ChoiceField(choices=STATES)
    profile = s.CharField()
    rules_version = s.CharField()
    valid_from = s.DateField()
    valid_to = s.DateField(help_text=_("这一天起不再适用"))
    sampling_percent = s.IntegerField()
    basis = ClauseSerializer(many=True)
    signed_by = s.CharField()
    signed_at = s.DateTimeField()
    revoked_by = s.CharField(allow_blank=True)
    revoked_at = s.DateTimeField(allow_null=True)
    revoked_because = s.CharField(allow_blank=True)
    decided = s.IntegerField(help_text=_("依它作出的决定"))
    drawn = s.IntegerField(help_text=_("抽出复查的"))
    open_reviews = s.IntegerField(help_text=_("还没有查的"))
    wrong = s.IntegerField(help_text=_("查出有误的"))


class OrderInputSerializer(s.Serializer):
    """Signing an order on the rules of today."""

    authority = s.CharField(
        max_length=6, required=False, default="", help_text=_("发证机关；不带就是你负责审批的发证机关")
    )
    category = s.SlugField(max_length=48, required=False, allow_blank=True, default="")
    valid_from = s.DateField()
    valid_to = s.DateField(help_text=_("这一天起不再适用，最长一年"))
    sampling_percent = s.IntegerField(help_text=_("1 至 100"))


class RevokeSerializer(s.Serializer):
    """Why it is revoked."""

    reasons = s.CharField(max_length=300, allow_blank=True, help_text=_("必填"))


class SampleRowSerializer(s.Serializer):
    """A decision of the system drawn for a person to look at."""

    id = s.UUIDField(source="public_id")
    case = s.CharField(source="application.number")
    order = s.CharField(source="order.number")
    drawn_at = s.DateTimeField()
    finding = s.CharField(allow_blank=True, help_text=_("upheld：正确；wrong：有误；为空：还没有查"))


class SampleSerializer(SampleRowSerializer):
    """One drawn decision with what was checked and what it rests on."""

    enterprise = NamedSerializer()
    rules_version = s.CharField()
    checked = CheckedSerializer(many=True)
    evidence = SaidSerializer(many=True)
    reasons = s.CharField(allow_blank=True)
    reviewed_at = s.DateTimeField(allow_null=True)


class FindingSerializer(s.Serializer):
    """Was the decision right?"""

    finding = s.ChoiceField(choices=SamplingReview.Finding.choices)
    reasons = s.CharField(max_length=2000, required=False, allow_blank=True, default="")
    no_conflict = s.BooleanField(help_text=NO_CONFLICT)


def may_read(request: ApiRequest, duties: tuple[str, ...]) -> None:
    """Holders of one of these duties. Raises NotAllowed."""
    if not request.standing.authorities(*duties):
        raise NotAllowed()


def order_facts(line: OrderRow) -> Facts:
    row = line.order
    category = {"code": row.category.key, "name": line.category} if row.category else None
    return {
        "id": row.public_id, "number": row.number, "authority": row.authority, "category": category,
        "state": line.state, "profile": row.profile, "rules_version": row.rules_version,
        "valid_from": row.valid_from, "valid_to": row.valid_to, "sampling_percent": row.sampling_percent,
        "basis": clause_facts(clauses_from_json(row.legal_basis)), "signed_by": row.signed_by.name,
        "signed_at": row.signed_at, "revoked_by": row.revoked_by.name if row.revoked_by else "",
        "revoked_at": row.revoked_at, "revoked_because": row.revoked_because,
        **{name: getattr(row, name) for name in ("decided", "drawn", "open_reviews", "wrong")},
    }  # fmt: skip


def respond(request: ApiRequest, public_id: UUID, status: int = 200) -> Response:
    may_read(request, READERS)
    row = find_order(request.standing, public_id)
    if row is None:
        raise NotFound()
    facts = order_facts(as_row(row, request.at, request.today))
    response = Response(OrderSerializer(facts).data, status=status)
    if status == 201:
        response["Location"] = address("standing_order", row.public_id)
    return response


class Orders(ApiView):
    """Standing orders."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    @operation("standing_orders_list", _("常设审批令，新的在前"), tag=TAG, answers=paged(OrderSerializer),
               parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        may_read(request, READERS)
        before = request.query_params.get("cursor", "")
        found = order_list(request.standing, before=before, now=request.at, today=request.today)
        rows = OrderSerializer([order_facts(row) for row in found.rows], many=True).data
        return Response(page(request, rows, found.next_before))

    @operation("standing_orders_sign", _("签署常设审批令，随即公布"), tag=TAG, answers=OrderSerializer,
               request=OrderInputSerializer, examples=both(samples.ORDER), once=True, status=201,
               refuses=(400, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(OrderInputSerializer, request.data)

        def sign() -> Response:
            code, key = data.pop("authority"), data.pop("category")
            row = act.sign_order(
                authority=_authority(request, code), category=_category(key), actor=request.actor, at=request.at,
                **data,
            )  # fmt: skip
            return respond(request, row.public_id, 201)

        return self.once(request, sign)


def _authority(request: ApiRequest, code: str) -> Authority:
    """The authority named, else the one this person approves for. Raises NotYourOrder."""
    found = signing_authorities(request.standing)
    named = (found.filter(code=code) if code else found).first()
    if named is None:
        raise act.NotYourOrder()
    return named


def _category(key: str) -> ProductCategory | None:
    found = ProductCategory.objects.filter(key=key).first() if key else None
    if key and found is None:
        raise UnknownCategory("category")
    return found


class OneOrder(ApiView):
    """One order with its figures."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("standing_orders_read", _("一份常设审批令和它的执行情况"), tag=TAG, answers=OrderSerializer,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return respond(request, public_id)


class Revoke(ApiView):
    """Revoke an order, from this instant."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("standing_orders_revoke", _("撤销常设审批令，即刻生效"), tag=TAG, answers=OrderSerializer,
               request=RevokeSerializer, examples=both(samples.REVOKE_ORDER), once=True,
               refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(RevokeSerializer, request.data)

        def revoke() -> Response:
            respond(request, public_id)
            act.revoke_order(public_id=public_id, actor=request.actor, at=request.at, **data)
            return respond(request, public_id)

        return self.once(request, revoke)


class Samples(ApiView):
    """Decisions drawn for a later look."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("sampling_list", _("抽出复查的决定，新的在前"), tag=TAG, answers=paged(SampleRowSerializer),
               parameters=(STATE, CURSOR))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        may_read(request, SAMPLERS)
        asked = request.query_params
        found = sample_list(request.standing, state=asked.get("state", ""), before=asked.get("cursor", ""))
        return Response(page(request, SampleRowSerializer(found.rows, many=True).data, found.next_before))


class OneSample(ApiView):
    """One drawn decision, and saying whether it was right."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    @operation("sampling_read", _("一件抽出的决定：核对了什么，依据什么"), tag=TAG, answers=SampleSerializer,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return self._told(request, public_id)

    @operation("sampling_examine", _("登记抽查结论"), tag=TAG, answers=SampleSerializer, request=FindingSerializer,
               examples=both(samples.FINDING), once=True, refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(FindingSerializer, request.data)

        def say() -> Response:
            self._told(request, public_id)
            examine(public_id=public_id, actor=request.actor, at=request.at, **data)
            return self._told(request, public_id)

        return self.once(request, say)

    def _told(self, request: ApiRequest, public_id: UUID) -> Response:
        may_read(request, SAMPLERS)
        row = find_sample(request.standing, public_id)
        if row is None:
            raise NotFound()
        return Response(SampleSerializer(_sample_facts(row)).data)


def _sample_facts(row: SamplingReview) -> dict[str, Any]:
    case, checks = row.application, kept_checks(row.application.decision.checked)
    items = zip(checks, items_of(checks), strict=True)
    return {
        "public_id": row.public_id, "application": case, "order": row.order, "drawn_at": row.drawn_at,
        "finding": row.finding, "enterprise": {"code": case.enterprise.uscc, "name": case.enterprise.name},
        "rules_version": case.decision.rules_version,
        "checked": [{"code": check.code, "text": item["text"], "note": item["note"]} for check, item in items],
        "evidence": said_of_case(case.evidence.order_by("id")), "reasons": row.reasons,
        "reviewed_at": row.reviewed_at,
    }  # fmt: skip
