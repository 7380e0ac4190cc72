"""Errors of the interface itself, beside those of the acts; each with a stable code and an HTTP status."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, DomainError, Invalid, NotAllowed


class ApiError(DomainError):
    """Base: `status` is the HTTP status it is answered with."""

    status = 400


class Malformed(ApiError):
    code = "api.malformed"
    message = _("请求内容读不懂：%(why)s")


class TokenMissing(ApiError):
    code = "api.token_missing"
    message = _("请在 Authorization 里带上令牌：Bearer …")
    status = 401


class TokenUnknown(ApiError):
    code = "api.token_unknown"
    message = _("令牌不对，或已经收回")
    status = 401


class TokenExpired(ApiError):
    code = "api.token_expired"
    message = _("令牌已经到期。请在“接口令牌”页面另发一个")
    status = 401


class TokenPowerless(ApiError):
    code = "api.token_powerless"
    message = _("令牌的持有人现在不再代表这家企业，或不再担任职责")
    status = 403


class ScopeMissing(ApiError):
    code = "api.scope_missing"
    message = _("令牌没有这项用途：%(scope)s")
    status = 403


class NotFound(ApiError):
    code = "api.not_found"
    message = _("没有找到，或不在你可以查看的范围内")
    status = 404


class MethodNotAllowed(ApiError):
    code = "api.method_not_allowed"
    message = _("这个地址不接受 %(method)s")
    status = 405


class MediaTypeRefused(ApiError):
    code = "api.media_type_refused"
    message = _("不接受这种内容类型：%(type)s")
    status = 415


class BodyTooLarge(ApiError):
    code = "api.body_too_large"
    message = _("请求内容太大")
    status = 413


class KeyReused(ApiError):
    code = "api.idempotency_key_reused"
    message = _("这个 Idempotency-Key 已用于另一个请求")
    status = 422


class KeyMalformed(ApiError):
    code = "api.idempotency_key_malformed"
    message = _("Idempotency-Key 应为 8 至 64 个字母、数字、点、下划线或连字符")
    status = 400


class TagMissing(ApiError):
    code = "api.if_match_missing"
    message = _("请在 If-Match 里带上读取时得到的 ETag，以免覆盖别人刚办的事")
    status = 428


class TagStale(ApiError):
    code = "api.if_match_stale"
    message = _("你读取之后，已经有了新的进展。请重新读取再办")
    status = 412


class Fields(Invalid):
    """Several fields are wrong; `faults` are (JSON pointer, code, words)."""

    code = "api.invalid"
    message = _("有内容需要修改")

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self.faults = faults


class TokenLimit(Invalid):
    code = "api.token_limit"
    message = _("有效的令牌最多 %(limit)s 个，请先收回不用的")


class TokenTerm(Invalid):
    code = "api.token_term"
    message = _("有效期应为 1 至 %(days)s 天")


class TokenScopes(Invalid):
    code = "api.token_scopes"
    message = _("请选择至少一项用途")


class MayNotIssue(NotAllowed):
    code = "api.may_not_issue"
    message = _("只有法定代表人，或授权在有效期内的代理人，可以为这家企业发放令牌")


class SecretShown(Conflict):
    code = "api.secret_shown"
    message = _("这个令牌已经发放，密钥只显示一次。没有记下的话，请收回它，另发一个")
