"""An authority's own limit through the interface: read it, set a lower one (R-46)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.response import Response

from core.lifecycle.errors import NotAllowed
from core.parties.models import Authority
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import TagStale
from core.rest.schema import both, operation
from core.rest.scopes import Scope
from core.rest.tags import seen, tag
from licensing.actions import limits
from licensing.api import samples
from licensing.api.delegations import TAG
from licensing.api.inputs import cleaned
from licensing.api.shapes import NamedSerializer
from licensing.profile import PROFILE
from licensing.queries.limits import decision_days, heads_with_limits, limits_of

AUTHORITY = OpenApiParameter("authority", str, description=_("机关代码；不带就是你担任负责人的机关"))


class LimitRowSerializer(s.Serializer):
    """A limit the authority has set itself."""

    days = s.IntegerField()
    valid_from = s.DateField(help_text=_("从这一天起受理的申请适用"))
    set_at = s.DateTimeField()


class LimitSerializer(s.Serializer):
    """Within how many working days the authority decides."""

    authority = NamedSerializer()
    days = s.IntegerField(help_text=_("今天受理的申请适用的时限（工作日）"))
    national = s.IntegerField(help_text=_("全国统一的上限"))
    rows = LimitRowSerializer(many=True, help_text=_("本机关定过的时限，新的在前"))


class LimitInputSerializer(s.Serializer):
    """A lower limit, for cases accepted from a day on."""

    authority = s.CharField(max_length=6, required=False, default="", help_text=AUTHORITY.description)
    days = s.IntegerField(help_text=_("只能比全国统一的上限更短"))
    valid_from = s.DateField()


def own_authority(request: ApiRequest, code: str) -> Authority:
    """The authority named, if this person heads it, else the first one. Raises NotAllowed."""
    found = heads_with_limits(request.standing)
    authority = next((row for row in found if code in ("", row.code)), None)
    if authority is None:
        raise NotAllowed()
    return authority


def respond(request: ApiRequest, authority: Authority) -> Response:
    """The limit as it stands; its tag counts how often one was set."""
    rows: Any = limits_of(authority)
    facts = {
        "authority": authority, "days": decision_days(authority, request.today), "national": PROFILE.decision.days,
        "rows": rows,
    }  # fmt: skip
    response = Response(LimitSerializer(facts).data)
    response["ETag"] = tag(max((row.version for row in rows), default=0), authority.pk, day=request.today)
    return response


class OwnLimit(ApiView):
    """Within how many working days do we decide?"""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    @operation(
        "limit_read", _("本机关作出决定的时限"), tag=TAG, answers=LimitSerializer, parameters=(AUTHORITY,)
    )
    def get(self, request: ApiRequest) -> Response:
        return respond(request, own_authority(request, request.query_params.get("authority", "")))

    @operation("limit_set", _("定一个更短的时限，对以后受理的申请有效"), tag=TAG, answers=LimitSerializer,
               request=LimitInputSerializer, examples=both(samples.LIMIT), moves=True, once=True,
               refuses=(415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(LimitInputSerializer, request.data)
        authority = own_authority(request, data.pop("authority"))

        def bind() -> Response:
            version, read_of = seen(request, 2)
            if read_of != authority.pk:
                raise TagStale()
            limits.set_limit(
                authority=authority, expected_version=version, actor=request.actor, at=request.at, **data
            )
            return respond(request, authority)

        return self.once(request, bind)
