"""Which rules hold: read by everybody who has a token, published by the nation (R-5)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from core.rest.base import ApiRequest, ApiView
from core.rest.schema import both, operation
from core.rest.scopes import READING, Scope
from licensing.actions.policy import publish_profile
from licensing.api import samples
from licensing.api.inputs import cleaned, judged
from licensing.forms.policy import ProfileForm
from licensing.models import PolicyProfile
from licensing.policy import profile_of
from licensing.profile import REFORM_2015, Profile

TAG = "rules"


class RulesSerializer(s.Serializer):
    """One set of rules; without a province it holds for the nation until the next one."""

    code = s.CharField(max_length=24)
    province = s.CharField(max_length=6, required=False, allow_blank=True, default="")
    effective_from = s.DateField()
    valid_to = s.DateField(required=False, allow_null=True, default=None)
    intake_days = s.IntegerField()
    decision_days = s.IntegerField()
    simple_days = s.IntegerField()
    correction_days = s.IntegerField()
    delegation_allowed = s.BooleanField()
    basis_instrument = s.CharField(max_length=100)
    basis_article = s.CharField(max_length=50)


def _facts(rules: Profile, row: PolicyProfile | None = None) -> dict[str, Any]:
    return {
        "code": rules.code, "province": row.province.code if row and row.province else "",
        "effective_from": row.effective_from if row else "2015-08-04", "valid_to": row.valid_to if row else None,
        "intake_days": rules.intake.days, "decision_days": rules.decision.days,
        "simple_days": rules.simple.days, "correction_days": rules.correction.days,
        "delegation_allowed": rules.delegation_allowed,
        "basis_instrument": row.basis_instrument if row else rules.decision.clause.instrument,
        "basis_article": row.basis_article if row else rules.decision.clause.article,
    }  # fmt: skip


class Rules(ApiView):
    """All published rules, the newest first."""

    scopes = {"GET": READING, "POST": (Scope.WORK_ACT,)}

    @operation("rules", _("办理规则，新的在前"), tag=TAG, answers=RulesSerializer(many=True))
    def get(self, request: ApiRequest) -> Response:
        rows = PolicyProfile.objects.select_related("province").order_by("-effective_from", "-pk")
        found = [_facts(profile_of(row), row) for row in rows] + [_facts(REFORM_2015)]
        return Response(RulesSerializer(found, many=True).data)

    @operation("rules_publish", _("公布新的规则；只有国家级管理员"), tag=TAG, answers=RulesSerializer,
               request=RulesSerializer, examples=both(samples.RULES), once=True, status=201,
               refuses=(400, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(RulesSerializer, request.data)

        def publish() -> Response:
            form = ProfileForm(data, by_code=True)
            row = publish_profile(**judged(form), actor=request.actor, at=request.at)
            return Response(RulesSerializer(_facts(profile_of(row), row)).data, status=201)

        return self.once(request, publish)
