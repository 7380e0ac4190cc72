"""Pilots through the interface: read by everybody who has a token, switched by the nation (R-24, R-27, R-41)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from catalog.queries import categories_on
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.schema import both, operation
from core.rest.scopes import READING, Scope
from licensing.actions.pilots import switch_off, switch_on
from licensing.actions.policy import require_national
from licensing.api import samples
from licensing.api.inputs import cleaned, judged
from licensing.api.policy import TAG
from licensing.api.shapes import NamedSerializer
from licensing.forms.pilots import PilotForm
from licensing.models import HolderClass, PilotSwitch
from licensing.queries.pilots import PilotRow, pilot_list

STATES = ("coming", "in_force", "ended")


class PilotSerializer(s.Serializer):
    """One measure in one province."""

    id = s.IntegerField()
    measure = s.ChoiceField(choices=PilotSwitch.Measure.choices)
    province = NamedSerializer()
    category = NamedSerializer(allow_null=True, help_text=_("为空：全部类别"))
    least_class = s.CharField(allow_blank=True, help_text=_("企业类别不低于；为空即不限"))
    state = s.ChoiceField(choices=STATES)
    effective_from = s.DateField()
    valid_to = s.DateField(allow_null=True)
    basis_instrument = s.CharField()
    basis_article = s.CharField()


class PilotInputSerializer(s.Serializer):
    """Switching a measure on."""

    measure = s.ChoiceField(choices=PilotSwitch.Measure.choices)
    province = s.CharField(max_length=6)
    category = s.CharField(max_length=48, required=False, allow_blank=True, default="")
    least_class = s.ChoiceField(
        choices=HolderClass.Class.choices, required=False, allow_blank=True, default=""
    )
    effective_from = s.DateField()
    valid_to = s.DateField(required=False, allow_null=True, default=None)
    basis_instrument = s.CharField(max_length=100)
    basis_article = s.CharField(max_length=50)


class EndInputSerializer(s.Serializer):
    """The first day on which cases accepted go without it."""

    valid_to = s.DateField()


def _facts(line: PilotRow) -> dict[str, Any]:
    row = line.pilot
    return {
        "id": row.pk, "measure": row.measure, "province": row.province,
        "category": {"code": row.category.key, "name": line.category} if row.category else None,
        "least_class": row.least_class, "state": line.state, "effective_from": row.effective_from,
        "valid_to": row.valid_to, "basis_instrument": row.basis_instrument, "basis_article": row.basis_article,
    }  # fmt: skip


def _one(request: ApiRequest, pk: int, status: int = 200) -> Response:
    line = next(row for row in pilot_list(request.today) if row.pilot.pk == pk)
    return Response(PilotSerializer(_facts(line)).data, status=status)


class Pilots(ApiView):
    """Which province tries what."""

    scopes = {"GET": READING, "POST": (Scope.WORK_ACT,)}

    @operation("pilots_list", _("各省的试点，生效的在前"), tag=TAG, answers=PilotSerializer(many=True))
    def get(self, request: ApiRequest) -> Response:
        rows = [_facts(line) for line in pilot_list(request.today)]
        return Response(PilotSerializer(rows, many=True).data)

    @operation("pilots_switch_on", _("开展试点；只有国家级管理员"), tag=TAG, answers=PilotSerializer,
               request=PilotInputSerializer, examples=both(samples.PILOT), once=True, status=201,
               refuses=(400, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(PilotInputSerializer, request.data)

        def publish() -> Response:
            require_national(request.actor, request.at)
            categories = [(entry.category.key, entry.name) for entry in categories_on(request.today)]
            form = PilotForm(data, categories=categories, by_code=True)
            judged(form)
            row = switch_on(**form.pilot(), actor=request.actor, at=request.at)
            return _one(request, row.pk, 201)

        return self.once(request, publish)


class End(ApiView):
    """End a pilot."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("pilots_end", _("结束试点；以前受理的申请不变"), tag=TAG, answers=PilotSerializer,
               request=EndInputSerializer, examples=both(samples.END_PILOT), once=True,
               refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, pk: int) -> Response:
        data = cleaned(EndInputSerializer, request.data)

        def end() -> Response:
            require_national(request.actor, request.at)
            if not PilotSwitch.objects.filter(pk=pk).exists():
                raise NotFound()
            switch_off(pk=pk, actor=request.actor, at=request.at, **data)
            return _one(request, pk)

        return self.once(request, end)
