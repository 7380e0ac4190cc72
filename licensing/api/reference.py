"""Divisions, as addresses name them (DOMAIN §6.1)."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from core.parties.queries import places_of, provinces
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.schema import operation
from licensing.api.shapes import NamedSerializer

TAG = "reference"


class PrefectureSerializer(s.Serializer):
    """A prefecture with the counties an address may name."""

    name = s.CharField()
    counties = NamedSerializer(many=True)


class Provinces(ApiView):
    scopes = {"GET": ()}

    @operation("divisions", _("省级行政区"), tag=TAG, answers=NamedSerializer(many=True))
    def get(self, request: ApiRequest) -> Response:
        rows = [{"code": code, "name": name} for code, name in provinces(request.today)]
        return Response(NamedSerializer(rows, many=True).data)


class Counties(ApiView):
    scopes = {"GET": ()}

    @operation(
        "divisions_of", _("一个省的市、县"), tag=TAG, answers=PrefectureSerializer(many=True), refuses=(404,)
    )
    def get(self, request: ApiRequest, province: str) -> Response:
        groups = places_of(province, request.today)
        if not groups or not province.endswith("0000"):
            raise NotFound()
        rows = [
            {"name": name, "counties": [{"code": code, "name": county} for code, county in counties]}
            for name, counties in groups
        ]
        return Response(PrefectureSerializer(rows, many=True).data)
