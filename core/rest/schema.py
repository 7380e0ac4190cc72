"""How an endpoint describes itself: one decorator that adds what all share, so that no description can forget it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from core.rest.idempotency import HEADER
from core.rest.problems import MEDIA_TYPE


class FaultSerializer(serializers.Serializer):
    """One field that has to change."""

    pointer = serializers.CharField(help_text=_("请求内容里的位置（JSON Pointer，RFC 6901）"))
    code = serializers.CharField()
    detail = serializers.CharField(help_text=_("怎样改，以请求的语言"))


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.URLField(help_text=_("说明这种错误的网页"))
    title = serializers.CharField(help_text=_("以请求的语言写给人看"))
    status = serializers.IntegerField()
    code = serializers.CharField(help_text=_("稳定的错误代码，供程序判断"))
    errors = FaultSerializer(many=True, required=False)


class Bearer(OpenApiAuthenticationExtension):
    """The one way in."""

    target_class = "core.rest.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": str(_("“我的账号 → 接口令牌”发放的令牌"))}


LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description=_("答复的语言：zh 或 en，默认 zh"),
    examples=[OpenApiExample("中文", value="zh"), OpenApiExample("English", value="en")],
)  # fmt: skip
MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description=_("最近一次读取得到的 ETag；之后有人办过，回答 412"),
    examples=[OpenApiExample("ETag", value='"3-12.20150804.zh"')],
)  # fmt: skip
KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER,
    description=_("自己生成的一串字符；24 小时内同一个键再发一次，得到同一个答复，事情只办一次"),
    examples=[OpenApiExample("UUID", value="8f14e45f-ceea-467f-9b1d-5a7a2c9d8e01")],
)  # fmt: skip
CURSOR = OpenApiParameter("cursor", str, description=_("上一页 next 里的位置；不带就是第一页"))

_TEMPLATE_PROBLEMS = {
    400: ("api.malformed", "请求内容读不懂：JSON parse error", "The request cannot be read: JSON parse error"),
    401: ("api.token_unknown", "令牌不对，或已经收回", "The token is wrong or has been revoked"),
    403: ("not_allowed", "你没有办理这一事项的权限", "You are not competent for this matter"),
    404: ("api.not_found", "没有找到，或不在你可以查看的范围内", "Not found, or not yours to see"),
    409: ("lifecycle.wrong_state", "事项已不在这一环节", "The matter is no longer at this step"),
    412: ("licensing.stale", "你打开页面之后，这件申请已经有了新的进展。请看过最新情况再办",
          "This application has moved on since you read it. Read it again first"),
    413: ("api.body_too_large", "请求内容太大", "The request is too large"),
    415: ("api.media_type_refused", "不接受这种内容类型：text/plain", "This content type is not accepted: text/plain"),
    422: ("api.invalid", "有内容需要修改", "Something has to be changed"),
    428: ("api.if_match_missing", "请在 If-Match 里带上读取时得到的 ETag，以免覆盖别人刚办的事",
          "Send the ETag you read in If-Match"),
    429: ("accounts.too_many", "尝试次数太多，请等 20 秒再试", "Too many requests. Wait 20 seconds"),
}  # fmt: skip


def problem_response(status: int) -> OpenApiResponse:
    """One refusal with an example in each language."""
    code, zh, en = _TEMPLATE_PROBLEMS[status]
    body = {"type": f"https://licence.example/api/v1/docs/errors/#{code}", "status": status, "code": code}
    return OpenApiResponse(
        ProblemSerializer, description=zh,
        examples=[OpenApiExample(name, value={**body, "title": title}, media_type=MEDIA_TYPE)
                  for name, title in (("中文", zh), ("English", en))],
    )  # fmt: skip


def both(zh: Mapping[str, Any], en: Mapping[str, Any] | None = None) -> list[OpenApiExample]:
    """A request as a Chinese and an English client would send it."""
    rows = [OpenApiExample("中文", value=dict(zh), request_only=True)]
    return rows + ([OpenApiExample("English", value=dict(en), request_only=True)] if en else [])


@lru_cache
def paged(row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The serializer of one page of rows."""
    name = f"{row.__name__.removesuffix('Serializer')}PageSerializer"
    fields: dict[str, Any] = {
        "results": row(many=True),
        "next": serializers.URLField(allow_null=True, help_text=_("下一页的地址，最后一页为空")),
        "__doc__": None,
    }
    return type(name, (serializers.Serializer,), fields)


PDF: dict[tuple[int, str], Any] = {(200, "application/pdf"): OpenApiTypes.BINARY}
PAPER = {(200, kind): OpenApiTypes.BINARY for kind in ("application/pdf", "image/jpeg", "image/png")}
"""A document as it was kept, in its own type."""


def operation(
    name: str,
    summary: Any,
    *,
    tag: Any,
    answers: Any,
    request: Any = None,
    examples: list[OpenApiExample] | None = None,
    parameters: tuple[OpenApiParameter, ...] = (),
    refuses: tuple[int, ...] = (),
    moves: bool = False,
    once: bool = False,
    open_to_all: bool = False,
    status: int = 200,
    description: Any = "",
) -> Callable[..., Any]:
    """Describe one method. `moves`: needs `If-Match`; `once`: takes an `Idempotency-Key`; `refuses`: more statuses."""
    codes = {429, *refuses} | (set() if open_to_all else {401, 403})
    if moves:
        codes |= {409, 412, 428}
    if once:
        codes |= {400, 409, 422}
    responses: dict[Any, Any] = dict(answers) if isinstance(answers, dict) else {status: answers}
    responses |= {(code, MEDIA_TYPE): problem_response(code) for code in sorted(codes)}
    extra = (LANGUAGE,) + ((MATCH,) if moves else ()) + ((KEY,) if once else ()) + parameters
    options: dict[str, Any] = {"auth": []} if open_to_all else {}
    return extend_schema(
        operation_id=name, summary=summary, description=description or summary, tags=[tag], request=request,
        responses=responses, parameters=list(extra), examples=examples or [], **options,
    )  # fmt: skip


def share(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Write what many operations share once, as components, so that the description stays readable."""
    parts = result.setdefault("components", {})
    refusals = parts.setdefault("responses", {})
    parameters = parts.setdefault("parameters", {})
    for methods in result["paths"].values():
        for told in methods.values():
            for status, response in told["responses"].items():
                if MEDIA_TYPE in response.get("content", {}):
                    refusals[f"Problem{status}"] = response
                    told["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
            told["parameters"] = [_shared(row, parameters) for row in told.get("parameters", ())]
    return result


def _shared(row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    if row["in"] != "header":
        return row
    parameters[row["name"]] = row
    return {"$ref": f"#/components/parameters/{row['name']}"}
