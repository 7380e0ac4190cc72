"""Whose token is this, and what is it good for?"""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from core.rest.base import ApiRequest, ApiView
from core.rest.schema import operation
from core.rest.scopes import Scope


class SeatSerializer(serializers.Serializer):
    """An enterprise this token acts for."""

    uscc = serializers.CharField()
    name = serializers.CharField(source="enterprise_name")
    role = serializers.CharField()
    may_file = serializers.BooleanField(help_text=_("现在能否提交：法定代表人，或授权在有效期内的代理人"))


class DutySerializer(serializers.Serializer):
    """A duty this token acts in."""

    kind = serializers.CharField()
    authority = serializers.CharField(source="authority_code")
    authority_name = serializers.CharField()


class MeSerializer(serializers.Serializer):
    """The token and what stands behind it today."""

    token = serializers.CharField(source="name")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    expires_at = serializers.DateTimeField()
    person = serializers.UUIDField()
    enterprise = SeatSerializer(allow_null=True)
    duties = DutySerializer(many=True)


class Me(ApiView):
    scopes = {"GET": ()}

    @operation("me", _("令牌是谁的，能做什么"), tag="token", answers=MeSerializer)
    def get(self, request: ApiRequest) -> Response:
        token, standing = request.auth, request.standing
        seats = standing.memberships
        return Response(MeSerializer({
            "name": token.name, "scopes": token.scopes, "expires_at": token.expires_at,
            "person": request.user.public_id, "enterprise": seats[0] if seats else None, "duties": standing.duties,
        }).data)  # fmt: skip
