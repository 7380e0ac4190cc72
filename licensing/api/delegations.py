"""Delegations through the interface: what is entrusted to whom, entrust, suspend, resume, end (R-19–R-22)."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID
from zlib import crc32

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from catalog.queries import categories_on, category_on
from core.files.responses import download
from core.lifecycle.errors import NotAllowed
from core.parties.models import Authority, Delegation, Level, Stage
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, PAPER, both, operation, paged
from core.rest.scopes import Scope
from core.rest.tags import seen, tag
from licensing.actions import delegation as act
from licensing.api import samples
from licensing.api.facts import Facts, address
from licensing.api.inputs import UnknownCategory, cleaned
from licensing.api.shapes import EnterpriseSerializer, NamedSerializer
from licensing.lifecycle import Status
from licensing.queries.delegations import (
    cases_under,
    delegation_page,
    find_delegation,
    quality_of,
    state_on,
    version_of,
)

TAG = "delegation"
READERS = ("head", "audit", "national_admin")
STATES = ("coming", "in_force", "suspended", "ended")
OPEN_ACTS = {
    "coming": ("suspend", "end"), "in_force": ("suspend", "end"), "suspended": ("resume", "end"), "ended": (),
}  # fmt: skip


class QualitySerializer(s.Serializer):
    """How the delegate fares with the cases of this stage over a year (R-21)."""

    open = s.IntegerField()
    open_overdue = s.IntegerField()
    decided = s.IntegerField()
    decided_late = s.IntegerField()
    late_rate = s.IntegerField(help_text=_("超期决定的百分比"))
    sent_back = s.IntegerField()


class DelegationRowSerializer(s.Serializer):
    """One stage entrusted to one prefecture."""

    id = s.UUIDField()
    delegator = NamedSerializer()
    delegate = NamedSerializer()
    stage = s.ChoiceField(choices=Stage.choices)
    category = NamedSerializer(allow_null=True, help_text=_("为空：由省级审批发证的全部类别"))
    state = s.ChoiceField(choices=STATES)
    valid_from = s.DateField()
    valid_to = s.DateField(allow_null=True, help_text=_("这一天起不再委托"))
    suspended_on = s.DateField(allow_null=True)
    announced_on = s.DateField()
    basis_instrument = s.CharField()
    basis_article = s.CharField()
    document = s.URLField(allow_null=True)
    quality = QualitySerializer(allow_null=True)


class OpenCaseSerializer(s.Serializer):
    """A case that still needs this stage."""

    id = s.UUIDField()
    number = s.CharField()
    status = s.ChoiceField(choices=Status.choices)
    enterprise = EnterpriseSerializer()
    next_due_on = s.DateField(allow_null=True)


class DelegationSerializer(DelegationRowSerializer):
    """One delegation with the open cases that hang on it."""

    cases = OpenCaseSerializer(many=True, help_text=_("暂停或结束时，每一件都要选择"))
    acts = s.ListField(
        child=s.ChoiceField(choices=("suspend", "resume", "end")), help_text=_("你现在可以办的")
    )


class DelegationInputSerializer(s.Serializer):
    """What is entrusted; three stages are three delegations (R-19)."""

    delegator = s.CharField(
        max_length=6, required=False, help_text=_("委托机关；不填即为你担任负责人的省级机关")
    )
    to = s.CharField(max_length=6, help_text=_("受委托的市级机关"))
    stage = s.ChoiceField(choices=Stage.choices)
    category_key = s.SlugField(max_length=48, required=False, allow_blank=True, default="")
    valid_from = s.DateField(help_text=_("从这一天起受理的申请"))
    valid_to = s.DateField(
        required=False, allow_null=True, default=None, help_text=_("这一天起不再委托；不填即未定期限")
    )
    basis_instrument = s.CharField(
        max_length=100, allow_blank=True, required=False, default="", help_text=_("法律、法规或者规章；必填")
    )
    basis_article = s.CharField(
        max_length=50, allow_blank=True, required=False, default="", help_text=_("条款；必填")
    )
    document = s.FileField(allow_empty_file=True, help_text=_("委托书：PDF、JPEG 或 PNG"))


class SettleSerializer(s.Serializer):
    """Why, and what becomes of each open case."""

    reason = s.CharField(max_length=2000)
    choices = s.DictField(
        child=s.ChoiceField(choices=[(act.KEEP, _("留在受委托机关办完")), (act.MOVE, _("收回本机关办理"))]),
        required=False, default=dict, help_text=_("每一件未办结的申请：它的 id 和选择"),
    )  # fmt: skip


def may_read(request: ApiRequest) -> None:
    """Whoever heads an authority or audits. Raises NotAllowed."""
    if not request.standing.authorities(*READERS):
        raise NotAllowed()


def row_of(request: ApiRequest, public_id: UUID) -> Delegation:
    """A visible delegation. Raises NotAllowed, and NotFound for hidden and absent alike."""
    may_read(request)
    row = find_delegation(request.standing, public_id)
    if row is None:
        raise NotFound()
    return row


def rows_facts(request: ApiRequest, rows: list[Delegation]) -> Iterable[Facts]:
    """Delegations as plain facts; one query for names, one a stage for the figures."""
    names = {entry.category.key: entry.name for entry in categories_on(request.today)}
    figures = quality_of(rows, request.today)
    for row in rows:
        key = row.category_key
        yield {
            "id": row.public_id, "delegator": row.delegator, "delegate": row.delegate, "stage": row.stage,
            "category": {"code": key, "name": names.get(key, key)} if key else None,
            "state": state_on(row, request.today), "valid_from": row.valid_from, "valid_to": row.valid_to,
            "suspended_on": row.suspended_on, "announced_on": row.announced_on,
            "basis_instrument": row.basis_instrument, "basis_article": row.basis_article,
            "document": address("delegation_document", row.public_id) if hasattr(row, "file") else None,
            "quality": figures.get((row.delegator_id, row.delegate_id, row.stage)),
        }  # fmt: skip


def respond(request: ApiRequest, public_id: UUID, status: int = 200) -> Response:
    """The delegation as it stands. Its tag counts its acts; the second number only tells one copy from another, for
    cases come and go without an act on it."""
    row = row_of(request, public_id)
    mine = request.standing.holds("head", row.delegator_id)
    facts = next(iter(rows_facts(request, [row])))
    cases = cases_under(row).select_related("enterprise").order_by("next_due_on", "pk")
    facts["cases"] = [
        {"id": case.public_id, "number": case.number, "status": case.status, "enterprise": case.enterprise,
         "next_due_on": case.next_due_on}
        for case in cases
    ]  # fmt: skip
    facts["acts"] = OPEN_ACTS[facts["state"]] if mine else ()
    response = Response(DelegationSerializer(facts).data, status=status)
    copy = crc32(JSONRenderer().render(response.data)) % 10**9
    response["ETag"] = tag(version_of(row), copy, day=request.today)
    if status == 201:
        response["Location"] = address("delegation", row.public_id)
    return response


class Delegations(ApiView):
    """What is entrusted to whom."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}
    parser_classes = (MultiPartParser,)

    @operation("delegations_list", _("本机关委托的和受委托的，新的在前"), tag=TAG,
               answers=paged(DelegationRowSerializer), parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        may_read(request)
        rows, cursor = delegation_page(request.standing, request.query_params.get("cursor", ""))
        shown = DelegationRowSerializer(list(rows_facts(request, rows)), many=True).data
        return Response(page(request, shown, cursor))

    @operation("delegations_create", _("委托一个环节，随即公布"), tag=TAG, answers=DelegationSerializer,
               request=DelegationInputSerializer, refuses=(400, 409, 415, 422), once=True, status=201)  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(DelegationInputSerializer, request.data)
        return self.once(request, lambda: _entrust(request, data))


def _entrust(request: ApiRequest, data: dict[str, Any]) -> Response:
    delegator = _delegator(request, data.pop("delegator", ""))
    to = Authority.objects.filter(code=data.pop("to")).first()
    if to is None:
        raise act.NotBelowYou("to")
    if data["category_key"] and category_on(data["category_key"], data["valid_from"]) is None:
        raise UnknownCategory("category_key")
    made = act.delegate(
        delegator=delegator, to=to, filename=data["document"].name, actor=request.actor, at=request.at, **data
    )
    return respond(request, made.public_id, status=201)


def _delegator(request: ApiRequest, code: str) -> Authority:
    """The authority named, else the one this person heads, a province first. Raises NotTheProvincesHead."""
    headed = Authority.objects.filter(pk__in=request.standing.authorities("head")).order_by("code")
    named = headed.filter(code=code) if code else headed
    found = named.filter(level=Level.PROVINCIAL).first() or named.first()
    if found is None:
        raise act.NotTheProvincesHead()
    return found


class OneDelegation(ApiView):
    """One delegation. Its ETag is what every act on it asks for."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("delegations_read", _("一项委托和在它之下未办结的申请"), tag=TAG, answers=DelegationSerializer,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return respond(request, public_id)


class Letter(ApiView):
    """The letter of delegation."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("delegations_document", _("下载委托书"), tag=TAG, answers=PAPER, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID) -> HttpResponseBase:
        row = row_of(request, public_id)
        if not hasattr(row, "file"):
            raise NotFound()
        return download(row.file.document, inline=False)


class DelegationAct(ApiView):
    """One act of the province's head on a delegation; whose it is, the act itself asks."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    def do(self, request: ApiRequest, public_id: UUID, action: Callable[..., Any], **facts: Any) -> Response:
        """Run the action on what the client saw, and answer with the delegation as it stands then."""

        def acted() -> Response:
            row_of(request, public_id)
            version, _copy = seen(request, 2)
            action(public_id=public_id, expected_version=version, actor=request.actor, at=request.at, **facts)
            return respond(request, public_id)

        return self.once(request, acted)


def described(name: str, summary: Any, *, settles: bool) -> Any:
    """The description of an act on a delegation."""
    more: dict[str, Any] = (
        {"request": SettleSerializer, "examples": both(samples.SETTLE, samples.SETTLE_EN)} if settles else {}
    )
    refuses = (404, 415, 422) if settles else (404, 422)
    return operation(
        f"delegations_{name}", summary, tag=TAG, answers=DelegationSerializer, moves=True, once=True,
        refuses=refuses, **more,
    )  # fmt: skip


class Suspend(DelegationAct):
    """New cases stay with the province from now on; each open one stays or comes back (R-21)."""

    @described("suspend", _("暂停委托，每一件未办结的申请选择留下或者收回"), settles=True)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(request, public_id, act.suspend, **cleaned(SettleSerializer, request.data))


class Resume(DelegationAct):
    """New cases go to the delegate again."""

    @described("resume", _("恢复委托"), settles=False)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(request, public_id, act.resume)


class End(DelegationAct):
    """End it today for good."""

    @described("end", _("结束委托，每一件未办结的申请选择留下或者收回"), settles=True)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(request, public_id, act.end, **cleaned(SettleSerializer, request.data))
