"""Licences for their holders, the renewal that the law has granted, and deregistration ex officio."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, both, operation, paged
from core.rest.scopes import Scope
from core.rest.tags import seen, tag
from licensing.actions import deregistration, renewal
from licensing.api import inputs, samples
from licensing.api.acts import act
from licensing.api.desk import DeskAct
from licensing.api.facts import address
from licensing.api.inputs import cleaned, judged
from licensing.forms.deregistration import ProposeForm
from licensing.kinds import FROM_LICENCE
from licensing.models import Deregistration, LicenceStatus
from licensing.queries import deregistrations as query
from licensing.queries.licences import HeldLicence, own_licences

TAG = "licences"


OFFERED = [(kind.value, kind.label) for kind in FROM_LICENCE]


class OfferSerializer(s.Serializer):
    """A kind of case that could begin from the licence; `reason` says why it cannot now."""

    kind = s.ChoiceField(choices=OFFERED)
    reason = s.CharField(allow_blank=True)
    under_way = s.UUIDField(allow_null=True, help_text=_("在办或者草稿中的同类申请"))


class OwnLicenceSerializer(s.Serializer):
    """A licence as its holder sees it today."""

    number = s.CharField()
    status = s.ChoiceField(choices=LicenceStatus.choices)
    holder_name = s.CharField()
    category_name = s.CharField()
    imported_on = s.DateField(allow_null=True, help_text=_("由档案导入的日期；在本系统发证的为空"))
    imported_from = s.CharField(allow_blank=True, help_text=_("导入自哪份台账"))
    on_paper = s.BooleanField(help_text=_("只有纸质证书，没有电子证书"))
    valid_from = s.DateField()
    valid_until = s.DateField()
    renewal_opens_on = s.DateField()
    last_timely_day = s.DateField(help_text=_("这一天以前提出的延续，到期没有决定即视为准予"))
    offers = OfferSerializer(many=True)


class OwnLicences(ApiView):
    """What the enterprise holds."""

    scopes = {"GET": (Scope.APPLICATIONS_READ,)}

    @operation(
        "own_licences", _("本企业的许可证和可以办理的事项"), tag=TAG, answers=OwnLicenceSerializer(many=True)
    )
    def get(self, request: ApiRequest) -> Response:
        held = own_licences(request.standing, request.at, request.today)
        return Response(OwnLicenceSerializer([_held(row) for row in held], many=True).data)


def _held(row: HeldLicence) -> dict[str, Any]:
    licence = row.licence
    return {
        "number": licence.number, "status": row.term.word, "holder_name": licence.holder_name,
        "category_name": licence.category_name, "imported_on": licence.imported_on,
        "imported_from": licence.imported_from, "on_paper": licence.is_on_paper, "valid_from": row.term.valid_from,
        "valid_until": row.term.valid_until, "renewal_opens_on": row.renewal_opens_on,
        "last_timely_day": row.last_timely_day,
        "offers": [
            {
                "kind": offer.kind.value, "reason": str(offer.reason),
                "under_way": offer.under_way.public_id if offer.under_way else None,
            }
            for offer in row.offers
        ],
    }  # fmt: skip


class ConfirmRenewal(DeskAct):
    """Confirm a renewal that the law has granted."""

    @act("confirm_renewal", _("确认视为准予的延续，证书随即制发"), tag=TAG)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(request, public_id, renewal.confirm_renewal)


class DeregistrationSerializer(s.Serializer):
    """A licence that is to be closed without the holder asking."""

    id = s.UUIDField(source="public_id")
    licence = s.CharField(source="licence.number")
    holder_name = s.CharField(source="licence.holder_name")
    ground = s.ChoiceField(choices=Deregistration.Ground.choices)
    facts = s.CharField(allow_blank=True)
    opened_on = s.DateField()
    held = s.BooleanField(help_text=_("有延续申请在办，先不注销"))
    result = s.ChoiceField(choices=Deregistration.Result.choices, allow_blank=True)
    reasons = s.CharField(allow_blank=True)
    decided_on = s.DateField(allow_null=True)
    url = s.SerializerMethodField()

    def get_url(self, row: Any) -> str:
        return address("deregistration", row.public_id)


class ProposalSerializer(s.Serializer):
    """Propose to end a licence."""

    number = s.CharField(max_length=40)
    ground = s.ChoiceField(choices=[(row.value, row.label) for row in deregistration.PROPOSABLE])
    facts = s.CharField(max_length=2000)


def _answer(request: ApiRequest, row: Deregistration, status: int = 200) -> Response:
    shown = query.find(request.standing, row.public_id) or row
    headers = {"ETag": tag(row.version, day=request.today)}
    return Response(DeregistrationSerializer(shown).data, status=status, headers=headers)


class Deregistrations(ApiView):
    """Licences to be closed."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    @operation("deregistrations", _("待注销的许可证，先列出的在前"), tag=TAG, answers=paged(DeregistrationSerializer),
               parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        asked = request.query_params
        found = query.tasks(request.standing, state=asked.get("state", ""), after=asked.get("cursor", ""))
        return Response(page(request, DeregistrationSerializer(found.rows, many=True).data, found.next_after))

    @operation("deregistrations_propose", _("提出注销"), tag=TAG, answers=DeregistrationSerializer,
               request=ProposalSerializer, examples=both(samples.PROPOSAL), once=True, status=201,
               refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(ProposalSerializer, request.data)

        def propose() -> Response:
            row = deregistration.propose_deregistration(
                **judged(ProposeForm(data)), actor=request.actor, at=request.at
            )
            return _answer(request, row, status=201)

        return self.once(request, propose)


class OneDeregistration(ApiView):
    """One task, and the decision on it."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    def _row(self, request: ApiRequest, public_id: UUID) -> Deregistration:
        row = query.find(request.standing, public_id)
        if row is None:
            raise NotFound()
        return row

    @operation("deregistration", _("一件注销事项"), tag=TAG, answers=DeregistrationSerializer, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return _answer(request, self._row(request, public_id))

    @operation("deregister", _("注销这张许可证"), tag=TAG, answers=DeregistrationSerializer, moves=True, once=True,
               refuses=(404, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        self._row(request, public_id)

        def decide() -> Response:
            (version,) = seen(request, 1)
            row = deregistration.deregister(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at
            )
            return _answer(request, row)

        return self.once(request, decide)


class SetAside(ApiView):
    """Leave a licence as it is, with a reason."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("deregistration_set_aside", _("不予注销"), tag=TAG, answers=DeregistrationSerializer,
               request=inputs.ReturnSerializer, examples=both(samples.RETURN, samples.RETURN_EN), moves=True,
               once=True, refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        if query.find(request.standing, public_id) is None:
            raise NotFound()
        data = cleaned(inputs.ReturnSerializer, request.data)

        def decide() -> Response:
            (version,) = seen(request, 1)
            row = deregistration.set_aside(
                public_id=public_id, expected_version=version, reasons=data["reasons"], actor=request.actor,
                at=request.at,
            )  # fmt: skip
            return _answer(request, row)

        return self.once(request, decide)
